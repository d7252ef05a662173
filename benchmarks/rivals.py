"""Other engines that are measured beside Gemba's where they are installed: ``pip install pyjobshop``."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks.harness import Answer

#: An operation is its alternatives, each a machine and a duration; a job is its operations in order.
Jobs = list[list[list[tuple[int, int]]]]


def has_pyjobshop() -> bool:
    return find_spec("pyjobshop") is not None


def pyjobshop(jobs: Jobs, machines: int, seconds: float, workers: int = 2) -> Answer:
    """PyJobShop (OR-Tools underneath, in its own formulation) on a job shop, flexible or not; the shortest makespan."""
    from pyjobshop import Model

    model = Model()
    units = [model.add_machine() for _ in range(machines)]
    for operations in jobs:
        job = model.add_job()
        before = None
        for alternatives in operations:
            task = model.add_task(job=job)
            for machine, duration in alternatives:
                model.add_mode(task, units[machine], duration)
            if before is not None:
                model.add_end_before_start(before, task)
            before = task
    result = model.solve(solver="ortools", time_limit=seconds, display=False, num_workers=workers)
    bound = result.lower_bound if result.lower_bound is not None else float("-inf")
    return Answer(float(result.objective), bound)
