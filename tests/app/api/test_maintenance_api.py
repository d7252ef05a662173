"""Maintenance and safety through the API: the same figures and the same refusals as on the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.store.clock import set_now
from gemba.operation.maintenance import Meter
from gemba.operation.safety import Document, WasteStream

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(planner: Any, factory: Any) -> str:
    made = replace(
        factory,
        meters=(Meter(name="Hours", resource="Saw 1"),),
        maintenance_plans=(),
        documents=(Document(name="Start", kind="checklist", text="Guard closed", acknowledged=True),),
        waste_streams=(WasteStream(name="Offcuts", unit="pc"),),
        checked=False,
    )
    stored = actions.import_operation(planner, made)
    set_now(stored.name, factory.now)
    return str(stored.name)


def post(call: Any, path: str, **body: Any) -> Any:
    return call.post(f"/api/v1/{path}", body, content_type="application/json")


def test_a_resource_goes_down_and_up(call: Any, plant: str, factory: Any) -> None:
    began = (factory.now - timedelta(hours=1)).isoformat()
    assert post(call, "resources/Saw 1/down", operation=plant, reason="Belt", at=began).status_code == 201
    assert post(call, "resources/Saw 1/down", operation=plant, reason="Belt").status_code == 409
    assert call.get("/api/v1/assets/Saw 1", {"operation": plant}).json()["down"] is True
    assert post(call, "resources/Saw 1/up", operation=plant).status_code == 201
    (stop,) = call.get("/api/v1/downtime", {"operation": plant}).json()
    assert stop["resource"] == "Saw 1"
    assert stop["seconds"] == pytest.approx(3600, abs=60)
    assert post(call, "resources/Nothing/up", operation=plant).status_code == 404
    assert len(call.get("/api/v1/assets", {"operation": plant}).json()) > 3


def test_meters_documents_checks_and_waste_are_written_down(call: Any, plant: str) -> None:
    assert post(call, "meters/Hours/readings", operation=plant, value=10, uid="r").status_code == 201
    assert post(call, "meters/Hours/readings", operation=plant, value=5).status_code == 422
    assert post(call, "documents/acknowledgements", operation=plant, document="Start").status_code == 201
    (row,) = call.get("/api/v1/documents", {"operation": plant}).json()
    assert row["known"] == 1
    assert row["mine"]
    lines = [{"line": 1, "right": True}]
    assert post(call, "documents/checks", operation=plant, document="Start", lines=lines).status_code == 201
    assert post(call, "documents/checks", operation=plant, document="Start", lines=[]).status_code == 422
    given = {"operation": plant, "stream": "Offcuts", "item": "Table parts", "quantity": 2, "place": "North Mill"}
    assert post(call, "waste", **given).status_code == 201
    told = call.get("/api/v1/waste_energy", {"operation": plant, "days": 1}).json()
    assert told["waste"][0]["quantity"] == 2


def test_due_work_and_rates_are_told(call: Any, plant: str) -> None:
    assert call.get("/api/v1/due", {"operation": plant}).json() == []
    assert post(call, "due/orders", operation=plant, plans=["Nothing"]).status_code == 404
    body = {"operation": plant, "kind": "incident", "title": "Cut", "severity": "medical", "place": "North Mill"}
    assert post(call, "concerns", **body).status_code == 201
    rates = call.get("/api/v1/safety/rates", {"operation": plant}).json()
    assert (rates["recordable"], rates["trir"]) == (1, None)
