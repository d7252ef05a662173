"""Solve a lot-sizing problem: prices, plans of whole lots, parts solved exactly, and a proof where it is small."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gemba.solvers.lots.improve import WHOLE_TIME, Best, Improver, evaluate
from gemba.solvers.lots.kernels.lagrange import BOUND, improve_prices, prices_of
from gemba.solvers.lots.lanes import place
from gemba.solvers.lots.problem import Flags, Floats, Problem, data_of, loads
from gemba.solvers.lots.program import Program, program
from gemba.solvers.lots.solver import solve_program
from gemba.solvers.stop import Report, Run, Stop, quiet

_LARGEST = 40_000  # shares up to which the whole problem is given to HiGHS ...
_BY_STEPS = 3000  # ... and by steps, as each of the nodes takes long
_PRICE_ROUNDS = 600
_PRICE_TIME = 0.2  # of the seconds at most
_NODES = 20  # of the proof for each step
_FIT_TIME = 0.3  # of the seconds left at most


@dataclass(frozen=True)
class Result:
    """A plan: n x T units ``made`` and ``setups``, K x T ``overtime``. ``objective`` is infinite where none was found that
    keeps to the capacity (``made`` is then the nearest to one). No plan costs less than ``bound``; infinite: there is none.
    """

    objective: float
    bound: float
    made: Floats
    setups: Flags
    overtime: Floats

    @property
    def proven(self) -> bool:
        return self.objective - self.bound <= 1e-5 * abs(self.objective) + 1e-6


def solve(
    problem: Problem,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    given: Result | None = None,
) -> Result:
    """A plan of low cost and a bound on the best.

    A step is a part of the plan that is solved exactly. With steps and without seconds the result does not depend on the
    number of workers.

    Args:
        workers: with two, one looks for plans while the other looks for a proof; with one it proves in the last third.
        given: a plan to begin with.
    """
    search = _Search(problem, stop, report, seed)
    search.price()
    search.begin(given)
    search.run.together([lambda: search.improve(workers), search.prove], workers)
    return search.result()


class _Search:
    """A search under way; inside, costs are without ``held``, the cost of the first stock."""

    def __init__(self, problem: Problem, stop: Stop, report: Report, seed: int) -> None:
        self.problem, self.seed = problem, seed
        self.run = Run(stop, report)
        self.data, self.held = data_of(problem)
        self.timed = stop.seconds is not None
        self.prices = prices_of(self.data)
        self.best = evaluate(
            self.data, np.zeros_like(self.data.demand), np.zeros(self.data.demand.shape, np.bool_), 0.0
        )
        self.penalty, self.poor = 0.0, False
        self.proof: Best | None = None
        self.bound = self.proved = -np.inf  # by prices, by HiGHS

    def price(self) -> None:
        """Bound and set-up frequencies, until they hardly change."""
        n, periods = self.data.demand.shape
        each = max(1, min(50, int(2e7 / (n * periods**2))))
        figures, rounds = self.prices.figures, 0
        while rounds < _PRICE_ROUNDS:
            target = 1.05 * figures[BOUND] + 1.0 if rounds else 0.0
            better = improve_prices(self.data, self.prices, target, each)
            rounds += each
            self.run.tell(bound=figures[BOUND] + self.held)
            self.run.look()
            seconds = self.run.stop.seconds
            if not better or self.run.ended or (seconds is not None and self.run.passed > _PRICE_TIME * seconds):
                break
        self.bound = float(figures[BOUND])
        typical = max(self.prices.best.max(initial=0.0), abs(self.bound) / max(1e-9, self.data.capacity.sum()), 1e-3)
        self.penalty = 20.0 * typical + float(self.data.overtime_cost.max(initial=0.0))

    def begin(self, given: Result | None) -> None:
        """The best plan of whole lots, or the given one where that is better."""
        made, setups = place(self.data, self.prices, self.penalty, self.run, self.seed)
        self.best = evaluate(self.data, made, setups, self.penalty)
        if given is not None:
            known = evaluate(self.data, given.made, given.setups, self.penalty)
            net = np.isfinite(self.data.backlog)[:, None] | (np.cumsum(given.made - self.data.demand, axis=1) >= -1e-9)
            if known.value < self.best.value and net.all():
                self.best = known
        self.poor = self.best.excess > 0
        if self.poor and self._small():
            self._fit()
        self._tell(self.best)

    def _fit(self) -> None:
        """Any plan that keeps to the capacity, whatever it costs: without costs HiGHS finds one where plans of whole lots have
        none."""
        whole = self._whole()
        solved = solve_program(
            replace(whole, cost=np.zeros_like(whole.cost)), seconds=_FIT_TIME * self.run.left, proof=False, seed=self.seed,
            nodes=None if self.timed else _NODES * (self.run.stop.steps or 1), over=lambda: bool(self.run.ended),
        )  # fmt: skip
        if solved.x is not None:
            plan = evaluate(self.data, *whole.plan(solved.x), self.penalty)
            self.best = plan if plan.excess == 0 else self.best

    def _whole(self) -> Program:
        """The program of all items with every set-up open."""
        data, shape = self.data, self.data.demand.shape
        return program(data, np.arange(shape[0]), np.ones(shape, np.bool_), np.zeros(shape, np.bool_), data.capacity)

    def improve(self, workers: int) -> None:
        """Round after round."""
        improver = Improver(self.data, self.prices.setups, self.penalty, self.seed, self.run, poor=self.poor)
        until = self.run.passed + self.run.left * (1.0 if workers > 1 or not self._small() else 0.66)
        steps = 0
        while not self.run.over(steps) and self.run.passed < until:
            self.best = improver.round(self.best)
            self._tell(self.best)
            steps += 1
            if self.timed and self.proof is not None and self.proof.value < self.best.value:
                self.best = self.proof
            if self.run.stop.steps is None and not self.timed and not self.data.demand.any():
                break

    def _tell(self, best: Best) -> None:
        if best.excess == 0:
            self.run.tell(objective=best.value + self.held)

    def _small(self) -> bool:
        n, periods = self.data.demand.shape
        late = bool(np.isfinite(self.data.backlog).any())
        most = _LARGEST if self.timed else _BY_STEPS
        return int(n * periods * (periods if late else (periods + 1) / 2)) <= most

    def prove(self) -> None:
        """Give the whole problem to HiGHS. By steps what it finds is told at the end only, so that nothing hangs on who is
        faster."""
        if not self._small() or (self.run.over() and self.timed):
            return
        whole = self._whole()

        def found(x: Floats) -> None:
            self._offer(evaluate(self.data, *whole.plan(x), self.penalty))

        if self.poor and self.timed:  # another seed's luck first: with presolve good plans are found sooner
            solve_program(
                whole, seconds=WHOLE_TIME[True] * self.run.left, seed=self.seed + 1, proof=False, found=found,
                over=self._stopped,
            )  # fmt: skip
        begun = (self.proof or self.best) if self.timed else None
        solved = solve_program(
            whole, hint=whole.hint(begun.setups) if begun is not None and begun.excess == 0 else None,
            seconds=self.run.left, nodes=None if self.timed else _NODES * (self.run.stop.steps or 1), seed=self.seed,
            gap=max(self.run.stop.gap, 1e-6), over=self._stopped, found=found if self.timed else None,
            bounded=self._bounded if self.timed else None,
        )  # fmt: skip
        if solved.x is not None:
            found(solved.x)
        self._bounded(solved.bound)

    def _bounded(self, bound: float) -> None:
        self.proved = max(self.proved, bound)
        if self.timed:
            self.run.tell(bound=bound + self.held)

    def _stopped(self) -> bool:
        """By steps: only by a person."""
        run = self.run
        closed = run.objective - run.bound <= run.stop.gap * abs(run.objective) + 1e-9
        return bool(run.ended and (self.timed or not closed))

    def _offer(self, plan: Best) -> None:
        if plan.excess == 0 and (self.proof is None or plan.value < self.proof.value):
            self.proof = plan
            if self.timed:
                self.run.tell(objective=plan.value + self.held)

    def result(self) -> Result:
        best = self.best
        if self.proof is not None and (best.excess > 0 or self.proof.value < best.value):
            best = self.proof
        value = best.value + self.held if best.excess == 0 else np.inf
        bound = max(self.bound, self.proved) + self.held
        if bound > value + 1e-6 * abs(value):  # a plan shows that HiGHS was wrong
            bound = self.bound + self.held
        self.run.tell(value, bound)
        self.run.look()
        over = np.maximum(loads(self.data, best.made, best.setups) - self.data.capacity, 0.0)
        return Result(value, min(bound, value), best.made, best.setups, np.minimum(over, self.data.overtime))
