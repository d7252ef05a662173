"""Tiny job shops, and their shortest makespan by trying everything."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from gemba.solvers.jobshop import JobShop


def shops(most_jobs: int = 3, most_operations: int = 3, machines: int = 3) -> st.SearchStrategy[JobShop]:
    """Jobs of different length, machines revisited, durations of 0, releases and tails."""
    operation = st.tuples(st.integers(0, machines - 1), st.integers(0, 6))
    job = st.lists(operation, min_size=1, max_size=most_operations)

    def with_times(jobs: list[list[tuple[int, int]]]) -> st.SearchStrategy[JobShop]:
        times = st.lists(st.integers(0, 4), min_size=len(jobs), max_size=len(jobs))
        return st.builds(lambda release, tail: JobShop.of(jobs, release=release, tail=tail), times, times)

    return st.lists(job, min_size=1, max_size=most_jobs).flatmap(with_times)


def shortest(problem: JobShop) -> int:
    """The shortest makespan: every order in which the operations could be appended to what is there."""
    best = [10**9]
    ends = problem.job_ptr[1:]

    def append(next_of: tuple[int, ...], job_free: tuple[int, ...], machine_free: tuple[int, ...]) -> None:
        left = [job for job in range(problem.jobs) if next_of[job] < ends[job]]
        if not left:
            best[0] = min(best[0], max(int(f + t) for f, t in zip(job_free, problem.tail, strict=True)))
        for job in left:
            i = next_of[job]
            m = int(problem.machine[i])
            end = max(job_free[job], machine_free[m]) + int(problem.duration[i])
            if end < best[0]:
                append(_set(next_of, job, i + 1), _set(job_free, job, end), _set(machine_free, m, end))

    append(tuple(map(int, problem.job_ptr[:-1])), tuple(map(int, problem.release)), (0,) * problem.machines)
    return best[0]


def _set(numbers: tuple[int, ...], at: int, to: int) -> tuple[int, ...]:
    return (*numbers[:at], to, *numbers[at + 1 :])


def random_shop(jobs: int, machines: int, seed: int) -> JobShop:
    """Each job on each machine once, durations 1 to 99."""
    random = np.random.default_rng(seed)
    machine = np.concatenate([random.permutation(machines) for _ in range(jobs)])
    return JobShop(np.arange(jobs + 1) * machines, machine, random.integers(1, 100, jobs * machines))


def two_stage_shop(jobs: int, machines: int, seed: int) -> JobShop:
    """Each job on each machine of the first half, then on each of the second half: hard for its size."""
    random, half = np.random.default_rng(seed), machines // 2
    stages = [(random.permutation(half), half + random.permutation(machines - half)) for _ in range(jobs)]
    machine = np.concatenate([np.concatenate(both) for both in stages])
    return JobShop(np.arange(jobs + 1) * machines, machine, random.integers(1, 100, jobs * machines))
