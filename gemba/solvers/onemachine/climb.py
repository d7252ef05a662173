"""Iterated local search: shake the sequence a little, descend, keep what is not worse."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.chance import below
from gemba.solvers.onemachine.dynasearch import descend, move

_KICKS = 6  # moves of a shake
_WIDEST = 100  # places between the two ends of such a move
_PATIENCE = 60  # shakes without a new best sequence before the search goes back to that


@kernel
def shake(sequence, random):  # type: ignore[no-untyped-def]
    """A few random moves of short stretches."""
    n = len(sequence)
    for _ in range(_KICKS):
        i = below(random, n - 1)
        j = min(n - 1, i + 1 + below(random, _WIDEST))
        move(sequence, i, j, below(random, 3))


@making_kernel
def climb(work, due, weight, best_sequence, value, random, tries, reach):  # type: ignore[no-untyped-def]
    """Improve a sequence, in place, by so many shakes with descents; ``value[0]`` is its cost, written as well."""
    n = len(work)
    current, trial, end = best_sequence.copy(), best_sequence.copy(), np.empty(n, np.int64)
    change, kind = np.empty((n, n), np.int64), np.empty((n, n), np.int8)
    best, first = np.empty(n + 1, np.int64), np.empty(n, np.int64)
    now = descend(work, due, weight, current, end, reach, change, kind, best, first)
    if now < value[0]:
        value[0], best_sequence[:] = now, current
    waited = 0
    for _ in range(tries):
        trial[:] = current
        shake(trial, random)
        found = descend(work, due, weight, trial, end, reach, change, kind, best, first)
        waited += 1
        if found <= now:
            now, current[:] = found, trial
        if found < value[0]:
            value[0], best_sequence[:], waited = found, trial, 0
        if value[0] == 0:
            break
        if waited % _PATIENCE == 0:
            now, current[:] = value[0], best_sequence
