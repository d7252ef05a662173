"""Flow shops: every schedule keeps the rules, no bound is above the best, and a search repeats itself."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.flowshop import FlowShop, Objective, bound, solve
from gemba.solvers.flowshop.check import faults, objective
from gemba.solvers.flowshop.exact import prove
from gemba.solvers.flowshop.result import Result, in_sequence
from gemba.solvers.stop import Run, Stop

SHORT = Stop(steps=1)


@st.composite
def shops(draw: st.DrawFn, *, hybrid: bool | None = None) -> FlowShop:
    jobs, stages = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    seed = draw(st.integers(0, 10**6))
    random = np.random.default_rng(seed)
    kind = draw(st.sampled_from(list(Objective)))
    parallel = draw(st.booleans()) if hybrid is None else hybrid
    work = random.integers(0 if draw(st.booleans()) else 1, 10, (jobs, stages))
    setups = None if parallel or draw(st.booleans()) else random.integers(0, 8, (stages, jobs, jobs))
    return FlowShop(
        work,
        kind,
        machines=random.integers(1, 3, stages) if parallel else None,
        setups=setups,
        due=random.integers(0, 30, jobs),
        weights=random.integers(1, 4, jobs) if draw(st.booleans()) else None,
    )


def best_of_all(shop: FlowShop) -> int:
    return min(objective(shop, in_sequence(shop, np.array(order))) for order in permutations(range(shop.jobs)))


def of_best_order_at_every_stage(shop: FlowShop) -> int:
    """The least objective of a hybrid shop: every order of the jobs at every stage."""
    costs = []

    def stage(number: int, ready: dict[int, int], starts: np.ndarray) -> None:
        if number == shop.stages:
            costs.append(objective(shop, starts))
            return
        for order in permutations(range(shop.jobs)):
            free = [0] * int(shop.machines[number])
            done, now = {}, starts.copy()
            for job in order:
                first = free.index(min(free))
                now[job, number] = max(free[first], ready[job])
                done[job] = free[first] = int(now[job, number] + shop.durations[job, number])
            stage(number + 1, done, now)

    stage(0, dict.fromkeys(range(shop.jobs), 0), np.zeros(shop.durations.shape, np.int64))
    return min(costs)


@settings(max_examples=40)
@given(shops(hybrid=False))
def test_small_permutation_shops_are_solved_to_the_best(shop: FlowShop) -> None:
    best = best_of_all(shop)
    result = solve(shop, SHORT)
    assert faults(shop, result.starts, result.machines, result.sequence) == []
    assert bound(shop) <= result.bound <= best
    assert result.objective == best == objective(shop, result.starts)


@settings(max_examples=25)
@given(shops(hybrid=True).filter(lambda shop: shop.jobs**shop.stages <= 64))
def test_hybrid_shops_keep_the_rules_and_their_bound_is_below_the_best(shop: FlowShop) -> None:
    result = solve(shop, SHORT)
    assert faults(shop, result.starts, result.machines, result.sequence) == []
    assert result.objective == objective(shop, result.starts)
    best = of_best_order_at_every_stage(shop)
    assert bound(shop) <= result.bound <= best <= result.objective


def a_line(jobs: int, stages: int, kind: Objective = Objective.MAKESPAN, **more: object) -> FlowShop:
    random = np.random.default_rng(7)
    work = random.integers(1, 100, (jobs, stages))
    return FlowShop(work, kind, due=random.integers(100, 60 * jobs, jobs), **more)  # type: ignore[arg-type]


LINES = {
    "makespan": a_line(30, 9),
    "flow time": a_line(40, 7, Objective.FLOW_TIME),
    "tardiness": a_line(40, 7, Objective.TARDINESS),
    "set-ups": a_line(20, 13, setups=np.random.default_rng(3).integers(0, 60, (13, 20, 20))),
    "set-ups and tardiness": a_line(
        20, 13, Objective.TARDINESS, setups=np.random.default_rng(3).integers(0, 60, (13, 20, 20))
    ),
    "parallel machines": a_line(40, 7, machines=[2, 1, 3, 2, 2, 1, 4]),
}


@pytest.mark.parametrize("name", LINES)
def test_the_same_seed_and_steps_give_the_same_schedule_with_one_worker_and_with_two(name: str) -> None:
    shop = LINES[name]
    one, two = (solve(shop, Stop(steps=2), seed=5, workers=workers) for workers in (1, 2))
    assert one.objective == two.objective
    assert one.bound == two.bound
    assert (one.starts == two.starts).all()
    assert faults(shop, one.starts, one.machines, one.sequence) == []
    assert one.objective == objective(shop, one.starts)


def test_a_search_that_begins_from_a_sequence_is_never_worse_than_it() -> None:
    shop = LINES["tardiness"]
    good = solve(shop, Stop(steps=1))
    again = solve(shop, Stop(seconds=0.0), given=good.sequence)
    assert again.objective <= good.objective


def test_jobs_in_order_of_johnsons_rule_are_proven_best_on_two_machines() -> None:
    shop = FlowShop([[3, 6], [5, 2], [1, 2], [6, 6], [7, 5]])
    result = solve(shop, SHORT)
    assert result.objective == 24
    assert result.proven


def test_a_set_up_may_be_done_while_the_machine_waits_for_the_job() -> None:
    shop = FlowShop([[4, 1], [4, 1]], setups=[[[0, 0], [0, 0]], [[0, 3], [3, 0]]])
    assert solve(shop, SHORT).objective == 9


def test_the_first_job_needs_no_set_up() -> None:
    assert solve(FlowShop([[2], [2]], setups=[[[0, 1], [5, 0]]]), SHORT).objective == 5


def test_parallel_machines_share_the_jobs_of_their_stage() -> None:
    result = solve(FlowShop([[4, 2], [4, 2], [4, 2]], machines=[3, 1]), SHORT)
    assert result.objective == 10
    assert sorted(result.machines[:, 0].tolist()) == [0, 1, 2]
    assert result.proven


def test_a_shop_without_jobs_is_done_at_once() -> None:
    result = solve(FlowShop(np.zeros((0, 3))), Stop(seconds=1.0))
    assert result.objective == result.bound == 0


def test_no_seconds_still_give_a_schedule() -> None:
    shop = LINES["parallel machines"]
    result = solve(shop, Stop(seconds=0.0))
    assert faults(shop, result.starts, result.machines, result.sequence) == []


def test_better_schedules_are_reported_and_a_wish_to_stop_is_heeded() -> None:
    told: list[tuple[float, float]] = []
    result = solve(
        LINES["makespan"], Stop(steps=400, asked=lambda: len(told) > 1), report=lambda *figures: told.append(figures)
    )
    objectives = [value for value, _ in told]
    assert objectives == sorted(objectives, reverse=True)
    assert told[0][1] <= result.objective <= told[0][0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"durations": [[-1, 2]]},
        {"durations": [[1, 2]], "machines": [1]},
        {"durations": [[1, 2]], "machines": [1, 0]},
        {"durations": [[1, 2]], "due": [1, 2]},
        {"durations": [[1, 2]], "weights": [-1]},
        {"durations": [[2**30, 2**30]]},
        {"durations": [[1], [2]], "setups": [[[0, 1]]]},
        {"durations": [[1], [2]], "setups": [[[0, 1], [1, 0]]], "machines": [2]},
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(wrong: dict[str, list[int]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        FlowShop(**wrong)  # type: ignore[arg-type]


def test_a_sequence_that_leaves_a_job_out_is_refused() -> None:
    with pytest.raises(ValueError, match="each job once"):
        solve(FlowShop([[1], [2]]), SHORT, given=np.array([0, 0]))


def test_the_checker_finds_what_is_wrong() -> None:
    shop = FlowShop([[2, 2], [2, 2]], setups=[[[0, 1], [1, 0]], [[0, 0], [0, 0]]])
    machines = np.zeros((2, 2), np.int64)
    assert faults(shop, np.array([[0, 2], [3, 5]]), machines) == []
    assert faults(shop, np.array([[0, 2], [2, 5]]), machines)  # no time for the set-up
    assert faults(shop, np.array([[0, 1], [3, 5]]), machines)  # before the stage before is done
    assert faults(shop, np.array([[-1, 2], [3, 5]]), machines)
    assert faults(shop, np.array([[0, 9], [3, 5]]), machines)  # another order at the second stage
    assert faults(shop, np.array([[0, 2], [3, 5]]), machines + 1)  # no such machine


def test_jobs_that_take_no_time_and_start_together_are_in_the_order_of_the_sequence() -> None:
    shop = FlowShop([[0, 0], [0, 0], [2, 0]], setups=[[[0, 3, 1], [0, 0, 0], [9, 9, 0]], np.zeros((3, 3))])
    starts, machines = np.array([[0, 0], [0, 0], [1, 3]]), np.zeros((3, 2), np.int64)
    assert faults(shop, starts, machines)  # job 0 before job 1 would need a set-up
    assert faults(shop, starts, machines, np.array([1, 0, 2])) == []
    result = solve(shop, SHORT)
    assert faults(shop, result.starts, result.machines, result.sequence) == []


@settings(max_examples=15)
@given(shops())
def test_a_proof_is_the_best_there_is_for_the_sequences_it_covers(shop: FlowShop) -> None:
    order = np.arange(shop.jobs)
    starts = in_sequence(shop, order)
    if shop.hybrid or shop.jobs == 0:
        return
    begin = Result(float(objective(shop, starts)), float(bound(shop)), order, starts, np.zeros_like(starts))
    proven = prove(shop, begin, Run(Stop(steps=20)), 1, 0)
    assert proven.bound <= best_of_all(shop) <= proven.objective
    if shop.durations.min() > 0:
        assert proven.objective == best_of_all(shop)
