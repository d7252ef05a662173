"""A genetic algorithm on schedules: children keep a stretch of one parent's schedule within the other's order.

Each child's list is decoded and improved forward and backward, as in the hybrid genetic algorithm of Valls, Ballestín and
Quintanilla (2008). Their peak crossover keeps together what one parent does where it uses the resources well; here the stretch
is drawn at random. A child takes the place of the parent whose order it has, where it is no worse (Mahfoud 1995, crowding).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.chance import below, seeded, uniform
from gemba.solvers.project.decode import Desk, desk, schedule, sort_by_key
from gemba.solvers.project.modes import change_modes, measure_paths, repair, spend
from gemba.solvers.project.problem import Longs, Project

_FINE = 16  # keys are moments in sixteenths
_COUNT = 20  # bits of a value for a number of activities
_SHAKE, _UNIFORM = (
    0.15,
    0.15,
)  # share of children that one parent has alone, that take each activity's place from either
_SWAP = 0.03  # chance that two neighbours in a child's list change places
_GREEDY = 0.2  # share of children whose activities look for better modes, where there are several


class Population(NamedTuple):
    """p schedules."""

    start: Longs  # (p, n)
    mode: Longs  # (p, n)
    makespan: Longs  # (p); 0: no schedule yet
    value: Longs  # (p) smallest best: makespan, then how many activities must end sooner for it to be less


class Searcher(NamedTuple):
    """One of the searches that go on side by side: its own population, random numbers and room to work in."""

    work: Desk
    population: Population
    random: NDArray[np.uint64]  # (1)


def searcher(problem: Project, size: int, seed: int) -> Searcher:
    """A search without schedules yet."""
    n = problem.size
    starts, modes = np.zeros((2, size, n), np.int64)
    people = Population(starts, modes, np.zeros(size, np.int64), np.zeros(size, np.int64))
    return Searcher(desk(problem), people, seeded(seed))


@kernel
def list_by_key(problem, work):  # type: ignore[no-untyped-def]
    """The list by key, where an activity's key counts as no smaller than those that it waits for."""
    before, key = problem.before, work.key
    for activity in work.at_rank:
        for arc in range(before.ptr[activity], before.ptr[activity + 1]):
            key[activity] = max(key[activity], key[before.other[arc]])
    sort_by_key(problem, work.at_rank, key, work.order)


@kernel
def middle(problem, start, mode, activity):  # type: ignore[no-untyped-def]
    """The moment at which half of an activity is done."""
    return start[activity] + problem.duration[mode[activity]] // 2


