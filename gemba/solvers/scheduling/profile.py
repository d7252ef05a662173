"""Capacity over time as step functions, one for each resource, for the compiled decoder.

``ptr`` says where a resource's room begins, ``count`` how many steps it has; rows of ``steps`` are (moment, units taken from then
on). The first step of each is at the beginning of time.
"""

from __future__ import annotations

from gemba.solvers.compiled import kernel

AT, LEVEL = 0, 1


@kernel
def step_at(ptr, count, steps, r, moment):  # type: ignore[no-untyped-def]
    """The row of the last step at or before a moment."""
    low, high = ptr[r], ptr[r] + count[r]
    while low < high:
        middle = (low + high) >> 1
        if steps[middle, AT] <= moment:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def blocked_until(ptr, count, steps, r, room, start, end):  # type: ignore[no-untyped-def]
    """When the last step within [start, end) that leaves no room ends; ``start`` where all of them leave it.

    ``room``: the most units that may be taken already.
    """
    last = ptr[r] + count[r]
    found = start
    k = step_at(ptr, count, steps, r, start)
    while k < last and steps[k, AT] < end:
        if steps[k, LEVEL] > room:
            found = steps[k + 1, AT] if k + 1 < last else start
        k += 1
    return found


@kernel
def add_step(ptr, count, steps, r, moment):  # type: ignore[no-untyped-def]
    """The row of a step at exactly this moment, made where there is none."""
    k = step_at(ptr, count, steps, r, moment)
    if steps[k, AT] == moment:
        return k
    last = ptr[r] + count[r]
    for i in range(last, k + 1, -1):
        steps[i, AT], steps[i, LEVEL] = steps[i - 1, AT], steps[i - 1, LEVEL]
    steps[k + 1, AT], steps[k + 1, LEVEL] = moment, steps[k, LEVEL]
    count[r] += 1
    return k + 1


@kernel
def take(ptr, count, steps, r, amount, start, end):  # type: ignore[no-untyped-def]
    """Take units in [start, end)."""
    if end <= start:
        return
    first = add_step(ptr, count, steps, r, start)
    last = add_step(ptr, count, steps, r, end)
    for k in range(first, last):
        steps[k, LEVEL] += amount


@kernel
def move_level(ptr, count, steps, s, amount, moment):  # type: ignore[no-untyped-def]
    """A stock's level changes from a moment on."""
    first = add_step(ptr, count, steps, s, moment)
    for k in range(first, ptr[s] + count[s]):
        steps[k, LEVEL] += amount


@kernel
def level_allows(ptr, count, steps, s, amount, lowest, highest, moment):  # type: ignore[no-untyped-def]
    """The earliest time from a moment on after which the stock stays in its limits with the change; -1 where there is none."""
    k = ptr[s] + count[s] - 1
    first = step_at(ptr, count, steps, s, moment)
    while k >= first:
        level = steps[k, LEVEL] + amount
        if level < lowest or level > highest:
            return steps[k + 1, AT] if k + 1 < ptr[s] + count[s] else -1
        k -= 1
    return moment
