"""Simulated annealing (Kirkpatrick et al. 1983) on the order of a part's jobs, and on the parts that each is made in.

A move puts one job some places sooner or later, or makes it in more or fewer parts. Only what comes between is placed anew,
and what follows until everything is as it was before.
"""

from __future__ import annotations

from math import log

from gemba.solvers.assembly.place import cost_of, place
from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.chance import below, uniform

_WIDEST = 40  # places that a job is moved at most
_LOOK = 64  # moves between two looks at which jobs are late


@kernel
def compare(row, before, machines, supplied):  # type: ignore[no-untyped-def]
    """0 where a state is as before for all that follows, 1 where nothing in it is sooner, else -1.

    ``supplied``: from when on no stock on hand is needed.
    """
    same, first = True, row[0]
    for m in range(machines):
        if row[m] < before[m]:
            return -1
        same = same and row[m] == before[m]
        first = min(first, row[m])
    if first < supplied:
        for m in range(machines, len(row)):
            if row[m] > before[m]:
                return -1
            same = same and row[m] == before[m]
    return 0 if same else 1


@kernel
def try_from(t, order, parts, of, state, complete, ready, row, ends, window, limit):  # type: ignore[no-untyped-def]
    """Place an order anew from the first place of a window on, in ``row``; what is complete when is written to ``ends``.

    Returns what it costs more than before (above ``limit`` as soon as that is sure), and the place from which on all is as
    it was.
    """
    copy_line(row, state[window[0]])
    none, more = state[:0, :2], 0.0
    for i in range(window[0], len(order)):
        if i > window[1]:
            found = compare(row, state[i], of[1], of[3])
            if found == 0 or (found == 1 and more > limit):
                return more, i
        job = order[i]
        end = place(t, job, parts[job], row, of, ready, none)
        ends[i] = end
        more += cost_of(t, job, end) - cost_of(t, job, complete[job])
    return more, len(order)


@kernel
def keep(t, order, parts, of, state, complete, ready, ends, low, high):  # type: ignore[no-untyped-def]
    """Make what was tried the state of the search."""
    none = state[:0, :2]
    for i in range(low, high):
        complete[order[i]] = ends[i]
        copy_line(state[i + 1], state[i])
        place(t, order[i], parts[order[i]], state[i + 1], of, ready, none)


@kernel
def shift(order, a, b):  # type: ignore[no-untyped-def]
    """Move the job at place a to place b."""
    job = order[a]
    if a < b:
        for i in range(a, b):
            order[i] = order[i + 1]
    else:
        for i in range(a, b, -1):
            order[i] = order[i - 1]
    order[b] = job


@kernel
def late_places(t, order, complete, late):  # type: ignore[no-untyped-def]
    """Write the places of late jobs; returns how many there are."""
    count = 0
    for i in range(len(order)):
        if cost_of(t, order[i], complete[order[i]]) > 0:
            late[count] = i
            count += 1
    return count


@kernel
def pick(order, late, count, random):  # type: ignore[no-untyped-def]
    """A place, and another to move its job to: mostly a late job sooner, or one before it behind it."""
    n = len(order)
    at = late[below(random, count)]
    far = 1 + int(min(_WIDEST, n) * uniform(random) ** 3)
    kind = uniform(random)
    if kind < 0.4:
        return at, max(0, at - far)
    if kind < 0.8:
        return max(0, at - far), at
    a = below(random, late[count - 1] + 1)
    return a, max(0, min(n - 1, a + far if uniform(random) < 0.5 else a - far))


@kernel
def sorts(t, order, a, b):  # type: ignore[no-untyped-def]
    """Whether the job that came from place a to place b did not go before one that is due sooner, nor behind one due later."""
    job, passed = order[b], order[b - 1] if b > a else order[min(b + 1, len(order) - 1)]
    return a == b or t.due[job] == t.due[passed] or (t.due[job] > t.due[passed]) == (b > a)


@kernel
def anneal(t, order, parts, of, state, complete, work, random, heat, moves, most):  # type: ignore[no-untyped-def]
    """So many moves at a temperature (cost); at most ``most`` parts for each job. Returns what was won.

    ``work``: room for (row, ready, ends, late places).
    """
    row, ready, ends, late = work
    count, won = late_places(t, order, complete, late), 0.0
    for move in range(moves):
        if move % _LOOK == _LOOK - 1:
            count = late_places(t, order, complete, late)
        if count == 0:
            break
        limit = -heat * log(1.0 - uniform(random))
        a, b = pick(order, late, count, random)
        before, job = 0, order[a]
        if most > 1 and uniform(random) < 0.2:
            before, b = parts[job], a
            parts[job] = 1 + below(random, min(most, t.pieces[job]))
            if parts[job] == before:
                continue
        elif a == b:
            continue
        shift(order, a, b)
        window = (min(a, b), max(a, b))
        more, high = try_from(t, order, parts, of, state, complete, ready, row, ends, window, limit)
        if more < limit and (more != 0 or sorts(t, order, a, b)):
            keep(t, order, parts, of, state, complete, ready, ends, window[0], high)
            won -= more
        else:
            shift(order, b, a)
            if before:
                parts[job] = before
    return won


@kernel
def tidy(t, order, parts, of, state, complete, work):  # type: ignore[no-untyped-def]
    """One sweep that puts neighbours in the order of their due dates, and makes jobs in fewer parts, where that costs nothing.

    Returns how much was changed.
    """
    row, ready, ends, _ = work
    changed = 0
    for i in range(len(order)):
        job = order[i]
        before = parts[job]
        if before > 1:
            parts[job] = before - 1
            more, high = try_from(t, order, parts, of, state, complete, ready, row, ends, (i, i), 0.0)
            if more <= 0:
                keep(t, order, parts, of, state, complete, ready, ends, i, high)
                changed += 1
            else:
                parts[job] = before
        if i + 1 < len(order) and t.due[order[i]] > t.due[order[i + 1]]:
            shift(order, i, i + 1)
            more, high = try_from(t, order, parts, of, state, complete, ready, row, ends, (i, i + 1), 0.0)
            if more <= 0:
                keep(t, order, parts, of, state, complete, ready, ends, i, high)
                changed += 1
            else:
                shift(order, i + 1, i)
    return changed
