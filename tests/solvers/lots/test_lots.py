"""Plans keep the rules, cost what is said, and no bound is above the best plan; the best is found by trying everything."""

from __future__ import annotations

from itertools import product

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.lots import Problem, faults, objective, solve
from gemba.solvers.stop import Stop

STEPS = Stop(steps=4)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to two items, three periods, two resources; some with first stock, backlog or overtime."""
    n, periods, resources = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 2))

    def table(low: int, high: int, *shape: int) -> np.ndarray:
        size = int(np.prod(shape))
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), float).reshape(shape)

    return Problem(
        demand=table(0, 6, n, periods),
        unit_time=table(0, 2, n, resources), setup_time=table(0, 3, n, resources),
        setup_cost=table(0, 20, n), holding=table(0, 3, n), capacity=table(0, 14, resources, periods),
        stock=table(0, 4, n) if draw(st.booleans()) else np.zeros(0),
        backlog=table(1, 9, n) if draw(st.booleans()) else np.zeros(0),
        overtime_cost=table(1, 6, resources),
        overtime=draw(st.sampled_from([0.0, 3.0, np.inf])) * np.ones((resources, periods)),
    )  # fmt: skip


def cost_of(p: Problem, setups: np.ndarray) -> float:
    """The least cost with given set-ups: a linear program in units made, stock, backlog and overtime."""
    n, periods = p.demand.shape
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    late = np.isfinite(p.backlog)
    over = [
        [h.addVariable(0, p.overtime[k, t], p.overtime_cost[k]) for t in range(periods)]
        for k in range(len(p.capacity))
    ]  # fmt: skip
    made = [[h.addVariable(0, 1e3 * setups[i, t]) for t in range(periods)] for i in range(n)]
    for i in range(n):
        level = p.stock[i]
        for t in range(periods):
            left = h.addVariable(0, 1e6, p.holding[i])
            owed = h.addVariable(0, 1e6 * late[i], p.backlog[i] if late[i] else 0)
            h.addConstr(level + made[i][t] - p.demand[i, t] == left - owed)
            level = left - owed
    for k, t in product(range(len(p.capacity)), range(periods)):
        used = sum(p.unit_time[i, k] * made[i][t] + p.setup_time[i, k] * float(setups[i, t]) for i in range(n))
        h.addConstr(used - over[k][t] <= p.capacity[k, t])
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return float("inf")
    return h.getInfo().objective_function_value + float((p.setup_cost[:, None] * setups).sum())


def least_cost(p: Problem) -> float:
    """Over all set-ups."""
    shape = p.demand.shape
    return min(cost_of(p, np.array(s, bool).reshape(shape)) for s in product((0, 1), repeat=p.demand.size))


@settings(max_examples=40, deadline=None)
@given(problems())
def test_small_problems_are_solved_and_bounds_are_true(problem: Problem) -> None:
    found, best = solve(problem, STEPS), least_cost(problem)
    slack = 1e-5 * (1 + abs(best)) if np.isfinite(best) else 0.0
    assert found.bound <= best + slack
    assert (found.objective < np.inf) == (best < np.inf)
    if best < np.inf:
        assert not faults(problem, found.made, found.setups)
        assert objective(problem, found.made, found.setups) == pytest.approx(found.objective, abs=1e-4)
        assert found.objective == pytest.approx(best, abs=1e-4)


def busy(n: int = 5, periods: int = 8, seed: int = 3, **more: object) -> Problem:
    """A problem in which the capacity is nearly full."""
    random = np.random.default_rng(seed)
    demand = random.integers(0, 100, (n, periods)).astype(float)
    demand[:, 0] = 20
    setup_time = random.integers(5, 20, n).astype(float)
    capacity = np.full(periods, demand.sum() / periods * 1.1 + 0.6 * setup_time.sum())
    columns = {"unit_time": np.ones(n), "setup_cost": random.integers(50, 300, n).astype(float), **more}
    return Problem(
        demand=demand, setup_time=setup_time, holding=random.integers(1, 4, n).astype(float), capacity=capacity,
        **columns,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    "more", [{}, {"backlog": np.full(5, 20.0)}, {"overtime_cost": [9.0], "overtime": np.full(8, 50.0)}]
)
def test_plans_keep_the_rules_and_cost_what_is_said(more: dict[str, object]) -> None:
    problem = busy(**more)
    found = solve(problem, STEPS)
    assert faults(problem, found.made, found.setups) == 0
    assert found.objective == pytest.approx(objective(problem, found.made, found.setups))
    assert found.bound <= found.objective


def test_steps_and_seed_alone_decide_the_plan() -> None:
    problem = busy()
    one, two = (solve(problem, STEPS, seed=5, workers=workers) for workers in (1, 2))
    assert (one.made == two.made).all()
    assert (one.objective, one.bound) == (two.objective, two.bound)


def test_first_stock_is_used_before_anything_is_made() -> None:
    problem = Problem(
        demand=np.array([[5.0, 5.0]]), unit_time=np.ones(1), setup_time=np.zeros(1), setup_cost=np.array([100.0]),
        holding=np.array([1.0]), capacity=np.full(2, 50.0), stock=np.array([10.0]),
    )  # fmt: skip
    found = solve(problem, STEPS)
    assert found.objective == pytest.approx(5.0)
    assert not found.setups.any()
    assert found.proven


def test_what_cannot_be_made_in_time_is_said() -> None:
    problem = Problem(
        demand=np.array([[5.0, 5.0]]), unit_time=np.ones(1), setup_time=np.zeros(1), setup_cost=np.ones(1),
        holding=np.ones(1), capacity=np.array([4.0, 50.0]),
    )  # fmt: skip
    found = solve(problem, STEPS)
    assert found.objective == np.inf
    assert objective(problem, found.made, found.setups) == np.inf


def test_a_search_that_is_given_a_plan_is_no_worse() -> None:
    problem = busy()
    first = solve(problem, Stop(steps=6))
    again = solve(problem, Stop(steps=1), seed=9, given=first)
    assert again.objective <= first.objective + 1e-6


def test_it_ends_when_a_person_asks() -> None:
    told: list[tuple[float, float]] = []
    found = solve(busy(), Stop(asked=lambda: bool(told)), report=lambda *now: told.append(now))
    assert told
    assert found.bound <= found.objective


def test_many_items_are_planned_in_parts() -> None:
    problem = busy(n=60, periods=26, seed=1)
    found = solve(problem, Stop(steps=2))
    assert faults(problem, found.made, found.setups) == 0
    assert found.objective < 1.1 * found.bound


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("demand", [1.0]),
        ("demand", [[-1.0]]),
        ("capacity", [[1.0], [np.nan]]),
        ("stock", [1.0, 2.0]),
        ("holding", [np.inf]),
    ],
)
def test_what_does_not_fit_is_refused(name: str, value: object) -> None:
    good = {"demand": [[1.0]], "unit_time": [1.0], "setup_time": [0.0], "setup_cost": [1.0], "holding": [1.0]}
    with pytest.raises(ValueError, match=r"must"):
        Problem(**{**good, "capacity": [[5.0]], name: value})  # type: ignore[arg-type]
