"""Better plans by fixing most set-ups and solving the rest exactly, part after part (Helber and Sahling 2010).

Each round frees the set-ups of a window of periods, of some items, or of those that the linear relaxation leaves undecided.
Parts that are solved completely make the next ones larger, others smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.solvers.lots.problem import Data, Flags, Floats, Ints, loads
from gemba.solvers.lots.program import program
from gemba.solvers.lots.solver import solve_program
from gemba.solvers.stop import Run

_WHOLE = 1200  # items x periods up to which a part holds all items
_ALL = 400  # items x periods up to which the first part is the whole, ...
WHOLE_TIME = (0.4, 0.65)  # ... for so much of the time, the latter while only a poor plan is known
_NODES = 300
_FEWEST = 12.0  # set-ups left open
_SECONDS = 1.0
_LONG = 30  # periods from which lots are limited to the next ...
_REACH = 16  # ... so many periods, in parts


@dataclass
class Best:
    """The best plan so far. ``excess`` is the capacity it lacks, of which each unit costs ``penalty`` in ``value``."""

    made: Floats
    setups: Flags
    value: float
    excess: float


def evaluate(data: Data, made: Floats, setups: Flags, penalty: float) -> Best:
    """The plan with its cost."""
    level = np.cumsum(made - data.demand, axis=1)
    over = np.maximum(loads(data, made, setups) - data.capacity, 0.0)
    over[over < 1e-6 + 1e-7 * data.capacity] = 0.0
    paid = np.minimum(over, data.overtime)
    excess = float((over - paid).sum())
    late = np.where(np.isfinite(data.backlog), data.backlog, 0.0)
    value = (data.setup_cost[:, None] * setups).sum() + (data.holding[:, None] * np.maximum(level, 0.0)).sum()
    value += (late[:, None] * np.maximum(-level, 0.0)).sum() + (data.overtime_cost[:, None] * paid).sum()
    return Best(made, setups, float(value) + penalty * excess, excess)


class Improver:
    """Rounds that begin with the best plan; ``frequency`` is n x T, how near a set-up is to 1 in the relaxation. ``poor``: no
    plan of whole lots fits, so that the first round had better not begin with what is known."""

    def __init__(
        self, data: Data, frequency: Floats, penalty: float, seed: int, run: Run, *, poor: bool = False
    ) -> None:
        self.data, self.frequency, self.penalty, self.run = data, frequency, penalty, run
        self.random = np.random.default_rng(seed)
        self.cells, self.poor = 30.0, poor
        self.whole = run.stop.seconds is not None and data.demand.size <= _ALL
        self.seed = seed

    def round(self, best: Best) -> Best:
        """The best plan after one part of it was solved."""
        data = self.data
        items = self._items(best)
        whole = self.whole
        free = np.ones((len(items), self.frequency.shape[1]), np.bool_) if whole else self._free(items)
        setups = best.setups[items]
        mine = np.zeros(len(data.demand), np.bool_)
        mine[items] = True
        others = loads(data, np.where(mine[:, None], 0.0, best.made), best.setups & ~mine[:, None])
        periods = data.demand.shape[1]
        part = program(
            data, items, free | setups, setups & ~free, np.maximum(data.capacity - others, 0.0),
            penalty=self.penalty if best.excess > 0 and not whole else 0.0, reach=_REACH if periods > _LONG else periods,
        )  # fmt: skip
        hint = None if whole and self.poor else part.hint(setups)
        left = self.run.left
        limit = WHOLE_TIME[self.poor] * left if whole else min(_SECONDS, left)
        found = solve_program(
            part, hint=hint, seconds=limit, nodes=None if whole else _NODES, gap=1e-5, seed=self.seed, proof=False,
            over=lambda: self.run.ended,
        )  # fmt: skip
        if not whole:
            self.cells = min(free.size, self.cells * 1.15) if found.complete else max(_FEWEST, self.cells * 0.8)
        self.whole = False
        if found.x is None:
            return best
        made, chosen = best.made.copy(), best.setups.copy()
        made[items], chosen[items] = part.plan(found.x)
        new = evaluate(data, made, chosen, self.penalty)
        return new if new.value < best.value - 1e-9 * abs(best.value) else best

    def _items(self, best: Best) -> Ints:
        """All, or where there are many a part of those that use one resource, with one to begin with by chance."""
        n, periods = best.setups.shape
        count = max(2, _WHOLE // periods)
        if n <= count:
            return np.arange(n)
        first = int(self.random.integers(n))
        links = slice(self.data.link_start[first], self.data.link_start[first + 1])
        used = self.data.resource[links]
        if not len(used):
            return np.sort(self.random.choice(n, count, replace=False))
        entries = np.flatnonzero(self.data.resource == self.random.choice(used))
        same = np.searchsorted(self.data.link_start, entries, side="right") - 1
        return np.sort(self.random.choice(same, min(count, len(same)), replace=False))

    def _free(self, items: Ints) -> Flags:
        """Which set-ups of these items to leave open: about ``cells`` of them."""
        n, periods = len(items), self.frequency.shape[1]
        free = np.zeros((n, periods), np.bool_)
        kind = self.random.integers(4)
        if kind == 0:  # a window of periods
            width = min(periods, max(1, round(self.cells / n)))
            first = int(self.random.integers(periods - width + 1))
            free[:, first : first + width] = True
        elif kind == 1:  # some items
            free[self.random.choice(n, min(n, max(1, round(self.cells / periods))), replace=False)] = True
        elif kind == 2:  # some items in a window
            width = int(self.random.integers(min(periods, 4), periods + 1))
            first = int(self.random.integers(periods - width + 1))
            chosen = self.random.choice(n, min(n, max(1, round(self.cells / width))), replace=False)
            free[chosen, first : first + width] = True
        else:  # the undecided
            doubt = np.abs(self.frequency[items] - 0.5) + 0.3 * self.random.random((n, periods))
            count = min(free.size, round(self.cells))
            free.ravel()[np.argpartition(doubt.ravel(), count - 1)[:count]] = True
        return free
