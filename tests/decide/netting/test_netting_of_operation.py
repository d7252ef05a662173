"""The netting problem of an operation: who is made from what, by which option, from which stock and open orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gemba.decide.netting import SCALE, Netting, from_operation, solve
from gemba.operation import (
    Demand,
    Item,
    Operation,
    Order,
    Place,
    Process,
    Settings,
    Step,
    StepItem,
    Stock,
    StockPolicy,
    SupplyOption,
)  # fmt: skip

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAY = 86400.0


def chairs(**extra: Any) -> Operation:
    """A chair of four legs; legs are bought in 5 days, at least 50, in tens; made in a day in the plant."""
    tables: dict[str, Any] = {
        "settings": [Settings(name="Chairs", now=NOW)],
        "places": [Place(name="Plant"), Place(name="Shop")],
        "items": [Item(name="Chair"), Item(name="Leg"), Item(name="Glue")],
        "processes": [Process(name="Make chair", item="Chair", place="Plant")],
        "steps": [Step(process="Make chair", name="Assemble", time=DAY)],
        "step_items": [StepItem(process="Make chair", step="Assemble", item="Leg", quantity=4)],
        "supply_options": [
            SupplyOption(name="Make", item="Chair", place="Plant", kind="make", process="Make chair"),
            SupplyOption(name="Buy leg", item="Leg", place="Plant", kind="buy", lead_time=5 * DAY, minimum=50,
                         multiple=10),
        ],
        "demands": [Demand(name="D1", item="Chair", place="Plant", quantity=20, due=NOW + timedelta(days=10))],
    }  # fmt: skip
    for name, rows in extra.items():
        tables[name] = [*tables.get(name, []), *rows]
    return Operation.of(tables)


def plan(netting: Netting, item: str, place: str = "Plant") -> list[tuple[int, int, float]]:
    """(start, due, quantity) of the item's planned orders, in buckets and units."""
    orders = solve(netting.problem).orders()
    i = netting.keys.index((item, place))
    rows = zip(orders.item, orders.start, orders.due, orders.quantity / SCALE, strict=True)
    return [(int(s), int(d), float(q)) for n, s, d, q in rows if n == i]


def test_a_demand_becomes_an_order_and_the_orders_of_its_components() -> None:
    netting = from_operation(chairs())
    assert plan(netting, "Chair") == [(9, 10, 20)]
    assert plan(netting, "Leg") == [(4, 9, 80)]
    assert netting.moment(9) == int(datetime(2026, 3, 11, tzinfo=UTC).timestamp())


def test_stock_and_open_orders_come_first_and_open_orders_take_their_inputs() -> None:
    order = Order(name="MO-1", process="Make chair", item="Chair", place="Plant", quantity=5,
                  start=NOW, end=NOW + timedelta(days=1))  # fmt: skip
    stock = Stock(item="Leg", place="Plant", quantity=25)
    netting = from_operation(chairs(orders=[order], stocks=[stock]))
    assert plan(netting, "Chair") == [(9, 10, 15)]
    assert plan(netting, "Leg") == [(4, 9, 60)]  # 5 legs of 25 are left


def test_orders_done_or_cancelled_and_demands_closed_do_not_count() -> None:
    orders = [Order(name=s, process="Make chair", item="Chair", place="Plant", quantity=5, end=NOW, state=s)
              for s in ("done", "cancelled", "proposed")]  # fmt: skip
    closed = Demand(name="D2", item="Chair", place="Plant", quantity=99, due=NOW, status="closed")
    assert plan(from_operation(chairs(orders=orders, demands=[closed])), "Chair") == [(9, 10, 20)]


def test_an_expired_lot_is_no_stock() -> None:
    stock = Stock(item="Chair", place="Plant", quantity=20, expires=NOW)
    assert plan(from_operation(chairs(stocks=[stock])), "Chair") == [(9, 10, 20)]


def test_a_move_is_needed_from_its_origin() -> None:
    move = SupplyOption(name="Move", item="Chair", place="Shop", kind="move", origin="Plant", lead_time=2 * DAY)
    demand = Demand(name="D2", item="Chair", place="Shop", quantity=7, due=NOW + timedelta(days=10))
    netting = from_operation(chairs(supply_options=[move], demands=[demand]))
    assert plan(netting, "Chair", "Shop") == [(8, 10, 7)]
    assert plan(netting, "Chair") == [(7, 8, 7), (9, 10, 20)]


def test_the_option_of_the_lowest_number_is_used_but_never_number_0_or_an_expired_one() -> None:
    options = [
        SupplyOption(name="A", item="Glue", place="Plant", kind="buy", minimum=7, priority=0),
        SupplyOption(name="B", item="Glue", place="Plant", kind="buy", minimum=8, end=NOW),
        SupplyOption(name="C", item="Glue", place="Plant", kind="buy", minimum=9, priority=2),
    ]
    demand = Demand(name="D2", item="Glue", place="Plant", quantity=1, due=NOW)
    assert plan(from_operation(chairs(supply_options=options, demands=[demand])), "Glue") == [(0, 0, 9)]
    assert plan(from_operation(chairs(supply_options=options[:2], demands=[demand])), "Glue") == []


def test_of_alternative_inputs_the_preferred_one_is_needed() -> None:
    inputs = [StepItem(process="Make chair", step="Assemble", item=i, quantity=1, alternative="fix", priority=p)
              for i, p in (("Glue", 2), ("Leg", 1))]  # fmt: skip
    operation = chairs(items=[Item(name="Screw")])
    tables = {**operation.tables(), "step_items": inputs}
    netting = from_operation(Operation.of(tables))
    assert plan(netting, "Leg") == [(4, 9, 50)]
    assert ("Glue", "Plant") not in netting.keys


def test_a_yield_of_several_units_needs_fewer_orders_of_inputs() -> None:
    out = StepItem(process="Make chair", step="Assemble", item="Chair", quantity=2, direction="out")
    assert plan(from_operation(chairs(step_items=[out])), "Leg") == [(4, 9, 50)]  # 40 needed


def test_policies_give_safety_stock_periods_and_unlimited_supply() -> None:
    policy = StockPolicy(item="Leg", place="Plant", supply="unlimited")
    assert plan(from_operation(chairs(stock_policies=[policy])), "Leg") == []
    policy = StockPolicy(item="Chair", place="Plant", safety_stock=3, period=30 * DAY)
    assert plan(from_operation(chairs(stock_policies=[policy])), "Chair") == [(-1, 0, 23)]


def test_a_known_lead_time_replaces_the_one_of_the_steps() -> None:
    netting = from_operation(chairs(), lead_times={("Chair", "Plant"): 3 * DAY})
    assert plan(netting, "Chair") == [(7, 10, 20)]
