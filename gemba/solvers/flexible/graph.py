"""The graph of a schedule: machine lines, a topological order, heads and tails, kept up to date move by move.

A move takes one operation out of its line and puts it into another place, maybe in another mode. The topological order is
mended only between the places that contradict the move (as in Pearce and Kelly 2006), and a move that would close a circle
is found out there.
"""

from __future__ import annotations

from gemba.solvers.compiled import kernel
from gemba.solvers.flexible.state import (
    AFTER,
    BEFORE,
    BEST,
    COUNT,
    END,
    FIRST,
    HEAD,
    IMPROVED,
    JOB_AFTER,
    JOB_BEFORE,
    MACHINE,
    MAKESPAN,
    MARK,
    MODE,
    MODE_MACHINE,
    MODE_WORK,
    MOVES,
    PLACE,
    RANK,
    RELEASE,
    TAIL,
    WORK,
)


@kernel
def heads(ops, order, first):  # type: ignore[no-untyped-def]
    """Earliest starts and ends from a place of the order on."""
    for i in range(first, len(order)):
        op = order[i]
        moment = max(ops[op, RELEASE], max(ops[ops[op, JOB_BEFORE], END], ops[ops[op, BEFORE], END]))
        ops[op, HEAD] = moment
        ops[op, END] = moment + ops[op, WORK]


@kernel
def tails(ops, order, last):  # type: ignore[no-untyped-def]
    """Tails from a place of the order back to its beginning."""
    for i in range(last, -1, -1):
        op = order[i]
        ops[op, TAIL] = ops[op, WORK] + max(ops[ops[op, JOB_AFTER], TAIL], ops[ops[op, AFTER], TAIL])


@kernel
def last_end(ops, lasts):  # type: ignore[no-untyped-def]
    """The makespan."""
    moment = 0
    for i in range(len(lasts)):
        moment = max(moment, ops[lasts[i], END])
    return moment


@kernel
def choose_mode(ops, modes, op, mode):  # type: ignore[no-untyped-def]
    ops[op, MODE] = mode
    ops[op, MACHINE] = modes[mode, MODE_MACHINE]
    ops[op, WORK] = modes[mode, MODE_WORK]


@kernel
def load(state, mode, order):  # type: ignore[no-untyped-def]
    """Make the schedule of these modes in which each machine does its operations in this topological order."""
    ops, lines, line = state.ops, state.lines, state.line
    none = len(order)
    lines[:, COUNT] = 0
    for i in range(len(order)):
        op = order[i]
        state.order[i] = op
        choose_mode(ops, state.modes, op, mode[op])
        machine = ops[op, MACHINE]
        place = lines[machine, FIRST] + lines[machine, COUNT]
        before = line[place - 1] if lines[machine, COUNT] > 0 else none
        line[place] = op
        ops[op, PLACE], ops[op, RANK], ops[op, BEFORE], ops[op, AFTER] = place, i, before, none
        if before != none:
            ops[before, AFTER] = op
        lines[machine, COUNT] += 1
    heads(ops, state.order, 0)
    tails(ops, state.order, none - 1)
    state.value[MAKESPAN] = last_end(ops, state.lasts)


@kernel
def unlink(ops, lines, line, op):  # type: ignore[no-untyped-def]
    """Take an operation out of its machine's line."""
    none = len(ops) - 1
    machine, before, after = ops[op, MACHINE], ops[op, BEFORE], ops[op, AFTER]
    end = lines[machine, FIRST] + lines[machine, COUNT] - 1
    for place in range(ops[op, PLACE], end):
        line[place] = line[place + 1]
        ops[line[place], PLACE] = place
    lines[machine, COUNT] -= 1
    if before != none:
        ops[before, AFTER] = after
    if after != none:
        ops[after, BEFORE] = before


