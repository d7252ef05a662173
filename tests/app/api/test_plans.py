"""The API of plans and jobs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from gemba.app.store.models import Audit, Job
from gemba.app.store.plans import load_plan
from gemba.operation.moments import iso

pytestmark = pytest.mark.django_db


def test_plans_are_listed_with_their_objective_and_gap(call: Client, plan: Any, close: Any) -> None:
    (found,) = call.get("/api/v1/plans", {"operation": close.name}).json()
    assert (found["number"], found["state"], found["broken_rules"]) == (1, "proposed", 0)
    assert found["objective"]["value"] == plan.value
    assert 0 <= found["objective"]["gap"] <= 1
    assert call.get("/api/v1/plans", {"operation": "nowhere"}).json() == []


def test_orders_are_filtered_sorted_and_cut(call: Client, plan: Any, close: Any) -> None:
    orders = load_plan(plan.pk).orders
    base = f"/api/v1/plans/{plan.pk}/orders"
    found = call.get(base, {"sort": "-end", "size": 2}).json()
    assert found["count"] == len(orders)
    latest = sorted({o.end for o in orders}, reverse=True)[0]
    assert found["rows"][0]["end"] == iso(latest, close.settings.zone)
    some = call.get(base, {"item": orders[0].item}).json()
    assert {row["item"] for row in some["rows"]} == {orders[0].item}
    assert call.get(base, {"q": orders[0].id}).json()["rows"][0]["id"] == orders[0].id


def test_tasks_and_problems_are_listed(call: Client, plan: Any) -> None:
    stored = load_plan(plan.pk)
    tasks = call.get(f"/api/v1/plans/{plan.pk}/tasks", {"order": stored.tasks[0].order}).json()
    assert tasks["count"] == sum(t.order == stored.tasks[0].order for t in stored.tasks)
    assert call.get(f"/api/v1/plans/{plan.pk}/problems").json()["count"] == len(stored.problems)


def test_why_a_demand_is_late_adds_up(call: Client, plan: Any) -> None:
    late = [r for r in load_plan(plan.pk).reasons if r.lateness]
    assert late, "the close has a late demand"
    for reason in late:
        found = call.get(f"/api/v1/plans/{plan.pk}/why/{reason.demand}").json()
        assert sum(part["seconds"] for part in found["parts"]) == found["lateness"] == reason.lateness
    assert call.get(f"/api/v1/plans/{plan.pk}/why/nothing").status_code == 404


def test_a_demand_in_time_needs_no_reason(call: Client, plan: Any) -> None:
    rows = call.get(f"/api/v1/plans/{plan.pk}/demands").json()
    name = next(row["demand"] for row in rows if row["status"] == "on time")
    found = call.get(f"/api/v1/plans/{plan.pk}/why/{name}").json()
    assert (found["lateness"], found["parts"]) == (0, [])


def test_stock_is_projected_for_all_or_one_item(call: Client, plan: Any) -> None:
    rows = call.get(f"/api/v1/plans/{plan.pk}/stock").json()
    assert rows
    one = call.get(f"/api/v1/plans/{plan.pk}/stock", {"item": rows[0]["item"], "place": rows[0]["place"]}).json()
    assert one == rows[:1]


def test_load_is_shown_by_day_week_and_month(call: Client, plan: Any) -> None:
    hours = []
    for period in ("day", "week", "month"):
        rows = call.get(f"/api/v1/plans/{plan.pk}/load", {"period": period}).json()
        hours.append(round(sum(row["hours"] for row in rows), 6))
    assert hours[0] == hours[1] == hours[2] > 0
    assert call.get(f"/api/v1/plans/{plan.pk}/load", {"period": "year"}).status_code == 422


def test_the_whole_plan_is_one_document(call: Client, plan: Any) -> None:
    assert call.get(f"/api/v1/plans/{plan.pk}/document").json()["schema"] == "gemba.plan"


def test_a_plan_is_asked_for_followed_and_cancelled(call: Client, stored: Any) -> None:
    asked = call.post("/api/v1/jobs", {"operation": stored.name, "seconds": 3}, content_type="application/json")
    assert asked.status_code == 201
    job = asked.json()["id"]
    assert call.get(f"/api/v1/jobs/{job}").json()["state"] == "queued"
    assert call.post(f"/api/v1/jobs/{job}/stop").status_code == 409
    assert call.post(f"/api/v1/jobs/{job}/cancel").json()["state"] == "cancelled"
    assert call.post(f"/api/v1/jobs/{job}/cancel").status_code == 409
    assert [j["id"] for j in call.get("/api/v1/jobs", {"state": "cancelled"}).json()] == [job]
    assert call.get("/api/v1/jobs", {"operation": "nowhere"}).json() == []


def test_a_plan_is_published_and_another_deleted(call: Client, plan: Any) -> None:
    address = f"/api/v1/plans/{plan.pk}"
    assert call.post(f"{address}/publish", {}, content_type="application/json").json()["state"] == "published"
    refused = call.delete(address)
    assert (refused.status_code, refused.json()["detail"][:18]) == (409, "The published plan")
    assert call.get(address).json()["published_by"] == "planner"


def test_a_deleted_plans_board_is_gone_though_it_was_looked_at(call: Client, plan: Any) -> None:
    address = f"/api/v1/plans/{plan.pk}"
    assert call.get(f"{address}/board").status_code == 200
    assert call.delete(address).status_code == 204
    for view in ("board", "stock", "demands", "document"):
        assert call.get(f"{address}/{view}").status_code == 404


def test_a_job_asked_for_by_a_program_is_its_users(call: Client, stored: Any, planner: Any) -> None:
    call.post("/api/v1/jobs", {"operation": stored.name}, content_type="application/json")
    assert Job.objects.get().requested_by == planner
    assert Audit.objects.latest("pk").username == "planner"


def test_the_audit_trail_is_for_managers(caller: Any, planner: Any, manager: Any, stored: Any) -> None:
    assert caller(planner).get("/api/v1/audit").status_code == 403
    rows = caller(manager).get("/api/v1/audit", {"subject": stored.name}).json()["rows"]
    assert [row["action"] for row in rows] == ["import operation"]
