"""A morning at the clinic, played in a browser: patients come, are seen, examined and discharged, a device breaks down,
and every figure that moves is worked out here by hand from the demonstration's files.

P-101 comes at 08:05 for a consultation and should be gone by 09:35; P-102 at 08:10 with an acute complaint, by 09:10.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.day import Day, Kpis, amount, day, publish_a_plan, published_tasks, release_for, reporting, scan

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TODAY = "2026-11-24"
BAYS, FRONT = "resource=Triage%20bays&person=Nurse%201", "resource=Front%20desk"
# P-101 (85, due 09:35): comes and is triaged at 08:05 until 08:13; consultation 08:33 to 08:53; discharge until 08:59
# P-102 (180, due 09:10): comes at 08:10, triage 08:20 to 08:30; examined until 09:00; discharge 09:05 to 09:15
WAITED = (0 + 20 + 0 + 10 + 0 + 5) / 60  # hours before their 6 steps
STAYED = (54 + 65) / 60  # hours from 08:05 to 08:59, and from 08:10 to 09:15


def test_a_morning_from_arrival_to_discharge(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("clinic")
    with day(folder, browser, "clinic", "Outpatient clinic", "Europe/Amsterdam") as clinic:
        at(clinic, "07:30")
        publish_a_plan(clinic, 7)
        first, second = patients_come(clinic)
        they_are_seen(clinic, first, second)
        the_device_breaks_down(clinic)
        they_leave(clinic, first, second)
        every_visit_is_delivered(clinic, first, second)
        a_test_kit_was_used(clinic, second)
        figures_of_the_morning(clinic)
        profit_and_loss(clinic)


def at(clinic: Day, time: str) -> None:
    clinic.clock(f"{TODAY}T{time}")


def tap(clinic: Day, where: str, order: str, step: str, button: str) -> None:
    """Report on a step where it is done; what must be known first is confirmed."""
    page = clinic.terminal(where)
    scan(page, order)
    expect(page.locator("#now h1")).to_have_text(step)
    if button != "Start":
        with reporting(page):
            page.get_by_role("button", name=button).click()
        return
    start = page.locator("#start")
    if "Read" in start.inner_text():
        start.click()
        start = page.get_by_role("button", name="I know it. Start")
    with reporting(page):
        start.click()


def patients_come(clinic: Day) -> tuple[str, str]:
    """Each visit is released when the patient is there."""
    at(clinic, "08:05")
    first = release_for(clinic, "P-101")
    tap(clinic, BAYS, first, "Triage", "Start")
    at(clinic, "08:10")
    return first, release_for(clinic, "P-102")


def they_are_seen(clinic: Day, first: str, second: str) -> None:
    at(clinic, "08:13")
    tap(clinic, BAYS, first, "Triage", "Done: 1 good")
    at(clinic, "08:20")
    tap(clinic, BAYS, second, "Triage", "Start")
    inspect(clinic, second)
    at(clinic, "08:30")
    tap(clinic, BAYS, second, "Triage", "Done: 1 good")
    room, consulting = "resource=Treatment%20room&person=Doctor%20A", "resource=Consulting%20rooms&person=Doctor%20B"
    tap(clinic, room, second, "Examine", "Start")
    at(clinic, "08:33")
    tap(clinic, consulting, first, "Consult", "Start")
    at(clinic, "08:53")
    tap(clinic, consulting, first, "Consult", "Done: 1 good")


def inspect(clinic: Day, order: str) -> None:
    """Ten minutes from arrival to triage; fifteen are allowed."""
    page = clinic.open("quality/")
    page.get_by_role("row").filter(has_text=order).get_by_role("link", name="Minutes to triage").click()
    page.get_by_label("Value 1, min").fill("10")
    page.get_by_role("button", name="Write down").click()
    expect(page.locator(".notice")).to_contain_text("Written down: Minutes to triage, nothing wrong")


def the_device_breaks_down(clinic: Day) -> None:
    """The ultrasound is away until 10:30: no scan is planned before, and nobody who is here is planned again."""
    page = clinic.open("assets/Ultrasound%20device/")
    page.get_by_label("Reason *").fill("Device fault")
    page.get_by_label("Request maintenance: what is wrong").fill("The probe shows nothing")
    page.get_by_label("Expected up").fill(f"{TODAY}T10:30")
    page.get_by_role("button", name="It is down").click()
    expect(page.locator("h1 + .tag")).to_contain_text("down since")
    publish_a_plan(clinic, 8)
    scans = [t for t in published_tasks(clinic) if "Ultrasound device" in t.resources]
    assert scans
    assert min(t.start for t in scans) >= f"{TODAY} 10:30"


def they_leave(clinic: Day, first: str, second: str) -> None:
    tap(clinic, FRONT, first, "Discharge", "Start")
    at(clinic, "08:59")
    tap(clinic, FRONT, first, "Discharge", "Done: 1 good")
    at(clinic, "09:00")
    tap(clinic, "resource=Treatment%20room&person=Doctor%20A", second, "Examine", "Done: 1 good")
    at(clinic, "09:05")
    tap(clinic, FRONT, second, "Discharge", "Start")
    at(clinic, "09:15")
    tap(clinic, FRONT, second, "Discharge", "Done: 1 good")


def every_visit_is_delivered(clinic: Day, *orders: str) -> None:
    """Whoever is discharged has been served: nobody writes that down once more."""
    for order in orders:
        page = clinic.open(f"work/{order}/")
        expect(page.locator("h1 + .tag")).to_have_text("closed")
        expect(page.get_by_role("row").filter(has_text="shipment")).to_have_count(0)  # it is booked on the demand
    page = clinic.open("ledger/movements/?cause=shipment")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("P-101")
    expect(page.locator("tbody")).to_contain_text("P-102")


def a_test_kit_was_used(clinic: Day, order: str) -> None:
    """One of four, at 9."""
    row = clinic.open("ledger/?item=Rapid%20test%20kit").locator("tbody tr")
    expect(row).to_contain_text("3 pc")
    page = clinic.open(f"ledger/movements/?order={order}&item=Rapid%20test%20kit")
    expect(page.locator("tbody tr")).to_contain_text("9")


def figures_of_the_morning(clinic: Day) -> None:
    shown = Kpis(clinic.open(f"kpis/?period=day&only=values&at={TODAY}"))
    shown.near({"Mean waiting time": WAITED / 6, "Mean throughput time": STAYED / 2})  # hours
    shown.near({
        "Service level, 15 minutes": 100 * 5 / 6,  # P-101 waited 20 minutes for the doctor
        "Orders on time": 100 * 1 / 2, "On time in full to request": 100 * 1 / 2,  # P-102 was five minutes late
    })  # fmt: skip


def profit_and_loss(clinic: Day) -> None:
    page = clinic.open(f"profit/?by=family&from={TODAY[:7]}&to={TODAY[:7]}")
    row = page.get_by_role("row").filter(has_text="Revenue")
    assert amount(row.locator("td").last.inner_text()) == 85 + 180
