"""Every page, light and dark, on a desk and on a phone: it fits, has one heading, and every field has a name.

With GEMBA_PICTURES=folder some are kept there as pictures; those of the documentation are made so.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, USER, python_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PICTURES = os.environ.get("GEMBA_PICTURES", "")
NAME = "Garden furniture"
PLAN = f"""
from django.contrib.auth.models import User
from gemba import demonstrations, plan
from gemba.app import actions
from gemba.app.store.plans import save_plan
operation, user = demonstrations.load("factory"), User.objects.get(username={USER!r})
save_plan(actions.import_operation(user, operation, "factory"), plan(operation, seconds=8), user=user)
"""
KEPT = {
    *(
        "board-light",
        "board-dark",
        "board-light-phone",
        "capacity-light",
        "cockpit-light",
        "cockpit-dark",
    ),
    *(
        "import-light",
        "job-light",
        "orders-light",
        "plans-light",
        "stock-light",
        "why-light",
        "why-dark",
        "why-light-phone",
    ),
}
SIZES = {"desk": (1400, 900), "phone": (390, 844)}
SCREENS = {
    "cockpit": "", "board": "board/", "orders": "orders/", "stock": "stock/", "capacity": "capacity/",
    "problems": "problems/", "plans": "plans/", "search": "search/?q=table", "import": "../../import/",
}  # fmt: skip
#: What no page may have: a field, button or link without a name, an id twice, a picture without a text.
NAMELESS = """() => {
    const named = (e) => e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim() || e.title || e.alt;
    const all = (selector) => [...document.querySelectorAll(selector)];
    const wrong = all('input:not([type=hidden]), select, textarea, button, a').filter((e) => !named(e));
    const twice = all('[id]').map((e) => e.id).filter((id, i, ids) => ids.indexOf(id) !== i);
    return [...wrong, ...all('img:not([alt])')].map((e) => e.outerHTML.slice(0, 120)).concat(twice);
}"""

#: A browser drops keys that are pressed before a page is painted, which on a busy machine is after it has loaded.
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


@pytest.fixture(scope="module")
def planned(server: str, server_environment: dict[str, str]) -> str:
    """The address of an operation with a plan."""
    subprocess.run(python_in(PLAN), env=server_environment, check=True, timeout=180)
    return f"{server}/operations/{NAME.replace(' ', '%20')}/"


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=list(SIZES))
def visitor(request: pytest.FixtureRequest, browser: Browser, theme: str, planned: str) -> Any:
    """A signed-in page of this size and theme, and what to call its pictures."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    page = context.new_page()
    page.goto(planned)
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Cockpit").wait_for()
    yield page, theme if request.param == "desk" else f"{theme}-phone"
    context.close()


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    if page.locator("#board").count():
        expect(page.locator("#board")).to_have_attribute("data-tasks", re.compile("[1-9]"))


def picture(page: Page, name: str) -> None:
    if PICTURES and name in KEPT:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_page_fits_and_everything_on_it_has_a_name(visitor: Any, planned: str, screen: str) -> None:
    page, kind = visitor
    page.goto(planned + SCREENS[screen])
    settled(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(NAMELESS) == []
    if screen != "board":  # its picture shows a late order's chain
        picture(page, f"{screen}-{kind}")


def test_a_late_order_is_explained_on_its_page_and_on_the_board(visitor: Any, planned: str) -> None:
    page, kind = visitor
    page.goto(f"{planned}orders/?state=late")
    page.locator("tbody tr").last.locator("a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why is")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"why-{kind}")
    page.get_by_role("link", name="Show on the board").click()
    expect(page.locator("#board")).to_have_attribute("data-chain", re.compile("[1-9]"))
    expect(page.locator("#board-panel")).to_contain_text("Critical chain")
    settled(page)
    for _ in range(2):
        page.locator("#board-canvas").press("+")
    picture(page, f"board-{kind}")


def test_the_json_twin_of_a_page_answers(visitor: Any, planned: str) -> None:
    page, _ = visitor
    for screen in ("", "orders/", "board/", "stock/", "capacity/", "problems/", "plans/"):
        page.goto(planned + screen)
        twin = page.locator("p.twin a").first.get_attribute("href")
        assert page.request.get(f"{page.url.split('/operations')[0]}{twin}").status == 200, screen


def test_ctrl_k_goes_to_the_search_and_finds_an_order(visitor: Any, planned: str) -> None:
    page, _ = visitor
    page.goto(planned)
    settled(page)
    page.evaluate(PAINTED)
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("SO-2001")
    expect(page.locator("#found a").first).to_contain_text("SO-2001")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-2001")


def test_the_theme_can_be_chosen_and_stays(visitor: Any, planned: str) -> None:
    page, _ = visitor
    page.goto(planned)
    page.get_by_label("User menu").click()
    page.locator("[data-theme-next]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.evaluate("localStorage.clear()")


def test_rows_of_a_table_are_reached_by_key(visitor: Any, planned: str) -> None:
    page, _ = visitor
    page.goto(f"{planned}orders/")
    settled(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tbody tr").nth(1).locator("a").first
    expect(second).to_be_focused()


def test_a_calculation_says_how_far_it_is_and_can_be_cancelled(visitor: Any, planned: str) -> None:
    page, kind = visitor
    page.goto(f"{planned}plans/")
    page.get_by_label("Seconds to search").fill("90")
    page.get_by_role("button", name="Make the plan").click()
    job = page.locator("#job")
    expect(job).to_contain_text("Objective", timeout=60_000)
    picture(page, f"job-{kind}")
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_contain_text("cancelled", timeout=30_000)
    expect(job.get_by_role("button", name="Cancel")).to_have_count(0)
