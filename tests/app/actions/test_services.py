"""A visit ends: what was wanted is delivered, valued, counted and closed by the last report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.actions.release import create_order
from gemba.app.actions.stock_moves import reverse
from gemba.app.actions.work import Outcome, Report, report
from gemba.app.queries import ledger
from gemba.app.store.clock import set_now
from gemba.app.store.models import OrderState
from gemba.app.store.records import read
from gemba.operation import Demand, Item, Process, ReleasedOrder, Step, StepItem, SupplyOption
from gemba.operation.records import ZERO
from tests.execute.orders.facts import NOW, at, shop

pytestmark = pytest.mark.django_db

NAME, VISIT = "Shop", "SV-1"


@pytest.fixture(autouse=True)
def visit(planner: Any) -> None:
    """A visit of somebody who arrives an hour after it was released."""
    operation = shop(
        items=(Item(name="Visit", kind="service", price=85.0), Item(name="Leg", kind="component", cost=3.5)),
        processes=(Process(name="See", item="Visit", place="Shop", kind="service"),),
        steps=(
            Step(process="See", name="Triage", sequence=10, time=600.0),
            Step(process="See", name="Consult", sequence=20, time=1200.0),
        ),
        step_resources=(), step_items=(StepItem(process="See", step="Triage", item="Leg", quantity=1.0),),
        supply_options=(SupplyOption(name="See", item="Visit", place="Shop", kind="make", process="See"),),
        demands=(Demand(name="P-1", item="Visit", place="Shop", quantity=1.0, due=at(3), customer="Outlet",
                        earliest=at(1)),),
    )  # fmt: skip
    actions.import_operation(planner, operation)
    set_now(NAME, NOW, stands=True)
    head = ReleasedOrder(
        uid=VISIT, at=NOW, order=VISIT, kind="service", item="Visit", place="Shop", process="See", option="See",
        demand="P-1", due=at(3),
    )  # fmt: skip
    create_order(planner, NAME, head)


def say(user: Any, kind: str, step: str, hours: float, good: int = 0, **more: Any) -> Outcome:
    set_now(NAME, at(hours), stands=True)
    given = Report(uid=f"{kind}-{step}", kind=kind, order=VISIT, step=step, good=Decimal(good), **more)
    return report(user, NAME, given)


def all_of_it(user: Any) -> Outcome:
    say(user, "started", "Triage", 1.25)
    say(user, "finished", "Triage", 1.5, good=1)
    say(user, "started", "Consult", 2)
    return say(user, "finished", "Consult", 2.5, good=1)


def test_the_last_step_of_a_service_delivers_it_and_closes_the_order(planner: Any) -> None:
    assert all_of_it(planner).order.state == "closed"
    (given,) = read(NAME, "deliveries")
    assert (given.demand, given.customer, given.quantity, given.ordered) == ("P-1", "Outlet", 1, 1)
    assert (given.at, given.due, given.price, given.value) == (at(2.5), at(3), 85, 0)
    shipped = [m for m in read(NAME, "movements") if m.cause == "shipment"]
    assert [(m.item, m.quantity, m.to_name, m.demand) for m in shipped] == [("Visit", 1, "Outlet", "P-1")]
    assert sum((b.quantity for k, b in ledger.stock(NAME).items() if k.item == "Visit"), ZERO) == 0
    assert OrderState.objects.get(order=VISIT).state == "closed"
    assert [e.kind for e in read(NAME, "events", order=VISIT)][-2:] == ["finished", "closed"]


def test_the_same_last_report_delivers_once(planner: Any) -> None:
    all_of_it(planner)
    assert say(planner, "finished", "Consult", 2.5, good=1).again
    assert len(read(NAME, "deliveries")) == 1


def test_a_patient_who_did_not_come_is_given_nothing(planner: Any) -> None:
    say(planner, "finished", "Triage", 2, scrap=Decimal(1), reason="Patient did not come")
    assert say(planner, "skipped", "Consult", 2).order.state == "done"
    assert read(NAME, "deliveries") == []


def test_waiting_counts_from_the_arrival_and_from_the_end_of_the_step_before(planner: Any) -> None:
    all_of_it(planner)
    starts = {e.step: e for e in read(NAME, "events", kind="started")}
    assert (starts["Triage"].queued, starts["Triage"].seconds) == (at(1), 900)  # arrived at 1, seen at 1.25 h
    assert (starts["Consult"].queued, starts["Consult"].seconds) == (at(1.5), 1800)


def test_a_discharge_by_mistake_is_taken_back_with_its_shipment(planner: Any, make_user: Any) -> None:
    all_of_it(planner)
    (shipped,) = [m for m in read(NAME, "movements") if m.cause == "shipment"]
    reverse(make_user("operations_manager"), NAME, "back", movement=shipped.uid, reason="still here")
    assert ledger.delivered(NAME, "P-1") == 0
