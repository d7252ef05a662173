"""The JSON twins of learning and of the process map."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.store.models import Dataset
from tests.app.learning_facts import CUT, slow_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client: Any, planner: Any) -> Any:
    slow_shop(planner)
    head = {"Authorization": f"Bearer {actions.create_token(planner, 'test')}"}

    def call(path: str, body: Any = None) -> Any:
        if body is None:
            return client.get(f"/api/v1/{path}", headers=head)
        return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=head)

    return call


def test_planned_and_actual_as_json(ask: Any) -> None:
    found = ask("learning?operation=Shop").json()
    (row,) = [r for r in found["rows"] if r["id"] == CUT]
    assert (row["planned"], row["value"], row["n"], row["proposed"]) == (60.0, 75.0, 10, 75.0)
    assert found["left_out"] == []
    assert ask("learning?operation=Nothing").status_code == 404
    assert ask("learning?operation=Shop&days=-1").status_code == 422


def test_the_effect_and_the_update_by_the_api(ask: Any) -> None:
    answer = ask("learning/effect", {"operation": "Shop", "proposals": [CUT], "steps": 2})
    assert (answer.status_code, answer.json()["kind"]) == (201, "learn")
    assert answer.json()["options"]["proposals"][0]["proposed"] == 75.0
    answer = ask("learning/update", {"operation": "Shop", "proposals": [CUT]})
    assert (answer.status_code, answer.json()["changes"]) == (201, True)
    assert Dataset.objects.filter(state="draft").count() == 1
    assert ask("learning/update", {"operation": "Shop", "proposals": ["x"]}).status_code in (409, 422)
    assert ask("learning/restore", {"operation": "Shop", "version": 9}).status_code == 404


def test_the_process_map_as_json(ask: Any) -> None:
    found = ask("process-map?operation=Shop&process=Make+chair").json()
    assert found["log"]["cases"] == 10
    assert found["map"]["activities"][0]["working_median"] == 600 + 750
    assert found["variants"][0]["count"] == 10
    assert [d["kind"] for d in found["conformance"]["deviations"]] == ["missing"]
    assert ask("process-map?operation=Shop&source=7").status_code == 404
    assert ask("process-map?operation=Shop&process=Nothing").status_code == 404
