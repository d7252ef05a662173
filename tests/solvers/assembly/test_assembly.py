"""Assembly: weighted tardiness is low, the schedule is late where that costs nothing, and no rule is broken."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings

from gemba.solvers.assembly import Assembly, faults, solve
from gemba.solvers.assembly.bound import lower_bound
from gemba.solvers.assembly.place import place_all
from gemba.solvers.stop import Stop
from tests.solvers.assembly.shops import shop, shops, two_stages

STEPS = Stop(steps=3)
FEW = settings(max_examples=60, deadline=None)


def best_of_all_orders(problem: Assembly) -> float:
    """The least cost of any order of the jobs, each made whole."""
    t, part = problem.tables, problem.parts[0]
    machines, materials = part.machines[1] - part.machines[0], part.materials[1] - part.materials[0]
    low, high = part.jobs
    best = float("inf")
    supplied = int(t.supplied[slice(*part.materials)].max(initial=0))
    for order in permutations(range(low, high)):
        state = np.zeros((high - low + 1, machines + materials))
        state[0, machines:] = t.stock[slice(*part.materials)]
        complete = np.zeros(high, np.int64)
        of = (part.machines[0], machines, part.materials[0], supplied)
        place_all(t, np.array(order), np.ones(high, np.int64), of, state, complete, np.zeros(99, np.int64), 0)
        best = min(best, float(t.weight[low:high] @ np.maximum(0, complete - t.due)[low:high]))
    return best


def test_the_urgent_job_goes_first() -> None:
    found = solve(two_stages((10, 10, 100), (10, 10, 20)), STEPS)
    assert found.objective == 0
    assert found.proven


def test_work_is_as_late_as_the_dates_allow() -> None:
    found = solve(two_stages((10, 10, 100), (10, 10, 20)), STEPS)
    by_task = {int(k): (int(a), int(b)) for a, b, k, _, _ in found.rows}
    assert by_task == {0: (80, 90), 1: (90, 100), 2: (0, 10), 3: (10, 20)}


def test_work_may_be_asked_to_be_complete_some_time_before_it_is_due() -> None:
    found = solve(two_stages((10, 10, 100), (10, 10, 20)), STEPS, early=30)
    assert {int(k): int(b) for _, b, k, _, _ in found.rows} == {0: 60, 1: 70, 2: 10, 3: 20}


def test_a_job_in_parts_goes_on_while_the_next_part_is_made() -> None:
    job = {"due": 30, "pieces": 10, "tasks": [(0, 0, 2, 1, {}), (1, 0, 2, -1, {})]}
    whole, parts = solve(shop([job]), STEPS, most=1), solve(shop([job]), STEPS, most=2)
    assert whole.objective == pytest.approx(10)
    assert parts.objective == pytest.approx(0)
    assert len(parts.rows) == 4


def test_a_job_stays_whole_where_parts_win_nothing() -> None:
    job = {"due": 400, "pieces": 10, "tasks": [(0, 0, 2, 1, {}), (1, 0, 2, -1, {})]}
    assert len(solve(shop([job]), STEPS).rows) == 2


def test_stock_goes_to_one_job_and_the_other_waits_for_the_purchase() -> None:
    jobs = [{"due": 10, "weight": w, "tasks": [(i, 10, 0, -1, {0: 3.0})]} for i, w in enumerate((1.0, 2.0))]
    found = solve(shop(jobs, stock=[4.0], supplied=[50]), STEPS)
    assert found.objective == pytest.approx(50)
    assert found.complete.tolist() == [60, 10]


def test_closed_hours_are_worked_around() -> None:
    found = solve(two_stages((10, 10, 40), hours=[[(0, 15), (30, 100)]]), STEPS)
    assert found.objective == 0
    assert faults(two_stages((10, 10, 40), hours=[[(0, 15), (30, 100)]]), found) == []


def test_jobs_that_share_nothing_are_apart() -> None:
    jobs = [{"due": 9, "tasks": [(i % 2, 5, 0, -1, {i % 2: 1.0})]} for i in range(4)]
    assert len(shop(jobs, stock=[9, 9], supplied=[0, 0]).parts) == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_seed_and_steps_give_the_same_schedule(workers: int) -> None:
    chance = np.random.default_rng(5)
    problem = two_stages(*((int(a), int(b), int(d)) for a, b, d in chance.integers(1, 60, (30, 3))))
    first, second = solve(problem, Stop(steps=4), seed=3), solve(problem, Stop(steps=4), seed=3, workers=workers)
    assert (first.rows == second.rows).all()
    assert first.objective == second.objective


def test_a_wish_to_stop_ends_the_search_with_a_schedule() -> None:
    chance = np.random.default_rng(5)
    problem = two_stages(*((int(a), int(b), int(d)) for a, b, d in chance.integers(1, 60, (30, 3))))
    found = solve(problem, Stop(seconds=60.0, asked=lambda: True))
    assert faults(problem, found) == []


def test_wrong_problems_are_refused() -> None:
    with pytest.raises(ValueError, match="before the one that waits"):
        shop([{"due": 1, "tasks": [(0, 1, 0, -1, {}), (1, 1, 0, 0, {})]}])
    with pytest.raises(ValueError, match="does not exist"):
        shop([{"due": 1, "tasks": [(7, 1, 0, -1, {})]}])
    with pytest.raises(ValueError, match="at least one task"):
        shop([{"due": 1, "tasks": []}])


@FEW
@given(shops())
def test_every_schedule_keeps_the_rules_and_the_bound(problem: Assembly) -> None:
    found = solve(problem, STEPS)
    assert faults(problem, found) == []
    assert found.bound <= found.objective + 1e-6


@FEW
@given(shops(most=4))
def test_no_order_of_jobs_is_below_the_bound(problem: Assembly) -> None:
    if len(problem.parts) == 1:
        assert lower_bound(problem) <= best_of_all_orders(problem) + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_six_jobs_are_within_a_thirtieth_of_the_best_of_all_orders(seed: int) -> None:
    chance = np.random.default_rng(seed)
    problem = two_stages(*((int(a), int(b), int(d)) for a, b, d in chance.integers(1, 40, (6, 3))))
    assert solve(problem, Stop(steps=20)).objective <= best_of_all_orders(problem) * 31 / 30
