"""Search over lists for every problem that lists can express: rules first, then annealing on two threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.decode import Flat, Room, flat, room
from gemba.solvers.scheduling.dispatch import LOOK_AHEAD, backwards, dispatched, urgency
from gemba.solvers.scheduling.problem import Floats, Longs, Problem, Schedule, Term
from gemba.solvers.scheduling.walk import BEST, CURRENT, TERMS, Goals, Walk, anneal, goals, try_list, walk_of
from gemba.solvers.stop import Run

SEARCHES = 2  # logical searches, however many workers there are
_ROUND = 40_000  # tasks decoded between two looks at the clock
_SHARE = 1e-3  # what a level counts beside the one before it, while lists are accepted
_HOT, _COLD = 0.02, 1e-5  # temperatures, as shares of the first cost
_CYCLE = 300  # rounds from hot to cold where no seconds are set


def fits(p: Problem) -> bool:
    """Whether lists can express the problem: nothing holds a resource beyond its end, no batches, no campaigns."""
    return not ((p.holds >= 0).any() or p.batch.any() or (p.campaign > 1).any())


def search(
    p: Problem,
    run: Run,
    *,
    seed: int,
    workers: int,
    steps: int | None,
    share: float = 1.0,
    given: Schedule | None = None,
) -> Schedule | None:
    """The best schedule of the given one's list, the rules and annealing in a share of the time left, or in so many lists."""
    searches = [_Search(p, seed * SEARCHES + k, given) for k in range(SEARCHES)]
    until = run.passed + run.left * share
    own = None if steps is None else max(1, steps // SEARCHES)
    run.together([partial(s.go, run, own, until) for s in searches], workers)
    best = min(searches, key=lambda s: s.walk.value[BEST])
    return best.schedule()


@dataclass(slots=True)
class _Search:
    p: Problem
    seed: int
    given: Schedule | None
    flat: Flat = field(init=False)
    goals: Goals = field(init=False)
    room: Room = field(init=False)
    walk: Walk = field(init=False)

    def __post_init__(self) -> None:
        self.flat, self.goals = flat(self.p), goals(self.p)
        self.room, self.walk = room(self.p), walk_of(self.p, self.seed)

    def schedule(self) -> Schedule | None:
        if not np.isfinite(self.walk.value[BEST]):
            return None
        return Schedule(self.walk.best_times.copy(), self.walk.best_modes.copy())

    def go(self, run: Run, steps: int | None, until: float) -> None:
        found = np.zeros(len(TERMS))
        used = self._rules(run, found, steps, until)
        tries = max(1, _ROUND // max(1, self.p.size))
        begun, first = run.passed, self.walk.value[CURRENT]
        total = _CYCLE * tries if steps is None else max(1, steps - used)
        done = 0
        while not run.ended and run.passed < until and (steps is None or used < steps):
            if np.isfinite(until):
                done = int(total * min(0.999, (run.passed - begun) / max(1e-6, until - begun)))
            now = tries if steps is None else min(tries, steps - used)
            heat = abs(first) if np.isfinite(first) and first else 1.0
            anneal(
                self.flat, self.goals, self.room, self.walk, found, now, done % total, total, heat * _HOT, heat * _COLD
            )
            used, done = used + now, done + now
            self._tell(run)

    def _rules(self, run: Run, found: Floats, steps: int | None, until: float) -> int:
        """Try lists by rules; go on from the best. Returns how many were tried."""
        best: tuple[float, Longs, Longs] | None = None
        rules = _ranks(self.p, self.seed)
        rules[2:2] = self._dispatched()
        if self.given is not None:
            rules.insert(0, (_rank(self.p, self.given.times[:, 0].astype(float)), self.given.modes))
        rules = rules[: steps if steps is not None else None]
        for k, (rank, modes) in enumerate(rules):
            if k and (run.ended or run.passed > until):
                break
            self.walk.rank[:], self.walk.modes[:] = rank, modes
            cost = try_list(self.flat, self.goals, self.room, self.walk, found)
            if k == 0:
                self._weigh()
                cost = try_list(self.flat, self.goals, self.room, self.walk, found)
            if best is None or cost < best[0]:
                best = cost, rank, modes
        if best is not None:
            self.walk.value[CURRENT], self.walk.rank[:], self.walk.modes[:] = best
        self._tell(run)
        return len(rules)

    def _dispatched(self) -> list[tuple[Longs, Longs]]:
        """Lists by dispatching, where lateness counts."""
        if not any(term in (Term.TARDINESS, Term.LATE) for term, _ in self.p.objective[0]):
            return []
        of = urgency(self.p)
        found = (dispatched(self.flat, self.room, of, k) for k in LOOK_AHEAD)
        return [one for one in found if one is not None]

    def _weigh(self) -> None:
        """Later levels count little beside earlier ones, whatever their units."""
        self.walk.value[BEST] = np.inf
        for k in range(1, len(self.walk.share)):
            ratio = (abs(self.walk.level[0]) + 1.0) / (abs(self.walk.level[k]) + 1.0)
            self.walk.share[k] = ratio * _SHARE**k

    def _tell(self, run: Run) -> None:
        if np.isfinite(self.walk.value[BEST]) and len(self.p.objective) == 1:
            run.tell(float(self.walk.value[BEST]))


def _ranks(p: Problem, seed: int) -> list[tuple[Longs, Longs]]:
    """Lists by rules, each with the quickest or the cheapest modes: tasks that must end soonest, longest tails, releases."""
    chance = np.random.default_rng(seed)
    quick = np.array([min(p.modes_of(i), key=lambda m: (p.work[m], p.cost[m])) for i in range(p.size)], np.int64)
    cheap = np.array([min(p.modes_of(i), key=lambda m: (p.cost[m], p.work[m])) for i in range(p.size)], np.int64)
    tail = tails(p, p.work[quick])
    due = np.where(p.due < FAR, p.due, p.due.max(initial=0))
    urgent = (due - tail).astype(float)
    keys = [
        -tail.astype(float),
        urgent,
        p.release - 1e-6 * tail,
        np.where(p.published >= 0, p.published, FAR).astype(float),
    ]
    spread = max(1.0, float(tail.std()))
    keys += [-tail + chance.normal(0, spread * s, p.size) for s in (0.1, 0.3)]
    keys += [urgent + chance.normal(0, spread * s, p.size) for s in (0.1, 0.3)]
    found = []
    for key in keys:
        rank = _rank(p, key)
        found.append((rank, quick))
        if (cheap != quick).any() and any(term == Term.MODE_COST for level in p.objective for term, _ in level):
            found.append((rank, cheap))
    return found


def _rank(p: Problem, key: Floats) -> Longs:
    """The place of each task in a list by rising keys; what is fixed takes its place first."""
    key = np.where(p.fixed >= 0, -float(FAR) + p.fixed, key)
    rank = np.empty(p.size, np.int64)
    rank[np.argsort(key, kind="stable")] = np.arange(p.size)
    return rank


def tails(p: Problem, work: Longs) -> Longs:
    """The longest work from the start of each task to the end of all that waits for it."""
    tail = work.copy()
    for i, earlier in backwards(p):
        for j, lag in earlier:
            tail[j] = max(tail[j], work[j] + max(0, lag) + tail[i])
    return tail