@kernel
def link(ops, lines, line, op, place):  # type: ignore[no-untyped-def]
    """Put an operation that is in no line into its machine's line at a place; what is there and behind gives way."""
    none = len(ops) - 1
    machine = ops[op, MACHINE]
    first, end = lines[machine, FIRST], lines[machine, FIRST] + lines[machine, COUNT]
    before = line[place - 1] if place > first else none
    after = line[place] if place < end else none
    for i in range(end, place, -1):
        line[i] = line[i - 1]
        ops[line[i], PLACE] = i
    line[place] = op
    lines[machine, COUNT] += 1
    ops[op, PLACE], ops[op, BEFORE], ops[op, AFTER] = place, before, after
    if before != none:
        ops[before, AFTER] = op
    if after != none:
        ops[after, BEFORE] = op


@kernel
def mark_behind(ops, order, op, low, high):  # type: ignore[no-untyped-def]
    """Mark what depends on the operation, from a place of the order to another; False where the operation does itself."""
    for i in range(low, high + 1):
        other = order[i]
        if other != op:
            before = ops[other, JOB_BEFORE], ops[other, BEFORE]
            if before[0] == op or before[1] == op or ops[before[0], MARK] or ops[before[1], MARK]:
                ops[other, MARK] = 1
    return ops[ops[op, JOB_BEFORE], MARK] == 0 and ops[ops[op, BEFORE], MARK] == 0


@kernel
def sort_marked(ops, order, scratch, op, low, high):  # type: ignore[no-untyped-def]
    """Bring a stretch of the order in line: what is unmarked, then the operation, then what is marked."""
    write, kept = low, 0
    for i in range(low, high + 1):
        other = order[i]
        if ops[other, MARK]:
            ops[other, MARK] = 0
            scratch[kept] = other
            kept += 1
        elif other != op:
            order[write] = other
            ops[other, RANK] = write
            write += 1
    order[write] = op
    ops[op, RANK] = write
    for i in range(kept):
        order[write + 1 + i] = scratch[i]
        ops[scratch[i], RANK] = write + 1 + i


@kernel
def reorder(ops, order, scratch, op):  # type: ignore[no-untyped-def]
    """Mend the order after an operation was linked elsewhere.

    Returns the first and the last place of the order from which heads and tails may be new; (-1, -1), and nothing changed,
    where the links run in a circle.
    """
    none, rank = len(ops) - 1, ops[op, RANK]
    low, high = none, -1
    for after in (ops[op, JOB_AFTER], ops[op, AFTER]):
        if after != none:
            low = min(low, ops[after, RANK])
    for before in (ops[op, JOB_BEFORE], ops[op, BEFORE]):
        if before != none:
            high = max(high, ops[before, RANK])
    if high < rank < low:
        return rank, rank
    first, last = min(low, rank), max(high, rank)
    if not mark_behind(ops, order, op, first, last):
        for i in range(first, last + 1):
            ops[order[i], MARK] = 0
        return -1, -1
    sort_marked(ops, order, scratch, op, first, last)
    return first, last


@kernel
def move(state, op, mode, place):  # type: ignore[no-untyped-def]
    """Do an operation in a mode at a place of that mode's machine's line (counted without the operation itself).

    Returns False, and changes nothing, where that closes a circle.
    """
    ops, lines, line = state.ops, state.lines, state.line
    old_mode, old_place = ops[op, MODE], ops[op, PLACE]
    unlink(ops, lines, line, op)
    choose_mode(ops, state.modes, op, mode)
    link(ops, lines, line, op, place)
    first, last = reorder(ops, state.order, state.scratch, op)
    if first < 0:
        unlink(ops, lines, line, op)
        choose_mode(ops, state.modes, op, old_mode)
        link(ops, lines, line, op, old_place)
        return False
    heads(ops, state.order, first)
    tails(ops, state.order, last)
    state.value[MAKESPAN] = last_end(ops, state.lasts)
    return True


@kernel
def keep_best(state):  # type: ignore[no-untyped-def]
    """Keep the schedule under work as the best."""
    state.value[BEST], state.value[IMPROVED] = state.value[MAKESPAN], state.value[MOVES]
    for op in range(len(state.best_mode)):
        state.best_mode[op] = state.ops[op, MODE]
        state.best_order[op] = state.order[op]
