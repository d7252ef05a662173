"""Other engines that are measured beside Gemba's where they are installed: ``pip install pyjobshop``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import NamedTuple

#: An operation is its alternatives, each a machine and a duration; a job is its operations in order.
Jobs = Sequence[Sequence[Sequence[tuple[int, int]]]]


class Found(NamedTuple):
    """Starts of the operations, their modes (numbered over all operations, in order), and a lower bound."""

    start: list[int]
    mode: list[int]
    bound: float


def has_pyjobshop() -> bool:
    return find_spec("pyjobshop") is not None


def pyjobshop(jobs: Jobs, machines: int, seconds: float, release: Sequence[int] = (), workers: int = 2) -> Found | None:
    """PyJobShop (OR-Tools underneath, in its own formulation) on a job shop, flexible or not; the shortest makespan."""
    from pyjobshop import Model

    model = Model()
    units = [model.add_machine() for _ in range(machines)]
    for j, operations in enumerate(jobs):
        job = model.add_job(release_date=int(release[j]) if len(release) else 0)
        tasks = [model.add_task(job=job) for _ in operations]
        for task, alternatives in zip(tasks, operations, strict=True):
            for machine, duration in alternatives:
                model.add_mode(task, units[machine], duration)
        for one, other in pairwise(tasks):
            model.add_end_before_start(one, other)
    result = model.solve(solver="ortools", time_limit=seconds, display=False, num_workers=workers)
    done = result.best.tasks if result.best is not None else []
    if not done or result.objective == float("inf"):
        return None
    bound = float("-inf") if result.lower_bound is None else float(result.lower_bound)
    return Found([t.start for t in done], [t.mode for t in done], bound)
