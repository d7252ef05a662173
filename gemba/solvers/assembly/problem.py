"""The assembly problem: jobs, each a tree of tasks on machines, that need materials; and its parts with nothing in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled.hours import FAR, Opened, open_hours

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


class Tables(NamedTuple):
    """The problem as kernels read it: jobs, machines and materials of a part follow one another.

    Job j may be made in ``pieces[j]`` equal pieces; it has the tasks ``tasks[j]`` to ``tasks[j + 1]`` - 1, each before the one
    that waits for it. Task k takes ``machine[k]`` for ``fixed[k] + unit[k] x pieces`` seconds of open time, and from its
    start on ``need[n] x pieces`` of ``material[n]`` for n in ``needs[k]`` to ``needs[k + 1]`` - 1. ``follower[k]`` is the
    task that waits for it; -1 where its end completes the job's pieces.
    """

    due: Longs
    weight: Floats  # cost of a second's delay
    release: Longs
    pieces: Longs
    tasks: Longs
    machine: Longs
    fixed: Floats
    unit: Floats
    follower: Longs
    needs: Longs
    material: Longs
    need: Floats
    calendar: Longs  # of each machine; below 0 always open
    stock: Floats  # of each material, now
    supplied: Longs  # from when on there is as much of it as anybody wants
    hours: Longs  # see ``gemba.solvers.compiled.hours``
    table: Longs


class Part(NamedTuple):
    """Jobs that share machines and materials with one another only: ranges of jobs, machines and materials."""

    jobs: tuple[int, int]
    machines: tuple[int, int]
    materials: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Assembly:
    """Jobs with due dates and weights on machines that do one task at a time.

    ``job[i]``, ``task[i]`` are the caller's numbers of the jobs and tasks that ``tables`` has in another order.
    """

    tables: Tables
    parts: tuple[Part, ...]
    job: Longs
    task: Longs

    @property
    def count(self) -> int:
        return len(self.job)


def assembly(
    *, due: Any, weight: Any, release: Any, pieces: Any, tasks: Any, machine: Any, fixed: Any, unit: Any, follower: Any,
    needs: Any, material: Any, need: Any, calendar: Any, stock: Any, supplied: Any, hours: Any = (),
) -> Assembly:  # fmt: skip
    """The problem of these arrays (see ``Tables``; ``hours`` has for each calendar rows of open stretches).

    Raises:
        ValueError: where lengths do not fit, numbers are out of range, or a task comes after the one that waits for it.
    """
    opened = open_hours(hours)
    given = Tables(
        _longs(due), _floats(weight), _longs(release), _longs(pieces), _longs(tasks), _longs(machine), _floats(fixed),
        _floats(unit), _longs(follower), _longs(needs), _longs(material), _floats(need), _longs(calendar), _floats(stock),
        _longs(supplied), opened.ptr, opened.table,
    )  # fmt: skip
    _validate(given, opened)
    return _in_parts(given)


def _longs(values: Any) -> Longs:
    return np.ascontiguousarray(values, np.int64)


def _floats(values: Any) -> Floats:
    return np.ascontiguousarray(values, np.float64)


def _validate(t: Tables, opened: Opened) -> None:
    jobs, tasks = len(t.due), len(t.machine)
    for wrong, why in (
        (not len(t.weight) == len(t.release) == len(t.pieces) == len(t.tasks) - 1 == jobs, "jobs"),
        (not len(t.fixed) == len(t.unit) == len(t.follower) == len(t.needs) - 1 == tasks, "tasks"),
        (len(t.need) != len(t.material) or len(t.stock) != len(t.supplied), "materials"),
    ):
        if wrong:
            raise ValueError(f"arrays of {why} have different lengths")
    if jobs == 0 or t.tasks[0] or t.tasks[-1] != tasks or (np.diff(t.tasks) < 1).any():
        raise ValueError("each job has at least one task")
    if t.needs[0] or t.needs[-1] != len(t.need) or (np.diff(t.needs) < 0).any():
        raise ValueError("needs are not those of the tasks, one after another")
    owner = np.repeat(np.arange(jobs), np.diff(t.tasks))
    waits = t.follower >= 0
    if (t.follower[waits] <= np.flatnonzero(waits)).any() or (t.follower >= tasks).any():
        raise ValueError("a task comes before the one that waits for it")
    if (owner[t.follower[waits]] != owner[waits]).any():
        raise ValueError("a task is waited for by a task of its own job")
    if (t.pieces < 1).any() or (t.weight < 0).any() or (t.fixed < 0).any() or (t.unit < 0).any() or (t.need < 0).any():
        raise ValueError("pieces are one or more; weights, times and needs not below 0")
    for index, size in ((t.machine, len(t.calendar)), (t.material, len(t.stock)), (t.calendar + 1, len(opened.ptr))):
        if len(index) and not 0 <= index.min() <= index.max() < size:
            raise ValueError("a machine, material or calendar does not exist")
    if (np.abs(t.due) >= FAR).any() or (np.abs(t.release) >= FAR).any() or (t.supplied > FAR).any():
        raise ValueError("a moment is too far away")


def _in_parts(t: Tables) -> Assembly:
    """The problem with jobs, machines and materials of each part together."""
    machines, jobs = len(t.calendar), len(t.due)
    owner = np.repeat(np.arange(jobs), np.diff(t.tasks))
    user = np.repeat(owner, np.diff(t.needs))
    group = _connected(jobs + machines + len(t.stock), np.concatenate([owner, user]),
                       np.concatenate([jobs + t.machine, jobs + machines + t.material]))  # fmt: skip
    by_job, by_machine, by_material = np.split(group, [jobs, jobs + machines])
    job = np.argsort(by_job, kind="stable")
    machine, material = np.argsort(by_machine, kind="stable"), np.argsort(by_material, kind="stable")
    sizes = np.diff(t.tasks)[job]
    first = np.cumsum(sizes) - sizes
    task = np.arange(len(t.machine)) + np.repeat(t.tasks[job] - first, sizes)
    new_task, new_machine, new_material = _inverse(task), _inverse(machine), _inverse(material)
    counts = np.diff(t.needs)[task]
    start = np.cumsum(counts) - counts
    row = np.arange(len(t.need)) + np.repeat(t.needs[task] - start, counts)
    follower = t.follower[task]
    tables = Tables(
        t.due[job], t.weight[job], t.release[job], t.pieces[job], np.append(first, len(task)), new_machine[t.machine[task]],
        t.fixed[task], t.unit[task], np.where(follower < 0, -1, new_task[follower]), np.append(start, len(row)),
        new_material[t.material[row]], t.need[row], t.calendar[machine], t.stock[material], t.supplied[material],
        t.hours, t.table,
    )  # fmt: skip
    groups = np.unique(by_job)
    ends = [
        np.column_stack([np.searchsorted(of[order], groups), np.searchsorted(of[order], groups, "right")]).tolist()
        for of, order in ((by_job, job), (by_machine, machine), (by_material, material))
    ]
    parts = tuple(Part(*(tuple(e[i]) for e in ends)) for i in range(len(groups)))
    return Assembly(tables, parts, job, task)


def _inverse(order: Longs) -> Longs:
    found = np.empty_like(order)
    found[order] = np.arange(len(order))
    return found


def _connected(count: int, a: Longs, b: Longs) -> Longs:
    """The smallest node that each of so many nodes is connected with, where each of ``a`` is with that of ``b``."""
    found = np.arange(count)
    while True:
        before = found.copy()
        low = np.minimum(found[a], found[b])
        np.minimum.at(found, a, low)
        np.minimum.at(found, b, low)
        found = found[found]
        if (found == before).all():
            return found
