"""The pages of targets: setting, breaking down, changing, taking back; who is told; who sees which."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gemba.app import actions
from gemba.app.queries.targets import attention
from gemba.app.store.clock import set_now
from gemba.app.store.models import PlaceScope
from gemba.app.store.records import append, read
from gemba.operation import Event, Kpi, Operation, Place, Resource
from tests.execute.orders.facts import at, shop

pytestmark = pytest.mark.django_db
AT = "/operations/Shop/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def two_shops() -> Operation:
    places = (Place(name="Works"), Place(name="Shop", parent="Works"), Place(name="Yard", parent="Works"))
    resources = (Resource(name="Saw", place="Shop", cost_per_hour=30.0), Resource(name="Bench", place="Yard"))
    own = (Kpi(name="Good units", formula="GQ", unit="item unit"),)
    return shop(places=places, resources=resources, kpis=own)


def made(day: int, good: int, scrap: int, place: str = "Shop") -> Event:
    """What was reported at noon of a day before (or after) the shop's now."""
    return Event(
        uid=f"{place}{day}", at=at(6) + timedelta(days=day), kind="finished", order="MO-1", step="Cut", place=place,
        resource="Saw" if place == "Shop" else "Bench", seconds=600, good=Decimal(good), scrap=Decimal(scrap),
    )  # fmt: skip


@pytest.fixture
def works(client: Any, manager: Any) -> Any:
    """Today at noon 80 of 100 are good at the shop and 95 of 100 in the yard; the four days before the shop had 90."""
    client.force_login(manager)
    actions.import_operation(manager, two_shops())
    events = [made(0, 80, 20), made(0, 95, 5, "Yard"), *(made(d, 90, 10) for d in (-4, -3, -2, -1))]
    with transaction.atomic():
        append("Shop", events)
    set_now("Shop", at(6), stands=True)
    return manager


def wanted(**more: Any) -> dict[str, Any]:
    return {"kpi": "quality ratio", "place": "Works", "period": "day", "goal": "95", "alert": "85", **more}


def put(client: Any, **more: Any) -> str:
    """Sets a target and returns its uid."""
    before = {t.uid for t in read("Shop", "targets")}
    assert client.post(f"{AT}targets/set/", wanted(**more)).status_code == 302
    (new,) = [t.uid for t in read("Shop", "targets") if t.uid not in before]
    return new


def test_without_targets_the_page_says_to_set_the_first(client: Any, works: Any, viewer: Any) -> None:
    assert "Set the first target" in text(client.get(f"{AT}targets/"))
    client.force_login(viewer)
    said = text(client.get(f"{AT}targets/"))
    assert "Somebody who may set targets can do that" in said
    assert client.get(f"{AT}targets/set/").status_code == 403
    assert client.post(f"{AT}targets/set/", wanted()).status_code == 403
    assert read("Shop", "targets") == []


def test_a_target_is_set_in_the_kpis_unit_and_shows_where_it_stands(client: Any, works: Any) -> None:
    form = text(client.get(f"{AT}targets/set/?kpi=quality+ratio&place=Works&period=day"))
    assert "Goal (%)" in form
    assert "in the last whole period 90 %" in form
    uid = put(client, place="Shop", owner="supervisor")
    assert read("Shop", "targets")[0].goal == 0.95
    said = text(client.get(f"{AT}targets/{uid}/"))
    assert "off track" in said  # 80 % so far, and 80 % at the end if it goes on: beyond the alert of 85 %
    assert "Value so far 80 %" in said
    assert "Forecast to the end of the day 80 %" in said
    assert "Periods missed in a row before 4" in said
    assert "Told now supervisor" in said
    assert "off track" in text(client.get(f"{AT}kpis/?period=day&place=Shop&q=quality"))
    assert "short of the goal" in text(client.get(f"{AT}kpis/?period=day&place=Shop&q=quality&at=2026-11-22"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"goal": "many"}, "Goal is many; it must be a number"),
        ({"goal": ""}, "Goal must be a number"),
        ({"alert": "99"}, "Alert is 99; it must be no better than the goal"),
        ({"place": "Nowhere"}, "Place is Nowhere"),
        ({"period": "decade"}, "Period is decade"),
        ({"start": "2026-12-31", "end": "2026-12-01"}, "must be after the start"),
        ({"parent": "no such"}, "Parent is no such"),
    ],
)
def test_what_is_wrong_with_a_target_is_said_and_nothing_is_set(
    client: Any, works: Any, more: dict[str, str], said: str
) -> None:
    answer = client.post(f"{AT}targets/set/", wanted(**more))
    assert said in text(answer)
    assert read("Shop", "targets") == []


