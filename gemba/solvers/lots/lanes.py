"""Two searches for plans of whole lots side by side; the better one counts."""

from __future__ import annotations

import numpy as np

from gemba.solvers.lots.kernels.lagrange import Prices, load
from gemba.solvers.lots.kernels.place import Plan, plan_cost, ruin, settle
from gemba.solvers.lots.kernels.smooth import smooth
from gemba.solvers.lots.problem import Data, Flags, Floats
from gemba.solvers.stop import Run

_LANES = 2
_CALLS = 20  # kernel calls of each by steps
_TIME = (0.1, 0.4)  # of the seconds, for small and for large problems
_LARGE = 2000  # items x periods
_MOST = 4  # items taken out at a time
_HEAT = 0.01  # of an item's mean cost
_ITEM, _CELL = 3e-6, 2.5e-7  # seconds for an item, and for each pair of its periods
_BY_STEPS = 200  # items in a kernel call at most


def place(data: Data, prices: Prices, penalty: float, run: Run, seed: int) -> tuple[Floats, Flags]:
    """The best of plans that begin with what the prices make of each item."""
    lanes = [_Lane(data, prices, penalty, run, seed * _LANES + lane) for lane in range(_LANES)]
    run.together([lane.search for lane in lanes], _LANES)
    best = min(lanes, key=lambda lane: lane.value)
    return best.best.made, best.best.setups > 0.5


class _Lane:
    def __init__(self, data: Data, prices: Prices, penalty: float, run: Run, seed: int) -> None:
        self.data, self.prices, self.penalty, self.run = data, prices, penalty, run
        generator = np.random.default_rng(seed)
        self.random = generator.integers(1, 2**63, 1).astype(np.uint64)
        self.order = generator.permutation(len(data.demand))
        self.plan = Plan(prices.made_best.copy(), prices.setups_best.copy(), np.zeros_like(data.capacity))
        load(data, self.plan.made, self.plan.setups, self.plan.load)
        self.best, self.value = self.plan, np.inf
        periods = data.demand.shape[1]
        late = 6.0 if np.isfinite(data.backlog).any() else 1.0
        self.each = max(1, int(0.1 / (_ITEM + 0.5 * periods**2 * late * _CELL)))  # items in a kernel call

    def search(self) -> None:
        run, data = self.run, self.data
        share = 0.5
        for first in range(0, len(self.order), self.each):
            settle(data, self.plan, self.prices.best, share, self.penalty, self.order[first : first + self.each])
        self._keep()
        begun, calls = run.passed, 0
        seconds = run.stop.seconds
        each = self.each if seconds is not None else min(self.each, _BY_STEPS)
        budget = 0.0 if seconds is None else seconds * _TIME[data.demand.size > _LARGE]
        heat = _HEAT * abs(float(self.prices.figures[0])) / max(1, len(data.demand))
        while not run.ended:
            done = calls / _CALLS if seconds is None else (run.passed - begun) / max(budget, 1e-9)
            if done >= 1:
                break
            args = (heat * (1 - done), max(1, each * 2 // (_MOST + 1)), _MOST)
            ruin(data, self.plan, self.prices.best, self.penalty, *args, self.random)
            calls += 1
            self._keep()

    def _keep(self) -> None:
        """The plan, with what is too much moved to other periods, where it is the best so far."""
        plan = Plan(*(table.copy() for table in self.plan))
        if self.data.demand.size <= _LARGE:
            smooth(self.data, plan, 2 * self.data.demand.size)
        value = plan_cost(self.data, plan, self.penalty)
        if value < self.value:
            self.value, self.best = value, plan
