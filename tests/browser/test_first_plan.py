"""A planner's first day: from a workbook to the reason why an order is late, and the table taken to Excel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from gemba import demonstrations
from gemba.exchange import write_workbook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "factory.xlsx"
    write_workbook(demonstrations.load("factory"), path)
    return path


def test_a_workbook_becomes_a_plan_whose_late_orders_are_explained(signed_in: Page, workbook: Path) -> None:
    page = signed_in
    import_the_workbook(page, workbook)
    make_a_plan(page)
    look_at_the_board(page)
    see_why_an_order_is_late(page)
    take_the_orders_to_excel(page)


def import_the_workbook(page: Page, workbook: Path) -> None:
    page.get_by_role("link", name="Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(workbook)
    page.get_by_role("button", name="Check the file").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("without a fault")
    expect(preview.get_by_role("row", name=re.compile("demands"))).to_contain_text(
        str(len(demonstrations.load("factory").demands))
    )
    preview.get_by_role("button", name=re.compile("Import it|Replace with this data")).click()
    expect(page.get_by_role("status")).to_contain_text("is imported")


def make_a_plan(page: Page) -> None:
    page.get_by_label("Seconds to search").fill("3")
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator("#job")).to_contain_text("Elapsed")
    made = page.get_by_role("row").filter(has_text="seed 7")
    expect(made).to_have_count(1, timeout=120_000)
    expect(made).to_contain_text("every rule kept")
    made.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"Plan \d+ is published"))


def look_at_the_board(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Schedule board").click()
    expect(page.locator("#board")).to_have_attribute("data-tasks", re.compile("[1-9]"))
    page.locator("#board-panel td a").first.click()
    expect(page.locator("#board")).to_have_attribute("data-chain", re.compile("[1-9]"))
    expect(page.locator("#board-panel")).to_contain_text("Where the time is lost")
    page.wait_for_url(re.compile(r"selected=.*t0=\d+|t0=\d+.*selected="))
    page.reload()
    expect(page.locator("#board")).to_have_attribute("data-chain", re.compile("[1-9]"))


def see_why_an_order_is_late(page: Page) -> None:
    page.locator("#board-panel").get_by_role("link", name=re.compile("^Open ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Why is .* late"))
    texts = page.locator("dl.bars dd").all_inner_texts()
    hours = [float(text.removesuffix(" h").replace(",", "")) for text in texts if text.endswith(" h")]
    *parts, lateness = hours
    assert sum(parts) == pytest.approx(lateness, abs=0.01 * len(parts))


def take_the_orders_to_excel(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^Orders")).click()
    page.wait_for_url(re.compile("/orders/$"), wait_until="load")
    page.locator("#state").select_option("late")
    page.wait_for_url(re.compile("state=late"))
    shown = page.locator("tbody tr").count()
    with page.expect_download() as started:
        page.get_by_role("link", name="Export to Excel").click()
    rows = CalamineWorkbook.from_path(started.value.path()).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Order", "Customer", "Item"]
    assert len(rows) - 1 == shown
    assert {row[rows[0].index("State")] for row in rows[1:]} == {"late"}


def test_a_faulty_file_is_answered_with_every_fault(signed_in: Page, tmp_path: Path) -> None:
    file = tmp_path / "demands.csv"
    file.write_text("name,item,quantity,due\nSO-1,Chiar,many,tomorrow\n", encoding="utf-8")
    signed_in.get_by_role("link", name="Import", exact=True).click()
    signed_in.locator("input[type=file]").set_input_files(file)
    signed_in.get_by_role("button", name="Check the file").click()
    faults = signed_in.locator("#faults")
    expect(faults).to_contain_text("must be put right first")
    expect(faults).to_contain_text("many")
    expect(faults).to_contain_text("demands.csv")


def test_the_template_reads_back(signed_in: Page) -> None:
    signed_in.get_by_role("link", name="Import", exact=True).click()
    with signed_in.expect_download() as started:
        signed_in.get_by_role("link", name="Download the empty template").click()
    assert "demands" in CalamineWorkbook.from_path(started.value.path()).sheet_names
