"""Simulated annealing on machine sequences (Kirkpatrick et al. 1983), moving only what makes a job late.

A move goes back along the critical path from a late job, picks an operation that waits for its machine, and puts it some places
sooner, or the one it waits for some places later (van Laarhoven et al. 1992; Mati, Dauzere-Peres, Lahlou 2011 for tardiness).
Only starts that change are computed anew, soonest first.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.compiled.heap import pop, push
from gemba.solvers.tardiness.problem import NEVER
from gemba.solvers.tardiness.rows import (
    AFTER,
    BEFORE,
    DUE,
    NEXT,
    PREVIOUS,
    RELEASE,
    STAMP,
    START,
    WORK,
    cost,
    earliest,
)

_LONGEST_PATH = 100
#: Places in ``count`` and ``value``.
LATE, MOVE, CHANGED, ACCEPTED = range(4)
CURRENT, BEST = range(2)


@kernel
def list_late(operations, weight, schedule, late, count, value):  # type: ignore[no-untyped-def]
    """Write the last operations of late jobs, ``late`` (n, 2) as list and places in it (-1: not), and the total cost."""
    count[LATE], value[CURRENT] = 0, 0.0
    for o in range(len(operations)):
        late[o, 1] = -1
        found = cost(operations, weight, o, schedule[o, START]) if operations[o, DUE] < NEVER else 0.0
        if found > 0:
            value[CURRENT] += found
            late[count[LATE], 0], late[o, 1] = o, count[LATE]
            count[LATE] += 1


@kernel
def pick_late(operations, weight, schedule, late, n, random):  # type: ignore[no-untyped-def]
    """The last operation of a late job; of two, mostly the dearer."""
    a, b = late[below(random, n), 0], late[below(random, n), 0]
    one = cost(operations, weight, a, schedule[a, START]) * uniform(random)
    two = cost(operations, weight, b, schedule[b, START]) * uniform(random)
    return a if one >= two else b


@kernel
def pick_wait(operations, schedule, zone, mine, o, random):  # type: ignore[no-untyped-def]
    """On the critical path back from an operation: one that waits for its machine, any as likely; -1 where there is none.

    It and the one it waits for are in the zone ``mine``.
    """
    chosen, found = -1, 0
    for _ in range(_LONGEST_PATH):
        start = schedule[o, START]
        by_job, by_machine = operations[o, PREVIOUS], schedule[o, BEFORE]
        if by_job >= 0 and schedule[by_job, START] + operations[by_job, WORK] < start:
            by_job = -1
        if by_machine >= 0 and schedule[by_machine, START] + operations[by_machine, WORK] < start:
            by_machine = -1
        if by_machine >= 0 and start > operations[o, RELEASE]:
            if zone[o] == mine and zone[by_machine] == mine:
                found += 1
                if below(random, found) == 0:
                    chosen = o
            o = by_machine if by_job < 0 or below(random, 2) == 0 else by_job
        elif by_job >= 0:
            o = by_job
        else:
            break
    return chosen


@kernel
def sooner(operations, schedule, zone, o, jump):  # type: ignore[no-untyped-def]
    """The operation, up to ``jump`` places before, that this one may be put before; -1 where it may not move.

    What the job has before it must not wait for any that it passes: it starts before these end.
    """
    target, other = -1, schedule[o, BEFORE]
    previous = operations[o, PREVIOUS]
    begun = schedule[previous, START] if previous >= 0 else -1
    while jump > 0 and other >= 0 and zone[other] == zone[o] and other != previous:
        if begun >= schedule[other, START] + operations[other, WORK]:
            break
        target, other = other, schedule[other, BEFORE]
        jump -= 1
    return target


@kernel
def later(operations, schedule, zone, o, jump):  # type: ignore[no-untyped-def]
    """The operation, up to ``jump`` places after, that this one may be put after; -1 where it may not move."""
    target, other = -1, schedule[o, AFTER]
    following = operations[o, NEXT]
    over = schedule[following, START] + operations[following, WORK] if following >= 0 else NEVER
    while jump > 0 and other >= 0 and zone[other] == zone[o] and other != following and over > schedule[other, START]:
        target, other = other, schedule[other, AFTER]
        jump -= 1
    return target


@kernel
def put_between(schedule, o, before, after):  # type: ignore[no-untyped-def]
    """Take an operation out of its sequence and put it between two neighbours (-1: none)."""
    a, b = schedule[o, BEFORE], schedule[o, AFTER]
    if a >= 0:
        schedule[a, AFTER] = b
    if b >= 0:
        schedule[b, BEFORE] = a
    schedule[o, BEFORE], schedule[o, AFTER] = before, after
    if before >= 0:
        schedule[before, AFTER] = o
    if after >= 0:
        schedule[after, BEFORE] = o


@kernel
def wait_again(heap, queued, size, o, moment):  # type: ignore[no-untyped-def]
    """Have an operation timed again; returns how many wait."""
    if o < 0 or queued[o]:
        return size
    queued[o] = 1
    return push(heap, size, moment, o)


@kernel
def retime(operations, weight, schedule, heap, queued, size, former, count, cap):  # type: ignore[no-untyped-def]
    """Time what waits, and all that follows from it; returns the change of cost, inf beyond ``cap`` changes.

    Former starts of what has changed are kept in ``former``, (n, 2).
    """
    count[MOVE] += 1
    move, changed, steps, delta = count[MOVE], 0, 0, 0.0
    while size > 0:
        o = pop(heap, size)
        size -= 1
        queued[o] = 0
        start, old = earliest(operations, schedule, o), schedule[o, START]
        if start == old:
            continue
        steps += 1
        if steps > cap:
            delta = np.inf
            break
        if schedule[o, STAMP] != move:
            schedule[o, STAMP] = move
            former[changed, 0], former[changed, 1] = o, old
            changed += 1
        schedule[o, START] = start
        following = operations[o, NEXT]
        if following < 0:
            delta += cost(operations, weight, o, start) - cost(operations, weight, o, old)
        else:
            size = wait_again(heap, queued, size, following, schedule[following, START])
        following = schedule[o, AFTER]
        if following >= 0:
            size = wait_again(heap, queued, size, following, schedule[following, START])
    for i in range(size):
        queued[heap[i] & 0xFFFFF] = 0
    count[CHANGED] = changed
    return delta


@kernel
def settle(operations, weight, schedule, former, late, count):  # type: ignore[no-untyped-def]
    """Bring the list of late jobs up to date with what the last ``retime`` changed."""
    for k in range(count[CHANGED]):
        o = former[k, 0]
        if operations[o, NEXT] >= 0:
            continue
        costs, at = cost(operations, weight, o, schedule[o, START]) > 0, late[o, 1]
        if costs and at < 0:
            late[count[LATE], 0], late[o, 1] = o, count[LATE]
            count[LATE] += 1
        elif not costs and at >= 0:
            count[LATE] -= 1
            last = late[count[LATE], 0]
            late[at, 0], late[last, 1], late[o, 1] = last, at, -1


@kernel
def try_move(operations, weight, schedule, zone, o, jump, back, threshold, cap, heap, queued, former, late, count):  # type: ignore[no-untyped-def]
    """Move an operation sooner (or later); keep that, and return the change of cost, where it is at most ``threshold``."""
    home_before, home_after = schedule[o, BEFORE], schedule[o, AFTER]
    if back:
        target = sooner(operations, schedule, zone, o, jump)
        if target < 0:
            return np.inf
        moment = schedule[target, START] - 1
        put_between(schedule, o, schedule[target, BEFORE], target)
    else:
        target = later(operations, schedule, zone, o, jump)
        if target < 0:
            return np.inf
        moment = schedule[target, START]
        put_between(schedule, o, target, schedule[target, AFTER])
    size = wait_again(heap, queued, 0, o, moment)
    for other in (home_after, schedule[o, AFTER]):
        if other >= 0:
            size = wait_again(heap, queued, size, other, schedule[other, START])
    delta = retime(operations, weight, schedule, heap, queued, size, former, count, cap)
    if delta <= threshold:
        settle(operations, weight, schedule, former, late, count)
        return delta
    for k in range(count[CHANGED]):
        schedule[former[k, 0], START] = former[k, 1]
    put_between(schedule, o, home_before, home_after)
    return np.inf


@kernel
def anneal(  # type: ignore[no-untyped-def]
    operations, weight, schedule, best, zone, mine, moves, temperature, cap, jump, random, value, count, heap, queued, former,
    late,
):  # fmt: skip
    """Try so many moves at a temperature; the best schedule is kept in ``best``, its cost in ``value[BEST]``.

    ``jump`` is the most places that an operation moves, ``cap`` the most starts that one move may change; only operations of
    zone ``mine`` move. ``late`` must be ``list_late``'s; other arrays are room to work in.
    """
    tolerance = 0.0 if len(operations) < 3000 else 1e-4  # to write the best schedule takes time
    for _ in range(moves):
        if count[LATE] == 0:
            break
        o = pick_late(operations, weight, schedule, late, count[LATE], random)
        o = pick_wait(operations, schedule, zone, mine, o, random)
        if o < 0:
            continue
        places = 1 if below(random, 2) == 0 else 1 + below(random, jump)
        back = below(random, 2) == 0
        threshold = -temperature * np.log(max(uniform(random), 1e-300))
        if not back:
            o = schedule[o, BEFORE]
        delta = try_move(
            operations, weight, schedule, zone, o, places, back, threshold, cap, heap, queued, former, late, count
        )
        if delta == np.inf:
            continue
        count[ACCEPTED] += 1
        value[CURRENT] += delta
        if value[CURRENT] < value[BEST] * (1.0 - tolerance) - 1e-9:
            value[BEST] = value[CURRENT]
            copy_line(best, schedule[:, START])
    if value[CURRENT] < value[BEST] - 1e-9:
        value[BEST] = value[CURRENT]
        copy_line(best, schedule[:, START])
