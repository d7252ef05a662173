"""Minimise the makespan of a project: genetic searches side by side, and turns of CP-SAT between to prove or to improve."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from gemba.solvers.project import exact
from gemba.solvers.project.bounds import heads, lower_bound, shortest, tails
from gemba.solvers.project.evolve import searcher
from gemba.solvers.project.modes import repair
from gemba.solvers.project.problem import Longs, Project
from gemba.solvers.project.reduce import reduce
from gemba.solvers.project.rounds import Rounds
from gemba.solvers.project.search import Plan, Search, urgency
from gemba.solvers.stop import Report, Run, Stop, quiet

_SEARCHES = 2
_SMALLEST = 40  # schedules in the first populations


@dataclass(frozen=True, slots=True)
class Result:
    """A schedule.

    ``start`` (n) and ``mode`` (n, among all modes of the project) are empty, and the objective infinite, where none was found;
    the bound is infinite too where it is proven that no choice of modes keeps the budgets.
    """

    objective: float
    bound: float
    start: Longs
    mode: Longs
    schedules: int = 0  # made by the searches

    @property
    def proven(self) -> bool:
        """No schedule is shorter, or there is none at all."""
        return self.bound >= self.objective


def solve(
    problem: Project,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    given: tuple[Longs, Longs] | None = None,
) -> Result:
    """The shortest schedule found.

    Two genetic searches work side by side. Where one of them finds nothing better for a while it begins anew with twice as many
    schedules (Harik and Lobo 1999), the first one together with the best of all before. From time to time CP-SAT takes the
    place of the second, to prove that nothing is shorter or to find what is. A step is a round: each search makes 4,000
    schedules, or places 500,000 activities.

    Args:
        given: (start, mode) of a schedule to begin from: its order, and its modes where they keep the budgets.
    """
    run = Run(stop, report)
    run.tell(bound=float(lower_bound(problem)))
    smaller = reduce(problem)
    if smaller is None:
        return _nothing(inf)
    if problem.size == 0:
        return Result(0.0, 0.0, np.zeros(0, np.int64), np.zeros(0, np.int64))
    reduced, kept = smaller
    modes, impossible = _first_modes(reduced, run, seed)
    if modes is None:
        return _nothing(inf if impossible else run.bound)
    duration = shortest(reduced)
    urgent = urgency(heads(reduced, duration), duration, tails(reduced, duration))
    searches = [Search(reduced, urgent, modes, _SMALLEST, seed * _SEARCHES + i) for i in range(_SEARCHES)]
    if given is not None:
        searches[0].add(_translated(reduced, kept, modes, given))
    best = Rounds(reduced, run, searches, workers, seed).go()
    bound = min(run.bound, float(best.makespan))
    made = sum(search.schedules for search in searches)
    return Result(float(best.makespan), bound, best.start, kept[best.mode], made)


def _nothing(bound: float) -> Result:
    return Result(inf, bound, np.zeros(0, np.int64), np.zeros(0, np.int64))


def _first_modes(problem: Project, run: Run, seed: int) -> tuple[Longs | None, bool]:
    """(modes that keep the budgets, whether it is sure that there are none): the shortest ones repaired, else by CP-SAT."""
    first, last = problem.mode_ptr[:-1], problem.mode_ptr[1:]
    modes = np.array([a + int(problem.duration[a:b].argmin()) for a, b in zip(first, last, strict=True)], np.int64)
    if not len(problem.budget):
        return modes, False
    room = searcher(problem, 1, seed)
    room.work.mode[:] = modes
    if repair(problem, room.work, int(max(0.0, run.bound)), room.random) == 0:
        return room.work.mode.copy(), False
    return exact.choose_modes(problem, exact.Limit(run.left, stop=run.over), seed)


def _translated(problem: Project, kept: Longs, modes: Longs, given: tuple[Longs, Longs]) -> Plan:
    """A given schedule with the modes that are left."""
    start, mode = np.asarray(given[0], np.int64), np.asarray(given[1], np.int64)
    place = np.minimum(np.searchsorted(kept, mode), len(kept) - 1)
    own = np.repeat(np.arange(problem.size), np.diff(problem.mode_ptr))[place] == np.arange(problem.size)
    fits = bool((kept[place] == mode).all() and own.all())
    if fits and (problem.nonrenewable[place].sum(axis=0) <= problem.budget).all():
        modes = place
    return Plan(0, np.maximum(0, start), modes.copy())
