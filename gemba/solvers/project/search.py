"""One genetic search: its population is filled, bred, and renewed where nothing gets better any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gemba.solvers.project.evolve import Searcher, breed, found, searcher
from gemba.solvers.project.problem import Longs, Project

_PATIENCE = 200  # schedules for each of the population in which nothing gets better, then it is renewed


class Plan(NamedTuple):
    """A schedule."""

    makespan: int
    start: Longs
    mode: Longs


@dataclass(slots=True)
class Search:
    """A population that grows by ``advance``.

    Args:
        urgency: (n) by which the first schedule is made, smallest first; the others with noise.
        modes: (n) modes that keep the budgets.
        size: schedules in the population.
    """

    problem: Project
    urgency: Longs
    modes: Longs
    size: int
    seed: int
    schedules: int = 0
    state: Searcher = field(init=False)
    best: Plan | None = None  # of this population
    _filled: int = 0
    _idle: int = 0
    _total: int = 0
    _renewals: int = 0
    _several: bool = field(init=False)

    def __post_init__(self) -> None:
        self._several = len(self.problem.duration) > self.problem.size
        self.state = searcher(self.problem, self.size, self.seed)

    def renew(self, size: int, elite: list[Plan]) -> None:
        """Begin anew with a population of so many, some of them given."""
        self._renewals += 1
        self.size = size
        self.state = searcher(self.problem, size, self.seed + 1000 * self._renewals)
        self.best, self._filled, self._idle = None, 0, 0
        for plan in elite[: size // 2]:
            self.add(plan)

    def add(self, plan: Plan) -> None:
        """Take a schedule in: in an empty place, else in that of the longest."""
        place = self._filled if self._filled < self.size else int(self.state.population.value.argmax())
        found(self.problem, self.state, plan.start, plan.mode, place, 0.0, False)
        self._filled = min(self.size, self._filled + 1)
        self._look()

    def advance(self, schedules: int) -> None:
        """Make so many schedules, or a few more."""
        begun = int(self.state.work.counts[0])
        while self._filled < self.size and self._made(begun) < schedules:
            spread = (self._filled + self._renewals) / self.size
            found(self.problem, self.state, self.urgency, self.modes, self._filled, min(1.0, spread), self._several)
            self._filled += 1
        if self._made(begun) < schedules:
            breed(self.problem, self.state, schedules - self._made(begun), self._several)
        total = int(self.state.population.value[: self._filled].sum())
        self._idle = self._idle + self._made(begun) if total == self._total else 0
        self._total = total
        self.schedules += self._made(begun)
        self._look()

    @property
    def stale(self) -> bool:
        """Whether nothing has become better for a while."""
        return self._idle >= _PATIENCE * self.size

    def _made(self, begun: int) -> int:
        return int(self.state.work.counts[0]) - begun

    def _look(self) -> None:
        people = self.state.population
        first = int(people.makespan[: self._filled].argmin())
        if self.best is None or people.makespan[first] < self.best.makespan:
            self.best = Plan(int(people.makespan[first]), people.start[first].copy(), people.mode[first].copy())


def urgency(head: Longs, duration: Longs, tail: Longs) -> Longs:
    """(n) latest ends that keep the critical path: smallest first is the rule LFT."""
    return np.asarray((head + duration + tail).max() - tail, np.int64)