@kernel
def cross_stretch(problem, work, people, mother, father, random):  # type: ignore[no-untyped-def]
    """The father's order, but a stretch of the mother's schedule stays as it is, at the mean of where the father has it."""
    start, mode, other = people.start[mother], people.mode[mother], people.start[father]
    length = int((0.1 + 0.5 * uniform(random)) * people.makespan[mother])
    begin = below(random, max(1, people.makespan[mother] - length))
    shift, inside = 0, 0
    for activity in range(len(start)):
        if begin <= middle(problem, start, mode, activity) < begin + length:
            shift += other[activity] - start[activity]
            inside += 1
    for activity in range(len(start)):
        if begin <= middle(problem, start, mode, activity) < begin + length:
            work.key[activity] = max(0, start[activity] * _FINE + shift * _FINE // inside)
            work.mode[activity] = mode[activity]
        else:
            work.key[activity] = other[activity] * _FINE
            work.mode[activity] = people.mode[father, activity]


@kernel
def shake(problem, work, people, parent, random):  # type: ignore[no-untyped-def]
    """The parent's order, shaken within a stretch of time."""
    start, mode = people.start[parent], people.mode[parent]
    length = int((0.05 + 0.4 * uniform(random)) * people.makespan[parent])
    begin = below(random, max(1, people.makespan[parent] - length))
    reach = (0.2 + uniform(random)) * length * _FINE
    for activity in range(len(start)):
        work.key[activity] = start[activity] * _FINE
        work.mode[activity] = mode[activity]
        if begin <= middle(problem, start, mode, activity) < begin + length:
            work.key[activity] = max(0, work.key[activity] + int((uniform(random) - 0.5) * reach))


@kernel
def swap_neighbours(problem, order, random):  # type: ignore[no-untyped-def]
    """Swap neighbours in the list here and there, where neither waits for the other."""
    after = problem.after
    for i in range(len(order) - 1):
        if uniform(random) < _SWAP:
            first, second = order[i], order[i + 1]
            free = True
            for arc in range(after.ptr[first], after.ptr[first + 1]):
                free = free and after.other[arc] != second
            if free:
                order[i], order[i + 1] = second, first


@kernel
def pick(value, random):  # type: ignore[no-untyped-def]
    """The better of two."""
    one, other = below(random, len(value)), below(random, len(value))
    return one if value[one] <= value[other] else other


@kernel
def evaluate(work, makespan):  # type: ignore[no-untyped-def]
    """The value of the schedule at hand: between equal makespans it tells which is nearer to a shorter one.

    Counted are the activities whose end and tail fill the makespan, tails being those that were measured last.
    """
    filling = 0
    for activity in range(len(work.finish)):
        if work.finish[activity] + work.tail[activity] >= makespan:
            filling += 1
    return (makespan << _COUNT) | filling


@kernel
def known(problem, work, people, value):  # type: ignore[no-untyped-def]
    """Whether the schedule at hand is in the population already."""
    for i in range(len(people.value)):
        if people.value[i] == value:
            same = True
            for activity in work.order:
                mode = work.mode[activity]
                if people.mode[i, activity] != mode or people.start[i, activity] != (
                    work.finish[activity] - problem.duration[mode]
                ):
                    same = False
                    break
            if same:
                return True
    return False


@kernel
def keep(problem, work, people, place, makespan, value):  # type: ignore[no-untyped-def]
    """The schedule at hand takes a place in the population."""
    people.makespan[place], people.value[place] = makespan, value
    for activity in work.order:
        people.start[place, activity] = work.finish[activity] - problem.duration[work.mode[activity]]
        people.mode[place, activity] = work.mode[activity]


@kernel
def make_child(problem, search, mother, father):  # type: ignore[no-untyped-def]
    """List and modes of a child, onto the desk."""
    work, people, random = search.work, search.population, search.random
    if mother == father or uniform(random) < _SHAKE:
        shake(problem, work, people, father, random)
    else:
        cross_stretch(problem, work, people, mother, father, random)
    list_by_key(problem, work)
    swap_neighbours(problem, work.order, random)


@kernel
def fit_modes(problem, work, others, target, random):  # type: ignore[no-untyped-def]
    """Make the modes at hand keep the budgets, and use what is left of these; other modes instead where that fails."""
    if repair(problem, work, target, random) > 0:
        copy_line(work.mode, others)
    spend(problem, work, target, random)


@kernel
def breed(problem, search, schedules, several):  # type: ignore[no-untyped-def]
    """Make children until so many schedules are made. ``several``: some activity has more modes than one."""
    work, people, random = search.work, search.population, search.random
    end = work.counts[0] + schedules
    while work.counts[0] < end:
        mother, father = pick(people.value, random), below(random, len(people.makespan))
        make_child(problem, search, mother, father)
        if several:
            change_modes(problem, work.mode, random)
            fit_modes(problem, work, people.mode[father], people.makespan[father] - 1, random)
        makespan = schedule(problem, work, several and uniform(random) < _GREEDY)
        if makespan <= people.makespan[father]:
            if several:
                measure_paths(problem, work)
            value = evaluate(work, makespan)
            if value <= people.value[father] and not known(problem, work, people, value):
                keep(problem, work, people, father, makespan, value)


@kernel
def found(problem, search, urgency, modes, place, spread, several):  # type: ignore[no-untyped-def]
    """A first schedule at a place of the population: by urgency, with noise of so much of it, from the modes given."""
    work, random = search.work, search.random
    for activity in range(len(urgency)):
        noise = 1.0 + spread * (2.0 * uniform(random) - 1.0)
        work.key[activity] = max(0, int(_FINE * urgency[activity] * noise))
        work.mode[activity] = modes[activity]
    if spread > 0 and several:
        for activity in range(len(urgency)):
            if uniform(random) < spread:
                first = problem.mode_ptr[activity]
                work.mode[activity] = first + below(random, problem.mode_ptr[activity + 1] - first)
        fit_modes(problem, work, modes, 0, random)
    list_by_key(problem, work)
    makespan = schedule(problem, work, several)
    measure_paths(problem, work)
    keep(problem, work, search.population, place, makespan, evaluate(work, makespan))
