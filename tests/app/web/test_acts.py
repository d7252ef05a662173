"""What pages change: imports, plans, publishing; each only by those who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gemba.exchange import write_workbook

HOME = "/operations/Garden%20furniture/"


@pytest.fixture
def as_(client: Any) -> Callable[[Any], Any]:
    def signed_in(user: Any) -> Any:
        client.force_login(user)
        return client

    return signed_in


def uploaded(name: str, content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def test_a_workbook_is_previewed_and_confirmed(as_: Any, planner: Any, factory: Any, tmp_path: Any) -> None:
    from gemba.app.store.models import CURRENT, Dataset

    write_workbook(factory, tmp_path / "f.xlsx")
    answer = as_(planner).post("/import/", uploaded("f.xlsx", (tmp_path / "f.xlsx").read_bytes()))
    assert "without a fault" in as_(planner).get(answer["Location"]).content.decode()
    assert not Dataset.objects.filter(state=CURRENT).exists()
    as_(planner).post(f"{answer['Location']}confirm/")
    assert Dataset.objects.get(state=CURRENT).name == factory.name


def test_the_preview_of_known_data_says_that_nothing_changes(
    as_: Any, planner: Any, factory: Any, dataset: Any, tmp_path: Any
) -> None:
    write_workbook(factory, tmp_path / "f.xlsx")
    answer = as_(planner).post("/import/", uploaded("f.xlsx", (tmp_path / "f.xlsx").read_bytes()))
    assert "It changes nothing" in as_(planner).get(answer["Location"]).content.decode()


def test_faults_are_listed_with_file_row_and_field(as_: Any, planner: Any) -> None:
    broken = b"name,item,quantity,due\nSO-1,Chair,many,tomorrow\n"
    answer = as_(planner).post("/import/", uploaded("demands.csv", broken))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "demands.csv" in said
    assert "many" in said


def test_a_discarded_preview_is_gone(as_: Any, planner: Any, factory: Any) -> None:
    from gemba.app.actions import preview_import
    from gemba.app.store.models import Dataset

    draft = preview_import(planner, factory)
    as_(planner).post(f"/import/{draft.pk}/discard/")
    assert not Dataset.objects.exists()
    assert as_(planner).get(f"/import/{draft.pk}/")["Location"] == "/import/"


def test_a_demonstration_is_imported_by_a_click(as_: Any, planner: Any) -> None:
    from gemba.app.store.models import Dataset

    as_(planner).post("/import/demonstration/", {"name": "close"})
    assert Dataset.objects.get().source == "demonstration close"


def test_a_viewer_imports_nothing(as_: Any, viewer: Any) -> None:
    assert as_(viewer).get("/import/").status_code == 403
    assert as_(viewer).post("/import/demonstration/", {"name": "close"}).status_code == 403


def test_a_plan_is_asked_for_and_cancelled(as_: Any, planner: Any, dataset: Any) -> None:
    from gemba.app.store.models import Job

    as_(planner).post(f"{HOME}plans/run/", {"seconds": "5", "seed": "1", "policy": "on_time"})
    job = Job.objects.get()
    assert "waiting for a worker" in as_(planner).get(f"{HOME}plans/").content.decode()
    assert "hx-trigger" in as_(planner).get(f"{HOME}jobs/{job.pk}/").content.decode()
    answer = as_(planner).post(f"{HOME}jobs/{job.pk}/cancel/")
    assert "cancelled" in answer.content.decode()
    assert "hx-trigger" not in answer.content.decode()


def test_an_impossible_option_is_refused_in_words(as_: Any, planner: Any, dataset: Any) -> None:
    answer = as_(planner).post(f"{HOME}plans/run/", {"seconds": "-1"}, follow=True)
    assert "The time must be from 0" in answer.content.decode()


def test_a_planner_publishes_and_a_viewer_may_not(as_: Any, planner: Any, viewer: Any, version: Any) -> None:
    answer = as_(viewer).post(f"{HOME}plans/1/publish/", follow=True)
    assert "may not" in answer.content.decode()
    assert "Publish</button>" not in answer.content.decode()
    answer = as_(planner).post(f"{HOME}plans/1/publish/", follow=True)
    assert "Plan 1 is published" in answer.content.decode()


def test_a_plan_that_breaks_a_rule_is_not_published(as_: Any, planner: Any, version: Any) -> None:
    type(version).objects.update(violations=["stock of Chair is negative"])
    answer = as_(planner).post(f"{HOME}plans/1/publish/", follow=True)
    assert "breaks 1 rules" in answer.content.decode()
    assert "1 broken rule" in answer.content.decode()
