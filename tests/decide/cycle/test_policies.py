"""Policies, worked out by hand on small operations; and the curve between two objectives."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from gemba import cli
from gemba.decide.check import check
from gemba.decide.cycle import plan
from gemba.decide.cycle.policies import POLICIES
from gemba.decide.cycle.tradeoff import OBJECTIVES, Point, front, plan_scenarios, spread, trade_off
from gemba.operation import Demand, Item, Operation, Plan, Settings, StockPolicy, SupplyOption
from tests.decide.cycle.small_shop import HOUR, NOW, shop


def made(operation: Operation, policy: str, **how: object) -> Plan:
    found = plan(operation, policy=policy, seconds=None, steps=6, **how)  # type: ignore[arg-type]
    assert found.violations == [] == check(operation, found)
    assert found.policy == policy
    return found


def test_every_policy_makes_a_clean_plan() -> None:
    for policy in POLICIES:
        made(shop(), policy)


def test_the_command_line_knows_every_policy_and_objective() -> None:
    assert tuple(p for p in POLICIES if p != "stable") == cli._POLICIES
    assert OBJECTIVES == cli._OBJECTIVES


def test_a_policy_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="least_cost"):
        plan(shop(), policy="cheapest")


def test_least_cost_buys_from_the_cheap_supplier_whatever_comes_first() -> None:
    """10 boards at 3 and not at 5: 30 instead of 50."""
    options = (
        SupplyOption(name="Near", item="Board", kind="buy", lead_time=3600.0, cost=5.0, priority=1),
        SupplyOption(name="Far", item="Board", kind="buy", lead_time=86400.0, cost=3.0, priority=2),
    )
    wanted = Demand(name="D", item="Board", quantity=10, due=NOW + 2 * HOUR)
    operation = Operation(
        settings=Settings(name="cost", now=NOW, horizon=30 * 86400.0), items=(Item(name="Board"),), supply_options=options,
        demands=(wanted,),
    )  # fmt: skip
    assert made(operation, "on_time").objective.cost == 50
    cheap = made(operation, "least_cost")
    assert (cheap.objective.cost, cheap.objective.value) == (30, 30)


def test_least_stock_orders_lot_for_lot() -> None:
    """Two boards a week apart in one order lie about for a week; in two orders they do not."""
    operation = Operation(
        settings=Settings(name="stock", now=NOW, horizon=30 * 86400.0),
        items=(Item(name="Board"),),
        stock_policies=(StockPolicy(item="Board", period=10 * 86400.0),),
        supply_options=(
            SupplyOption(name="Buy", item="Board", kind="buy", lead_time=86400.0, batch_window=10 * 86400.0),
        ),
        demands=tuple(
            Demand(name=f"D{k}", item="Board", quantity=1, due=NOW + (48 + 168 * k) * HOUR) for k in range(2)
        ),
    )
    lean = made(operation, "least_stock")
    assert len([o for o in lean.orders if o.kind == "buy"]) == 2
    assert lean.objective.stock == pytest.approx(0.0, abs=1e-6)
    assert lean.objective.stock <= made(operation, "on_time").objective.stock


def test_stable_keeps_the_published_plan_and_adds_what_is_new() -> None:
    before = shop(3)
    published = made(before, "on_time")
    after = replace(
        before, demands=(*before.demands, Demand(name="New", item="Table", quantity=1, due=NOW + 50 * HOUR))
    )
    found = made(after, "stable", published=published)
    kept = {(t.order, t.step): t for t in found.tasks}
    assert all(kept[t.order, t.step] == t for t in published.tasks)
    assert any(d.demand == "New" for d in found.deliveries)
    assert made(before, "stable", published=published).tasks == published.tasks


def test_a_curve_has_no_point_that_another_one_beats() -> None:
    points = trade_off(shop(), "weighted_tardiness", "stock", seconds=None, steps=3, workers=1)
    assert points
    for a, b in pairwise(points):
        assert a.first < b.first
        assert a.second > b.second
    assert all(check(shop(), p.plan) == [] for p in points)


def test_a_curve_between_what_is_no_objective_is_refused() -> None:
    with pytest.raises(ValueError, match="beauty"):
        trade_off(shop(), "beauty")


def test_of_many_points_both_ends_are_kept() -> None:
    curve = front(
        [Point(Plan("x", 0), float(i), float(-i), "") for i in range(9)] + [Point(Plan("x", 0), 3.0, 5.0, "")]
    )
    assert [p.first for p in curve] == [float(i) for i in range(9)]
    assert [p.first for p in spread(curve, 3)] == [0.0, 4.0, 8.0]


def test_scenarios_are_planned_in_their_order() -> None:
    plans = plan_scenarios([shop(2), shop(5)], seconds=None, steps=2, workers=1)
    assert [len(p.deliveries) for p in plans] == [2, 5]
