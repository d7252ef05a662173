"""Concerns through the API: the same actions and the same refusals."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def post(call: Any, path: str, **body: Any) -> Any:
    return call.post(f"/api/v1/{path}", body, content_type="application/json")


def test_a_concern_is_raised_listed_and_taken_further(call: Any, stored: Any) -> None:
    name = stored.name
    made = post(call, "concerns", operation=name, kind="nonconformance", uid="u", title="Entry missing", quantity=2)
    assert made.status_code == 201
    assert made.json()["state"] == "open"
    assert [s["state"] for s in made.json()["next"]] == ["contained", "withdrawn"]
    changed = post(call, "concerns/NC-1/changes", operation=name, state="contained", note="kept back")
    assert changed.json()["changes"][0]["note"] == "kept back"
    (row,) = call.get("/api/v1/concerns", {"operation": name, "state": "contained"}).json()
    assert (row["concern"], row["overdue"]) == ("NC-1", False)
    assert call.get("/api/v1/concerns/NC-1", {"operation": name}).json()["quantity"] == 2


def test_what_is_against_the_table_is_refused(call: Any, stored: Any) -> None:
    name = stored.name
    post(call, "concerns", operation=name, kind="nonconformance", title="Entry missing")
    assert post(call, "concerns/NC-1/changes", operation=name, state="closed").status_code == 409
    lacking = post(call, "concerns/NC-1/changes", operation=name, state="contained")
    assert (lacking.status_code, lacking.json()["faults"][0]["where"]) == (422, "concern_changes")
    assert post(call, "concerns/NC-2/changes", operation=name, state="closed").status_code == 404


def test_a_viewer_may_report_a_hazard_but_nothing_else(caller: Any, viewer: Any, stored: Any, close: Any) -> None:
    call, place = caller(viewer), close.places[0].name
    assert post(call, "concerns", operation=stored.name, kind="hazard", title="Cable", place=place).status_code == 201
    assert post(call, "concerns", operation=stored.name, kind="audit", title="x").status_code == 403
