"""The pages of released work: release, dispatch, follow, correct."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

import gemba
from gemba.app import actions
from gemba.app.actions.release import releasable
from gemba.app.actions.work import Report, report
from gemba.app.security.scope import places_of
from gemba.app.store.clock import set_now
from gemba.app.store.models import OrderState, PlaceScope
from gemba.app.store.plans import save_plan
from gemba.operation import Place, Resource
from tests.execute.orders.facts import at, shop

pytestmark = pytest.mark.django_db
AT = "/operations/Shop/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def plan(planner: Any, client: Any) -> Any:
    client.force_login(planner)
    places = (Place(name="Shop"), Place(name="Yard"))
    resources = (
        Resource(name="Saw", place="Shop", cost_per_hour=30.0),
        Resource(name="Bench", place="Yard", calendar="Early"),
    )
    operation = shop(places=places, resources=resources)
    dataset = actions.import_operation(planner, operation)
    version = save_plan(dataset, gemba.plan(operation, seconds=None, steps=5), user=planner)
    actions.publish_plan(planner, version.pk)
    set_now("Shop", at(0), stands=True)
    return version


def release(client: Any) -> Any:
    return client.post(f"{AT}work/release/", {"order": [o.id for o in releasable("Shop")]}, follow=True)


def test_before_a_plan_is_published_the_pages_say_what_to_do(client: Any, planner: Any) -> None:
    client.force_login(planner)
    actions.import_operation(planner, shop())
    assert "No plan is published yet" in text(client.get(f"{AT}work/release/"))
    assert "Publish a plan and release orders" in text(client.get(f"{AT}dispatch/"))
    assert "No order is open" in text(client.get(f"{AT}work/"))


def test_a_planned_order_is_released_and_comes_into_the_dispatch_list(client: Any, plan: Any) -> None:
    assert "Release the chosen orders" in text(client.get(f"{AT}work/release/"))
    assert "Released: MO-1001." in text(release(client))
    said = text(client.get(f"{AT}dispatch/"))
    assert said.index("Cut") < said.index("Assemble")
    assert "after Cut" in said
    assert "Everything that is planned is released" in text(client.get(f"{AT}work/release/"))


def test_what_keeps_an_order_from_release_is_said(client: Any, planner: Any, plan: Any) -> None:
    actions.import_operation(planner, shop(stocks=()))
    assert "Leg at Shop: 40 needed, 0 available; receive or make it first." in text(release(client))


def test_the_dispatch_list_of_a_work_centre_has_its_work_only(client: Any, plan: Any) -> None:
    release(client)
    said = text(client.get(f"{AT}dispatch/?resource=Bench"))
    assert "Assemble" in said
    assert "MO-1001 SO-1 Cut" not in said
    assert "Nothing is to be done here" in text(client.get(f"{AT}dispatch/?resource=Bench&q=nothing"))
    assert client.get(f"{AT}dispatch/?export=csv").content.decode().count("MO-1001") == 2


def test_a_supervisor_of_a_place_sees_its_work_only(client: Any, plan: Any, make_user: Any) -> None:
    release(client)
    chief = make_user("supervisor")
    PlaceScope.objects.create(user=chief, operation="Shop", place="Yard")
    assert places_of(chief, "Shop") == {"Yard"}
    client.force_login(chief)
    said = text(client.get(f"{AT}dispatch/"))
    assert "Assemble" in said
    assert "MO-1001 SO-1 Cut" not in said


def test_an_orders_page_tells_what_happened_and_what_was_moved(client: Any, planner: Any, plan: Any) -> None:
    release(client)
    report(planner, "Shop", Report(uid="a", kind="started", order="MO-1001", step="Cut"))
    set_now("Shop", at(0.5), stands=True)
    report(
        planner,
        "Shop",
        Report(
            uid="b", kind="finished", order="MO-1001", step="Cut", good=Decimal(9), scrap=Decimal(1), reason="Crack"
        ),
    )
    said = text(client.get(f"{AT}work/MO-1001/"))
    assert "9 good" not in said  # the order's yield is its last step's
    assert "0 good, 1 scrapped" in said
    assert "store Shop wip MO-1001" in said
    assert "30 min" in said
    taken_back = text(client.post(f"{AT}work/MO-1001/void/", {"uid": "b", "note": "wrong"}, follow=True))
    assert "The report is taken back." in taken_back
    assert "0 good, 0 scrapped" in taken_back


def test_an_order_is_cancelled_from_its_page(client: Any, plan: Any) -> None:
    release(client)
    answer = client.post(f"{AT}work/MO-1001/change/", {"kind": "cancelled", "note": "withdrawn"}, follow=True)
    assert "MO-1001 is cancelled." in text(answer)
    assert OrderState.objects.get().state == "cancelled"
    assert "cannot be closed" in text(client.post(f"{AT}work/MO-1001/change/", {"kind": "closed"}, follow=True))


def test_an_order_that_is_not_there_is_not_found(client: Any, plan: Any) -> None:
    assert client.get(f"{AT}work/MO-9/").status_code == 404


def test_an_order_is_split_before_work_on_it_begins(client: Any, planner: Any, plan: Any) -> None:
    release(client)
    split = f"{AT}work/MO-1001/split/"
    assert "must be above 0 and below" in text(client.post(split, {"part": "10"}, follow=True))
    assert "must be above 0" in text(client.post(split, {"part": "nan"}, follow=True))
    assert "must be a number" in text(client.post(split, {"part": "some"}, follow=True))
    said = text(client.post(split, {"part": "4"}, follow=True))
    assert "MO-1001 is split into MO-1001-S1 and MO-1001-S2." in said
    assert {s.order: s.state for s in OrderState.objects.all()} == {
        "MO-1001": "cancelled", "MO-1001-S1": "released", "MO-1001-S2": "released",
    }  # fmt: skip
    report(planner, "Shop", Report(uid="a", kind="started", order="MO-1001-S1", step="Cut"))
    assert "no work has begun" in text(client.post(f"{AT}work/MO-1001-S1/split/", {"part": "1"}, follow=True))
