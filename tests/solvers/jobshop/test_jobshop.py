from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.jobshop import JobShop, check, solve
from gemba.solvers.jobshop.bound import lower_bound
from gemba.solvers.jobshop.prove import prove, reach, tight
from gemba.solvers.jobshop.tree import fits
from gemba.solvers.stop import Run, Stop

from .tiny import random_shop, shops, shortest


@settings(max_examples=40, deadline=None)
@given(shops())
def test_the_search_finds_the_shortest_makespan_of_a_tiny_shop(problem: JobShop) -> None:
    result = solve(problem, Stop(steps=12), seed=1)
    assert check(problem, result.start) == result.objective == shortest(problem)
    assert result.bound <= result.objective


@settings(max_examples=80, deadline=None)
@given(shops(3, 3, 2))
def test_no_bound_is_above_the_shortest_makespan(problem: JobShop) -> None:
    assert lower_bound(problem) <= shortest(problem)


@settings(max_examples=8, deadline=None)
@given(shops(4, 4, 3))
def test_with_time_every_tiny_shop_is_proven(problem: JobShop) -> None:
    result = solve(problem, Stop(seconds=60))
    assert result.proven
    assert check(problem, result.start) == result.objective == result.bound


@settings(max_examples=20, deadline=None)
@given(shops(6, 6, 3), st.integers(0, 2**31))
def test_every_schedule_passes_the_check(problem: JobShop, seed: int) -> None:
    result = solve(problem, Stop(steps=5), seed=seed)
    assert check(problem, result.start) == result.objective


def test_the_same_steps_give_the_same_schedule_with_one_worker_and_with_two() -> None:
    problem = random_shop(8, 6, 3)
    one = solve(problem, Stop(steps=28), seed=7, workers=1)
    two = solve(problem, Stop(steps=28), seed=7, workers=2)
    assert one.objective == two.objective
    assert (one.start == two.start).all()


def test_a_schedule_to_begin_from_is_never_made_worse() -> None:
    problem = random_shop(12, 6, 1)
    good = solve(problem, Stop(steps=8), seed=1)
    after = solve(problem, Stop(steps=1), seed=2, given=good.start)
    assert after.objective <= good.objective


def test_one_job_alone_takes_as_long_as_its_operations_with_release_and_tail() -> None:
    result = solve(JobShop.of([[(0, 3), (0, 4), (1, 2)]], release=[5], tail=[7]), Stop(steps=3))
    assert result.proven
    assert result.objective == 21
    assert result.start.tolist() == [5, 8, 12]


def test_a_job_may_visit_a_machine_twice_in_a_row_and_another_waits() -> None:
    result = solve(JobShop.of([[(0, 2), (0, 2)], [(0, 3)]]), Stop(steps=3))
    assert result.objective == 7


def test_a_person_who_stops_it_gets_the_best_so_far() -> None:
    problem = random_shop(20, 10, 4)
    result = solve(problem, Stop(seconds=60, asked=lambda: True))
    assert check(problem, result.start) == result.objective


def test_progress_is_reported_and_never_gets_worse() -> None:
    told: list[tuple[float, float]] = []
    solve(random_shop(15, 10, 2), Stop(steps=10), report=lambda objective, bound: told.append((objective, bound)))
    assert len(told) > 1
    assert all(a[0] >= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(told))


def test_a_shop_with_more_operations_on_a_machine_than_a_proof_can_hold_is_handed_to_the_constraint_solver() -> None:
    problem = JobShop.of([[(0, 2), (1, 1 + j % 3)] for j in range(70)])
    assert not fits(problem)
    run = Run(Stop(seconds=60))
    hint = solve(problem, Stop(steps=1)).start
    better = prove(problem, run, hint, check(problem, hint), workers=2, seed=1)
    assert run.bound == check(problem, hint if better is None else better)


def test_a_schedule_within_tight_windows_is_found_or_refuted_at_once() -> None:
    problem = JobShop.of([[(0, 4), (1, 4)], [(1, 4), (0, 4)]])
    run = Run(Stop(seconds=60))
    assert tight(problem, 8)
    found = reach(problem, run, 8, 30, workers=1, seed=1)
    assert found is not None
    assert check(problem, found) == 8
    worse = JobShop.of([[(0, 4), (1, 4)], [(0, 4), (1, 4)]])
    run = Run(Stop(seconds=60))
    assert reach(worse, run, 8, 30, workers=1, seed=1) is None
    assert run.bound == 9


def test_a_gap_ends_the_search() -> None:
    result = solve(random_shop(30, 5, 2), Stop(seconds=60, gap=0.5))
    assert result.objective - result.bound <= 0.5 * result.objective


@pytest.mark.parametrize(
    ("start", "wrong"),
    [
        ([0, 3, 0, 9], "before the one before it has ended"),
        ([0, 4, 3, 9], "at once"),
        ([0, 4, 0, 9], "its release"),
    ],
)
def test_the_check_says_what_is_wrong(start: list[int], wrong: str) -> None:
    problem = JobShop.of([[(0, 4), (1, 2)], [(0, 5), (1, 1)]], release=[0, 2])
    with pytest.raises(ValueError, match=wrong):
        check(problem, np.array(start))


@pytest.mark.parametrize(
    ("job_ptr", "machine", "duration"),
    [([0, 2], [0], [1]), ([0, 0, 1], [0], [1]), ([0, 1], [-1], [1]), ([0, 1], [0], [-1]), ([0, 1], [0], [1 << 41])],
)
def test_numbers_that_do_not_fit_are_refused(job_ptr: list[int], machine: list[int], duration: list[int]) -> None:
    with pytest.raises(ValueError, match=r"job_ptr|negative|time"):
        JobShop(np.array(job_ptr), np.array(machine), np.array(duration))
