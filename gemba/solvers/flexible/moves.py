"""The moves of the tabu search, and what each is worth without making it.

Within its machine a critical operation goes behind the last or before the first of its critical block, or one of these goes
inside (Balas and Vazacopoulos 1998; Zhang et al. 2007, N6 and N7). To another machine it goes at the best of the places that
heads and tails allow without a circle (Mastrolilli and Gambardella 2000, Nopt).
"""

from __future__ import annotations

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import below
from gemba.solvers.flexible.state import (
    AFTER,
    ALLOWED,
    BEFORE,
    BEST,
    COUNT,
    END,
    FIRST,
    FORBIDDEN,
    HEAD,
    JOB_AFTER,
    JOB_BEFORE,
    MACHINE,
    MAKESPAN,
    MODE,
    MODE_MACHINE,
    MODE_WORK,
    MODES,
    MODES_END,
    MOVES,
    NEW_MODE,
    NEW_PLACE,
    OP,
    PLACE,
    RELEASE,
    SECOND,
    TABU,
    TAIL,
    TIES,
    VALUE,
    WORK,
)

_FAR = 1 << 60


@kernel
def pair(one, other, n, pairs):  # type: ignore[no-untyped-def]
    """Where it is kept how long one operation may not go before the other."""
    return (one * n + other) & (len(pairs) - 1)


@kernel
def critical_path(ops, firsts, path, makespan, random):  # type: ignore[no-untyped-def]
    """Write a longest path, at each fork any branch as likely; returns its length."""
    none = len(ops) - 1
    op, found = none, 0
    for i in range(len(firsts)):
        first = firsts[i]
        # A path may begin in the middle of a job only where nothing before it takes time.
        if ops[first, HEAD] == ops[first, RELEASE] and ops[first, HEAD] + ops[first, TAIL] == makespan:
            found += 1
            if below(random, found) == 0:
                op = first
    length = 0
    while op != none:
        path[length] = op
        length += 1
        end = ops[op, END]
        in_job, on_machine = ops[op, JOB_AFTER], ops[op, AFTER]
        job_goes = in_job != none and ops[in_job, HEAD] == end and end + ops[in_job, TAIL] == makespan
        machine_goes = on_machine != none and ops[on_machine, HEAD] == end and end + ops[on_machine, TAIL] == makespan
        if job_goes and machine_goes:
            op = in_job if below(random, 2) == 0 else on_machine
        elif job_goes:
            op = in_job
        else:
            op = on_machine if machine_goes else none
    return length


@kernel
def consider(picks, random, row, value, second, op, mode, place):  # type: ignore[no-untyped-def]
    """Take a move where it is better than the one picked in this row; of equal ones any, as likely."""
    if value > picks[row, VALUE] or (value == picks[row, VALUE] and second > picks[row, SECOND]):
        return
    if value < picks[row, VALUE] or second < picks[row, SECOND]:
        picks[row, TIES] = 0
    picks[row, TIES] += 1
    if below(random, picks[row, TIES]) == 0:
        picks[row, VALUE], picks[row, SECOND] = value, second
        picks[row, OP], picks[row, NEW_MODE], picks[row, NEW_PLACE] = op, mode, place


@kernel
def later_value(ops, path, first, last, scratch):  # type: ignore[no-untyped-def]
    """Longest path through the operations first..last of the critical path when the first goes behind the last."""
    op = path[first]
    end = ops[ops[op, BEFORE], END]
    for i in range(first + 1, last + 1):
        other = path[i]
        head = max(ops[other, RELEASE], max(end, ops[ops[other, JOB_BEFORE], END]))
        scratch[i] = head
        end = head + ops[other, WORK]
    head = max(ops[op, RELEASE], max(end, ops[ops[op, JOB_BEFORE], END]))
    tail = ops[op, WORK] + max(ops[ops[op, JOB_AFTER], TAIL], ops[ops[path[last], AFTER], TAIL])
    value = head + tail
    for i in range(last, first, -1):
        other = path[i]
        tail = ops[other, WORK] + max(tail, ops[ops[other, JOB_AFTER], TAIL])
        value = max(value, scratch[i] + tail)
    return value


