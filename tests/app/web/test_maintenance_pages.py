"""The pages of maintenance and safety: what they show, what they change, and what they say when there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gemba.app.actions import import_operation
from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.maintenance import read_meter, report_down, report_up
from gemba.app.actions.safety import record_waste
from gemba.app.store.clock import now, set_now
from gemba.app.store.records import read
from gemba.operation.item import Item
from gemba.operation.maintenance import MaintenancePlan, Meter
from gemba.operation.process import Process, Step, StepItem, StepResource
from gemba.operation.safety import Document, WasteStream

PLANT = "Garden furniture"
HERE = "/operations/Garden%20furniture/"
PAGES = ("assets/", "assets/Saw%201/", "due-work/", "downtime/", "incidents/", "documents/", "waste-energy/")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def dataset(planner: Any, factory: Any) -> Any:
    made = replace(
        factory,
        items=(*factory.items, Item(name="Overhaul", kind="service"), Item(name="Belt")),
        processes=(*factory.processes, Process(name="Overhaul saw", item="Overhaul", place="North Mill", kind="maintenance")),
        steps=(*factory.steps, Step(process="Overhaul saw", name="Overhaul", time=5 * 3600)),
        step_items=(*factory.step_items, StepItem(process="Overhaul saw", step="Overhaul", item="Belt", quantity=2)),
        step_resources=(*factory.step_resources, StepResource(process="Overhaul saw", step="Overhaul", resource="Saw 1")),
        meters=(Meter(name="Power", resource="Saw 1", unit="kWh", media="electricity", emissions=0.4),),
        maintenance_plans=(
            MaintenancePlan(name="Overhaul of saw 1", resource="Saw 1", process="Overhaul saw", interval=30 * 86400),
        ),
        documents=(
            Document(name="Working at the saw", resource="Saw 1", acknowledged=True, text="Guard closed"),
            Document(name="Permit", end=factory.now + 3 * DAY, required=True),
        ),
        waste_streams=(WasteStream(name="Offcuts", unit="pc", cost=0.5),),
        checked=False,
    )  # fmt: skip
    stored = import_operation(planner, made)
    set_now(stored.name, factory.now)
    return stored


@pytest.fixture
def bare(planner: Any, close: Any) -> Any:
    names = ("meters", "maintenance_plans", "documents", "waste_streams", "reason_codes")
    return import_operation(planner, replace(close, **dict.fromkeys(names, ())))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_nothing_reported(browse: Any, planner: Any, dataset: Any, page: str) -> None:
    assert browse(planner, page).status_code == 200


@pytest.mark.parametrize("page", [p for p in PAGES if "Saw" not in p])
def test_without_any_data_a_page_says_what_to_do(client: Any, planner: Any, bare: Any, page: str) -> None:
    client.force_login(planner)
    answer = client.get(f"/operations/{bare.name.replace(' ', '%20')}/{page}")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode() or page == "assets/"


@pytest.mark.parametrize("page", [p for p in PAGES if "Saw" not in p])
def test_a_page_is_exported(browse: Any, planner: Any, dataset: Any, page: str) -> None:
    answer = browse(planner, page, export="csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert browse(planner, page, export="xlsx").status_code == 200


def test_an_asset_goes_down_and_up_on_its_page(client: Any, planner: Any, dataset: Any) -> None:
    client.force_login(planner)
    there = f"{HERE}assets/Saw%201/report/"
    form = {"what": "down", "reason": "Belt torn", "request": "New belt", "uid": "d"}
    assert "down since" in text(client.post(there, form, follow=True))
    assert [c.title for c in read(PLANT, "concerns")] == ["New belt"]
    assert "down Belt torn" in text(client.get(f"{HERE}assets/"))
    said = text(client.post(there, {"what": "up", "note": "new belt"}, follow=True))
    assert "Belt torn" in said
    assert "It works again" not in said
    assert "must be given" in text(client.post(there, {"what": "down", "reason": ""}, follow=True))


def test_a_reading_is_written_down_and_a_wrong_one_is_refused(client: Any, planner: Any, dataset: Any) -> None:
    client.force_login(planner)
    there = f"{HERE}assets/Saw%201/report/"
    assert "120.5 on" in text(client.post(there, {"what": "reading", "meter": "Power", "value": "120.5"}, follow=True))
    said = text(client.post(there, {"what": "reading", "meter": "Power", "value": "7"}, follow=True))
    assert "at least 120.5" in said
    assert client.post(there, {"what": "reading", "meter": "No such", "value": "7"}).status_code == 404
    assert client.get(f"{HERE}assets/No%20such/").status_code == 404


def test_due_work_is_ordered_from_its_list(client: Any, planner: Any, viewer: Any, dataset: Any) -> None:
    client.force_login(viewer)
    assert "Make orders" not in text(client.get(f"{HERE}due-work/"))
    client.force_login(planner)
    assert "never done" in text(client.get(f"{HERE}due-work/"))
    said = text(client.post(f"{HERE}due-work/", {"plan": "Overhaul of saw 1"}, follow=True))
    (order,) = read(PLANT, "released_orders", maintenance_plan="Overhaul of saw 1")
    assert f"Made: {order.order}." in said
    assert order.order in text(client.get(f"{HERE}assets/Saw%201/"))
    assert client.get(f"{HERE}work/{order.order}/").status_code == 200


def test_the_asset_s_page_shows_spare_parts_and_lives(browse: Any, planner: Any, dataset: Any) -> None:
    at = now(PLANT)
    for i, days in enumerate((40, 33, 20, 12, 5)):
        report_down(planner, PLANT, "Saw 1", "Belt", at=at - days * DAY, uid=f"d{i}")
        report_up(planner, PLANT, "Saw 1", at=at - days * DAY + 2 * HOUR)
    said = text(browse(planner, "assets/Saw%201/"))
    assert "Belt Overhaul saw 2 0" in said
    assert "4 failures, 1 still running" in said  # the age at the first one is not known
    assert "Failures 5" in said
    assert "Shape β" in said


def test_the_pareto_of_stops_leads_to_those_of_a_reason(browse: Any, planner: Any, dataset: Any) -> None:
    at = now(PLANT)
    for i, (reason, hours) in enumerate((("Motor", 1), ("Belt", 3))):
        begin = at - (5 - i) * DAY  # working days, in working hours
        report_down(planner, PLANT, "Saw 1", reason, at=begin, uid=f"d{i}")
        report_up(planner, PLANT, "Saw 1", at=begin + hours * HOUR)
    said = text(browse(planner, "downtime/"))
    assert "Belt 1 × 3.00 h 75 %" in said
    assert "Together 4.00 h" in said
    assert "Together 3.00 h" in text(browse(planner, "downtime/", reason="Belt"))


def test_incidents_are_counted_from_the_base_to_the_top(browse: Any, planner: Any, dataset: Any) -> None:
    raise_concern(planner, PLANT, "incident", title="Cut finger", severity="medical", place="North Mill")
    change_concern(planner, PLANT, "IN-1", "reported", lost_days=2)
    raise_concern(planner, PLANT, "near miss", title="Slip", place="North Mill")
    said = text(browse(planner, "incidents/"))
    assert "Days since the last recordable case 0" in said
    assert "1 near miss, 1 incident" in said
    assert "2 days lost" in said
    assert "Slip" not in text(browse(planner, "incidents/", severity="medical")).split("Pyramid")[1]


def test_a_document_is_confirmed_and_one_that_expires_soon_is_marked(client: Any, planner: Any, dataset: Any) -> None:
    client.force_login(planner)
    assert "1 to confirm by you" in text(client.get(f"{HERE}documents/"))
    assert "expires soon" in text(client.get(f"{HERE}documents/"))
    said = text(client.post(f"{HERE}documents/Working%20at%20the%20saw/1/", follow=True))
    assert "You know Working at the saw, version 1." in said
    assert "to confirm by you" not in said
    assert client.post(f"{HERE}documents/Nothing/1/").status_code == 404


def test_waste_and_energy_add_up_and_costs_are_shown_to_those_who_may(
    browse: Any, planner: Any, make_user: Any, dataset: Any
) -> None:
    at = now(PLANT)
    record_waste(planner, PLANT, "Offcuts", "Table parts", 4, place="North Mill")
    read_meter(planner, PLANT, "Power", 100, at=at - DAY)
    read_meter(planner, PLANT, "Power", 150, at=at)
    said = text(browse(planner, "waste-energy/"))
    assert "recycling 4 pc" in said
    assert "no work ran Power electricity 50 kWh" in said
    assert "20 kg CO2e" in said
    assert "Disposal" in said
    assert "Disposal" not in text(browse(make_user("operator"), "waste-energy/"))


def test_every_link_of_every_page_leads_somewhere(browse: Any, client: Any, planner: Any, dataset: Any) -> None:
    raise_concern(planner, PLANT, "near miss", title="Slip", place="North Mill")
    report_down(planner, PLANT, "Saw 1", "Belt")
    found: set[str] = set()
    for page in (*PAGES, "concerns/", "concerns/NM-1/"):
        html = browse(planner, page).content.decode()
        found |= {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', html) if "/static/" not in link}
    mine = {f for f in found if re.search(r"assets|due-work|downtime|incidents|documents|waste|concerns|/api/", f)}
    assert len(mine) > 30
    assert {link: client.get(link).status_code for link in mine if client.get(link).status_code >= 400} == {}


def test_an_accepted_request_gets_its_order_on_its_page(client: Any, planner: Any, dataset: Any) -> None:
    client.force_login(planner)
    raise_concern(planner, PLANT, "maintenance request", title="Noise", resource="Saw 1")
    assert "Make its order" not in text(client.get(f"{HERE}concerns/MR-1/"))
    change_concern(planner, PLANT, "MR-1", "accepted")
    assert "Make its order" in text(client.get(f"{HERE}concerns/MR-1/"))
    said = text(client.post(f"{HERE}concerns/MR-1/repair/", {"process": "Overhaul saw"}, follow=True))
    (order,) = read(PLANT, "released_orders", process="Overhaul saw")
    assert f"Order {order.order}" in said
    assert "ordered" in said


def test_a_checklist_is_gone_through_line_by_line(client: Any, planner: Any, viewer: Any, factory: Any) -> None:
    listed = Document(name="Start", kind="checklist", text="Guard closed\nBlade sharp")
    import_operation(planner, replace(factory, documents=(listed,)))
    client.force_login(planner)
    there = f"{HERE}documents/Start/1/check/"
    assert "Go through it" in text(client.get(f"{HERE}documents/"))
    said = client.post(there, {"line-1": "right", "line-2": "wrong", "resource": "Saw 1", "uid": "c"})
    assert "Note of line 2 must be given: what was found." in text(said)
    assert 'value="Saw 1"' in said.content.decode()
    form = {"line-1": "right", "line-2": "wrong", "note-2": "Blunt", "uid": "c"}
    assert "Blunt" in text(client.post(there, form, follow=True))
    assert len(read(PLANT, "events", kind="checked")) == 2
    client.force_login(viewer)
    assert "Your role may not write down checks" in text(client.get(there))


def test_waste_is_written_down_on_its_page(client: Any, planner: Any, dataset: Any) -> None:
    client.force_login(planner)
    there = f"{HERE}waste-energy/"
    form = {"stream": "Offcuts", "item": "Table parts", "quantity": "2.5", "place": "North Mill", "uid": "w"}
    for _ in range(2):
        assert "2.5 pc" in text(client.post(there, form, follow=True))
    assert "Choose a stream" in text(client.post(there, {**form, "stream": "", "uid": "v"}, follow=True))
    assert "must be" in text(client.post(there, {**form, "item": "Nothing", "uid": "x"}, follow=True))
