"""The rounds of a solve: what the searches and CP-SAT do at the same time, and what they tell one another between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from threading import Event

from gemba.solvers.project import exact
from gemba.solvers.project.problem import Project
from gemba.solvers.project.search import Plan, Search
from gemba.solvers.stop import Run

_ROUND = 500_000  # activities placed by each search in a round: less than a tenth of a second
_SCHEDULES = 4000  # most schedules made by each search in a round
_LARGEST = 640  # schedules in a population
_ELITE = 20  # best schedules of former populations that are remembered
_FIRST_PROOF = 8  # rounds before CP-SAT's first turn; each turn lasts in proportion to the rounds before it
_AGAIN, _LATER = 2, 4  # times as many rounds before the next turn: where a turn brought something, where it did not
_EFFORT = 0.01  # CP-SAT's deterministic time for each round before its turn
_PROVABLE = 3000  # modes; larger projects are not given to CP-SAT


@dataclass(slots=True)
class Rounds:
    """Work on a project until the run is over; what happens in a round depends on the rounds before alone."""

    problem: Project
    run: Run
    searches: list[Search]
    workers: int
    seed: int
    best: Plan | None = None
    _elite: list[Plan] = field(default_factory=list)
    _proof: int = _FIRST_PROOF

    def go(self) -> Plan:
        """The best schedule; at least one is made in any case."""
        self.searches[0].advance(1)
        self._exchange()
        for step in count():
            self.run.look()
            if self.run.over(step):
                break
            self._round(step)
        assert self.best is not None
        return self.best

    def _round(self, step: int) -> None:
        schedules = max(1, min(_SCHEDULES, _ROUND // self.problem.size))
        if step == self._proof and len(self.problem.duration) <= _PROVABLE:
            useful = self._prove(step, schedules)
            self._proof = (_AGAIN if useful else _LATER) * step + _FIRST_PROOF
        else:
            self.run.together([_advance(search, schedules) for search in self.searches], self.workers)
        self._exchange()

    def _prove(self, step: int, schedules: int) -> bool:
        """CP-SAT's turn, the first search working on meanwhile: until CP-SAT is done or, where steps count, for so many.

        Returns whether it brought a better bound or schedule.
        """
        assert self.best is not None
        known, done, answers = self.best, Event(), []
        limit = exact.Limit(self.run.left, _EFFORT * step, self.run.over)
        bound = int(max(0.0, self.run.bound))

        def prove() -> None:
            try:
                answers.append(exact.improve(self.problem, known.start, known.mode, bound, limit, self.seed + step))
            finally:
                done.set()

        def search() -> None:
            for i in count():
                if self.run.over() or (done.is_set() if self.run.stop.steps is None else i >= step // 2):
                    break
                self.searches[0].advance(schedules)

        self.run.together([prove, search], self.workers)
        for answer in answers:
            self.run.tell(bound=float(known.makespan) if answer.bound == inf else min(answer.bound, known.makespan))
            if answer.start is not None and answer.mode is not None:
                self.searches[0].add(Plan(known.makespan, answer.start, answer.mode))
        return self.run.bound > bound or any(answer.start is not None for answer in answers)

    def _exchange(self) -> None:
        """Keep the best of all; renew searches in which nothing gets better."""
        for i, search in enumerate(self.searches):
            if search.best is None:
                continue
            if self.best is None or search.best.makespan < self.best.makespan:
                self.best = search.best
                self.run.tell(objective=float(self.best.makespan))
            if search.stale:
                self._elite = sorted([*self._elite, search.best], key=lambda plan: plan.makespan)[:_ELITE]
                search.renew(min(_LARGEST, 2 * search.size), self._elite if i == 0 else [])


def _advance(search: Search, schedules: int) -> Callable[[], None]:
    return lambda: search.advance(schedules)
