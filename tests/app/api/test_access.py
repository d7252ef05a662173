"""Who may call the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from gemba.app.api.urls import api

pytestmark = pytest.mark.django_db


def operations_of_the_api() -> list[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods]


def ask(client: Client, method: str, path: str) -> int:
    for name in ("dataset_id", "draft_id", "plan_id", "job_id"):
        path = path.replace(f"{{{name}}}", "1")
    path = path.replace("{demand}", "x")
    body = {} if "imports" in path else {"data": "{}", "content_type": "application/json"}
    return int(getattr(client, method)(path, **(body if method == "post" else {})).status_code)


@pytest.mark.parametrize(("method", "path"), operations_of_the_api())
def test_nothing_is_told_to_whoever_is_not_signed_in(method: str, path: str) -> None:
    assert ask(Client(SERVER_NAME="localhost"), method, path) == 401


def test_nothing_is_told_to_whoever_has_no_role(caller: Any) -> None:
    nobody = caller(get_user_model().objects.create_user("nobody"))
    answers = {(m, p): ask(nobody, m, p) for m, p in operations_of_the_api()}
    # A request is understood before it is refused: those without a body are answered with 422.
    open_ = {call for call, status in answers.items() if status not in (403, 422)}
    assert not {call for call in open_ if call[0] == "get"}
    assert {answers[call] for call in open_} <= {404}


def test_a_browser_needs_its_csrf_token_for_changes(planner: Any, stored: Any) -> None:
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.force_login(planner)
    assert browser.get("/api/v1/operations").status_code == 200
    body = {"data": {"operation": stored.name}, "content_type": "application/json"}
    refused = browser.post("/api/v1/jobs", **body)
    assert refused.status_code == 403
    browser.get("/sign-in/")
    browser.cookies["gemba-csrf"] = "a" * 32
    assert browser.post("/api/v1/jobs", **body, headers={"X-CSRFToken": "a" * 32}).status_code == 201


def test_a_wrong_token_opens_nothing() -> None:
    client = Client(SERVER_NAME="localhost", headers={"Authorization": "Bearer gemba_\u00e9"})
    assert client.get("/api/v1/operations").status_code == 401


def test_the_token_of_a_closed_account_opens_nothing(caller: Any, planner: Any) -> None:
    call = caller(planner)
    get_user_model().objects.filter(pk=planner.pk).update(is_active=False)
    assert call.get("/api/v1/operations").status_code == 401


def test_answers_are_not_kept_in_shared_caches(call: Client) -> None:
    answer = call.get("/api/v1/operations")
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_error_always_has_the_same_shape(call: Client) -> None:
    for path in ("plans/999", "plans/abc", "operations/99999999999999999999"):
        answer = call.get(f"/api/v1/{path}")
        assert answer.status_code in (404, 422)
        assert set(answer.json()) == {"detail", "faults"}
