"""Costs and profit from the store: the database's sums are those of the single orders, and every grouping adds up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.app.actions import RefusedError, import_operation
from gemba.app.actions.costs import roll_up_costs
from gemba.app.queries import costs
from gemba.app.queries.profit import Books
from gemba.app.store.clock import set_now
from gemba.app.store.models import Audit, OrderState, PlaceScope
from gemba.app.store.records import append
from gemba.measure.cost import GROUPS, LINES
from gemba.operation import (
    Customer,
    Delivered,
    Event,
    Item,
    Measurement,
    Meter,
    Movement,
    Operation,
    Overhead,
    Place,
    Process,
    ReleasedOrder,
    ReleasedTask,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    SupplyOption,
    WasteStream,
)

NAME = "Tailor"
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def tailor() -> Operation:
    """Two shops under one roof that make jackets and trousers."""
    processes, steps, needs, rows, options, overheads = [], [], [], [], [], []
    for item, shop, cloth in (("Jacket", "East", 2), ("Trousers", "West", 1.3)):
        name = f"Sew {item}"
        processes.append(Process(name=name, item=item, place=shop))
        steps.append(
            Step(process=name, name="Sew", setup_time=1800, time_per_unit=700, yield_rate=0.97, cost=0.13, batch_size=2)
        )
        needs += [StepResource(process=name, step="Sew", resource=r) for r in (f"Sewer {shop}", f"Machine {shop}")]
        rows += [
            StepItem(process=name, step="Sew", item="Cloth", quantity=cloth),
            StepItem(process=name, step="Sew", item="Rag", quantity=0.1, direction="out"),
        ]
        options += [
            SupplyOption(
                name=f"Make {item}", item=item, place=shop, kind="make", process=name, minimum=12, order_cost=3
            ),
            SupplyOption(name=f"Cloth {shop}", item="Cloth", place=shop, kind="buy", cost=10.01),
        ]
        overheads += [
            Overhead(place=shop, basis="machine hours", rate=7.77, budget=100),
            Overhead(place=shop, basis="material value", rate=0.031),
        ]
    return Operation(
        settings=Settings(name=NAME, now=END, zone="Europe/Berlin"),
        places=(Place(name="Works"), Place(name="East", parent="Works"), Place(name="West", parent="Works")),
        resources=tuple(
            Resource(name=f"{kind} {shop}", kind=of, place=shop, cost_per_hour=rate)
            for shop in ("East", "West")
            for kind, of, rate in (
                ("Sewer", "person", 21.37),
                ("Helper", "person", 15.5),
                ("Machine", "equipment", 4.44),
            )
        ),
        items=(
            Item(name="Jacket", family="Upper", price=99),
            Item(name="Trousers", family="Lower", price=59),
            Item(name="Cloth", cost=9),
            Item(name="Rag", cost=0.2),
            Item(name="Dust", kind="waste"),
        ),
        processes=tuple(processes),
        steps=tuple(steps),
        step_resources=tuple(needs),
        step_items=tuple(rows),
        supply_options=tuple(options),
        overheads=(*overheads, Overhead(basis="labour cost", rate=0.1)),
        customers=(Customer(name="Ann Shop"), Customer(name="Bob Shop")),
        waste_streams=(WasteStream(name="Dust", cost=0.35),),
        meters=(Meter(name="Power", place="East", unit="kWh", media="electricity", cost=0.29),),
    )


class Books3:
    """Three months of random records."""

    def __init__(self) -> None:
        self.random, self.number = random.Random(7), 0
        self.movements: list[Movement] = []
        self.events: list[Event] = []
        self.orders: list[ReleasedOrder] = []
        self.tasks: list[ReleasedTask] = []
        self.states: list[OrderState] = []
        self.deliveries: list[Delivered] = []

    def uid(self) -> str:
        self.number += 1
        return f"u{self.number}"

    def at(self) -> datetime:
        return START + timedelta(seconds=self.random.randrange(int((END - START).total_seconds())))

    def amount(self, low: float = 1, high: float = 40) -> Decimal:
        return Decimal(str(round(self.random.uniform(low, high), 3)))

    def move(self, source: tuple[str, str], target: tuple[str, str], item: str, cause: str, **more: Any) -> Movement:
        value = Decimal(str(round(self.random.uniform(1, 500), 2)))
        made = Movement(
            uid=self.uid(),
            at=self.at(),
            item=item,
            quantity=self.amount(),
            value=value,
            cause=cause,
            from_kind=source[0],
            from_name=source[1],
            to_kind=target[0],
            to_name=target[1],
            **more,
        )
        self.movements.append(made)
        return made

    def reverse(self, m: Movement) -> None:
        self.movements.append(
            Movement(
                uid=self.uid(),
                at=self.at(),
                item=m.item,
                quantity=m.quantity,
                value=m.value,
                cause="correction",
                from_kind=m.to_kind,
                from_name=m.to_name,
                to_kind=m.from_kind,
                to_name=m.from_name,
                order=m.order,
                step=m.step,
                corrects=m.uid,
            )
        )

    def order(self, n: int) -> None:
        item, shop = self.random.choice([("Jacket", "East"), ("Trousers", "West")])
        name, at = f"MO-{n}", self.at()
        kind = self.random.choice(["make", "make", "make", "service", "maintenance"])
        customer = self.random.choice(["", "Ann Shop", "Bob Shop"])
        self.orders.append(
            ReleasedOrder(
                uid=self.uid(),
                at=at,
                order=name,
                kind=kind,
                item=item,
                place=shop,
                process=f"Sew {item}",
                option=self.random.choice(["", f"Make {item}"]),
                customer=customer,
                quantity=self.amount(),
            )
        )
        planned = self.random.choice(["", f"Machine {shop}, Helper {shop}"])
        self.tasks.append(ReleasedTask(uid=self.uid(), at=at, order=name, step="Sew", resource=planned))
        good = Decimal(0)
        for _ in range(self.random.randrange(4)):
            event = Event(
                uid=self.uid(),
                at=at,
                kind=self.random.choice(["set_up", "finished", "paused", "resumed", "worked"]),
                order=name,
                step="Sew",
                resource=self.random.choice(["", f"Machine {shop}"]),
                good=self.amount(0, 9),
                person=self.random.choice(["", f"Sewer {shop}", f"Helper {shop}", "account"]),
                scrap=self.amount(0, 1),
                seconds=self.random.uniform(0, 20000),
            )
            good += event.good
            self.events.append(event)
        wip, store, more = ("wip", name), ("store", shop), {"order": name, "step": "Sew"}
        for source, target, of, cause in (
            (store, wip, "Cloth", "issue"),
            (wip, store, "Cloth", "return"),
            (wip, store, "Rag", "by-product"),
            (wip, ("scrap", "Torn"), item, "scrap"),
            (wip, ("waste", "Dust"), "Dust", "waste"),
            (wip, store, item, "production"),
            (wip, store, item, "production"),
            (wip, ("wip", "MO-1"), item, "rework"),
        ):
            if self.random.random() < 0.6 and (cause != "rework" or n > 1):
                booked = {**more, "order": "MO-1"} if cause == "rework" else more
                made = self.move(source, target, of, cause, **booked)
                if self.random.random() < 0.2:
                    self.reverse(made)
        state = self.random.choice(["done", "closed", "cancelled", "started"])
        self.states.append(
            OrderState(
                operation=NAME, order=name, state=state, since=at, end=at if state != "cancelled" else None, good=good
            )
        )

    def rest(self) -> None:
        for shop in ("East", "West"):
            for _ in range(6):
                self.move(("supplier", "Mill"), ("store", shop), "Cloth", "receipt", paid=self.amount(1, 500))
                self.reverse(self.move(("supplier", "Mill"), ("store", shop), "Cloth", "receipt"))
                self.move(("store", shop), ("scrap", "Wet"), "Cloth", "scrap")
                self.move(("store", shop), ("waste", "Dust"), "Dust", "waste")
                self.move(("adjustment", "count"), ("store", shop), "Cloth", "count")
                self.move(("store", shop), ("adjustment", "count"), "Cloth", "count")
            self.move(("adjustment", "opening"), ("store", shop), "Cloth", "opening")
        for n in range(60):
            item, shop = self.random.choice([("Jacket", "East"), ("Trousers", "West")])
            self.deliveries.append(
                Delivered(
                    uid=f"d{n}",
                    at=self.at(),
                    demand=f"SO-{n}",
                    item=item,
                    place=shop,
                    ordered=Decimal(9),
                    customer=self.random.choice(["", "Ann Shop", "Bob Shop"]),
                    quantity=self.amount(),
                    price=self.amount(),
                    value=self.amount(10, 900),
                    corrects=f"d{n - 1}" if n % 10 == 9 else "",
                )
            )


@pytest.fixture
def books(planner: Any) -> Books3:
    import_operation(planner, tailor(), "by hand")
    set_now(NAME, END)
    made = Books3()
    for n in range(1, 41):
        made.order(n)
    made.rest()
    readings = [
        Measurement(
            uid=f"k{n}",
            at=START + timedelta(days=9 * n),
            meter="Power",
            value=100 + 31.5 * n,
            order=f"MO-{n}" if n % 3 == 0 else "",
        )
        for n in range(10)
    ]
    with transaction.atomic():
        for records in (made.orders, made.tasks, made.events, made.movements, made.deliveries, readings):
            append(NAME, records)
        OrderState.objects.bulk_create(made.states)
    roll_up_costs(planner, NAME, "first", at=datetime(2026, 2, 10, tzinfo=UTC))
    return made


@pytest.mark.django_db
def test_the_databases_sums_are_the_sum_of_the_single_orders(books: Books3) -> None:
    here = Books(NAME)
    found = costs.order_costs(NAME, costs.done_orders(NAME, START, END), here)
    assert len(found) > 20
    single = sum((cost.closing for _, cost in found), Fraction(0))
    lines = ("production variances", "maintenance")
    cells = [c for c in here.cells(START, datetime(2026, 3, 31, tzinfo=UTC)) if c.line in lines]
    posted = [p for p in here.postings(START, datetime(2026, 3, 31, tzinfo=UTC)) if p.line in lines]
    assert -sum((p.amount for p in posted), Fraction(0)) == single
    assert abs(sum((c.amount for c in cells), Decimal(0)) + Decimal(float(single))) < Decimal("0.06")  # six lines
    by_customer: dict[str, Fraction] = {}
    for _, cost in found:
        by_customer[cost.order.customer] = by_customer.get(cost.order.customer, Fraction(0)) - cost.closing
    for name, amount in by_customer.items():
        assert sum((p.amount for p in posted if p.customer == name), Fraction(0)) == amount


@pytest.mark.django_db
@pytest.mark.parametrize("by", GROUPS)
def test_every_grouping_has_the_same_result_to_the_cent(books: Books3, by: str) -> None:
    whole, cells = costs.profit(NAME, START, datetime(2026, 3, 31, tzinfo=UTC), "month")
    found, _ = costs.profit(NAME, START, datetime(2026, 3, 31, tzinfo=UTC), by)
    for row in found.rows:
        assert row.total == whole.total(row.line)
    assert whole.total("result") == sum(c.amount for c in cells)
    assert {r.line for r in whole.rows if r.total} > {*LINES, "contribution", "gross profit"} - {"maintenance"}


@pytest.mark.django_db
def test_revenue_is_what_was_delivered_less_what_was_taken_back(books: Books3) -> None:
    whole, _ = costs.profit(NAME, START, datetime(2026, 3, 31, tzinfo=UTC))
    expected = sum(
        d.quantity * d.price * (-1 if d.corrects else 1)
        for d in books.deliveries
        if d.at < datetime(2026, 3, 31, 22, tzinfo=UTC)
    )
    assert abs(whole.total("revenue") - expected) < Decimal("0.02")  # three months, each rounded once
    goods = sum(d.value * (-1 if d.corrects else 1) for d in books.deliveries)
    lines = ("variable cost of goods sold", "overhead of goods sold")
    assert abs(sum(whole.total(line) for line in lines) + goods) < Decimal("0.04")


@pytest.mark.django_db
def test_filters_show_parts_of_the_same_cents(books: Books3) -> None:
    low, high = START, datetime(2026, 3, 31, tzinfo=UTC)
    whole, _ = costs.profit(NAME, low, high)
    names = ("Upper", "Lower", "-")
    parts = [costs.profit(NAME, low, high, only={"family": name})[0].total("result") for name in names]
    assert sum(parts) == whole.total("result")
    places, _ = costs.profit(NAME, low, high, "place", {"place": "Works"})
    east, _ = costs.profit(NAME, low, high, "month", {"place": "East"})
    assert places.groups == ("East", "West")
    assert next(r.amounts[0] for r in places.rows if r.line == "result") == east.total("result")
    scoped, _ = costs.profit(NAME, low, high, scope=frozenset({"East"}))
    assert scoped.total("result") == east.total("result")


@pytest.mark.django_db
def test_an_orders_variances_add_up_on_its_page(books: Books3) -> None:
    for state in costs.done_orders(NAME, START, END)[:10]:
        found = costs.order_cost(NAME, state.order)
        assert sum(found["variances"].values()) == found["variance"] == found["actual"] - found["standard"]


@pytest.mark.django_db
def test_a_version_is_rolled_up_once_and_leaves_a_trace(planner: Any, manager: Any, viewer: Any) -> None:
    import_operation(planner, tailor(), "by hand")
    count = roll_up_costs(planner, NAME, "2026", at=START)
    assert count == len(costs.standard_costs(NAME))
    assert Audit.objects.filter(action="roll up costs", subject=NAME).count() == 1
    with pytest.raises(RefusedError, match="exists already"):
        roll_up_costs(planner, NAME, "2026", at=END)
    with pytest.raises(RefusedError, match="later"):
        roll_up_costs(planner, NAME, "2025", at=START - timedelta(days=1))
    with pytest.raises(RefusedError, match="name"):
        roll_up_costs(planner, NAME, " ")
    with pytest.raises(PermissionDenied):
        roll_up_costs(viewer, NAME, "mine")
    PlaceScope.objects.create(user=manager, operation=NAME, place="East")
    with pytest.raises(PermissionDenied):
        roll_up_costs(manager, NAME, "mine")


@pytest.mark.django_db
def test_versions_are_compared_and_explained(planner: Any) -> None:
    import_operation(planner, tailor(), "by hand")
    roll_up_costs(planner, NAME, "one", at=START)
    roll_up_costs(planner, NAME, "two", at=END, lots={("Jacket", "East"): 120})
    rows = {(r["item"], r["place"]): r for r in costs.standard_costs(NAME, "two", "one")}
    assert rows["Jacket", "East"]["change"] < 0  # the set-up and the order's cost on ten times as many
    assert rows["Trousers", "West"]["change"] == 0
    told = costs.explained(NAME, "Jacket", "East", "one")
    assert told["recorded"] == pytest.approx(told["total"])
    assert sum(line["unit"] for line in told["sources"][0]["lines"]) == pytest.approx(told["total"])
