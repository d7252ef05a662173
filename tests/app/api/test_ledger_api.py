"""The ledger for programs: the same stock, lots and rules as on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.execute.ledger.plant import AT, plant
from tests.execute.ledger.test_ledger_lots import chain

OF = {"operation": "Bakery"}


@pytest.fixture
def bakery(planner: Any) -> str:
    from gemba.app.actions import import_operation
    from gemba.app.actions.stock import post
    from gemba.app.store.clock import set_now

    import_operation(planner, plant(), "by hand")
    set_now("Bakery", AT)
    post(planner, "Bakery", chain())
    return "Bakery"


def send(call: Any, what: str, **body: Any) -> Any:
    return call.post(f"/api/v1/ledger/{what}", {**OF, **body}, content_type="application/json")


def stock(call: Any, **query: Any) -> dict[tuple[str, str], float]:
    rows = call.get("/api/v1/ledger/stock", {**OF, "by": "lot", **query}).json()
    return {(r["place"], r["lot"]): r["on_hand"] for r in rows}


def test_stock_is_told_now_and_as_of_a_moment(bakery: str, call: Any) -> None:
    assert stock(call, item="Bread") == {("Quarantine", "B1"): 3, ("Shop", "B2"): 8}
    assert stock(call, item="Bread", at="2026-11-01T00:00:00Z") == {}


def test_a_recall_is_one_request(bakery: str, call: Any) -> None:
    found = call.get("/api/v1/ledger/lot", {**OF, "item": "Flour", "lot": "F1"}).json()
    assert {(r["kind"], r["name"], r["lot"], r["quantity"]) for r in found["recall"]} == {
        ("customer", "School", "B1", 5), ("store", "Quarantine", "B1", 3), ("store", "Shop", "B2", 8),
    }  # fmt: skip
    assert call.get("/api/v1/ledger/lot", {**OF, "item": "Flour", "lot": "F9"}).status_code == 404


def test_a_program_moves_stock_once_for_each_uid(bakery: str, call: Any) -> None:
    body = {"uid": "t", "item": "Bread", "quantity": 2, "place": "Shop", "to": "Store", "lot": "B2"}
    assert send(call, "transfer", **body).json() == {"added": ["t/0"]}
    assert send(call, "transfer", **body).json() == {"added": []}
    assert stock(call, item="Bread")["Store", "B2"] == 2


def test_every_way_to_post_answers(bakery: str, call: Any) -> None:
    bread = {"item": "Bread", "lot": "B2", "place": "Shop", "quantity": 1}
    sent = [
        send(call, "receive", uid="1", item="Bread", lot="B9", place="Store", quantity=20, expires="2026-12-24T00:00:00"),
        send(call, "issue", uid="2", order="MO-9", **bread), send(call, "scrap", uid="3", reason="mould", **bread),
        send(call, "take-back", uid="4", customer="School", **bread), send(call, "ship", uid="5", demand="SO-1", quantity=1),
        send(call, "reserve", uid="6", order="MO-9", **bread), send(call, "unreserve", uid="7", order="MO-9", **bread),
        send(call, "hold", uid="8", item="Bread", lot="B2", reason="mould"),
        send(call, "free", uid="9", item="Bread", lot="B2", reason="none"),
        send(call, "reverse", uid="10", movement="3/0", reason="wrong"),
        send(call, "revalue", uid="12"),
        send(call, "count", uid="11", item="Bag", place="Store", counted=100),
    ]  # fmt: skip
    assert [answer.status_code for answer in sent] == [201] * len(sent), [a.content for a in sent]
    assert sent[-1].json()["outcome"] == "right"


def test_faults_are_answered_with_the_movement_and_the_field(bakery: str, call: Any) -> None:
    answer = send(call, "transfer", uid="t", item="Bread", quantity=99, place="Shop", to="Store", lot="B2")
    assert answer.status_code == 422
    assert "at most 8 pc" in answer.json()["faults"][0]["message"]


def test_movements_and_what_is_due_are_listed(bakery: str, call: Any) -> None:
    moved = call.get("/api/v1/ledger/movements", {**OF, "lot": "B1"}).json()
    assert {m["cause"] for m in moved} == {"production", "shipment", "return"}
    assert {d["item"] for d in call.get("/api/v1/ledger/due", OF).json()} == {"Bag", "Bread", "Milk"}


def test_a_viewers_program_moves_nothing(bakery: str, caller: Any, viewer: Any) -> None:
    assert send(caller(viewer), "issue", uid="i", item="Bag", quantity=1, place="Store", order="x").status_code == 403