@kernel
def sooner_value(ops, path, first, last, scratch):  # type: ignore[no-untyped-def]
    """Longest path through the operations first..last of the critical path when the last goes before the first."""
    op = path[last]
    moved = max(ops[op, RELEASE], max(ops[ops[path[first], BEFORE], END], ops[ops[op, JOB_BEFORE], END]))
    end = moved + ops[op, WORK]
    for i in range(first, last):
        other = path[i]
        head = max(ops[other, RELEASE], max(end, ops[ops[other, JOB_BEFORE], END]))
        scratch[i] = head
        end = head + ops[other, WORK]
    tail, value = ops[ops[op, AFTER], TAIL], 0
    for i in range(last - 1, first - 1, -1):
        other = path[i]
        tail = ops[other, WORK] + max(tail, ops[ops[other, JOB_AFTER], TAIL])
        value = max(value, scratch[i] + tail)
    return max(value, moved + ops[op, WORK] + max(tail, ops[ops[op, JOB_AFTER], TAIL]))


@kernel
def try_later(ops, path, pairs, picks, scratch, random, first, last, moves, best):  # type: ignore[no-untyped-def]
    """Consider that the first of these operations of the critical path goes behind the last."""
    op, other, n = path[first], path[last], len(ops) - 1
    behind = ops[ops[op, JOB_AFTER], TAIL]
    # All between can come sooner by the work of the one that goes at most; a circle is impossible where its job allows it.
    least = ops[other, END] + max(behind, ops[ops[other, AFTER], TAIL])
    if ops[op, JOB_AFTER] == other or ops[other, TAIL] < behind or least > picks[ALLOWED, VALUE]:
        return
    tabu = False
    for i in range(first + 1, last + 1):
        tabu |= pairs[pair(path[i], op, n, pairs)] > moves
    value = best if tabu and least >= best else later_value(ops, path, first, last, scratch)
    row = TABU if tabu and value >= best else ALLOWED
    value = value if row == ALLOWED else 0
    consider(picks, random, row, value, value, op, ops[op, MODE], ops[other, PLACE])


@kernel
def try_sooner(ops, path, pairs, picks, scratch, random, first, last, moves, best):  # type: ignore[no-untyped-def]
    """Consider that the last of these operations of the critical path goes before the first."""
    op, other, n = path[last], path[first], len(ops) - 1
    ready = ops[ops[op, JOB_BEFORE], END]
    least = max(ready, ops[ops[other, BEFORE], END]) + ops[other, TAIL]
    if ops[op, JOB_BEFORE] == other or ops[other, END] < ready or least > picks[ALLOWED, VALUE]:
        return
    tabu = False
    for i in range(first, last):
        tabu |= pairs[pair(op, path[i], n, pairs)] > moves
    value = best if tabu and least >= best else sooner_value(ops, path, first, last, scratch)
    row = TABU if tabu and value >= best else ALLOWED
    value = value if row == ALLOWED else 0
    consider(picks, random, row, value, value, op, ops[op, MODE], ops[other, PLACE])


@kernel
def block_moves(ops, path, pairs, picks, scratch, random, first, last, opens, closes, moves, best):  # type: ignore[no-untyped-def]
    """Consider the moves within a block of the critical path.

    Where the block ``opens`` the path, what else comes first in it makes nothing shorter; where it ``closes`` the path, what
    comes last (Grabowski, Nowicki, Zdrzalka 1986).
    """
    for i in range(first, last + 1):
        for side in range(2):
            low, high = (first, i) if side == 0 else (i, last)
            if low == high or (opens if side == 0 else closes):
                continue
            if side == 1 and low == first and not opens:
                continue  # the whole block was seen from its other side
            try_later(ops, path, pairs, picks, scratch, random, low, high, moves, best)
            if high > low + 1:
                try_sooner(ops, path, pairs, picks, scratch, random, low, high, moves, best)


@kernel
def first_ending_after(ops, line, first, last, moment):  # type: ignore[no-untyped-def]
    """The first place of a line whose operation ends after a moment."""
    while first < last:
        middle = (first + last) >> 1
        if ops[line[middle], END] > moment:
            last = middle
        else:
            first = middle + 1
    return first


