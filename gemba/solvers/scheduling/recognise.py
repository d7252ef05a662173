"""Problems that are exactly what a special engine solves, translated there and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gemba.solvers import flexible, jobshop, onemachine, project, tardiness
from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.problem import AFTER, BEFORE, KIND, MAXIMUM, MINIMUM, Longs, Problem, Schedule, Term
from gemba.solvers.stop import Report, Run, Stop


@dataclass(frozen=True, slots=True)
class Special:
    """An engine's answer: a schedule of the general problem, and a bound of its only level."""

    schedule: Schedule | None
    bound: float


#: Called with when to stop, the seed, the number of workers and whom to tell.
Engine = Callable[[Stop, int, int, Report], Special]


def recognise(p: Problem) -> tuple[str, Engine] | None:
    """The name of the special engine for a problem, and the engine bound to it; None where there is none."""
    term = _only_term(p)
    if term is None or not _plain(p):
        return None
    jobs = _jobs(p)
    machines = _machines(p)
    if term == Term.MAKESPAN and jobs is not None and machines is not None:
        if p.modes == p.size:
            return "job shop", _job_shop(p, jobs, machines)
        return "flexible job shop", _flexible(p, jobs, machines)
    if term == Term.MAKESPAN and p.size > 1:
        return "project", _project(p)
    if term == Term.TARDINESS and machines is not None and _one_machine(p, machines):
        return "one machine", _sequence(p)
    if term == Term.TARDINESS and jobs is not None and machines is not None and _due_at_the_end(p, jobs):
        return "job shop with due dates", _tardy(p, jobs, machines)
    return None


def run_engine(engine: Engine, run: Run, seed: int, workers: int) -> Special:
    """Let an engine work in the time and steps left of a run."""
    stop = replace(run.stop, seconds=None if run.stop.seconds is None else run.left)

    def tell(objective: float, bound: float) -> None:
        run.tell(objective, bound)
        run.look()

    return engine(stop, seed, workers, tell)


def _only_term(p: Problem) -> Term | None:
    """The term of an objective of one level and one term."""
    if len(p.objective) != 1 or len(p.objective[0]) != 1 or p.objective[0][0][1] != 1.0:
        return None
    return p.objective[0][0][0]


def _plain(p: Problem) -> bool:
    """Whether nothing binds the tasks but resources, releases and links from end to start."""
    alone = not (p.batch.any() or len(p.moves) or (p.matrix >= 0).any() or (p.holds >= 0).any())
    free = (p.calendar < 0).all() and (p.fixed < 0).all() and (p.deadline >= FAR).all()
    links = (p.links[:, KIND] == 0) & (p.links[:, MAXIMUM] >= FAR) & (p.links[:, MINIMUM] >= 0)
    return bool(alone and free and links.all())


def _jobs(p: Problem) -> list[list[int]] | None:
    """Tasks in chains without lags, released at their first one; None where they are no such chains."""
    before, after = (np.bincount(p.links[:, c], minlength=p.size) for c in (AFTER, BEFORE))
    if (before > 1).any() or (after > 1).any() or p.links[:, MINIMUM].any():
        return None
    follows = dict(zip(p.links[:, BEFORE].tolist(), p.links[:, AFTER].tolist(), strict=True))
    jobs = []
    for first in np.flatnonzero(before == 0).tolist():
        chain = [first]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        if (p.release[chain] > p.release[first]).any():
            return None
        jobs.append(chain)
    return jobs


def _machines(p: Problem) -> Longs | None:
    """The one resource of each mode, where it is all of that resource that another one could need; no work takes no time."""
    if (np.diff(p.use_ptr) != 1).any() or p.consumable.any() or not (p.work > 0).all():
        return None
    least = np.full(len(p.capacity), FAR)
    np.minimum.at(least, p.use_resource, p.use_amount)
    used = np.unique(p.use_resource)
    return p.use_resource if (2 * least[used] > p.capacity[used]).all() else None


def _schedule(p: Problem, start: Longs, mode: Longs) -> Schedule:
    return Schedule(np.column_stack([start, start + p.work[mode]]), mode)


def _in_order(p: Problem, order: Longs, starts: Longs) -> Schedule:
    """Starts of tasks of one mode each, which are given job by job."""
    start = np.empty(p.size, np.int64)
    start[order] = starts
    return _schedule(p, start, np.arange(p.size))


