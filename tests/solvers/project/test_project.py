"""Projects: every schedule keeps the rules, and on tiny ones is between the bound and the best of all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gemba.solvers.project import Project, check, makespan, project, solve
from gemba.solvers.project.bounds import lower_bound
from gemba.solvers.stop import Stop
from tests.solvers.project.tiny import projects, shortest

FEW = Stop(steps=2)


def _large(n: int = 30, modes: int = 1, seed: int = 1) -> Project:
    """A project whose resources are scarce."""
    draw = np.random.default_rng(seed)
    arcs = [(int(draw.integers(max(0, j - 8), j)), j) for j in range(1, n) for _ in range(2)]
    return project(
        draw.integers(1, 10, n * modes), draw.integers(0, 8, (n * modes, 3)), [10, 11, 12], arcs,
        mode_ptr=np.arange(0, n * modes + 1, modes), nonrenewable=draw.integers(0, 9, (n * modes, 2)), budget=[5 * n] * 2,
    )  # fmt: skip


@given(projects())
@settings(max_examples=40, deadline=None)
def test_a_schedule_keeps_the_rules_and_the_best_of_all_is_between_bound_and_objective(problem: Project) -> None:
    best, result = shortest(problem), solve(problem, FEW)
    assert result.bound <= best <= result.objective
    if np.isfinite(best):
        assert check(problem, result.start, result.mode) == []
        assert makespan(problem, result.start, result.mode) == result.objective


@given(projects(most=3))
@settings(max_examples=15, deadline=None)
def test_a_tiny_project_is_proven(problem: Project) -> None:
    result = solve(problem, Stop(steps=12))
    assert result.proven
    assert result.objective == shortest(problem)


@given(projects())
@settings(max_examples=40, deadline=None)
def test_the_simple_bound_is_never_above_the_best_of_all(problem: Project) -> None:
    assert lower_bound(problem) <= shortest(problem)


@pytest.mark.parametrize("modes", [1, 3])
def test_the_result_is_that_of_the_seed_and_the_steps_whatever_the_workers(modes: int) -> None:
    problem = _large(modes=modes)
    one, two = (solve(problem, Stop(steps=10), seed=3, workers=workers) for workers in (1, 2))
    assert one.objective == two.objective
    assert one.bound == two.bound
    assert one.start.tolist() == two.start.tolist()
    assert one.mode.tolist() == two.mode.tolist()


@pytest.mark.parametrize("modes", [1, 3])
def test_a_larger_project_gets_better_and_keeps_the_rules(modes: int) -> None:
    problem = _large(modes=modes)
    first, later = solve(problem, Stop(steps=0)), solve(problem, Stop(steps=10))
    assert later.bound <= later.objective < first.objective
    for result in (first, later):
        assert check(problem, result.start, result.mode) == []


def test_a_given_schedule_is_where_the_search_begins() -> None:
    problem = _large()
    good = solve(problem, Stop(steps=10))
    again = solve(problem, Stop(steps=0), given=(good.start, good.mode))
    assert again.objective <= good.objective


def test_times_in_seconds_are_proven_like_those_in_hours() -> None:
    hours = project([3, 2, 2, 4], [[2], [1], [1], [2]], [3], [(0, 3, 1)])
    seconds = project(hours.duration * 3600, hours.renewable, hours.capacity, [(0, 3, 3600)])
    one, other = solve(hours, Stop(steps=12)), solve(seconds, Stop(steps=12))
    assert one.proven
    assert other.proven
    assert other.objective == 3600 * one.objective


def test_many_resources_with_large_capacities_are_kept_apart() -> None:
    problem = project([2, 3, 4], np.eye(3, dtype=int).repeat(2, axis=1) * 900_000_000, [1_000_000_000] * 6)
    assert solve(problem, FEW).objective == 4
    shared = project([2, 3, 4], np.full((3, 6), 600_000_000), [1_000_000_000] * 6)
    assert solve(shared, FEW).objective == 9


def test_an_activity_waits_for_its_release_and_for_the_lag_after_the_one_before() -> None:
    problem = project([2, 1, 3], [[1], [1], [1]], [2], [(0, 1, 5), (1, 2)], release=[1, 0, 0])
    result = solve(problem, FEW)
    assert result.start.tolist() == [1, 8, 9]
    assert result.proven


def test_a_dear_fast_mode_is_chosen_where_the_budget_allows_it_once() -> None:
    problem = project(
        [5, 1, 9, 1], np.zeros((4, 0)), [], mode_ptr=[0, 2, 4], nonrenewable=[[0], [7], [0], [7]], budget=[10]
    )
    result = solve(problem, FEW)
    assert result.mode.tolist() == [0, 3]
    assert result.objective == 5


def test_modes_that_exceed_every_budget_leave_no_schedule_and_that_is_proven() -> None:
    impossible = project([1, 1], [[0], [0]], [1], nonrenewable=[[3], [3]], budget=[5])
    result = solve(impossible, FEW)
    assert result.proven
    assert result.objective == float("inf")
    assert len(result.start) == 0


def test_a_project_without_activities_is_done_at_once() -> None:
    result = solve(project([], np.zeros((0, 1)), [1]), FEW)
    assert (result.objective, result.proven) == (0, True)


def test_a_person_stops_the_search_and_keeps_the_first_schedule() -> None:
    problem = _large()
    result = solve(problem, Stop(asked=lambda: True))
    assert check(problem, result.start, result.mode) == []


def test_progress_is_told() -> None:
    told: list[tuple[float, float]] = []
    result = solve(_large(), Stop(steps=10), report=lambda objective, bound: told.append((objective, bound)))
    assert told[-1][0] == result.objective
    assert all(bound <= objective for objective, bound in told)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"duration": [-1], "renewable": [[0]], "capacity": [1]}, "negative"),
        ({"duration": [1], "renewable": [[2]], "capacity": [1]}, "no mode within"),
        ({"duration": [1, 1], "renewable": [[0], [0]], "capacity": [1], "arcs": [(0, 1), (1, 0)]}, "circle"),
        ({"duration": [1], "renewable": [[0]], "capacity": [1], "arcs": [(0, 3)]}, "does not exist"),
        ({"duration": [1, 1], "renewable": [[0], [0]], "capacity": [1], "arcs": [(0, 1, -2)]}, "negative"),
        ({"duration": [1], "renewable": [[0]], "capacity": [1], "mode_ptr": [0, 0, 1]}, "needs a mode"),
    ],
)
def test_a_project_that_makes_no_sense_is_refused(figures: dict[str, list[object]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        project(**figures)


def test_the_check_names_what_is_wrong() -> None:
    problem = project([2, 2], [[1], [1]], [1], [(0, 1)], nonrenewable=[[1], [1]], budget=[1], release=[1, 0])
    said = " ".join(check(problem, [0, 1], [0, 1]))
    assert "before its release" in said
    assert "before activity 0 has ended" in said
    assert "resource 0 is short" in said
    assert "2 used of 1" in said
    assert check(problem, [0, 1], [0, 0]) == ["activity 1 has no mode 0"]