@kernel
def first_with_tail_within(ops, line, first, last, tail):  # type: ignore[no-untyped-def]
    """The first place of a line whose operation has no longer tail than this."""
    while first < last:
        middle = (first + last) >> 1
        if ops[line[middle], TAIL] > tail:
            first = middle + 1
        else:
            last = middle
    return first


@kernel
def best_place(ops, lines, line, random, op, machine):  # type: ignore[no-untyped-def]
    """(place, head + tail without the work) where an operation has the shortest longest path through it on a machine.

    Operations that end before it could start go before it for nothing, those with a tail no longer than what follows it
    behind it. Between them are the places to choose from.
    """
    first, end = lines[machine, FIRST], lines[machine, FIRST] + lines[machine, COUNT]
    head = max(ops[op, RELEASE], ops[ops[op, JOB_BEFORE], END])
    tail = ops[ops[op, JOB_AFTER], TAIL]
    low = first_ending_after(ops, line, first, end, head)
    high = first_with_tail_within(ops, line, first, end, tail)
    if high <= low:
        return high + below(random, low - high + 1), head + tail
    place, value, ties = low, head + max(tail, ops[line[low], TAIL]), 1
    for i in range(low + 1, high + 1):
        v = max(head, ops[line[i - 1], END]) + max(tail, ops[line[i], TAIL] if i < high else 0)
        if v < value:
            place, value, ties = i, v, 1
        elif v == value:
            ties += 1
            if below(random, ties) == 0:
                place = i
    return place, value


@kernel
def mode_moves(ops, modes, lines, line, picks, random, op, moves):  # type: ignore[no-untyped-def]
    """Consider the operation's other machines, each at its best place there.

    A move is worth the longest of the paths through the operation and through the gap it leaves, and the work that the
    other mode takes more: where all machines are busy all the time, only modes that take less work make room.
    """
    after = ops[op, AFTER]
    left = max(ops[after, RELEASE], max(ops[ops[op, BEFORE], END], ops[ops[after, JOB_BEFORE], END])) + ops[after, TAIL]
    least = max(ops[op, RELEASE], ops[ops[op, JOB_BEFORE], END]) + ops[ops[op, JOB_AFTER], TAIL]
    for mode in range(ops[op, MODES], ops[op, MODES_END]):
        machine, work = modes[mode, MODE_MACHINE], modes[mode, MODE_WORK]
        extra = work - ops[op, WORK]
        if machine == ops[op, MACHINE] or max(left, least + work) + extra > picks[ALLOWED, VALUE]:
            continue
        place, value = best_place(ops, lines, line, random, op, machine)
        value += work
        tabu = modes[mode, FORBIDDEN] > moves
        first, second = (0, 0) if tabu else (max(value, left) + extra, value)
        consider(picks, random, TABU if tabu else ALLOWED, first, second, op, mode, place)


@kernel
def pick_move(state):  # type: ignore[no-untyped-def]
    """Look at the moves of a critical path; False where there is none."""
    ops, path, picks, random = state.ops, state.path, state.picks, state.random
    picks[:, VALUE] = _FAR
    picks[:, SECOND] = _FAR
    picks[:, TIES] = 0
    moves, best = state.value[MOVES], state.value[BEST]
    length = critical_path(ops, state.firsts, path, state.value[MAKESPAN], random)
    first = 0
    for i in range(length):
        op = path[i]
        if ops[op, MODES_END] - ops[op, MODES] > 1:
            mode_moves(ops, state.modes, state.lines, state.line, picks, random, op, moves)
        if i + 1 == length or ops[op, AFTER] != path[i + 1]:
            if first < i:
                block_moves(
                    ops,
                    path,
                    state.pairs,
                    picks,
                    state.scratch,
                    random,
                    first,
                    i,
                    first == 0,
                    i + 1 == length,
                    moves,
                    best,
                )
            first = i + 1
    return picks[ALLOWED, TIES] + picks[TABU, TIES] > 0
