"""The API of operations and imports."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gemba import demonstrations
from gemba.app.store.operations import load
from gemba.operation import TABLES

pytestmark = pytest.mark.django_db


def test_operations_are_listed_with_the_size_of_their_tables(call: Client, stored: Any, close: Any) -> None:
    (found,) = call.get("/api/v1/operations").json()
    assert (found["id"], found["name"], found["version"], found["source"]) == (stored.pk, close.name, 1, "close.xlsx")
    assert found["counts"]["demands"] == len(close.demands)


def test_an_operation_names_its_versions_and_plans(call: Client, plan: Any, stored: Any, close: Any) -> None:
    found = call.get(f"/api/v1/operations/{stored.pk}").json()
    assert found["settings"]["zone"] == close.settings.zone
    assert found["versions"] == [{"id": stored.pk, "version": 1, "state": "current"}]
    assert (found["latest_plan"], found["published_plan"]) == (plan.pk, None)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_rows_of_the_operation(table: str, call: Client, stored: Any, close: Any) -> None:
    found = call.get(f"/api/v1/operations/{stored.pk}/tables/{table}?size=1000").json()
    nouns = close.tables()[table]
    assert found["count"] == len(nouns)
    for row, noun in zip(found["rows"], nouns, strict=True):
        assert list(row) == [c.name for c in TABLES[table].columns]
        same = [c.name for c in TABLES[table].columns if c.kind in ("text", "choice", "number", "whole", "flag")]
        assert {n: row[n] for n in same} == {n: getattr(noun, n) for n in same}


def test_a_list_is_cut_into_pages_sorted_and_searched(call: Client, stored: Any, close: Any) -> None:
    names = sorted((d.name for d in close.demands), reverse=True)
    base = f"/api/v1/operations/{stored.pk}/tables/demands"
    found = call.get(f"{base}?sort=-name&size=2&page=2").json()
    assert [row["name"] for row in found["rows"]] == names[2:4]
    assert (found["count"], found["page"], found["size"]) == (len(names), 2, 2)
    some = call.get(f"{base}?q={names[0].lower()}").json()
    assert names[0] in [row["name"] for row in some["rows"]]
    assert call.get(f"{base}?q=nothing+like+this").json()["rows"] == []


@pytest.mark.parametrize("query", ["sort=colour", "page=0", "size=1001", "size=many", "q=%00"])
def test_an_impossible_page_is_refused_in_words(query: str, call: Client, stored: Any) -> None:
    answer = call.get(f"/api/v1/operations/{stored.pk}/tables/items?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_files_are_uploaded_looked_at_and_confirmed(call: Client, close: Any) -> None:
    files = [SimpleUploadedFile(f.name, f.read_bytes()) for f in demonstrations.folder("close").glob("*.csv")]
    preview = call.post("/api/v1/imports", {"files": files, "name": "Closing"})
    assert preview.status_code == 201
    assert (preview.json()["name"], preview.json()["replaces"]) == ("Closing", None)
    assert call.get("/api/v1/operations").json() == []
    address = f"/api/v1/imports/{preview.json()['id']}"
    assert call.get(address).json() == preview.json()
    assert call.post(f"{address}/confirm").json()["name"] == "Closing"
    assert load("Closing").demands == close.demands
    assert call.get(address).status_code == 404


def test_faulty_files_are_answered_with_every_fault(call: Client) -> None:
    answer = call.post("/api/v1/imports", {"files": SimpleUploadedFile("demands.csv", b"name,item\nSO-1,Chair\n")})
    assert answer.status_code == 422
    assert any("quantity" in fault["message"] for fault in answer.json()["faults"])


def test_an_import_is_thrown_away(call: Client, close: Any, planner: Any) -> None:
    from gemba.app import actions

    draft = actions.preview_import(planner, close)
    assert call.delete(f"/api/v1/imports/{draft.pk}").status_code == 204
    assert call.delete(f"/api/v1/imports/{draft.pk}").status_code == 404


def test_an_operation_is_deleted_by_whoever_may(caller: Any, manager: Any, planner: Any, stored: Any) -> None:
    address = f"/api/v1/operations/{stored.pk}"
    assert caller(planner).delete(address).status_code == 403
    assert caller(manager).delete(address).status_code == 204
    assert caller(manager).get(address).status_code == 404
