"""The pages of KPIs: hand-computed numbers, down to the records, within what one may see."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

import gemba
from gemba.app import actions
from gemba.app.actions.release import create_order
from gemba.app.actions.work import Report, report
from gemba.app.store.clock import set_now
from gemba.app.store.models import PlaceScope
from gemba.app.store.records import append, read
from gemba.operation import Delivered, Movement, Place, Resource, Shift
from tests.execute.orders.facts import at, head, shop, tasks

pytestmark = pytest.mark.django_db
AT = "/operations/Shop/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def links(answer: Any, part: str) -> list[str]:
    found = re.findall(r'href="(/[^"]*)"', answer.content.decode())
    return [link.replace("&amp;", "&") for link in found if part in link]


@pytest.fixture
def worked(client: Any, planner: Any) -> Any:
    """Ten chairs: 20 min of cutting with 8 good and 2 scrapped; 48 min of assembling 8; one delivered in full, one not."""
    client.force_login(planner)
    places = (Place(name="Works"), Place(name="Shop", parent="Works"), Place(name="Yard", parent="Works"))
    resources = (Resource(name="Saw", place="Shop", cost_per_hour=30.0), Resource(name="Bench", place="Yard"))
    shifts = (Shift(name="Early", start=at(0).time(), end=at(8).time()),)
    actions.import_operation(planner, shop(places=places, resources=resources, shifts=shifts))
    set_now("Shop", at(0), stands=True)
    order = create_order(planner, "Shop", head(), tasks())
    for hours, kind, step, more in (
        (0, "started", "Cut", {"resource": "Saw"}),
        (1 / 3, "finished", "Cut", {"resource": "Saw", "good": Decimal(8), "scrap": Decimal(2), "reason": "Split"}),
        (1, "started", "Assemble", {"resource": "Bench"}),
        (1.8, "finished", "Assemble", {"resource": "Bench", "good": Decimal(8)}),
    ):
        set_now("Shop", at(hours), stands=True)
        report(planner, "Shop", Report(uid=f"{kind}-{step}", kind=kind, order=order, step=step, **more))
    line = {"item": "Chair", "place": "Shop", "ordered": Decimal(5), "due": at(48), "price": Decimal(95)}
    with transaction.atomic():
        append("Shop", [
            Delivered(uid="d1", at=at(1.9), demand="SO-1", quantity=Decimal(5), **line),
            Delivered(uid="d2", at=at(1.9), demand="SO-2", quantity=Decimal(3), **line),
        ])  # fmt: skip
    set_now("Shop", at(2), stands=True)
    return order


def test_the_page_shows_the_numbers_worked_out_by_hand(client: Any, worked: Any) -> None:
    said = text(client.get(f"{AT}kpis/?period=day"))
    assert "Quality ratio 88.9 %" in said  # (8 + 8) good of (10 + 8) produced
    assert "Scrap ratio 11.1 %" in said
    assert "On time in full to promise 50 %" in said
    assert "GQ 16 units" in said
    assert "No value, because FE (stops for reasons that are not planned) is 0" in said
    assert client.get(f"{AT}kpis/?period=day&place=Shop").content.decode().count("<strong>80</strong>") >= 1


def test_a_kpi_has_its_formula_with_every_element_and_is_told_apart(client: Any, worked: Any) -> None:
    said = text(client.get(f"{AT}kpis/quality%20ratio/?period=day&place=Works"))
    assert "quality ratio = GQ / PQ" in said
    assert "PQ 18 units units produced: good, scrapped and to be reworked" in said
    assert "Shop 80 % 8 units 10 units" in said
    assert "Yard 100 % 8 units 8 units" in said
    by_shift = text(client.get(f"{AT}kpis/quality%20ratio/?period=day&by=shift"))
    assert "Early 88.9 %" in by_shift
    early = text(client.get(f"{AT}kpis/?period=day&shift=Early&q=quality"))
    assert "Quality ratio 88.9 %" in early
    assert "Quality ratio 88.9" not in text(client.get(f"{AT}kpis/?period=day&shift=-&q=quality"))
    assert "Bench 100 %" in text(client.get(f"{AT}kpis/quality%20ratio/?period=day&by=resource"))


def test_every_figure_leads_to_records_that_add_up_to_it(client: Any, worked: Any) -> None:
    page = client.get(f"{AT}kpis/scrap%20ratio/?period=day&place=Works")
    found = sorted(set(links(page, "/records/")))
    assert len(found) == 3  # the whole, and each of the two places
    records = text(client.get(next(link for link in found if "place=Shop" in link)))
    assert "SQ scrapped units 2 2" in records
    assert "PQ produced: good, scrapped and to be reworked units 10 10" in records
    assert "MO-1 Cut Saw" in records
    assert "Assemble" not in records
    assert links(client.get(found[0]), "/work/MO-1/")


def test_an_open_hours_kpi_by_item_says_why_it_has_no_value(client: Any, worked: Any) -> None:
    said = text(client.get(f"{AT}kpis/availability/?period=day&item=Chair"))
    assert re.search(r"No value because POT \(open hours .*\) cannot be told apart by item", said)


def test_the_change_against_the_period_before_is_told_in_points(client: Any, worked: Any) -> None:
    set_now("Shop", at(26), stands=True)
    said = text(client.get(f"{AT}kpis/quality%20ratio/?period=day"))
    assert "No value" in said
    yesterday = text(client.get(f"{AT}kpis/quality%20ratio/?period=day&at=2026-11-23"))
    assert "88.9 %" in yesterday
    assert "so far" not in yesterday


def test_before_anything_is_recorded_the_page_says_what_to_do(client: Any, planner: Any) -> None:
    client.force_login(planner)
    actions.import_operation(planner, shop())
    set_now("Shop", at(0), stands=True)
    said = text(client.get(f"{AT}kpis/"))
    assert "No KPI has a value here" in said
    assert "No value in these 12 periods" in text(client.get(f"{AT}kpis/quality%20ratio/"))
    assert "No record adds to this figure" in text(client.get(f"{AT}kpis/quality%20ratio/records/"))


def test_whoever_is_kept_to_a_place_sees_its_figures_only(client: Any, worked: Any, planner: Any) -> None:
    PlaceScope.objects.create(user=planner, operation="Shop", place="Shop")
    said = text(client.get(f"{AT}kpis/?period=day"))
    assert "Quality ratio 80 %" in said
    assert "Whole operation" not in said
    assert client.get(f"{AT}kpis/?place=Yard").status_code == 403
    assert client.get(f"{AT}kpis/quality%20ratio/records/?place=Yard").status_code == 403
    assert client.get("/api/v1/kpis", {"operation": "Shop", "place": "Yard"}).status_code == 403


def test_kpis_of_costs_are_for_those_who_may_see_costs(client: Any, worked: Any, viewer: Any) -> None:
    assert "Cost of a unit" in text(client.get(f"{AT}kpis/"))
    client.force_login(viewer)
    said = text(client.get(f"{AT}kpis/"))
    assert "Cost of a unit" not in said
    assert "Quality ratio" in said
    assert client.get(f"{AT}kpis/cost%20of%20a%20unit/").status_code == 403
    assert client.get(f"{AT}kpis/inventory%20turns/records/").status_code == 403


@pytest.mark.parametrize("query", ["period=decade", "place=Nowhere", "at=yesterday", "item=Sofa", "shift=Noon"])
def test_an_address_that_makes_no_sense_is_not_found(client: Any, worked: Any, query: str) -> None:
    assert client.get(f"{AT}kpis/?{query}").status_code == 404
    assert client.get(f"/api/v1/kpis?operation=Shop&{query}").status_code == 422


def test_the_twin_and_the_export_say_the_same_as_the_page(client: Any, worked: Any) -> None:
    page = client.get(f"{AT}kpis/quality%20ratio/?period=day&place=Works")
    (twin,) = links(page, "/api/")
    told = client.get(twin).json()
    assert told["value"] == pytest.approx(16 / 18)
    assert [(p["name"], p["value"]) for p in told["parts"]] == [("Shop", 0.8), ("Yard", 1.0)]
    sheet = client.get(f"{AT}kpis/?period=day&export=csv").content.decode("utf-8-sig").splitlines()
    row = next(r for r in sheet if ",quality ratio," in r)
    assert float(row.split(",")[2]) == pytest.approx(16 / 18)
    records = client.get("/api/v1/kpis/records", {"operation": "Shop", "kpi": "scrap ratio", "period": "day"}).json()
    assert records["sums"] == {"SQ": 2.0, "PQ": 18.0}
    assert {r["record"]["uid"] for r in records["records"]} == {"finished-Cut", "finished-Assemble"}


def test_every_link_of_the_pages_leads_somewhere(client: Any, worked: Any) -> None:
    page = client.get(f"{AT}kpis/?period=day")
    some = {*links(page, "/kpis/")[:20], *links(client.get(f"{AT}kpis/quality%20ratio/?period=day&place=Works"), "/")}
    bad = {link: code for link in some if (code := client.get(link).status_code) >= 400 and "/static/" not in link}
    assert bad == {}


def test_last_week_is_the_week_before_the_one_that_holds_the_day() -> None:
    from gemba.app.queries.kpi_course import span

    day = at(0).date()
    assert span("week", day, 2).starts == (day - timedelta(days=7), day)
    assert span("quarter", day, 2).starts[0].isoformat() == "2026-07-01"
    assert span("month", day, 1).end.isoformat() == "2026-12-01"


def test_the_cockpit_shows_what_was_measured_beside_the_plan(client: Any, worked: Any, planner: Any) -> None:
    from gemba.app.store.models import Dataset
    from gemba.app.store.operations import load
    from gemba.app.store.plans import save_plan

    operation = load("Shop")
    moved = {"item": "Chair", "quantity": Decimal(1), "value": Decimal("41.5"), "at": at(1)}
    ends = {"from_kind": "store", "from_name": "Shop", "to_kind": "scrap", "to_name": "Split"}
    with transaction.atomic():
        append("Shop", [Movement(uid="scrapped", cause="scrap", **moved, **ends)])
    save_plan(Dataset.objects.get(name="Shop"), gemba.plan(operation, seconds=None, steps=5), user=planner)
    page = client.get(AT)
    said = text(page)
    assert "Delivered on time in full 50 % last 30 days" in said
    assert "Bottleneck load" in said
    assert "First pass yield" not in said  # nothing was inspected
    value = re.search(r"Scrap cost ([0-9.]+)", said)
    lost = [m for m in read("Shop", "movements") if m.to_kind == "scrap"]
    assert value is not None
    assert float(value[1]) == pytest.approx(float(sum(m.value for m in lost)), abs=0.01)
    leads = next(link for link in links(page, "/records/") if "promise" in link)
    assert "SO-2" in text(client.get(leads))
