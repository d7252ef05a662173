"""When a search ends, and what it says meanwhile: the same for every engine.

An engine is one function ``solve(problem, stop, *, seed, ...)``. It begins with ``run = Run(stop, report)``, tells it of every
better objective or bound, and goes on until ``run.over``. Work is cut into kernel calls of at most about 0.1 s, so that a
person who stops it waits no longer than that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock

_POLL = 0.05  # seconds

#: Told objective and bound whenever one of them is better.
Report = Callable[[float, float], None]


def never() -> bool:
    return False


def quiet(objective: float, bound: float) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A search ends at the first of these.

    Args:
        seconds: wall clock.
        steps: rounds of work as the engine's docstring defines them. With steps and without seconds the result depends on
            the problem and the seed alone, whatever the machine and however many workers.
        gap: (objective - bound) / objective at which the plan is good enough; 0 goes on until it is proven
            best, below 0 even then.
        asked: a person's wish, asked from the calling thread only.
    """

    seconds: float | None = None
    steps: int | None = None
    gap: float = 0.0
    asked: Callable[[], bool] = never


@dataclass(slots=True)
class Run:
    """A search under way. ``tell`` and ``over`` may be called from any thread."""

    stop: Stop
    report: Report = quiet
    objective: float = float("inf")
    bound: float = float("-inf")
    ended: bool = False
    begun: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)
    _told: tuple[float, float] = (float("inf"), float("-inf"))

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.begun

    @property
    def left(self) -> float:
        """Seconds left; infinite where no seconds are set."""
        return float("inf") if self.stop.seconds is None else max(0.0, self.stop.seconds - self.passed)

    def tell(self, objective: float | None = None, bound: float | None = None) -> None:
        """There is a schedule of this objective, or a proof of this bound; worse ones than before change nothing."""
        with self._lock:
            if objective is not None:
                self.objective = min(self.objective, objective)
            if bound is not None:
                self.bound = max(self.bound, bound)
            if self.objective - self.bound <= self.stop.gap * abs(self.objective) + 1e-9:
                self.ended = True

    def over(self, steps: int = 0) -> bool:
        """Whether to end, after so many steps."""
        if self.stop.steps is not None and steps >= self.stop.steps:
            return True
        return self.ended or self.left <= 0

    def look(self) -> None:
        """Ask whether to end, and report what is new. Only from the calling thread."""
        if self.stop.asked():
            self.ended = True
        now = self.objective, self.bound
        if now != self._told:
            self._told = now
            self.report(*now)

    def together(self, jobs: Iterable[Callable[[], None]], workers: int = 2) -> None:
        """Do the jobs on threads (kernels do not hold the interpreter), looking up meanwhile; all are done on return."""
        with ThreadPoolExecutor(max(1, workers)) as pool:
            waiting: set[Future[None]] = {pool.submit(job) for job in jobs}
            try:
                while waiting:
                    done, waiting = wait(waiting, timeout=_POLL, return_when=FIRST_COMPLETED)
                    for one in done:
                        one.result()
                    self.look()
            except BaseException:
                self.ended = True
                raise
