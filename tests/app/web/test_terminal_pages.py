"""The terminal's pages as the server makes them: the choice, the page, its worker, the label; calls in the header."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.actions.calls import call
from gemba.app.actions.release import create_order
from gemba.app.store.clock import set_now
from gemba.operation import CallKind
from tests.execute.orders.facts import at, head, shop, tasks

pytestmark = pytest.mark.django_db
AT = "/operations/Shop/"


@pytest.fixture
def order(planner: Any) -> None:
    kind = CallKind(name="Material missing", minutes=600.0, next="operations_manager")
    actions.import_operation(planner, shop(call_kinds=(kind,)))
    set_now("Shop", at(0), stands=True)
    create_order(planner, "Shop", head(), tasks())


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_one_chooses_where_the_terminal_stands_by_what_is_open_there(client: Any, planner: Any, order: None) -> None:
    client.force_login(planner)
    shown = client.get(f"{AT}terminal/")
    assert "Work centres tasks open Shop 2 tasks open" in text(shown)
    assert "?resource=Saw" in shown.content.decode()


def test_the_page_may_use_the_camera_and_names_its_api_and_worker(client: Any, planner: Any, order: None) -> None:
    client.force_login(planner)
    shown = client.get(f"{AT}terminal/", {"resource": "Saw"})
    assert "camera=(self)" in shown.headers["Permissions-Policy"]
    assert 'data-api="/api/v1/operations/Shop/"' in shown.content.decode()
    assert "camera=()" in client.get(f"{AT}dispatch/").headers["Permissions-Policy"]
    assert "gemba-csrf" in shown.cookies


def test_the_worker_has_the_scope_of_the_terminal_alone(client: Any) -> None:
    answer = client.get(f"{AT}terminal/worker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    assert "addEventListener('fetch'" in answer.content.decode()


def test_only_who_reports_work_gets_a_terminal(client: Any, viewer: Any, order: None) -> None:
    client.force_login(viewer)
    assert client.get(f"{AT}terminal/").status_code == 403


def test_an_order_has_a_label_with_its_barcode(client: Any, planner: Any, order: None) -> None:
    client.force_login(planner)
    shown = client.get(f"{AT}terminal/label/MO-1/").content.decode()
    assert 'aria-label="Barcode MO-1"' in shown
    assert shown.count("<rect") == 6 * 3 + 4  # start, four characters, check; the stop has four bars
    assert client.get(f"{AT}terminal/label/MO-9/").status_code == 404


def test_open_calls_are_counted_for_whom_they_call(client: Any, manager: Any, planner: Any, order: None) -> None:
    call(planner, "Shop", "Material missing", uid="h", place="Shop")
    client.force_login(manager)
    assert "call for help" not in text(client.get(f"{AT}dispatch/"))
    set_now("Shop", at(0) + timedelta(minutes=10), stands=True)
    assert "1 call for help" in text(client.get(f"{AT}dispatch/"))
