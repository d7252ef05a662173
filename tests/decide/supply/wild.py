"""Random small operations that use every field of the model, for property tests of the planner."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from gemba.operation import (
    Demand,
    Item,
    Operation,
    Order,
    OrderTask,
    Settings,
    Stock,
    StockPolicy,
    Supplier,
    SupplyOption,
)
from tests.decide.supply.wild_processes import PLACES, period, process
from tests.decide.supply.wild_resources import DAY, HOUR, NOWS, Pick, at, calendars, hours, resources

ITEMS = ("I0", "I1", "I2", "I3")


@st.composite
def operations(draw: Any) -> Operation:
    """A valid operation, of which much may be impossible."""

    def pick(*choices: Any) -> Any:
        return choices[draw(st.integers(0, len(choices) - 1))]

    now = pick(*NOWS)
    tables: dict[str, Any] = {**calendars(now, pick), **resources(now, pick)}
    tables["settings"] = Settings(
        name="Wild", now=now, zone=pick("", "Europe/Berlin"), horizon=pick(30, 8, 90) * DAY,
        frozen=pick(0, 0, 4 * HOUR), safety_time=pick(0, 0, 4 * HOUR),
    )  # fmt: skip
    tables["items"] = tuple(
        Item(name=name, kind=pick("product", "product", "service"), unit=pick("pc", "kg"),
             shelf_life=pick(None, None, None, DAY, 6 * HOUR))
        for name in (*ITEMS, "Waste")
    )  # fmt: skip
    made = pick(1, 2, 3, 0)
    for name, rows in _processes(now, pick, made).items():
        tables[name] = tuple(rows)
    tables["suppliers"] = (Supplier(name="Shop", calendar=hours(pick)),)
    tables["supply_options"] = tuple(_options(now, pick, made))
    tables["stocks"] = tuple(_stocks(now, pick))
    tables["stock_policies"] = tuple(_policies(pick))
    tables["demands"] = tuple(_demand(now, pick, i) for i in range(pick(1, 2, 3, 5)))
    tables["orders"], tables["order_tasks"] = _orders(now, pick, tables)
    return Operation(**tables)


def _processes(now: datetime, pick: Pick, made: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for level in range(made):
        for variant in range(pick(1, 1, 2)):
            rows = process(now, pick, f"M{level}{variant}", ITEMS[level], list(ITEMS[level + 1 :]))
            for name, own in rows.items():
                found.setdefault(name, []).extend(own)
    return found


def _options(now: datetime, pick: Pick, made: int) -> list[SupplyOption]:
    found = []
    for level, item in enumerate(ITEMS):
        kinds = pick((), ("make",), ("make", "buy")) if level < made else pick(("buy",), (), ("buy", "buy"))
        for i, kind in enumerate([*kinds, *pick((), (), ("move",), ("move", "move"))]):
            lots = _lots(pick)
            found.append(
                SupplyOption(
                    name=f"{kind} {item} {i}",
                    item=item,
                    kind=kind,
                    process=f"M{level}0" if kind == "make" else "",
                    supplier="Shop" if kind == "buy" else "",
                    lead_time=pick(0, 2 * HOUR, DAY, 3 * DAY) if kind != "make" else 0,
                    priority=pick(1, 1, 2, 0),
                    share=pick(0, 0, 0, 60, 40),
                    fence=pick(0, 0, DAY),
                    batch_window=pick(0, 0, DAY),
                    cost=pick(0, 2),
                    order_cost=pick(0, 9),
                    resource=pick("", "", "", "Truck", "Press") if kind != "make" else "",
                    resource_quantity=pick(0.1, 1),
                    **_ends(pick, kind),
                    **lots,
                    **period(now, pick),
                )
            )
    return found


def _ends(pick: Pick, kind: str) -> dict[str, str]:
    place = pick("", *PLACES, "Store")
    if kind != "move":
        return {"place": place}
    return {"place": place, "origin": pick(*(p for p in ("", "Plant", "Store") if p != place))}


def _lots(pick: Pick) -> dict[str, Any]:
    minimum, multiple = pick(0, 0, 5), pick(0, 0, 1, 4)
    return {"minimum": minimum, "multiple": multiple, "maximum": pick(None, None, minimum + 3)}


def _stocks(now: datetime, pick: Pick) -> list[Stock]:
    return [
        Stock(item=item, place=place, lot=lot, quantity=pick(0, 2, 30),
              expires=at(now, pick, 20, 100, -3) if pick(False, False, True) else None)
        for item in ITEMS
        for place in pick(("",), (), ("Plant", "Store"))
        for lot in pick(("",), ("a", "b"))
    ]  # fmt: skip


def _policies(pick: Pick) -> list[StockPolicy]:
    return [
        StockPolicy(
            item=item,
            place=place,
            safety_stock=pick(0, 3),
            safety_calendar=pick("", "", "Level"),
            maximum=pick(None, 10),
            period=pick(0, DAY),
            supply=pick("planned", "planned", "planned", "unlimited"),
        )
        for item in ITEMS
        for place in pick((), ("",), ("Plant",))
    ]


def _demand(now: datetime, pick: Pick, i: int) -> Demand:
    return Demand(
        name=f"D{i}",
        item=pick(*ITEMS, "I0", "Waste"),
        place=pick("", *PLACES, "Store"),
        quantity=pick(1, 3, 10, 12.5, 0.5),
        due=at(now, pick, 48, 8, 30, 100, -5),
        priority=pick(1, 2, 3),
        weight=pick(None, None, 0, 2.5),
        earliest=pick(None, None, at(now, pick, 60)),
        whole=pick(False, True),
        minimum_delivery=pick(0, 0, 2),
        maximum_lateness=pick(None, None, DAY, 0),
        status=pick("open", "open", "open", "closed"),
    )


def _orders(now: datetime, pick: Pick, tables: dict[str, Any]) -> tuple[tuple[Order, ...], tuple[OrderTask, ...]]:
    orders, tasks = [], []
    for i in range(pick(0, 0, 1, 2)):
        start = at(now, pick, 5, -3, 30)
        end = start + timedelta(hours=pick(2, 0, 30))
        source = pick("option", "process", "item")
        own = _source(pick, tables, source)
        order = Order(
            name=f"E{i}",
            **own,
            quantity=pick(1, 5),
            start=pick(start, start, None),
            end=end,
            state=pick("firm", "started", "done", "proposed", "cancelled"),
            demand=pick("", "", "D0"),
            uses_inputs=pick(True, False),
            uses_capacity=pick(True, False),
        )
        orders.append(order)
        if order.process and pick(True, False):
            tasks += _tasks(pick, order, start, end, tables)
    return tuple(orders), tuple(tasks)


def _source(pick: Pick, tables: dict[str, Any], source: str) -> dict[str, str]:
    options, processes = tables["supply_options"], tables.get("processes", ())
    if source == "option" and options:
        o = pick(*options)
        return {"option": o.name, "item": o.item, "place": o.place, "process": o.process}
    if source == "process" and processes:
        p = pick(*processes)
        return {"process": p.name, "item": p.item, "place": p.place}
    return {"item": pick(*ITEMS), "place": pick("", "Plant")}


def _tasks(pick: Pick, order: Order, start: datetime, end: datetime, tables: dict[str, Any]) -> list[OrderTask]:
    found = []
    for step in tables["steps"]:
        if step.process == order.process and pick(True, False):
            names = [r.resource for r in tables["step_resources"] if (r.process, r.step) == (step.process, step.name)]
            resource = pick(names[0] if names else "", "", "Ann, Press", "Paint")
            state = pick("firm", "started", "done")
            found.append(
                OrderTask(order=order.name, step=step.name, resource=resource, start=start, end=end, state=state)
            )
    return found
