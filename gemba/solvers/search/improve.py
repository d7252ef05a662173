"""The search of many shops in a given time or number of steps: rules first, then annealing where most can be won.

A step is one dispatching rule tried, or ``CHUNK`` moves, on one shop. With a number of steps the result depends on nothing
else but the seeds; with seconds it is paced by the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from math import sqrt

from gemba.solvers.search.search import Search

CHUNK = 250  # moves between two looks at the clock
_RULES = 6  # on every shop, before anything else
_MORE_RULES = 60
_PASSES = ((0.12, 0.0), (0.28, 1.0), (0.6, 0.7))  # share of the time, heat (0: rules)
_POLL = 0.05  # seconds
_TICKS = 1 << 40  # moves that a paced pass would make at most: those of one chunk have one temperature
_MOST_PASSES = 12
_STALLED = 1e-3

Stop = Callable[[], bool]
Report = Callable[[float], None]


@dataclass(slots=True)
class Team:
    """Searches worked on side by side by threads (kernels do not hold the interpreter); the caller's thread watches."""

    searches: list[Search]
    stop: Stop
    report: Report
    workers: int
    ended: bool = False
    _told: float = field(default=float("inf"))

    def run(self, jobs: Iterable[tuple[Callable[..., None], tuple[object, ...]]]) -> None:
        """Do the jobs, the first ones first; ask ``stop`` and report meanwhile."""
        with ThreadPoolExecutor(self.workers) as pool:
            waiting: set[Future[None]] = {pool.submit(job, *arguments) for job, arguments in jobs}
            while waiting:
                done, waiting = wait(waiting, timeout=_POLL, return_when=FIRST_COMPLETED)
                for one in done:
                    one.result()
                self.ended = self.ended or self.stop()
                self.tell()

    def tell(self) -> None:
        """Report the total cost where it fell."""
        total = sum(s.cost for s in self.searches)
        if total < self._told * (1 - 1e-6):
            self._told = total
            self.report(total)

    def open(self) -> list[Search]:
        """Searches with something left to win, the dearest first."""
        return sorted((s for s in self.searches if not s.done), key=lambda s: -s.cost)


def improve(
    searches: list[Search],
    *,
    stop: Stop,
    report: Report,
    seconds: float | None = None,
    steps: int | None = None,
    workers: int = 2,
) -> None:
    """Improve every search until ``stop``, ``seconds`` or ``steps`` end it, or nothing is left to win.

    Args:
        stop: asked every few hundredths of a second, from the calling thread; True ends the search within 0.2 s.
        report: told the total cost whenever it fell, from the calling thread.
        seconds: expected time; it paces the search. Without it and without ``steps`` passes of growing length follow one
            another until two of them have won nothing.
    """
    team = Team(searches, stop, report, workers)
    if steps is not None:
        _by_steps(team, steps)
    elif seconds is not None:
        _by_time(team, seconds)
    else:
        _by_doubling(team)


def _rules(team: Team, search: Search, count: int, until: float = float("inf")) -> None:
    for _ in range(count):
        if team.ended or search.done or time.monotonic() > until:
            return
        search.try_rules(1)


def _moves(team: Team, search: Search, chunks: int, heat: float) -> None:
    """So many chunks of moves from the best schedule on."""
    search.back_to_best()
    for k in range(chunks):
        if team.ended or search.done:
            return
        search.anneal(k * CHUNK, CHUNK, chunks * CHUNK, heat)


def _paced(team: Team, search: Search, seconds: float, heat: float) -> None:
    """Moves for so many seconds from the best schedule on; the clock sets the temperature."""
    search.back_to_best()
    begun = time.monotonic()
    while not (team.ended or search.done):
        passed = (time.monotonic() - begun) / max(seconds, 1e-9)
        if passed >= 1:
            return
        search.anneal(int(passed * _TICKS), CHUNK, _TICKS, heat)


def _shares(searches: list[Search]) -> list[float]:
    """How the effort is split: by what a shop costs and by its size."""
    weights = [sqrt(s.cost * s.shop.size) for s in searches]
    total = sum(weights) or 1.0
    return [w / total for w in weights]


def _by_steps(team: Team, steps: int) -> None:
    found = team.open()
    rules = min(_RULES, -(-steps // max(1, 2 * len(found)))) if found else 0
    team.run((_rules, (team, s, rules)) for s in found)
    steps -= rules * len(found)
    for share, heat in _PASSES:
        found = team.open()
        jobs = []
        for s, part in zip(found, _shares(found), strict=True):
            own = int(steps * share * part)
            jobs.append((_moves, (team, s, own, heat)) if heat else (_rules, (team, s, min(own, _MORE_RULES))))
        team.run(jobs)


def _by_time(team: Team, seconds: float) -> None:
    begun = time.monotonic()
    team.run((_rules, (team, s, _RULES, begun + seconds)) for s in team.open())
    left = max(0.0, seconds - (time.monotonic() - begun))
    for share, heat in _PASSES:
        found = team.open()
        until = time.monotonic() + left * share
        jobs = []
        for s, part in zip(found, _shares(found), strict=True):
            own = min(left * share, left * share * team.workers * part)
            jobs.append((_paced, (team, s, own, heat)) if heat else (_rules_for, (team, s, own, until)))
        team.run(jobs)


def _rules_for(team: Team, search: Search, seconds: float, until: float) -> None:
    _rules(team, search, _MORE_RULES, min(until, time.monotonic() + seconds))


def _by_doubling(team: Team) -> None:
    team.run((_rules, (team, s, _RULES)) for s in team.open())
    chunks, stalled = 8, 0
    for _ in range(_MOST_PASSES):
        before, found = sum(s.cost for s in team.searches), team.open()
        if team.ended or not found or stalled == 2:
            return
        team.run((_moves, (team, s, chunks, 1.0)) for s in found)
        stalled = stalled + 1 if sum(s.cost for s in team.searches) > before * (1 - _STALLED) else 0
        chunks *= 2