def test_a_target_is_broken_down_to_the_places_below_in_one_step(client: Any, works: Any) -> None:
    above = put(client, owner="operations_manager")
    page = client.get(f"{AT}targets/{above}/break-down/")
    assert re.findall(r'name="goal-\d" type="number" step="any" value="([^"]*)"', page.content.decode()) == ["95", "95"]
    rows = {"choose-0": "on", "goal-0": "90", "alert-0": "85", "owner-0": "supervisor",
            "choose-1": "on", "goal-1": "96", "alert-1": "", "owner-1": "planner"}  # fmt: skip
    client.post(f"{AT}targets/{above}/break-down/", rows)
    found = {t.place: t for t in read("Shop", "targets")}
    assert {p: (t.goal, t.alert, t.owner, t.parent) for p, t in found.items() if p != "Works"} == {
        "Shop": (0.9, 0.85, "supervisor", above), "Yard": (0.96, None, "planner", above)
    }  # fmt: skip
    said = text(client.get(f"{AT}targets/"))
    assert said.index("Works") < said.index("Shop day") < said.index("Yard day")  # the worst first below the one above
    assert "Broken down to" in text(client.get(f"{AT}targets/{above}/"))


def test_breaking_down_with_a_goal_that_is_no_number_sets_nothing(client: Any, works: Any) -> None:
    above = put(client)
    rows = {"choose-0": "on", "goal-0": "90", "choose-1": "on", "goal-1": "high"}
    assert "Goal is high; it must be a number" in text(client.post(f"{AT}targets/{above}/break-down/", rows))
    assert len(read("Shop", "targets")) == 1
    assert "at least one" in text(client.post(f"{AT}targets/{above}/break-down/", {"goal-0": "90"}))


def test_the_goal_of_a_sum_is_shared_out_by_what_each_place_reached(client: Any, works: Any) -> None:
    with transaction.atomic():
        append("Shop", [made(-1, 30, 0, "Yard")])
    above = put(client, kpi="Good units", goal="200", alert="")
    page = client.get(f"{AT}targets/{above}/break-down/").content.decode()
    assert re.findall(r'name="goal-\d" type="number" step="any" value="([^"]*)"', page) == ["150", "50"]  # 90 and 30


def test_the_forecast_of_a_sum_grows_with_the_day(client: Any, works: Any) -> None:
    set_now("Shop", at(6), stands=True)  # noon: half of the day has passed
    uid = put(client, kpi="Good units", place="Shop", goal="150", alert="")
    said = text(client.get(f"{AT}targets/{uid}/"))
    assert "Value so far 80 units" in said
    assert "Forecast to the end of the day 160 units" in said
    assert "on track" in said


def test_a_changed_target_keeps_its_history_and_its_parts(client: Any, works: Any) -> None:
    above = put(client)
    put(client, place="Shop", parent=above)
    again = put(client, goal="97", note="After the new saw")
    said = text(client.get(f"{AT}targets/{above}/"))  # the former uid leads to the one that counts
    assert "97 %" in said
    assert "95 %" in said
    assert "After the new saw" in said
    assert "Broken down to" in said
    assert f"/targets/{again}/" in client.get(f"{AT}targets/").content.decode()
    refused = client.post(f"{AT}targets/{again}/withdraw/", follow=True)
    assert "Other targets are part of this one" in text(refused)


def test_a_target_is_taken_back(client: Any, works: Any) -> None:
    uid = put(client)
    assert "The target is taken back" in text(
        client.post(f"{AT}targets/{uid}/withdraw/", {"note": "Moved"}, follow=True)
    )
    assert "There are no targets yet" in text(client.get(f"{AT}targets/"))
    assert client.get(f"{AT}targets/{uid}/").status_code == 404
    assert client.post(f"{AT}targets/nothing/withdraw/").status_code == 404


