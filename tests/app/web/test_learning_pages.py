"""The pages of learning: planned against actual, the effect, the update, and the way back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gemba.app import actions
from gemba.app.jobs import queue
from gemba.app.jobs.child import work
from gemba.app.queries.learning import last_effect
from gemba.app.store.models import Dataset
from gemba.app.store.operations import load
from gemba.app.store.records import append
from gemba.app.web.learning import exact_length
from gemba.operation import Event
from tests.app.learning_facts import CUT, slow_shop
from tests.execute.orders.facts import at, shop

pytestmark = pytest.mark.django_db
AT = "/operations/Shop/learning/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def stored(planner: Any, client: Any) -> Any:
    client.force_login(planner)
    return slow_shop(planner)


def test_without_records_the_page_says_where_they_come_from(client: Any, planner: Any) -> None:
    client.force_login(planner)
    actions.import_operation(planner, shop())
    assert "There is nothing to learn from yet" in text(client.get(AT))


def test_planned_and_actual_stand_side_by_side_with_their_interval(client: Any, stored: Any) -> None:
    said = text(client.get(AT))
    assert (
        "Make chair / Cut Shop time of a unit 60 s 75 s median 75 s, mean 75 s +25 % 10 differs proposed: 75 s" in said
    )
    assert "1 proposal, of orders released in the last 365 days" in said
    # winsorised 70, 70, 70, 72, 74, 76, 78, 80, 80, 80: s_w = √(170 / 9) = 4.346; 2.571 * 4.346 / (0.6 * √10) = 5.89
    assert "69.1 s to 80.9 s" in said


def test_the_view_is_in_the_address(client: Any, stored: Any) -> None:
    assert "time of a unit" not in text(client.get(f"{AT}?verdict=as+planned")).replace("All", "")
    assert "Nothing fits the filter" in text(client.get(f"{AT}?process=Other"))
    assert "checked" in client.get(f"{AT}?choose=all").content.decode()
    assert "checked" not in client.get(AT).content.decode()
    assert client.get(f"{AT}?days=soon").status_code == 404


def test_a_shorter_wait_is_chosen_by_hand_only(client: Any, planner: Any) -> None:
    client.force_login(planner)
    steps = tuple(replace(s, move_time=7200.0) if s.name == "Cut" else s for s in shop().steps)
    slow_shop(planner, steps=steps)
    began = [order_end + timedelta(minutes=10) for order_end in (at(i + 1) for i in range(10))]
    with transaction.atomic():
        append("Shop", [e for i, t in enumerate(began) for e in assembled(i, t)], user=planner)
    boxes = re.findall(r'<input type="checkbox"[^>]*>', client.get(f"{AT}?choose=all").content.decode())
    assert {("move time" in box, "checked" in box) for box in boxes} == {(True, False), (False, True)}


def assembled(number: int, begin: datetime) -> list[Event]:
    fields: dict[str, Any] = {"order": f"MO-{number}", "step": "Assemble", "resource": "Bench"}
    end = begin + timedelta(hours=1)
    return [
        Event(uid=f"{number}-a", at=begin, kind="started", **fields),
        Event(uid=f"{number}-b", at=end, kind="finished", start=begin, seconds=3600.0, good=Decimal(10), **fields),
    ]


def test_the_table_is_exported_with_its_numbers(client: Any, stored: Any) -> None:
    lines = client.get(f"{AT}?export=csv&verdict=differs").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Table,Of,What,Place,Unit,Planned,Actual,Low,High")
    assert lines[1].startswith("steps,Make chair / Cut,time of a unit,Shop,seconds,60.0,75.0,")
    assert len(lines) == 2


def test_the_effect_is_shown_when_it_is_computed_and_becomes_the_update(client: Any, stored: Any) -> None:
    answer = client.post(f"{AT}effect/", {"choose": [CUT], "days": "365", "seconds": "1"}, follow=True)
    assert "waiting for a worker" in text(answer)
    job = last_effect("Shop")
    assert job is not None
    assert "waiting for a worker" in text(client.get(AT))
    claimed = queue.claim("test")
    assert claimed is not None
    work(claimed.pk, claimed.token)
    part = client.get(f"{AT}effect/{job.pk}/?part=1", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"{AT}effect/{job.pk}/"
    said = text(client.get(f"{AT}effect/{job.pk}/"))
    assert "Make chair / Cut time of a unit 60 s 75 s" in said
    assert "Saw 0.3 0.4" in said
    assert "Update the model" in said
    assert client.get("/operations/Shop/plans/").status_code == 200
    assert "Calculation" not in text(client.get("/operations/Shop/plans/"))  # that list is of plans
    answer = client.post(f"{AT}effect/{job.pk}/update/", follow=True)
    assert "steps 2 0 1 0 Make chair / Cut" in text(answer)


def test_an_update_is_confirmed_on_the_page_of_its_differences(client: Any, stored: Any) -> None:
    answer = client.post(f"{AT}update/", {"choose": [CUT], "days": "365"}, follow=True)
    assert "what was learned (1 proposal) describes Shop" in text(answer)
    assert "Make chair / Cut: time_per_unit 60 → 75" in text(answer)
    draft = Dataset.objects.get(state="draft")
    client.post(f"/import/{draft.pk}/confirm/")
    assert next(s for s in load("Shop").steps if s.name == "Cut").time_per_unit == 75.0
    assert "0 proposals" in text(client.get(AT))
    assert "Back to version 1" in text(client.get(AT))
    answer = client.post(f"{AT}restore/1/", follow=True)
    assert "version 1 of Shop describes Shop" in text(answer)
    assert client.post(f"{AT}restore/77/").status_code == 404


def test_nothing_chosen_is_said(client: Any, stored: Any) -> None:
    assert "Choose at least one proposal" in text(client.post(f"{AT}effect/", {}, follow=True))
    assert "Choose at least one proposal" in text(client.post(f"{AT}update/", {}, follow=True))


def test_a_calculation_is_cancelled(client: Any, stored: Any) -> None:
    client.post(f"{AT}effect/", {"choose": [CUT]})
    job = last_effect("Shop")
    assert job is not None
    client.post(f"{AT}effect/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert client.get(f"{AT}effect/999/").status_code == 404


def test_a_viewer_sees_and_changes_nothing(client: Any, viewer: Any, stored: Any) -> None:
    client.force_login(viewer)
    said = text(client.get(AT))
    assert "75 s" in said
    assert "Update the model" not in said
    assert "Show the effect" not in said
    assert client.post(f"{AT}update/", {"choose": [CUT]}).status_code == 403
    assert client.post(f"{AT}effect/", {"choose": [CUT]}).status_code == 403


def test_lengths_of_time_keep_three_digits() -> None:
    assert [exact_length(s) for s in (75, 119.4, 154.2, 39600, 86400 * 5.25)] == [
        "75 s",
        "119 s",
        "2.57 min",
        "11 h",
        "5.25 d",
    ]
