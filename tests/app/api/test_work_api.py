"""Work through the API: lists of reports, each answered by itself; dispatch, orders, releasing; calls for help."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import gemba
from gemba.app import actions
from gemba.app.actions.release import create_order, releasable
from gemba.app.store.clock import set_now
from gemba.app.store.models import PlaceScope
from gemba.app.store.plans import save_plan
from gemba.app.store.records import read
from gemba.operation import CallKind, Document, Place, ReasonCode
from tests.execute.orders.facts import at, head, shop, tasks

pytestmark = pytest.mark.django_db
AT = "/api/v1/operations/Shop"


def post(call: Any, path: str, body: Any) -> Any:
    return call.post(f"{AT}/{path}", body, content_type="application/json")


def say(uid: str, kind: str, step: str = "Cut", order: str = "MO-1", **more: Any) -> dict[str, Any]:
    return {"uid": uid, "kind": kind, "order": order, "step": step, **more}


@pytest.fixture
def work(planner: Any) -> None:
    """The shop with one order, its documents and calls."""
    actions.import_operation(
        planner,
        shop(
            places=(Place(name="Shop"), Place(name="Yard")),
            reason_codes=(ReasonCode(name="Crack", kind="scrap"), ReasonCode(name="Rain", kind="pause", place="Yard")),
            documents=(
                Document(name="Saw", resource="Saw", acknowledged=True, text="Guard closed"),
                Document(name="Start", kind="checklist", process="Make chair", step="Cut", text="Clean\nLit"),
            ),
            call_kinds=(
                CallKind(name="Stopped", first="supervisor", minutes=600.0, next="operations_manager", stops=True),
            ),
        ),
    )
    set_now("Shop", at(0), stands=True)
    create_order(planner, "Shop", head(), tasks())


@pytest.fixture
def operator(make_user: Any, caller: Any, work: None) -> Any:
    return caller(make_user("operator"))


def test_each_report_of_a_list_is_answered_for_itself(operator: Any) -> None:
    answers = post(operator, "reports", [say("a", "started"), say("b", "resumed"), say("c", "reported", good=4)]).json()
    assert [(a["uid"], a["answer"]) for a in answers] == [("a", "taken"), ("b", "refused"), ("c", "taken")]
    assert "so it cannot be resumed" in answers[1]["reason"]
    assert (answers[2]["task_state"], answers[2]["good"]) == ("started", 4)
    assert [e.uid for e in read("Shop", "events") if e.kind != "released"] == ["a", "c"]


def test_a_list_sent_again_is_answered_with_again_and_counts_once(operator: Any) -> None:
    given = [say("a", "started"), say("b", "finished", good=9, scrap=1, reason="Crack")]
    post(operator, "reports", given)
    assert [a["answer"] for a in post(operator, "reports", given).json()] == ["again", "again"]
    assert operator.get(f"{AT}/orders/MO-1").json()["tasks"][0]["good"] == 9


def test_a_refused_report_can_be_told_to_the_supervisor_once(operator: Any) -> None:
    for _ in range(2):
        post(operator, "reports?call=true", [say("b", "resumed")])
    (call,) = read("Shop", "concerns")
    assert (call.kind, call.category, call.owner, call.order) == ("call", "Report refused", "supervisor", "MO-1")
    assert "so it cannot be resumed" in call.title


def test_documents_stops_and_checks_are_reported_as_tasks_are(operator: Any) -> None:
    given = [
        say("k", "acknowledged", subject="Saw/1", order="", step="", person="Bench"),
        say("d", "down", resource="Saw", reason="Blade", order="", step=""),
        say("u", "up", resource="Saw", order="", step=""),
        say("c", "checked", subject="Start/1/1"),
        say("x", "acknowledged", subject="Nothing/1", order="", step=""),
    ]
    assert [a["answer"] for a in post(operator, "reports", given).json()] == ["taken"] * 4 + ["refused"]
    assert [a["answer"] for a in post(operator, "reports", given).json()] == ["again"] * 4 + ["refused"]
    row = operator.get(f"{AT}/terminal", {"place": "Shop", "person": "Bench"}).json()["tasks"][0]
    assert row["checked"] == [{"subject": "Start/1/1", "reason": ""}]
    assert [(d["name"], d["ask"], d["lines"]) for d in row["documents"]] == [
        ("Saw", False, []), ("Start", False, ["Clean", "Lit"]),
    ]  # fmt: skip


def test_a_terminal_gets_its_tasks_with_all_that_belongs_to_them(operator: Any) -> None:
    found = operator.get(f"{AT}/terminal", {"resource": "Saw"}).json()
    (cut,) = found["tasks"]
    assert (cut["step"], cut["left"], cut["waits_for"], cut["unit"]) == ("Cut", 10, [], "pc")
    assert [(i["item"], i["quantity"]) for i in cut["inputs"]] == [("Leg", 4)]
    assert found["reasons"] == {"scrap": ["Crack"], "rework": [], "pause": [], "down": []}
    assert found["now"] == at(0).timestamp()
    assert operator.get(f"{AT}/dispatch", {"resource": "Bench"}).json()[0]["waits_for"] == ["Cut"]


def test_a_call_goes_to_the_next_role_and_holds_the_resource_until_it_is_solved(operator: Any) -> None:
    assert post(operator, "calls", {"uid": "h", "kind": "Stopped", "resource": "Saw"}).json() == {"number": "CALL-1"}
    assert post(operator, "calls", {"uid": "h", "kind": "Stopped", "resource": "Saw"}).status_code == 201
    assert operator.get(f"{AT}/calls").json()[0]["roles"] == ["supervisor"]
    assert operator.get(f"{AT}/terminal", {"resource": "Saw"}).json()["down"] == {"Saw": "Stopped"}
    set_now("Shop", at(0) + timedelta(minutes=10), stands=True)
    (call,) = operator.get(f"{AT}/calls").json()
    assert (call["roles"], call["escalated"], call["seconds"]) == (["supervisor", "operations_manager"], True, 600)
    post(operator, "calls/CALL-1/changes", {"uid": "i", "state": "answered"})
    assert operator.get(f"{AT}/calls").json()[0]["roles"] == []
    assert post(operator, "calls/CALL-1/changes", {"uid": "j", "state": "closed"}).json()["ended"]
    assert operator.get(f"{AT}/calls").json() == []
    up = next(e for e in read("Shop", "events") if e.kind == "up")
    assert (up.resource, up.seconds) == ("Saw", 600)


def test_who_may_not_report_and_who_is_elsewhere_is_refused(
    operator: Any, caller: Any, viewer: Any, make_user: Any
) -> None:
    assert post(caller(viewer), "reports", [say("a", "started")]).status_code == 403
    away = make_user("operator", "away")
    PlaceScope.objects.create(user=away, operation="Shop", place="Yard")
    elsewhere = caller(away)
    (answer,) = post(elsewhere, "reports", [say("a", "started")]).json()
    assert (answer["answer"], "Your role holds at some places" in answer["reason"]) == ("refused", True)
    assert elsewhere.get(f"{AT}/dispatch").json() == []
    assert elsewhere.get(f"{AT}/orders/MO-1").status_code == 404


def test_what_is_planned_is_released_once_through_the_api(planner: Any, call: Any, caller: Any, make_user: Any) -> None:
    operation = shop()
    version = save_plan(actions.import_operation(planner, operation), gemba.plan(operation, seconds=None, steps=5))
    actions.publish_plan(planner, version.pk)
    set_now("Shop", at(0), stands=True)
    ids = [o["id"] for o in call.get(f"{AT}/releasable").json()]
    assert ids == [o.id for o in releasable("Shop")]
    assert post(caller(make_user("operator")), "releases", {"orders": ids}).status_code == 403
    assert post(call, "releases", {"orders": ids}).json() == ["MO-1001"]
    assert post(call, "releases", {"orders": ids}).status_code == 409
    assert call.get(f"{AT}/orders/MO-1001").json()["state"] == "released"
