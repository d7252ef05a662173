"""Trees are searched in rounds of about so many seconds, between which the run is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from gemba.solvers.stop import Run

_SECONDS = 0.08


class Rounds:
    """Learns how many trials of a decision a round is."""

    def __init__(self, run: Run) -> None:
        self._run, self._trials = run, 100

    def __call__(self, searches: Sequence[Callable[[int], None]]) -> None:
        """One round of all searches, each on a thread of its own; they are told how many trials."""
        begun = self._run.passed
        self._run.together([partial(search, self._trials) for search in searches], len(searches))
        took = max(self._run.passed - begun, 1e-4)
        self._trials = int(np.clip(self._trials * _SECONDS / took, self._trials // 2 + 1, 2 * self._trials))
