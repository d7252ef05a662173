"""Plain supply: recognised, planned by the compiled engine, and as rich and as clean as any other plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from gemba.decide.check import check
from gemba.decide.cycle import plan
from gemba.decide.supply.plain import plan_plain
from gemba.decide.supply.plain import purchase as purchases
from gemba.decide.supply.plain.explode import explode
from gemba.decide.supply.plain.recognise import Odd, recognise
from gemba.operation import (
    Calendar,
    CalendarRule,
    Demand,
    Item,
    Operation,
    Order,
    Plan,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    Stock,
    Supplier,
    SupplyOption,
)

NOW = datetime(2026, 1, 5)
DAY = 86400.0


def works(count: int = 420, **tables: Any) -> Operation:
    """Tables of a top and four legs; legs are cut and turned from rod, which is bought."""
    due = [NOW + timedelta(days=4 + i * 60 / count, hours=i % 7) for i in range(count)]
    rows: dict[str, Any] = {
        "settings": Settings(name="Works", now=NOW),
        "calendars": (Calendar(name="Day", value=0),),
        "calendar_rules": (CalendarRule(calendar="Day", rule=1, days="Mon-Sat"),),
        "suppliers": (Supplier(name="Mill", calendar="Day"),),
        "resources": (Resource(name="Bench", calendar="Day"), Resource(name="Saw", efficiency=2.0), Resource(name="Lathe")),
        "items": (Item(name="Table"), Item(name="Leg"), Item(name="Rod"), Item(name="Top")),
        "processes": (Process(name="Build", item="Table"), Process(name="Turn", item="Leg")),
        "steps": (
            Step(process="Build", name="Glue", setup_time=600, time_per_unit=2400),
            Step(process="Turn", name="Cut", sequence=1, time=300, time_per_unit=500),
            Step(process="Turn", name="Turn", sequence=2, time_per_unit=330),
        ),
        "step_resources": (
            StepResource(process="Build", step="Glue", resource="Bench"),
            StepResource(process="Turn", step="Cut", resource="Saw"),
            StepResource(process="Turn", step="Turn", resource="Lathe", speed=1.5),
        ),
        "step_items": (
            StepItem(process="Build", step="Glue", item="Leg", quantity=4),
            StepItem(process="Build", step="Glue", item="Top", quantity=1),
            StepItem(process="Turn", step="Cut", item="Rod", quantity=0.5),
        ),
        "supply_options": (
            SupplyOption(name="Build it", item="Table", kind="make", process="Build", cost=2.0),
            SupplyOption(name="Buy rod", item="Rod", kind="buy", lead_time=3 * DAY, multiple=20, order_cost=5.0),
            SupplyOption(name="Buy top", item="Top", kind="buy", supplier="Mill", lead_time=2 * DAY, minimum=6),
        ),
        "stocks": (
            Stock(item="Rod", quantity=30, lot="A"), Stock(item="Rod", quantity=15, lot="B"), Stock(item="Top", quantity=9),
        ),
        "demands": tuple(
            Demand(name=f"SO-{i}", item="Table", quantity=1 + i % 5, due=at, priority=1 + i % 3, whole=i % 2 == 0)
            for i, at in enumerate(due)
        ),
    }  # fmt: skip
    return Operation(**{**rows, **tables})


@pytest.fixture(scope="module")
def planned() -> tuple[Operation, Plan]:
    operation = works()
    found = plan_plain(operation, steps=3)
    assert found is not None
    return operation, found


def test_the_plan_is_clean(planned: tuple[Operation, Plan]) -> None:
    assert check(*planned) == []


def test_every_demand_is_delivered_whole(planned: tuple[Operation, Plan]) -> None:
    operation, found = planned
    assert {d.demand: d.quantity for d in found.deliveries} == {d.name: d.quantity for d in operation.demands}
    assert found.objective.on_time + found.objective.late == len(operation.demands)


def test_orders_are_numbered_by_their_start_and_say_by_what_they_are_made(planned: tuple[Operation, Plan]) -> None:
    orders = planned[1].orders
    assert [o.start for o in orders] == sorted(o.start for o in orders)
    assert {(o.item, o.kind, o.option, o.process, o.supplier) for o in orders} == {
        ("Table", "make", "Build it", "Build", ""),
        ("Leg", "make", "", "Turn", ""),
        ("Rod", "buy", "Buy rod", "", ""),
        ("Top", "buy", "Buy top", "", "Mill"),
    }
    assert next(o.id for o in orders if o.kind == "make") == "MO-0001"


def test_stock_is_used_first_and_lot_by_lot(planned: tuple[Operation, Plan]) -> None:
    used: dict[tuple[str, str], float] = {}
    for p in planned[1].pegs:
        if not p.supply:
            used[p.item, p.lot] = used.get((p.item, p.lot), 0.0) + p.quantity
    assert used == pytest.approx({("Rod", "A"): 30, ("Rod", "B"): 15, ("Top", ""): 9})


def test_purchases_keep_their_lots(planned: tuple[Operation, Plan]) -> None:
    bought = [o for o in planned[1].orders if o.kind == "buy"]
    assert all(o.quantity % 20 == 0 for o in bought if o.item == "Rod")
    assert all(o.quantity >= 6 for o in bought if o.item == "Top")


def test_the_figures_are_those_of_the_plan(planned: tuple[Operation, Plan]) -> None:
    operation, found = planned
    o = found.objective
    tables = sum(d.quantity for d in operation.demands)
    assert o.cost == pytest.approx(2.0 * tables + 5.0 * sum(p.item == "Rod" for p in found.orders))
    assert 0 <= o.bound <= o.value == o.weighted_tardiness
    assert len(found.problems) == o.late
    assert o.stock > 0


def test_the_cycle_uses_it_where_there_are_many_demands() -> None:
    operation = works()
    found, same = plan(operation, seconds=None, steps=2), plan_plain(operation, steps=2)
    assert same is not None
    assert (found.orders, found.pegs, found.violations) == (same.orders, same.pegs, [])
    assert plan_plain(works(count=20)) is None


def test_work_starts_no_sooner_than_a_demand_allows() -> None:
    operation = works()
    late = operation.demands[0].due - timedelta(days=1)
    first = replace(operation.demands[0], earliest=late)
    operation = replace(operation, demands=(first, *operation.demands[1:]))
    found = plan_plain(operation, steps=1)
    assert found is not None
    assert check(operation, found) == []


@pytest.mark.parametrize(
    "tables",
    [
        {"orders": (Order(name="MO-9", item="Leg", process="Turn", quantity=4, end=NOW),)},
        {"stocks": (Stock(item="Leg", quantity=3),)},
        {"items": (Item(name="Table"), Item(name="Leg", shelf_life=DAY), Item(name="Rod"), Item(name="Top"))},
        {"resources": (Resource(name="Bench"), Resource(name="Saw", capacity=2), Resource(name="Lathe"))},
        {"resources": (Resource(name="Bench"), Resource(name="Saw", bucket="day"), Resource(name="Lathe"))},
        {"demands": (Demand(name="SO", item="Table", quantity=1, due=NOW, maximum_lateness=DAY),)},
        {"supply_options": (SupplyOption(name="Buy rod", item="Rod", kind="buy"),)},
    ],
)
def test_what_is_out_of_the_common_is_left_to_others(tables: dict[str, Any]) -> None:
    assert recognise(works(**tables)) is None


def test_work_that_goes_back_and_forth_is_left_to_others() -> None:
    operation = works()
    rows = tuple(replace(r, resource="Bench") if r.step == "Cut" else r for r in operation.step_resources)
    plain = recognise(
        replace(operation, step_resources=rows, resources=(Resource(name="Bench"), *operation.resources[1:]))
    )
    assert plain is not None
    with pytest.raises(Odd, match="back and forth"):
        explode(plain)


def test_needs_are_served_first_come_first_served_from_stock_then_from_purchases() -> None:
    plain = recognise(works())
    assert plain is not None
    needs = purchases.Needs(np.array([0, 0, 0]), np.array([300, 100, 200]) + 9 * 86400, np.array([10.0, 40.0, 30.0]))
    plain.hours.now = 0
    found = purchases.buy(plain, [("Rod", "")], [Stock(item="Rod", quantity=45)], needs)
    assert found.quantity.tolist() == [40.0]
    assert (found.end - 9 * 86400).tolist() == [200]
    pegs = zip(found.need.tolist(), found.supply.tolist(), found.taken.tolist(), strict=True)
    assert {(n, s): q for n, s, q in pegs} == pytest.approx({(0, 1): 10.0, (1, 0): 40.0, (2, 0): 5.0, (2, 1): 25.0})