def _job_shop(p: Problem, jobs: list[list[int]], machines: Longs) -> Engine:
    order = np.array([i for job in jobs for i in job], np.int64)
    shop = jobshop.JobShop(_ptr(jobs), machines[order], p.work[order], release=p.release[[job[0] for job in jobs]])

    def engine(stop: Stop, seed: int, workers: int, report: Report) -> Special:
        found = jobshop.solve(shop, stop, seed=seed, workers=workers, report=report)
        return Special(_in_order(p, order, found.start), found.bound)

    return engine


def _flexible(p: Problem, jobs: list[list[int]], machines: Longs) -> Engine:
    order = [i for job in jobs for i in job]
    modes = np.array([m for i in order for m in p.modes_of(i)], np.int64)
    mode_ptr = np.concatenate([[0], np.cumsum(np.diff(p.mode_ptr)[order])])
    release = p.release[[job[0] for job in jobs]]
    shop = flexible.FlexibleJobShop(_ptr(jobs), mode_ptr, machines[modes], p.work[modes], release)

    def engine(stop: Stop, seed: int, workers: int, report: Report) -> Special:
        found = flexible.solve(shop, stop, seed=seed, workers=workers, report=report)
        start, mode = np.empty(p.size, np.int64), np.empty(p.size, np.int64)
        start[order], mode[order] = found.start, modes[found.mode]
        return Special(_schedule(p, start, mode), found.bound)

    return engine


def _project(p: Problem) -> Engine:
    demand = np.zeros((p.modes, len(p.capacity)), np.int64)
    owner = np.repeat(np.arange(p.modes), np.diff(p.use_ptr))
    demand[owner, p.use_resource] = p.use_amount
    stock = p.consumable
    whole = project.project(
        p.work, demand[:, ~stock], p.capacity[~stock], p.links[:, [BEFORE, AFTER, MINIMUM]], mode_ptr=p.mode_ptr,
        nonrenewable=demand[:, stock], budget=p.capacity[stock], release=p.release,
    )  # fmt: skip

    def engine(stop: Stop, seed: int, workers: int, report: Report) -> Special:
        found = project.solve(whole, stop, seed=seed, workers=workers, report=report)
        schedule = _schedule(p, found.start, found.mode) if len(found.start) else None
        return Special(schedule, found.bound)

    return engine


def _one_machine(p: Problem, machines: Longs) -> bool:
    """Whether all tasks are there at once, on one machine, with whole weights and due dates."""
    whole = (p.weight == np.floor(p.weight)).all() and (p.due < FAR).all()
    return bool(p.modes == p.size and len(set(machines)) == 1 and not len(p.links) and not p.release.any() and whole)


def _sequence(p: Problem) -> Engine:
    one = onemachine.problem(p.work, p.due, p.weight.astype(np.int64))

    def engine(stop: Stop, seed: int, workers: int, report: Report) -> Special:
        found = onemachine.solve(one, stop, seed=seed, workers=workers, report=report)
        return Special(_schedule(p, found.end - p.work, np.arange(p.size)), found.bound)

    return engine


def _due_at_the_end(p: Problem, jobs: list[list[int]]) -> bool:
    """Whether tasks have one mode, and only the last of each job costs when it is late."""
    inner = [i for job in jobs for i in job[:-1]]
    return bool(p.modes == p.size and ((p.due[inner] >= FAR) | (p.weight[inner] == 0)).all())


def _tardy(p: Problem, jobs: list[list[int]], machines: Longs) -> Engine:
    order = np.array([i for job in jobs for i in job], np.int64)
    last = [job[-1] for job in jobs]
    chains = [[(int(machines[i]), int(p.work[i])) for i in job] for job in jobs]
    release = p.release[[job[0] for job in jobs]]
    shop = tardiness.problem(chains, np.minimum(p.due[last], tardiness.NEVER), p.weight[last], release)

    def engine(stop: Stop, seed: int, workers: int, report: Report) -> Special:
        found = tardiness.solve(shop, stop, seed=seed, workers=workers, report=report)
        return Special(_in_order(p, order, found.start), found.bound)

    return engine


def _ptr(jobs: list[list[int]]) -> Longs:
    return np.concatenate([[0], np.cumsum([len(job) for job in jobs])]).astype(np.int64)
