"""Lists by dispatching: whenever resources are free, the waiting task of the highest apparent tardiness cost starts.

Source: apparent tardiness cost, Vepsalainen and Morton 1987: weight / work x exp(-slack / (k x mean work)), here with the slack
until the latest start by which all that waits for the task can be on time, and with the weight of all that does. Change-overs
and stocks are left to the decoder.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.heap import first_moment, pop, push
from gemba.solvers.compiled.hours import FAR, forward
from gemba.solvers.scheduling.decode import Flat, Room, ready
from gemba.solvers.scheduling.problem import AFTER, BEFORE, END, MINIMUM, START, Floats, Longs, Problem

LOOK_AHEAD = (1.0, 2.0, 0.5, 4.0)  # k, the ones that are good most often first
_MOST = 1 << 20  # nodes that a heap tells apart


class Urgency(NamedTuple):
    """Per task: the latest start (FAR: none), the logarithm of its weight over its work; and the mean work of all."""

    latest: Longs
    worth: Floats
    mean: float


class Floor(NamedTuple):
    """Room for dispatching: units free, predecessors waited for, what waits, and two heaps."""

    free: Longs
    waits: Longs
    queue: Longs
    running: Longs
    coming: Longs


def urgency(p: Problem) -> Urgency:
    """What the rule needs to know of a problem."""
    work = np.array([min(p.work[m] for m in p.modes_of(i)) for i in range(p.size)], np.int64)
    due = p.due < FAR
    latest, weight = np.where(due, p.due - work, FAR), np.where(due, p.weight, 0.0)
    for i, rows in backwards(p):
        for j, lag in rows:  # the earlier ones
            latest[j] = min(latest[j], latest[i] - max(0, lag) - work[j])
            weight[j] += weight[i]
    worth = np.log(np.maximum(weight, 1e-9)) - np.log(np.maximum(work, 1))
    return Urgency(latest, worth, float(max(1.0, work.mean())))


def backwards(p: Problem) -> list[tuple[int, list[tuple[int, int]]]]:
    """Tasks, later ones first, each with the (task, lag) that it waits for."""
    before: list[list[tuple[int, int]]] = [[] for _ in range(p.size)]
    for row in p.links.tolist():
        before[row[AFTER]].append((row[BEFORE], row[MINIMUM]))
    waits = np.bincount(p.links[:, BEFORE], minlength=p.size)
    free = [i for i in range(p.size) if waits[i] == 0]
    for i in free:
        for j, _ in before[i]:
            waits[j] -= 1
            if waits[j] == 0:
                free.append(j)
    return [(i, before[i]) for i in free]


def dispatched(flat: Flat, room: Room, of: Urgency, look_ahead: float) -> tuple[Longs, Longs] | None:
    """The rank of each task by its start, and its mode; None where not all could be dispatched."""
    n = len(flat.release)
    if n >= _MOST:
        return None
    floor = Floor(flat.capacity.copy(), np.zeros(n, np.int64), *(np.zeros(n + 1, np.int64) for _ in range(3)))
    rank, modes = np.zeros(n, np.int64), flat.mode_ptr[:-1].copy()
    done = run(flat, room, floor, of.latest, of.worth, look_ahead * of.mean, rank, modes)
    return (rank, modes) if done == n else None


@kernel
def run(flat, room, floor, latest, worth, horizon, rank, modes):  # type: ignore[no-untyped-def]
    """Dispatch all tasks; returns how many could be."""
    n = len(flat.release)
    room.delay[:] = 0
    waiting, running, coming, done = 0, 0, 0, 0
    for task in range(n):
        floor.waits[task] = flat.link_ptr[task + 1] - flat.link_ptr[task]
        if floor.waits[task] == 0:
            coming = push(floor.coming, coming, flat.release[task], task)
    while True:
        moment = FAR
        if running > 0:
            moment = first_moment(floor.running)
        if coming > 0:
            moment = min(moment, first_moment(floor.coming))
        if moment >= FAR:
            return done
        while running > 0 and first_moment(floor.running) <= moment:
            give_back(flat, floor, modes[pop(floor.running, running)], 1)
            running -= 1
        while coming > 0 and first_moment(floor.coming) <= moment:
            floor.queue[waiting] = pop(floor.coming, coming)
            waiting, coming = waiting + 1, coming - 1
        while waiting > 0:
            k, mode = choose(flat, floor, waiting, latest, worth, horizon, moment)
            if k < 0:
                break
            task = floor.queue[k]
            waiting -= 1
            floor.queue[k] = floor.queue[waiting]
            start, end = forward(flat.open_ptr, flat.open, flat.calendar[mode], moment, flat.work[mode])
            if end >= FAR:
                return done
            room.times[task, START], room.times[task, END] = start, end
            rank[task], modes[task] = done, mode
            done += 1
            give_back(flat, floor, mode, -1)
            running = push(floor.running, running, end, task)
            for j in range(flat.after_ptr[task], flat.after_ptr[task + 1]):
                later = flat.after[j]
                floor.waits[later] -= 1
                if floor.waits[later] == 0:
                    coming = push(floor.coming, coming, max(moment, ready(flat, room, later, modes[later])), later)


@kernel
def give_back(flat, floor, mode, sign):  # type: ignore[no-untyped-def]
    """Free the units of a mode (or, with sign -1, take them)."""
    for u in range(flat.use_ptr[mode], flat.use_ptr[mode + 1]):
        if not flat.consumable[flat.use_resource[u]]:
            floor.free[flat.use_resource[u]] += sign * flat.use_amount[u]


@kernel
def choose(flat, floor, waiting, latest, worth, horizon, moment):  # type: ignore[no-untyped-def]
    """(place in the queue, mode) of the task to start now; -1 where none can."""
    best, chosen, way = -np.inf, -1, -1
    for k in range(waiting):
        task = floor.queue[k]
        cost = worth[task] - max(0, latest[task] - moment) / horizon
        if cost > best:
            mode = startable(flat, floor, task)
            if mode >= 0:
                best, chosen, way = cost, k, mode
    return chosen, way


@kernel
def startable(flat, floor, task):  # type: ignore[no-untyped-def]
    """The quickest mode whose resources are free now; -1 where there is none."""
    found = -1
    for mode in range(flat.mode_ptr[task], flat.mode_ptr[task + 1]):
        fits = True
        for u in range(flat.use_ptr[mode], flat.use_ptr[mode + 1]):
            r = flat.use_resource[u]
            if not flat.consumable[r] and floor.free[r] < flat.use_amount[u]:
                fits = False
                break
        if fits and (found < 0 or flat.work[mode] < flat.work[found]):
            found = mode
    return found
