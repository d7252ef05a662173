"""The audit trail and the account, as people see them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.actions.accounts import give_place
from gemba.app.queries.proof import verify
from gemba.app.store.models import ApiToken, Audit
from gemba.app.web.differences import Difference, differences

WORD = "correct horse battery"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def signed_in(client: Any) -> Any:
    def as_(user: Any) -> Any:
        client.force_login(user)
        return client

    return as_


def test_only_the_fields_that_differ_are_told() -> None:
    before, after = {"a": 1, "b": {"c": True, "d": []}}, {"a": 1, "b": {"c": False, "d": [1, 2]}, "e": ""}
    assert differences(before, after) == [
        Difference("b.c", "yes", "no"),
        Difference("b.d", "none", "1, 2"),
        Difference("e", "", "blank"),
    ]
    assert differences(None, 3) == [Difference("value", "", "3")]


def test_the_trail_is_filtered_by_what_the_address_says(signed_in: Any, manager: Any, dataset: Any) -> None:
    browser = signed_in(manager)
    assert "import operation" in text(browser.get("/audit/"))
    rows = browser.get("/audit/", {"action": "import operation", "username": "planner"}).context["rows"]
    assert [row["subject"] for row in rows] == [dataset.name]
    assert "No change fits" in text(browser.get("/audit/", {"until": "2001-01-01"}))
    assert browser.get("/audit/", {"since": "2001-01-01", "page": "nonsense"}).context["rows"]


def test_the_trail_is_exported_with_its_digests(signed_in: Any, manager: Any, dataset: Any) -> None:
    csv = signed_in(manager).get("/audit/", {"export": "csv"}).content.decode("utf-8-sig")
    assert Audit.objects.latest("pk").digest in csv


def test_the_button_verifies_and_the_page_remembers(signed_in: Any, manager: Any, dataset: Any) -> None:
    browser, last = signed_in(manager), Audit.objects.latest("pk")
    assert "not verified yet" in text(browser.get("/audit/"))
    assert "unbroken" in text(browser.post("/audit/verify/", follow=True))
    said = text(browser.get("/audit/"))
    assert f"Verified up to row {last.pk}" in said
    assert last.digest in said
    assert verify().unbroken


def test_a_broken_chain_is_shown_as_such(signed_in: Any, manager: Any, dataset: Any) -> None:
    Audit.objects.filter(pk=1).update(subject="somebody else")
    said = text(signed_in(manager).post("/audit/verify/", follow=True))
    assert "Row 1: it was changed after it was written." in said


def test_only_managers_see_and_verify_the_trail(signed_in: Any, planner: Any) -> None:
    browser = signed_in(planner)
    assert browser.get("/audit/").status_code == browser.post("/audit/verify/").status_code == 403
    assert "Audit trail" not in text(browser.get("/account/"))


def test_a_token_is_shown_once_and_then_revoked(signed_in: Any, viewer: Any) -> None:
    browser = signed_in(viewer)
    shown = browser.post("/account/tokens/", {"label": "Label printer"})
    token = re.search(r"gemba_[\w-]{20,}", shown.content.decode())
    assert token is not None
    assert "no-store" in shown["Cache-Control"]
    header = {"HTTP_AUTHORIZATION": f"Bearer {token[0]}"}
    assert browser.get("/api/v1/operations", **header).status_code == 200
    again = browser.get("/account/").content.decode()
    assert "Label printer" in again
    assert token[0] not in again
    browser.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert not ApiToken.objects.exists()


def test_nobody_revokes_the_token_of_another(signed_in: Any, viewer: Any, planner: Any) -> None:
    actions.create_token(planner, "theirs")
    assert signed_in(viewer).post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert ApiToken.objects.exists()


def test_the_password_is_changed_by_whoever_knows_it(signed_in: Any, viewer: Any) -> None:
    browser = signed_in(viewer)

    def change(old: str, new: str, again: str = "") -> str:
        form = {"old": old, "new": new, "again": again or new}
        return text(browser.post("/account/password/", form, follow=True))

    assert "a different one" in change("wrong", "staple staple staple")
    assert "differ" in change(WORD, "staple staple staple", "other")
    assert "too short" in change(WORD, "short")
    assert "is changed" in change(WORD, "staple staple staple")
    viewer.refresh_from_db()
    assert viewer.check_password("staple staple staple")
    assert "staple" not in str(Audit.objects.filter(action="change password").values())


def test_guessing_the_password_is_slowed_down(signed_in: Any, viewer: Any) -> None:
    browser, form = signed_in(viewer), {"new": "staple staple staple", "again": "staple staple staple"}
    for _ in range(5):
        browser.post("/account/password/", {"old": "wrong", **form})
    assert "Too many" in text(browser.post("/account/password/", {"old": WORD, **form}, follow=True))


def test_the_account_says_where_the_role_holds(signed_in: Any, viewer: Any, dataset: Any, factory: Any) -> None:
    browser = signed_in(viewer)
    assert "every place" in text(browser.get("/account/"))
    inner = next(place for place in factory.places if place.parent)
    give_place("viewer", dataset.name, inner.parent)
    said = text(browser.get("/account/"))
    assert f"{dataset.name} {inner.parent}" in said
    assert inner.name in said.partition("and inside:")[2]