def test_whoever_must_know_of_a_target_off_track_sees_it_in_the_navigation(
    client: Any, works: Any, make_user: Any
) -> None:
    supervisor = make_user("supervisor", "ada")
    put(client, place="Shop", owner="supervisor")
    put(client, place="Yard", owner="ada", goal="90")
    text(client.get(f"{AT}targets/"))
    assert attention("Shop", supervisor) == 1
    assert attention("Shop", works) == 0
    client.force_login(supervisor)
    assert "Targets , 1 off track" in text(client.get(f"{AT}kpis/"))
    assert "Yard" in text(client.get(f"{AT}targets/?mine=1"))
    assert "Yard" not in text(client.get(f"{AT}targets/?state=alarming"))


def test_after_missed_periods_the_owner_above_is_told_too(client: Any, works: Any) -> None:
    above = put(client, owner="operations_manager", goal="50", alert="")
    put(client, place="Shop", owner="supervisor", parent=above)
    assert "supervisor, operations_manager" in text(client.get(f"{AT}targets/"))
    assert attention("Shop", works) == 1


def test_a_supervisor_sees_the_targets_of_the_area_and_the_chain_above(client: Any, works: Any, make_user: Any) -> None:
    supervisor = make_user("supervisor")
    above = put(client)
    shop_target, yard_target = put(client, place="Shop", parent=above), put(client, place="Yard", parent=above)
    PlaceScope.objects.create(user=supervisor, operation="Shop", place="Shop")
    client.force_login(supervisor)
    said = client.get(f"{AT}targets/").content.decode()
    assert above in said
    assert shop_target in said
    assert yard_target not in said
    assert client.get(f"{AT}targets/{yard_target}/").status_code == 404
    told = client.get("/api/v1/targets", {"operation": "Shop"}).json()
    assert {t["uid"] for t in told} == {above, shop_target}


def test_a_manager_of_one_place_sets_no_targets_elsewhere(client: Any, works: Any) -> None:
    PlaceScope.objects.create(user=works, operation="Shop", place="Shop")
    assert "You may not do this at Yard" in text(client.post(f"{AT}targets/set/", wanted(place="Yard")))
    assert read("Shop", "targets") == []
    form = {"kpi": "quality ratio", "period": "day"}
    assert "95 %" not in text(client.get(f"{AT}targets/set/", {**form, "place": "Yard"}))
    assert "90 %" in text(client.get(f"{AT}targets/set/", {**form, "place": "Shop"}))


def test_targets_of_costs_are_for_those_who_may_see_costs(client: Any, works: Any, viewer: Any) -> None:
    put(client, kpi="cost of a unit", goal="40", alert="")
    assert "Cost of a unit" in text(client.get(f"{AT}targets/"))
    client.force_login(viewer)
    assert "Cost of a unit" not in text(client.get(f"{AT}targets/"))


def test_a_target_of_a_shift_is_held_against_the_shift_now(client: Any, works: Any) -> None:
    uid = put(client, place="Shop", period="shift")
    assert "Value so far 80 %" in text(client.get(f"{AT}targets/{uid}/"))


def test_targets_are_set_and_taken_back_through_the_api(client: Any, works: Any) -> None:
    body = {"operation": "Shop", "targets": [{"uid": "a", "kpi": "quality ratio", "place": "Works", "goal": 0.9}]}
    assert client.post("/api/v1/targets", body, content_type="application/json").json() == ["a"]
    (one,) = client.get("/api/v1/targets", {"operation": "Shop"}).json()
    assert (one["uid"], one["goal"], one["state"]) == ("a", 0.9, "off track")
    told = client.get("/api/v1/targets/one", {"operation": "Shop", "uid": "a"}).json()
    assert len(told["history"]) == 1
    taken = {"operation": "Shop", "uid": "a"}
    assert client.post("/api/v1/targets/withdraw", taken, content_type="application/json").status_code == 204
    assert client.get("/api/v1/targets", {"operation": "Shop"}).json() == []
    body["targets"][0]["kpi"] = "quality"  # type: ignore[index]
    assert client.post("/api/v1/targets", body, content_type="application/json").status_code == 422


def test_the_export_has_every_target_of_the_page(client: Any, works: Any) -> None:
    put(client)
    rows = client.get(f"{AT}targets/?export=csv").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("quality ratio,Works")
