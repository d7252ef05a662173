"""Weighted tardiness in job shops: schedules keep the rules, bounds are never above the best, results can be had again."""

from importlib import import_module
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.stop import Stop
from gemba.solvers.tardiness import Problem, faults, objective, problem, solve
from gemba.solvers.tardiness.bound import Bound
from gemba.solvers.tardiness.rows import START, link, operations, time_all
from gemba.solvers.tardiness.search import Search

jobs = st.lists(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), min_size=1, max_size=2), min_size=1, max_size=4
)


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    """Up to four jobs of up to two operations on two machines."""
    found = draw(jobs)

    def column(low: int, high: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=len(found), max_size=len(found)))

    return problem(found, column(-3, 20), column(0, 4), column(0, 8))


def made(count: int, machines: int, seed: int) -> Problem:
    random = np.random.default_rng(seed)
    rows = [
        [
            (int(m), int(random.integers(1, 50)))
            for m in random.permutation(machines)[: int(random.integers(1, machines + 1))]
        ]
        for _ in range(count)
    ]
    return problem(
        rows, random.integers(50, 300, count), random.choice([1, 2, 4], count), random.integers(0, 100, count)
    )


def timed(some: Problem, sequence: np.ndarray) -> np.ndarray | None:
    """Starts of operations whose machines work in the order of these figures; None where that contradicts the jobs."""
    schedule, room = np.zeros((some.size, 4), np.int64), np.zeros(some.size, np.int64)
    link(some, sequence, schedule)
    return schedule[:, START].copy() if time_all(operations(some), schedule, room, room.copy()) else None


def brute_force(some: Problem) -> float:
    groups = [np.flatnonzero(some.machine == m) for m in range(some.machines)]
    best = float("inf")
    for orders in product(*(permutations(range(len(g))) for g in groups)):
        sequence = np.zeros(some.size, np.int64)
        for group, order in zip(groups, orders, strict=True):
            sequence[group] = order
        start = timed(some, sequence)
        if start is not None:
            best = min(best, objective(some, start))
    return best


@settings(max_examples=40, deadline=None)
@given(tiny())
def test_no_bound_is_above_the_best_schedule_and_no_schedule_below_it(some: Problem) -> None:
    best = brute_force(some)
    found = solve(some, Stop(steps=10))
    assert faults(some, found.start) == 0
    assert objective(some, found.start) == found.objective
    assert found.bound <= best + 1e-9 <= found.objective + 1e-6


@settings(max_examples=60, deadline=None)
@given(tiny(), st.integers(0, 99))
def test_the_bound_stays_one_while_it_is_tightened(some: Problem, seed: int) -> None:
    bound, search = Bound(some), Search(some, seed)
    search.try_rules(1)
    for _ in range(8):
        bound.tighten(search.best, search.cost)
    assert bound.value <= brute_force(some) + 1e-9


def test_a_machine_that_is_overloaded_gives_a_bound() -> None:
    some = problem([[(0, 10), (1, 1)] for _ in range(20)], [12] * 20, [1] * 20)
    found = solve(some, Stop(steps=40))
    assert 0.8 * found.objective < found.bound <= found.objective


@pytest.mark.parametrize("seed", range(3))
def test_every_schedule_keeps_the_rules(seed: int) -> None:
    some = made(30, 5, seed)
    found = solve(some, Stop(steps=20), seed=seed)
    assert faults(some, found.start) == 0
    assert objective(some, found.start) == found.objective


def test_the_result_does_not_depend_on_the_number_of_workers() -> None:
    some = made(30, 5, 1)
    one, two = (solve(some, Stop(steps=20), seed=7, workers=workers) for workers in (1, 2))
    assert (one.start == two.start).all()
    assert one.bound == two.bound


def test_searches_in_two_stretches_of_time_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("gemba.solvers.tardiness.solve"), "_LARGE", 100)
    some = made(60, 5, 2)
    one, two = (solve(some, Stop(steps=40), workers=workers) for workers in (1, 2))
    assert (one.start == two.start).all()
    assert faults(some, one.start) == 0
    assert objective(some, one.start) == one.objective


def test_annealing_is_better_than_the_first_rule() -> None:
    some, search = made(30, 5, 3), Search(made(30, 5, 3), 0)
    search.try_rules(1)
    assert solve(some, Stop(steps=20)).objective < search.cost


def test_a_given_schedule_is_never_made_worse() -> None:
    some = made(20, 4, 4)
    first = solve(some, Stop(steps=20))
    assert solve(some, Stop(steps=1), given=first.start).objective <= first.objective


def test_a_given_schedule_that_breaks_a_rule_is_refused() -> None:
    some = made(5, 3, 5)
    with pytest.raises(ValueError, match="breaks a rule"):
        solve(some, Stop(steps=1), given=np.zeros(some.size, np.int64))


@pytest.mark.parametrize(
    ("start", "wrong"),
    [([0, 3, 3], 0), ([0, 2, 3], 1), ([0, 3, 2], 1), ([0, 3, 0], 1)],
    ids=["fits", "job", "machine", "both"],
)
def test_broken_rules_are_counted(start: list[int], wrong: int) -> None:
    some = problem([[(0, 3), (1, 2)], [(0, 1)]], [5, 5], [1, 1])
    assert faults(some, np.array(start)) == wrong


@pytest.mark.parametrize("rows", [[[]], [[(-1, 2)]], [[(0, -2)]]])
def test_jobs_that_make_no_sense_are_refused(rows: list[list[tuple[int, int]]]) -> None:
    with pytest.raises(ValueError, match="must"):
        problem(rows, [0], [1])


def test_nothing_to_do_costs_nothing() -> None:
    assert solve(problem([], [], []), Stop(steps=1)).objective == 0
