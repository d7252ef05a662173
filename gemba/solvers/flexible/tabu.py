"""Tabu search for the makespan of a flexible job shop (Glover 1989; Mastrolilli and Gambardella 2000)."""

from __future__ import annotations

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import below
from gemba.solvers.flexible.graph import keep_best, move
from gemba.solvers.flexible.moves import pair, pick_move
from gemba.solvers.flexible.state import (
    ALLOWED,
    BEST,
    FORBIDDEN,
    IMPROVED,
    MAKESPAN,
    MODE,
    MOVES,
    NEW_MODE,
    NEW_PLACE,
    OP,
    PLACE,
    TABU,
    TIES,
)


@kernel
def forbid(state, op, mode, place, until_pair, until_mode):  # type: ignore[no-untyped-def]
    """Forbid, for a while, to undo a move that is about to be made."""
    ops, line, pairs, n = state.ops, state.line, state.pairs, len(state.order)
    if mode != ops[op, MODE]:
        state.modes[ops[op, MODE], FORBIDDEN] = until_mode
        return
    for i in range(ops[op, PLACE] + 1, place + 1):
        pairs[pair(op, line[i], n, pairs)] = until_pair
    for i in range(place, ops[op, PLACE]):
        pairs[pair(line[i], op, n, pairs)] = until_pair


@kernel
def tabu_search(state, moves, patience, target, pair_tenure, mode_tenure):  # type: ignore[no-untyped-def]
    """Make so many moves, the best allowed one each time; fewer where the best is no longer improved or reaches a target.

    Args:
        patience: moves since the best was improved after which to end.
        target: makespan at which to end.
        pair_tenure, mode_tenure: for how many moves it is forbidden to undo one; up to half as many again by chance.

    Returns:
        Whether to go on.
    """
    picks, value, random = state.picks, state.value, state.random
    for _ in range(moves):
        if value[BEST] <= target or value[MOVES] - value[IMPROVED] >= patience or not pick_move(state):
            return False
        row = ALLOWED if picks[ALLOWED, TIES] > 0 else TABU
        op, mode, place = picks[row, OP], picks[row, NEW_MODE], picks[row, NEW_PLACE]
        value[MOVES] += 1
        until_pair = value[MOVES] + pair_tenure + below(random, pair_tenure // 2 + 1)
        until_mode = value[MOVES] + mode_tenure + below(random, mode_tenure // 2 + 1)
        forbid(state, op, mode, place, until_pair, until_mode)
        move(state, op, mode, place)
        if value[MAKESPAN] < value[BEST]:
            keep_best(state)
    return True
