"""What was received for a purchase order is not expected once more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.actions.release import open_work
from gemba.app.actions.stock_moves import receive
from gemba.app.actions.work import Report, report
from gemba.app.queries import ledger
from gemba.app.queries.current import current
from gemba.app.queries.work import as_it_stands
from gemba.app.store.clock import set_now
from gemba.app.store.models import Dataset, OrderState
from gemba.app.store.records import read
from gemba.operation import Characteristic, Order, Supplier, SupplyOption
from gemba.operation.records import ZERO
from tests.execute.orders.facts import NOW, at, shop

pytestmark = pytest.mark.django_db

NAME = "Shop"


@pytest.fixture(autouse=True)
def ordered(planner: Any) -> None:
    """A hundred legs are on their way."""
    option = SupplyOption(name="Buy legs", item="Leg", place="Shop", kind="buy", supplier="Mill", lead_time=86400.0)
    order = Order(
        name="PO-1",
        option="Buy legs",
        item="Leg",
        place="Shop",
        quantity=100.0,
        start=at(-24),
        end=at(24),
        state="firm",
    )
    given = shop(
        suppliers=(Supplier(name="Mill"),), orders=(order,), supply_options=(*shop().supply_options, option)
    )  # fmt: skip
    actions.import_operation(planner, given)
    set_now(NAME, NOW, stands=True)
    open_work(NAME, user=planner)


def take(user: Any, uid: str, quantity: int, order: str = "PO-1") -> None:
    receive(user, NAME, uid, item="Leg", quantity=Decimal(quantity), place="Shop", supplier="Mill", order=order)


def expected() -> list[float]:
    """What the next plan still waits for."""
    operation, _ = as_it_stands(Dataset.objects.get(name=NAME).pk, NAME)
    return [o.quantity for o in operation.orders if o.name == "PO-1"]


def state() -> str:
    return str(OrderState.objects.get(order="PO-1").state)


def test_an_order_that_has_come_is_done_and_no_longer_expected(planner: Any) -> None:
    take(planner, "first", 100)
    assert state() == "done"
    assert expected() == []
    assert sum((b.quantity for k, b in ledger.stock(NAME).items() if k.item == "Leg"), ZERO) == 500


def test_a_part_leaves_the_rest_expected(planner: Any) -> None:
    take(planner, "first", 30)
    assert (state(), expected()) == ("started", [70])
    take(planner, "second", 70)
    assert (state(), expected()) == ("done", [])


def test_a_receipt_sent_twice_is_reported_once(planner: Any) -> None:
    take(planner, "first", 30)
    take(planner, "first", 30)
    assert expected() == [70]


def test_what_is_reported_as_arrived_waits_for_its_inspection_too(planner: Any) -> None:
    faults = Characteristic(name="Leg faults", item="Leg", when="receipt", kind="defectives")
    actions.import_operation(planner, replace(current(NAME).operation, characteristics=(faults,)))
    report(planner, NAME, Report(uid="came", kind="finished", order="PO-1", good=Decimal(100)))
    (held,) = read(NAME, "events", kind="held")
    assert (held.item, held.lot, held.note) == ("Leg", "20261123-1", "Leg faults")


def test_a_receipt_without_a_known_order_is_only_a_receipt(planner: Any) -> None:
    take(planner, "first", 30, order="PO-999")
    assert expected() == [100]
