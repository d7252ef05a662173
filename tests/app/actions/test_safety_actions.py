"""People confirm documents and checks, waste leaves by its stream, and the figures follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.actions.concerns import raise_concern
from gemba.app.actions.maintenance import read_meter
from gemba.app.actions.safety import FAILED, acknowledge, check, record_waste
from gemba.app.queries import safety as queries
from gemba.app.store.clock import now, set_now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read
from gemba.operation import OperationError
from gemba.operation.maintenance import Meter
from gemba.operation.safety import Document, WasteStream

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def plant(planner: Any, factory: Any) -> str:
    made = replace(
        factory,
        documents=(
            Document(name="Saw", version="1", resource="Saw 1", acknowledged=True, end=factory.now - HOUR),
            Document(name="Saw", version="2", resource="Saw 1", acknowledged=True),
            Document(name="Start", kind="checklist", text="Guard closed\nBlade sharp"),
        ),
        waste_streams=(WasteStream(name="Offcuts", cost=0.1, unit="pc"),),
        maintenance_plans=(),
        meters=(Meter(name="Power", place="North Mill", unit="kWh", media="electricity", cost=0.2, emissions=0.4),),
        checked=False,
    )
    stored = actions.import_operation(planner, made)
    set_now(stored.name, factory.now)
    return str(stored.name)


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


def test_a_document_is_acknowledged_once_and_only_while_it_is_valid(operator: Any, plant: str) -> None:
    first = acknowledge(operator, plant, "Saw", "2")
    assert acknowledge(operator, plant, "Saw", "2") == first
    assert first.subject == "Saw/2"
    with pytest.raises(actions.RefusedError, match="not valid"):
        acknowledge(operator, plant, "Saw", "1")
    with pytest.raises(NotFoundError):
        acknowledge(operator, plant, "Saw", "3")
    assert queries.to_know(plant, "operator", resource="Saw 1") == []
    assert [d.version for d in queries.to_know(plant, "somebody", resource="Saw 1")] == ["2"]
    known = {(k.document.name, k.document.version): k for k in queries.documents(plant, operator)}
    assert known["Saw", "2"].mine is not None
    assert known["Saw", "2"].known == 1
    assert known["Saw", "1"].valid is False


def test_every_line_of_a_checklist_is_checked_and_a_finding_is_described(operator: Any, plant: str) -> None:
    with pytest.raises(OperationError) as error:
        check(operator, plant, "Start", "1", {1: False, 3: True})
    assert {f.field for f in error.value.faults} == {"line 2", "line 3", "note of line 1"}
    events = check(operator, plant, "Start", "1", {1: True, 2: False}, notes={2: "blunt"}, resource="Saw 1", uid="c")
    assert [(e.subject, e.reason, e.note) for e in events] == [
        ("Start/1/1", "", "Guard closed"),
        ("Start/1/2", FAILED, "blunt"),
    ]
    check(operator, plant, "Start", "1", {1: True, 2: True}, uid="c")
    assert len(read(plant, "events", kind="checked")) == 2


def test_waste_leaves_the_store_by_its_stream(operator: Any, plant: str) -> None:
    record_waste(operator, plant, "Offcuts", "Table parts", 4, place="North Mill", uid="w")
    low = now(plant) - HOUR
    (row,) = queries.waste_rows(plant, low, now(plant) + HOUR)
    assert row.quantity == 4
    assert row.disposal == Decimal("0.4")
    with pytest.raises(NotFoundError):
        record_waste(operator, plant, "Nowhere", "Table parts", 4, place="North Mill")
    with pytest.raises(OperationError):
        record_waste(operator, plant, "Offcuts", "Table parts", 4000, place="North Mill")


def test_energy_is_charged_to_the_orders_that_ran(operator: Any, plant: str) -> None:
    from django.db import transaction

    from gemba.app.store.records import append
    from gemba.operation import Event

    end = now(plant)
    read_meter(operator, plant, "Power", 100, at=end - 4 * HOUR)
    read_meter(operator, plant, "Power", 160, at=end)
    with transaction.atomic():
        append(plant, [
            Event(uid=o, at=end - a * HOUR, kind="finished", order=o, step="Saw", resource="Saw 1",
                  start=end - (a + h) * HOUR, seconds=h * 3600)
            for o, a, h in (("MO-1", 2, 2), ("MO-2", 1, 1))
        ])  # fmt: skip
    found = queries.energy(plant, end - 5 * HOUR, end + HOUR)
    assert {c.order: c.amount for c in found} == {"MO-1": Decimal(40), "MO-2": Decimal(20)}
    assert sum(c.emissions for c in found) == 24


def test_rates_count_what_was_reported_against_the_hours(operator: Any, planner: Any, plant: str) -> None:
    raise_concern(operator, plant, "incident", title="Cut", severity="medical", place="North Mill")
    raise_concern(operator, plant, "near miss", title="Slip", place="North Mill")
    found = queries.rates(plant, planner, now(plant) - HOUR, now(plant) + HOUR)
    assert (found.recordable, found.near_misses, found.trir) == (1, 1, None)
