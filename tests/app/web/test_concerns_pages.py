"""The pages of concerns: raised, listed, filtered, taken further, each by those who may."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.store.records import read

PLANT = "Garden furniture"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def raised(planner: Any, dataset: Any) -> Any:
    raise_concern(planner, PLANT, "nonconformance", title="Seam too wide", quantity=12, owner="supervisor")
    raise_concern(planner, PLANT, "hazard", title="Oil on the floor", place=first_place(dataset))
    return dataset


def first_place(dataset: Any) -> str:
    from gemba.app.store.models import MODELS

    return str(MODELS["places"].objects.filter(dataset=dataset).values_list("name", flat=True)[0])


def test_without_concerns_the_page_says_what_to_do(browse: Any, planner: Any, dataset: Any) -> None:
    assert "Nothing is open" in text(browse(planner, "concerns/"))


def test_concerns_are_filtered_by_kind_state_and_owner(browse: Any, planner: Any, raised: Any) -> None:
    every = text(browse(planner, "concerns/"))
    assert "Seam too wide" in every
    assert "Oil on the floor" in every
    assert "Seam too wide" not in text(browse(planner, "concerns/", kind="hazard"))
    assert "Oil on the floor" not in text(browse(planner, "concerns/", owner="supervisor"))
    assert "No concern fits" in text(browse(planner, "concerns/", state="overdue"))
    assert "No concern fits" in text(browse(planner, "concerns/", state="contained"))


def test_an_ended_concern_leaves_the_list_of_open_ones(browse: Any, planner: Any, raised: Any) -> None:
    change_concern(planner, PLANT, "HZ-1", "withdrawn", note="it was water")
    assert "Oil on the floor" not in text(browse(planner, "concerns/"))
    assert "Oil on the floor" in text(browse(planner, "concerns/", state="all"))


def test_a_concern_is_raised_by_its_form(browse: Any, client: Any, planner: Any, dataset: Any) -> None:
    page = browse(planner, "concerns/new/", kind="near miss")
    uid = re.search(r'name="uid" value="([^"]+)"', page.content.decode())
    assert uid
    form = {"kind": "near miss", "uid": uid[1], "title": "Trolley rolled", "place": first_place(dataset)}
    form["due"] = "2026-12-24T10:00"
    first = client.post("/operations/Garden%20furniture/concerns/new/", form)
    again = client.post("/operations/Garden%20furniture/concerns/new/", form)
    assert first["Location"] == again["Location"] == "/operations/Garden%20furniture/concerns/NM-1/"
    (stored,) = read(PLANT, "concerns")
    assert stored.due is not None
    assert f"{stored.due:%d %H}" == "24 09"  # on the operation's clocks


def test_a_form_that_lacks_something_comes_back_filled_in(browse: Any, client: Any, planner: Any, dataset: Any) -> None:
    client.force_login(planner)
    form = {"kind": "incident", "title": "Cut finger", "due": "soon"}
    said = client.post("/operations/Garden%20furniture/concerns/new/", form)
    assert "Due is soon; it must be" in text(said)
    form["due"] = ""
    said = client.post("/operations/Garden%20furniture/concerns/new/", form)
    assert "Severity must be given." in text(said)
    assert 'value="Cut finger"' in said.content.decode()


def test_a_concern_shows_what_may_be_done_next(browse: Any, make_user: Any, planner: Any, raised: Any) -> None:
    assert "Contain" in text(browse(planner, "concerns/NC-1/"))
    change_concern(planner, PLANT, "NC-1", "contained", note="blocked")
    assert "Decide" in text(browse(planner, "concerns/NC-1/"))
    operator = make_user("operator")
    assert "Your role may not take it further" in text(browse(operator, "concerns/NC-1/"))


def test_a_concern_is_taken_further_by_its_form(client: Any, browse: Any, planner: Any, raised: Any) -> None:
    client.force_login(planner)
    here = "/operations/Garden%20furniture/concerns/NC-1/change/"
    said = client.post(here, {"state": "contained", "note": "blocked"}, follow=True)
    assert "NC-1 is contained." in text(said)
    said = client.post(here, {"state": "disposed", "decision": "scrap", "quantity": "13", "person": "x"}, follow=True)
    assert "has 12 left to decide on" in text(said)
    client.post(here, {"state": "disposed", "decision": "scrap", "quantity": "2.5", "person": "x"})
    assert "Decided: scrap 2.5" in text(browse(planner, "concerns/NC-1/"))


def test_an_unknown_concern_is_not_found(browse: Any, planner: Any, raised: Any) -> None:
    assert browse(planner, "concerns/NC-9/").status_code == 404


def test_concerns_elsewhere_are_not_seen(browse: Any, make_user: Any, planner: Any, raised: Any) -> None:
    from gemba.app.store.models import MODELS, PlaceScope

    kept = make_user("supervisor")
    last = MODELS["places"].objects.filter(dataset=raised).exclude(name=first_place(raised))
    inner = next(p for p in last if not last.filter(parent=p.name).exists())
    PlaceScope.objects.create(user=kept, operation=PLANT, place=inner.name)
    assert browse(kept, "concerns/HZ-1/").status_code == 404
    assert "Oil on the floor" not in text(browse(kept, "concerns/"))
    assert "Seam too wide" in text(browse(kept, "concerns/"))  # it belongs to no place
