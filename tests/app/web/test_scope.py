"""A person whose role holds at some places sees of a plan what is there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gemba.app.store.models import PlaceScope

AT = "/operations/Garden%20furniture/"


@pytest.fixture
def miller(make_user: Any, version: Any, client: Any) -> Any:
    user = make_user("supervisor", "miller")
    PlaceScope.objects.create(user=user, operation="Garden furniture", place="North Mill")
    client.force_login(user)
    return user


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_screens_show_what_is_at_the_places_only(client: Any, miller: Any) -> None:
    assert "SO-2001" not in text(client.get(f"{AT}orders/"))
    capacity = text(client.get(f"{AT}capacity/"))
    assert "Router" in capacity
    assert "Paint line" not in capacity
    stock = text(client.get(f"{AT}stock/"))
    assert "Larch board" in stock
    assert "Green chair" not in stock
    assert client.get(f"{AT}orders/SO-2001/").status_code == 404


def test_the_api_shows_what_is_at_the_places_only(client: Any, miller: Any, version: Any) -> None:
    at = f"/api/v1/plans/{version.pk}/"
    assert client.get(f"{at}demands").json() == []
    assert {row["place"] for row in client.get(f"{at}stock").json()} <= {"North Mill", ""}
    assert {r["place"] for r in client.get(f"{at}board").json()["resources"]} == {"North Mill"}
    assert client.get(f"{at}orders").json()["rows"] == []
    assert client.get(f"{at}tasks").json()["rows"] == []
    assert client.get(f"{at}problems").json()["rows"] == []
    assert "Paint line" not in {row["resource"] for row in client.get(f"{at}load").json()}
    assert client.get(f"{at}document").status_code == 403


def test_whoever_holds_a_role_everywhere_sees_everything(client: Any, planner: Any, version: Any) -> None:
    client.force_login(planner)
    assert "SO-2052" in text(client.get(f"{AT}orders/"))
    assert len(client.get(f"/api/v1/plans/{version.pk}/orders").json()["rows"]) == 1
    assert len(client.get(f"/api/v1/plans/{version.pk}/problems").json()["rows"]) == 1
