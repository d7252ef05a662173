"""Annealing over lists of tasks and their modes (Kirkpatrick et al. 1983); every list is decoded to a schedule and measured."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gemba.solvers.compiled import copy_line, copy_lines, kernel
from gemba.solvers.compiled.chance import below, seeded, uniform
from gemba.solvers.compiled.heap import pop, push
from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.critical import pick_wait
from gemba.solvers.scheduling.decode import decode
from gemba.solvers.scheduling.problem import END, MODE_CHANGE, START, Floats, Longs, Problem, Term

TERMS = tuple(Term)
_PENALTY = 1e3  # of a second by which a schedule is infeasible, in the weights of the first level

CURRENT, BEST = 0, 1
_AIMED, _OTHER, _MODES = 0.6, 0.3, 0.4  # shares of moves


class Goals(NamedTuple):
    """What the objective needs; ``weights``: levels x terms."""

    due: Longs
    deadline: Longs
    release: Longs
    weight: Floats
    holding: Floats
    stability: Floats
    published: Longs
    published_mode: Longs
    cost: Floats
    weights: Floats


class Walk(NamedTuple):
    """Where an annealing is: ranks of tasks, their modes, the list; the best ones; room to work in."""

    rank: Longs
    modes: Longs
    order: Longs
    best_rank: Longs
    best_modes: Longs
    best_times: Longs
    waits: Longs
    heap: Longs
    value: Floats  # (2) cost now, and of the best
    level: Floats  # values of the levels of the schedule decoded last
    share: Floats  # of each level in the cost
    random: Any


def goals(p: Problem) -> Goals:
    weights = np.zeros((len(p.objective), len(TERMS)))
    for k, level in enumerate(p.objective):
        for term, weight in level:
            weights[k, TERMS.index(term)] += weight
    return Goals(
        p.due, p.deadline, p.release, p.weight, p.holding, p.stability, p.published, p.published_mode, p.cost, weights
    )  # fmt: skip


def walk_of(p: Problem, seed: int) -> Walk:
    """Room for an annealing; no list yet."""
    n = p.size
    return Walk(
        np.arange(n), p.mode_ptr[:-1].copy(), np.zeros(n, np.int64), np.arange(n), p.mode_ptr[:-1].copy(),
        np.zeros((n, 2), np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.full(2, np.inf),
        np.zeros(len(p.objective)), np.ones(len(p.objective)), seeded(seed),
    )  # fmt: skip


@kernel
def list_order(flat, walk):  # type: ignore[no-untyped-def]
    """The list: of the tasks that wait for nothing more, always the one of the lowest rank."""
    n = len(flat.release)
    size = 0
    for task in range(n):
        walk.waits[task] = flat.link_ptr[task + 1] - flat.link_ptr[task]
        if walk.waits[task] == 0:
            size = push(walk.heap, size, walk.rank[task], task)
    k = 0
    while size > 0:
        task = pop(walk.heap, size)
        size -= 1
        walk.order[k] = task
        k += 1
        for j in range(flat.after_ptr[task], flat.after_ptr[task + 1]):
            later = flat.after[j]
            walk.waits[later] -= 1
            if walk.waits[later] == 0:
                size = push(walk.heap, size, walk.rank[later], later)
    return k == n


@kernel
def measure(flat, goals, room, walk, found):  # type: ignore[no-untyped-def]
    """Fill in the terms of the schedule decoded last; returns the seconds by which deadlines are missed."""
    found[:] = 0.0
    missed = 0.0
    for task in range(len(flat.release)):
        start, end = room.times[task, START], room.times[task, END]
        found[0] = max(found[0], end)
        if goals.due[task] < FAR:
            if end > goals.due[task]:
                found[1] += goals.weight[task] * (end - goals.due[task])
                found[2] += 1
            else:
                found[4] += goals.holding[task] * (goals.due[task] - end)
        found[3] += goals.weight[task] * (end - goals.release[task])
        missed += max(0, end - goals.deadline[task])
        found[7] += goals.cost[walk.modes[task]]
        if goals.published[task] >= 0:
            found[8] += goals.stability[task] * abs(start - goals.published[task])
        if goals.published_mode[task] >= 0 and goals.published_mode[task] != walk.modes[task]:
            found[8] += goals.stability[task] * MODE_CHANGE
    found[5], found[6] = room.setups[0], room.setups[1]
    return missed


@kernel
def try_list(flat, goals, room, walk, found):  # type: ignore[no-untyped-def]
    """Decode the ranks and modes as they are; the cost (inf: no schedule). Keeps the best feasible one."""
    if not list_order(flat, walk):
        return np.inf
    broken = decode(flat, room, walk.order, walk.modes)
    if broken >= FAR:
        return np.inf
    broken += measure(flat, goals, room, walk, found)
    total, better = broken * _PENALTY, 0
    for k in range(len(walk.level)):
        value = 0.0
        for t in range(len(found)):
            value += goals.weights[k, t] * found[t]
        walk.level[k] = value
        total += value * walk.share[k]
    if broken == 0 and total < walk.value[BEST] - 1e-12:
        better = 1
    if better:
        walk.value[BEST] = total
        copy_line(walk.best_rank, walk.rank)
        copy_line(walk.best_modes, walk.modes)
        copy_lines(walk.best_times, room.times)
    return total


@kernel
def insert_rank(rank, task, new):  # type: ignore[no-untyped-def]
    """Give a task another rank; those between move by one."""
    old = rank[task]
    for i in range(len(rank)):
        if old < rank[i] <= new:
            rank[i] -= 1
        elif new <= rank[i] < old:
            rank[i] += 1
    rank[task] = new


@kernel
def propose(flat, goals, room, walk):  # type: ignore[no-untyped-def]
    """(task, its new rank, its new mode): mostly a task on the way to what costs goes before the one it stood behind."""
    n = len(walk.rank)
    task, new = below(walk.random, n), -1
    if uniform(walk.random) < _AIMED:
        late, behind = pick_wait(flat, goals, room, walk.modes, walk.random)
        if late >= 0:
            task, new = late, walk.rank[behind]
            if uniform(walk.random) < _OTHER:  # the one it stood behind makes way
                task, new = behind, walk.rank[late]
    modes = flat.mode_ptr[task + 1] - flat.mode_ptr[task]
    if modes > 1 and uniform(walk.random) < _MODES:
        return task, walk.rank[task], flat.mode_ptr[task] + below(walk.random, modes)
    if new < 0:
        reach = max(2, int(n * 0.25 * uniform(walk.random)))
        new = min(n - 1, max(0, walk.rank[task] + below(walk.random, 2 * reach + 1) - reach))
    return task, new, walk.modes[task]


@kernel
def anneal(flat, goals, room, walk, found, tries, first, total, hot, cold):  # type: ignore[no-untyped-def]
    """So many lists, from the first-th of ``total`` on: one task elsewhere in the list, or in another mode."""
    for k in range(tries):
        temperature = hot * (cold / hot) ** ((first + k) / total)
        task, new, mode = propose(flat, goals, room, walk)
        old_rank, old_mode = walk.rank[task], walk.modes[task]
        if new == old_rank and mode == old_mode:
            continue
        walk.modes[task] = mode
        insert_rank(walk.rank, task, new)
        cost = try_list(flat, goals, room, walk, found)
        worse = cost - walk.value[CURRENT]
        if worse <= 0 or (temperature > 0 and uniform(walk.random) < np.exp(-worse / temperature)):
            walk.value[CURRENT] = cost
        else:
            insert_rank(walk.rank, task, old_rank)
            walk.modes[task] = old_mode
