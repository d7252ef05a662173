"""One machine, total weighted tardiness: never worse than what is known, bounds never above the best."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.onemachine import Problem, faults, objective, problem, solve
from gemba.solvers.stop import Stop

jobs = st.lists(st.tuples(st.integers(0, 9), st.integers(-3, 30), st.integers(0, 5)), max_size=6)


def problem_of(rows: list[tuple[int, int, int]]) -> Problem:
    return problem(*np.array(rows, np.int64).reshape(-1, 3).T)


def made(jobs: int, seed: int) -> Problem:
    random = np.random.default_rng(seed)
    work = random.integers(1, 100, jobs)
    return problem(work, random.integers(0, int(work.sum() * 0.7), jobs), random.integers(1, 10, jobs))


@settings(max_examples=60, deadline=None)
@given(jobs)
def test_the_best_sequence_of_a_few_jobs_is_found_and_no_bound_is_above_it(rows: list[tuple[int, int, int]]) -> None:
    few = problem_of(rows)
    best = min(objective(few, np.array(order, np.int64)) for order in permutations(range(few.size)))
    found = solve(few, Stop(steps=2))
    assert faults(few, found.sequence) == 0
    assert objective(few, found.sequence) == found.objective == best
    assert found.bound <= best


def test_ends_are_those_of_the_sequence() -> None:
    found = solve(problem([3, 5, 2], [0, 0, 0], [1, 5, 1]), Stop(steps=1))
    assert found.sequence.tolist() == [1, 2, 0]
    assert found.end.tolist() == [10, 5, 7]
    assert found.objective == 25 + 7 + 10


def test_a_sequence_without_tardiness_is_proven_best() -> None:
    found = solve(problem([3, 5, 2], [10, 5, 7], [1, 1, 1]), Stop(steps=1))
    assert found.proven
    assert found.objective == 0


def test_the_result_does_not_depend_on_the_number_of_workers() -> None:
    some = made(30, 1)
    one, two = (solve(some, Stop(steps=3), seed=7, workers=workers) for workers in (1, 2))
    assert (one.sequence == two.sequence).all()
    assert one.bound == two.bound


def test_the_bound_of_thirty_jobs_is_near_the_objective() -> None:
    found = solve(made(30, 2), Stop(steps=5))
    assert 0.9 * found.objective <= found.bound <= found.objective


def test_more_jobs_than_the_relaxation_can_hold_still_have_a_bound() -> None:
    many = problem(np.full(3, 10_000_000), [1, 2, 3], [1, 1, 1])
    found = solve(many, Stop(steps=1))
    assert 0 < found.bound <= found.objective == 60_000_000 - 6


def test_a_given_sequence_is_never_made_worse() -> None:
    some = made(20, 3)
    first = solve(some, Stop(steps=3))
    assert solve(some, Stop(steps=1), given=first.sequence).objective <= first.objective


def test_a_given_sequence_names_each_job_once() -> None:
    with pytest.raises(ValueError, match="each job once"):
        solve(made(3, 0), Stop(steps=1), given=np.array([0, 0, 1]))


@pytest.mark.parametrize("columns", [([1], [1, 2], [1]), ([-1], [0], [1]), ([1], [0], [-1]), ([1.5], [0], [1])])
def test_columns_that_make_no_sense_are_refused(columns: tuple[list[float], list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match="must"):
        problem(*columns)
