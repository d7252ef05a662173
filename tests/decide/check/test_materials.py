"""Flows, stock, expiry, pegs, deliveries, existing orders and the plan's own figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gemba.decide.check import check, inherited_problems, measure
from gemba.operation import Demand, Item, Operation, Order, OrderTask, Plan, Stock, StockPolicy
from tests.decide.check.serial import serial
from tests.decide.check.shop import DAY, HOUR, at, shop
from tests.decide.check.spoil import assert_caught, assert_clean, flow, order


@pytest.mark.parametrize(
    ("field", "value", "missing"),
    [
        ("quantity", -9.0, "takes 10 of 'Wood' at 'Plant' in step 'Saw' at 2026-11-23T06:00:00"),
        ("at", 0, "takes 10 of 'Wood' at 'Plant' in step 'Saw' at 2026-11-23T06:00:00"),
        ("place", "Store", "takes 10 of 'Wood' at 'Plant' in step 'Saw' at 2026-11-23T06:00:00"),
        ("item", "Dust", "takes 10 of 'Wood' at 'Plant' in step 'Saw' at 2026-11-23T06:00:00"),
    ],
)
def test_an_altered_flow_is_caught_as_missing_and_as_invented(field: str, value: Any, missing: str) -> None:
    plan = serial(shop())
    setattr(flow(plan, "Wood", -1), field, value)
    assert_caught(shop(), plan, f"Order 'P00001' {missing}, but the plan has no such flow")
    assert_caught(shop(), plan, "Order 'P00001' takes", "in the plan, which nothing implies")


def test_a_flow_that_is_left_out_is_caught() -> None:
    plan = serial(shop())
    plan.flows.remove(flow(plan, "Dust", 1))
    assert_caught(
        shop(), plan, "yields 2.5 of 'Dust' at 'Plant' in step 'Saw' at 2026-11-23T06:40:00, but the plan has no"
    )


def test_a_flow_of_no_order_is_caught() -> None:
    plan = serial(shop())
    plan.flows.append(replace(plan.flows[0], order="X"))
    assert_caught(shop(), plan, "Order 'X' has flows in the plan, but is not among the plan's orders")


def test_an_out_row_replaces_what_the_last_step_yields() -> None:
    row = replace(shop().step_items[1], item="Chair", step="Assemble", quantity=1, at="start", offset=HOUR)
    operation = shop(step_items=(shop().step_items[0], row))
    assert_caught(operation, serial(shop()), "yields 5 of 'Chair' at 'Plant' in step 'Assemble' at 2026-11-23T08:20:00")
    assert_clean(operation, serial(operation))


def test_exactly_one_of_alternative_inputs_is_taken() -> None:
    wood, dust = shop().step_items
    other = replace(wood, item="Board", alternative="A", priority=2)
    items = (*shop().items, Item(name="Board"))
    operation = shop(step_items=(replace(wood, alternative="A"), other, dust), items=items)
    plan = serial(operation)
    assert_clean(operation, plan)
    taken = flow(plan, "Wood", -1)
    plan.flows.remove(taken)
    assert_caught(operation, plan, "alternative 'Saw / A': takes 10 of 'Wood'", "or takes 10 of 'Board'")
    plan.flows += [taken, replace(taken, item="Board")]
    assert_caught(operation, plan, "takes 10 of 'Board' at 'Plant'", "which nothing implies")


def test_a_negative_stock_is_caught_with_who_took_it_and_when() -> None:
    plan = serial(shop())
    assert_caught(
        shop(stocks=()),
        plan,
        "Stock of 'Wood' at 'Plant' lacks 10 at 2026-11-23T06:00:00, when order 'P00001' step 'Saw'",
    )


def test_a_delivery_before_the_goods_are_there_is_caught() -> None:
    plan = serial(shop())
    plan.deliveries[0].date -= HOUR
    assert_caught(shop(), plan, "Stock of 'Chair' at 'Plant' lacks 5 at 2026-11-23T08:30:00, when demand 'SO-1' takes")
    assert_caught(
        shop(), plan, "Demand 'SO-1' uses 'Chair' at 'Plant' at 2026-11-23T08:30:00, before order 'P00001' is there"
    )


def test_unlimited_stock_needs_no_supply() -> None:
    plan = serial(shop())
    plan.pegs = [p for p in plan.pegs if p.item != "Wood"]
    assert_caught(shop(), plan, "Order 'P00001' uses 10 of 'Wood' at 'Plant', but 0 are pegged to it")
    policy = StockPolicy(item="Wood", place="Plant", supply="unlimited")
    assert_clean(shop(stocks=(), stock_policies=(policy,)), plan)


def test_an_expired_lot_is_not_used() -> None:
    stocks = (Stock(item="Wood", place="Plant", lot="A", quantity=10, expires=at(23, 6)),)
    assert_caught(
        shop(stocks=stocks), serial(shop(stocks=stocks)), "lacks 10 that has not expired at 2026-11-23T06:00:00"
    )
    assert_caught(
        shop(stocks=stocks), serial(shop(stocks=stocks)), "uses lot 'A' of 'Wood' at 'Plant'", "it expires at"
    )
    assert_clean(shop(stocks=(replace(stocks[0], expires=at(23, 7)),)), serial(shop(stocks=stocks)))


def test_what_is_made_expires_after_its_shelf_life() -> None:
    items = tuple(replace(i, shelf_life=HOUR) if i.name == "Wood" else i for i in shop().items)
    assert_caught(
        shop(items=items),
        serial(shop()),
        "Stock of 'Wood' at 'Plant' lacks 20 that has not expired at 2026-11-25T06:00:00",
    )
    keeps = tuple(replace(i, shelf_life=DAY) for i in shop().items)
    assert_clean(shop(items=keeps), serial(shop()))


def test_pegs_beyond_the_supply_or_beside_the_need_are_caught() -> None:
    plan = serial(shop())
    peg = next(p for p in plan.pegs if p.demand == "SO-1")
    peg.quantity = 6
    assert_caught(shop(), plan, "Order 'P00001' of 'Chair' at 'Plant' has 5, but 6 are pegged to it")
    assert_caught(shop(), plan, "Demand 'SO-1' uses 5 of 'Chair' at 'Plant', but 6 are pegged to it")
    peg.demand = "SO-9"
    assert_caught(shop(), plan, "Demand 'SO-9' does not use 'Chair' at 'Plant', but has pegs for it")
    peg.quantity, peg.demand, peg.supply = 5, "SO-1", ""
    assert_caught(shop(), plan, "Stock of 'Chair' at 'Plant' has 0, but 5 are pegged to it")
    peg.lot = "L"
    assert_caught(shop(), plan, "Lot 'L' of 'Chair' at 'Plant' has 0, but 5 are pegged to it")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quantity": 4}, "Demand 'SO-1' is delivered 5, more than the 4 wanted"),
        ({"quantity": 6, "whole": True}, "to be delivered whole and at once, but 5 of the 6 of it are delivered"),
        (
            {"quantity": 9, "minimum_delivery": 6},
            "is delivered 5 at 2026-11-23T09:30:00, less than its smallest delivery 6",
        ),
        ({"earliest": at(24)}, "is delivered at 2026-11-23T09:30:00, before its earliest moment 2026-11-24T00:00:00"),
        ({"due": at(23, 8), "maximum_lateness": HOUR}, "later than it is wanted at all (2026-11-23T09:00:00)"),
        ({"status": "closed"}, "Demand 'SO-1' is closed, but the plan delivers to it"),
        ({"name": "SO-7"}, "Demand 'SO-1' has deliveries in the plan, but does not exist"),
    ],
)
def test_a_delivery_the_demand_does_not_allow_is_caught(fields: dict[str, Any], words: str) -> None:
    first, second = shop().demands
    assert_caught(shop(demands=(replace(first, **fields), second)), serial(shop()), words)


def test_deliveries_before_now_are_caught() -> None:
    plan = serial(shop())
    plan.deliveries[0].date -= DAY
    assert_caught(shop(), plan, "Demand 'SO-1' is delivered at 2026-11-22T09:30:00, before now")


def existing(**fields: Any) -> Operation:
    made = Order(
        name="MO-1", process="Make chair", item="Chair", place="Plant", quantity=3, start=at(23, 6), end=at(23, 12)
    )
    saw = OrderTask(order="MO-1", step="Saw", resource="Saw", start=at(23, 6), end=at(23, 7), state="started")
    return shop(orders=(replace(made, **fields),), order_tasks=(saw,))


def test_existing_orders_are_kept_and_their_goods_used() -> None:
    plan = serial(existing())
    assert_clean(existing(), plan)
    assert next(p.supply for p in plan.pegs if p.demand == "SO-1") == "MO-1"
    assert_clean(existing(uses_inputs=False), serial(existing(uses_inputs=False)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quantity": 4}, "is firm with quantity 4, but 3 in the plan"),
        ({"end": at(23, 13)}, "is firm with end 2026-11-23T13:00:00, but 2026-11-23T12:00:00 in the plan"),
        ({"start": at(23, 5)}, "is firm with start 2026-11-23T05:00:00, but 2026-11-23T06:00:00 in the plan"),
        ({"state": "started"}, "is started, but firm in the plan"),
        ({"state": "cancelled"}, "is firm in the plan, but no firm or started order has this name"),
        ({"place": "Store"}, "is for 'Chair' at 'Store', but for another item in the plan"),
        ({"name": "MO-2"}, "Order 'MO-2' is firm, but is missing from the plan"),
        (
            {"uses_inputs": False},
            "takes 6 of 'Wood' at 'Plant' in step 'Saw' at 2026-11-23T06:00:00 in the plan, which nothing implies",
        ),
    ],
)
def test_an_altered_existing_order_is_caught(fields: dict[str, Any], words: str) -> None:
    operation = existing(**{k: v for k, v in fields.items() if k != "name"})
    if fields.get("name"):
        operation = shop(
            orders=(replace(operation.orders[0], **fields),)
        )  # without the task, whose order it would not be
    assert_caught(operation, serial(existing()), words)


def test_altered_existing_tasks_are_caught() -> None:
    def spoiled(**fields: Any) -> Plan:
        plan = serial(existing())
        for name, value in fields.items():
            setattr(plan.tasks[0], name, value)
        return plan

    at_seven = serial(existing()).tasks[0].start + HOUR
    assert_caught(
        existing(), spoiled(start=at_seven), "Order 'MO-1', step 'Saw': is started with start 2026-11-23T06:00"
    )
    assert_caught(existing(), spoiled(resources=(("Ann", 1.0),)), "is started on Saw, but on Ann in the plan")
    assert_caught(
        existing(), spoiled(step="Paint"), "Order 'MO-1', step 'Saw': is started, but has no task in the plan"
    )
    assert_caught(existing(), spoiled(step="Paint"), "step 'Paint': has a task in the plan, but none in the firm order")


def test_stock_that_existing_orders_overdraw_is_a_problem_and_no_violation() -> None:
    operation = shop(orders=existing().orders, order_tasks=existing().order_tasks, stocks=())
    assert_clean(operation, serial(operation))
    (problem,) = inherited_problems(operation)
    assert (problem.kind, problem.subject, problem.quantity) == ("negative_stock", "Wood", 6)
    assert "lacks 6 from 2026-11-23T06:00:00, for existing orders alone (order 'MO-1' takes it)" in problem.message
    assert inherited_problems(existing()) == []
    unlimited = StockPolicy(item="Wood", place="Plant", supply="unlimited")
    freed = shop(orders=operation.orders, order_tasks=operation.order_tasks, stocks=(), stock_policies=(unlimited,))
    assert inherited_problems(freed) == []


def test_service_is_measured_by_share_and_days() -> None:
    """Worked example: 3 of 10 delivered 2 days late, 2 of 10 never, with 30 days to the horizon's end, priority 4."""
    demand = Demand(name="SO-1", item="Chair", place="Plant", quantity=10, due=at(23, 6), priority=4)
    operation = shop(demands=(demand,), settings=replace(shop().settings, horizon=30 * DAY))
    plan = Plan("Shop", 0)
    plan.deliveries = serial(shop()).deliveries[:1] * 2
    start = serial(shop()).now
    plan.deliveries = [
        replace(plan.deliveries[0], quantity=5, date=start),
        replace(plan.deliveries[0], quantity=3, date=start + 2 * DAY),
    ]
    found = measure(operation, plan)
    assert found.tardiness == pytest.approx(0.3 * 2 + 0.2 * 30)
    assert found.weighted_tardiness == pytest.approx((0.3 * 2 + 0.2 * 30) / 4)
    assert (found.on_time, found.late, found.short, found.short_quantity) == (0, 0, 1, 2)
    limited = replace(operation, demands=(replace(demand, maximum_lateness=3 * DAY, weight=2),))
    assert measure(limited, plan).weighted_tardiness == pytest.approx((0.3 * 2 + 0.2 * 3) * 2)


@pytest.mark.parametrize("figure", ["on_time", "late", "short", "weighted_tardiness"])
def test_a_figure_that_does_not_follow_from_the_deliveries_is_caught(figure: str) -> None:
    plan = serial(shop())
    setattr(plan.objective, figure, 7)
    assert_caught(shop(), plan, f"The plan claims {figure} 7; from its deliveries it is")


def test_nonsense_is_reported_and_never_crashes() -> None:
    plan = serial(shop())
    for i, t in enumerate(plan.tasks):
        t.resources, t.start, t.end = (("Nobody", -1.0),), -(10**15) * i, 10**15
    for f in plan.flows:
        f.item, f.quantity, f.at = "Nothing", float("nan"), -(10**14)
    for p in plan.pegs:
        p.supply, p.quantity = "Nowhere", -1
    for o in plan.orders[:2]:
        o.option, o.process, o.quantity = "None", "None", float("inf")
    order(plan, "Wood").quantity = -3
    plan.deliveries[0].quantity = -1
    found = check(shop(), plan)
    assert any("is on resource 'Nobody', which does not exist" in v for v in found)
    assert any("has a delivery of -1; it must be more than 0" in v for v in found)
