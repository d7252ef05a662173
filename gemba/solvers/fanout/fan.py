"""Do one function for many tasks, through any executor, and give the results in the order of the tasks."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

import numpy as np

from gemba.solvers.fanout import local
from gemba.solvers.stop import Stop

Task = TypeVar("Task")
Found = TypeVar("Found")

#: Told how many tasks are done, and of how many, in the calling thread.
Progress = Callable[[int, int], None]

_POLL = 0.05  # seconds
_ATTEMPTS = 3  # a task whose worker died this often is not tried again
_ENOUGH = 1000  # tasks handed to a cluster at a time: enough to keep it busy


class TaskError(RuntimeError):
    """A task failed: ``task`` is its number; what it raised is the cause (``__cause__``)."""

    def __init__(self, task: int, name: str, why: BaseException) -> None:
        self.task = task
        super().__init__(f"task {task} ({name}): {type(why).__name__}: {why}")


class LostError(RuntimeError):
    """The processes that did a task died again and again (killed, out of memory): ``task`` is its number."""

    def __init__(self, task: int, name: str) -> None:
        self.task = task
        super().__init__(f"task {task} ({name}): the process that did it died, and so did those that tried again")


class StoppedError(RuntimeError):
    """The stop said to end before all tasks were done; ``results`` holds those that were, by the task's number."""

    def __init__(self, results: Mapping[int, Any], tasks: int) -> None:
        self.results = results
        super().__init__(f"stopped when {len(results)} of {tasks} tasks were done")


def no_progress(done: int, of: int) -> None:
    """Report to nobody."""


def short(task: object) -> str:
    """A task's name where nothing better is given: the beginning of its ``repr``."""
    text = repr(task)
    return text if len(text) <= 60 else f"{text[:57]}..."


def seeds(seed: int, count: int) -> list[int]:
    """``count`` independent seeds of 63 bits made from one; more of them begin with the same ones."""
    pairs = np.random.SeedSequence(seed).generate_state(2 * count).astype(np.uint64)
    return [int(high << np.uint64(31) ^ low) for high, low in pairs.reshape(-1, 2)]


def fan_out(
    function: Callable[[Task], Found],
    tasks: Sequence[Task],
    executor: Executor | None = None,
    *,
    workers: int = 2,
    stop: Stop = Stop(),  # noqa: B008 - frozen
    report: Progress = no_progress,
    name: Callable[[Task], str] = short,
) -> list[Found]:
    """``[function(task) for task in tasks]``, several tasks at a time.

    The result depends on the function and the tasks only, not on the executor, the number of workers or which of them
    was killed, as long as the function's result depends on its task only: put a seed in each task (see ``seeds``), let
    a search in it end by steps, and let it use one worker, as the tasks already share the cores.

    Args:
        function: a function of a module (processes find it by its name), whose tasks and results can be pickled. It
            may be called more than once for a task, where a worker was killed.
        tasks: best such that each takes from 0.1 s to minutes.
        executor: where the tasks are done. None: in processes of this machine, started for this call without forking
            this one, so that threads and compiled code are safe in them. A script that calls this needs
            ``if __name__ == "__main__":``. An executor that is given is left open; it restarts its own workers.
        workers: how many processes; 0 does the tasks one after another in this process (``executor`` not looked at).
        stop: ``seconds`` and ``asked`` end all tasks within about 0.1 s; in this process and on a Dask cluster those
            under way come to their end by themselves.
        report: told the number of tasks done, and of all, after each.
        name: how errors call a task.

    Raises:
        TaskError: a task raised an error; the others are given up.
        LostError: a task's processes died three times (a cluster says so in its own way, with a TaskError).
        StoppedError: ``stop`` ended it; the error holds the results so far.
    """
    fan = _Fan(function, tasks, stop, report, name)
    if workers == 0:
        fan.inline()
    elif executor is None:
        fan.locally(max(1, min(workers, len(tasks))))
    else:
        lost = fan.through(executor, deque(range(len(tasks))), _ENOUGH)
        if lost:
            raise LostError(lost[0], name(tasks[lost[0]]))
    return [fan.results[i] for i in range(len(tasks))]


@dataclass(slots=True)
class _Fan(Generic[Task, Found]):
    """A call of ``fan_out`` under way."""

    function: Callable[[Task], Found]
    tasks: Sequence[Task]
    stop: Stop
    report: Progress
    name: Callable[[Task], str]
    begun: float = field(default_factory=time.monotonic)
    results: dict[int, Found] = field(default_factory=dict)

    def inline(self) -> None:
        for i, task in enumerate(self.tasks):
            self._look()
            try:
                found = self.function(task)
            except Exception as error:
                raise TaskError(i, self.name(task), error) from error
            self._keep(i, found)

    def locally(self, workers: int) -> None:
        """Each broken pool is replaced. A task that was lost twice is done with no other beside it, so that the next
        time it is certain which task kills its process."""
        deaths: Counter[int] = Counter()
        waiting, alone = deque(range(len(self.tasks))), deque[int]()
        while waiting or alone:
            line, at_once = (waiting, workers) if waiting else (deque([alone.popleft()]), 1)
            with local.pool(at_once) as executor:
                lost = self.through(executor, line, at_once)
            deaths.update(lost)
            for i in lost:
                if at_once == 1 and deaths[i] >= _ATTEMPTS:
                    raise LostError(i, self.name(self.tasks[i]))
            waiting.extendleft(i for i in reversed(lost) if deaths[i] < 2)
            alone.extend(i for i in lost if deaths[i] >= 2)

    def through(self, executor: Executor, waiting: deque[int], at_once: int) -> list[int]:
        """Do the waiting tasks, never more than ``at_once`` of them at a time. Gives those that were under way when the
        executor broke; the ones not begun by then still wait."""
        under_way: dict[Future[Found], int] = {}
        ended: SimpleQueue[Future[Found]] = SimpleQueue()
        lost: list[int] = []
        try:
            while under_way or (waiting and not lost):
                while waiting and not lost and len(under_way) < at_once:
                    i = waiting.popleft()
                    try:
                        future = executor.submit(self.function, self.tasks[i])
                    except BrokenExecutor:
                        lost.append(i)
                        break
                    under_way[future] = i
                    future.add_done_callback(ended.put)
                for future in self._next(ended):
                    self._take(future, under_way.pop(future), lost)
        finally:
            for future in under_way:
                future.cancel()
        return sorted(lost)

    def _next(self, ended: SimpleQueue[Future[Found]]) -> list[Future[Found]]:
        """The next task that ends, if one does soon."""
        self._look()
        try:
            return [ended.get(timeout=_POLL)]
        except Empty:
            return []

    def _take(self, future: Future[Found], i: int, lost: list[int]) -> None:
        try:
            self._keep(i, future.result())
        except BrokenExecutor:
            lost.append(i)
        except Exception as error:
            raise TaskError(i, self.name(self.tasks[i]), error) from error

    def _keep(self, i: int, found: Found) -> None:
        self.results[i] = found
        self.report(len(self.results), len(self.tasks))

    def _look(self) -> None:
        seconds = self.stop.seconds
        if self.stop.asked() or (seconds is not None and time.monotonic() - self.begun >= seconds):
            raise StoppedError(self.results, len(self.tasks))
