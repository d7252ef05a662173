"""The terminal in a browser: two taps for a task, work without a connection, calls that escalate."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, python_in

pytestmark = pytest.mark.browser

OPERATION, USER = "Shop", "fitter"
PREPARE = f"""
from django.contrib.auth.models import Group, User
from gemba.app.actions.release import create_order
from gemba.app.store.clock import set_now
from gemba.app.store.operations import save_operation
from gemba.operation import CallKind, Document, ReasonCode, Resource, Step, StepResource
from tests.execute.orders.facts import NOW, head, shop, tasks
steps = (
    Step(process="Make chair", name="Cut", sequence=10, setup_time=600.0, time_per_unit=60.0,
         instructions="Cut four legs from each bar.\\nKeep the offcuts over 200 mm."),
    Step(process="Make chair", name="Assemble", sequence=20, time_per_unit=360.0),
)
save_operation(shop(
    steps=steps,
    resources=(Resource(name="Saw", place="Shop"), Resource(name="Bench", place="Shop"),
               Resource(name="Fitter 1", kind="person", place="Shop")),
    documents=(
        Document(name="Working at the saw", resource="Saw", acknowledged=True, text="Guard closed. Gloves off."),
        Document(name="Start of shift", kind="checklist", resource="Bench", text="Clamps tight\\nLight on"),
    ),
    reason_codes=(ReasonCode(name="Break", kind="pause"), ReasonCode(name="Material missing", kind="pause"),
                  ReasonCode(name="Crack", kind="scrap"), ReasonCode(name="Too long", kind="rework")),
    call_kinds=(CallKind(name="Material missing", first="supervisor", minutes=600.0, next="operations_manager"),
                CallKind(name="Machine does not run", first="supervisor", minutes=300.0, next="planner", stops=True)),
))
set_now("{OPERATION}", NOW)
for name, role in (("{USER}", "operator"), ("boss", "operations_manager")):
    User.objects.create_user(name, password={PASSWORD!r}).groups.add(Group.objects.get(name=role))
planner = User.objects.get(username="planner")
for n in range(1, 7):
    create_order(planner, "{OPERATION}", head(f"MO-{{n}}"), tasks(f"MO-{{n}}", start=n))
"""
EVENTS = f"""
import json
from gemba.app.store.records import read
every = read("{OPERATION}", "events", order__gt="")
print(json.dumps([[e.kind, e.order, e.step, float(e.good), e.person] for e in every if e.kind != "released"]))
"""
LATER = f"""
from datetime import timedelta
from gemba.app.store.clock import now, set_now
set_now("{OPERATION}", now("{OPERATION}") + timedelta(minutes=11))
"""


@pytest.fixture(scope="module")
def shop_floor(server: str, server_environment: dict[str, str]) -> dict[str, str]:
    """The server with a small shop, four orders and somebody who reports."""
    root = str(Path(__file__).parents[2])
    environment = {**server_environment, "PYTHONPATH": root}
    subprocess.run(python_in(PREPARE), env=environment, check=True, timeout=120)
    return environment


def run(environment: dict[str, str], code: str) -> str:
    done = subprocess.run(python_in(code), env=environment, check=True, timeout=120, capture_output=True, text=True)
    return done.stdout


def events(environment: dict[str, str], order: str) -> list[list[Any]]:
    return [e for e in json.loads(run(environment, EVENTS)) if e[1] == order]


def sign_in(page: Page, server: str, user: str) -> None:
    page.goto(f"{server}/sign-in/")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


#: What the browser itself says when there is no connection.
OFFLINE = (
    "ERR_INTERNET_DISCONNECTED",
    "error occurred when fetching the script",
    "Failed to update a ServiceWorker",
    "401",
)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; errors in it fail the test, but for those of the missing connection."""
    opened, errors = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield opened
    assert [e for e in errors if not any(words in e for words in OFFLINE)] == []


@pytest.fixture
def terminal(page: Page, server: str, shop_floor: dict[str, str]) -> Page:
    """The terminal of the whole shop."""
    sign_in(page, server, USER)
    page.goto(f"{server}/operations/{OPERATION}/terminal/?place=Shop")
    expect(page.locator("#badge")).to_contain_text("Online")
    expect(page.locator("#now .task")).to_be_visible()
    return page


def scan(page: Page, code: str) -> None:
    """As a scanner that types does it: fast, and Enter at the end."""
    page.locator("#now").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_task_is_started_and_done_with_two_taps(terminal: Page, shop_floor: dict[str, str]) -> None:
    scan(terminal, "MO-1")
    terminal.get_by_role("button", name="Read and start").click()
    terminal.get_by_role("button", name="I know it. Start").click()  # the first time only
    terminal.get_by_role("button", name="Done: 10 good").click()
    expect(terminal.locator("#badge")).to_have_text("● Online")
    scan(terminal, "MO-1")
    terminal.locator("#start").click()
    terminal.locator("#done").click()
    expect(terminal.locator("#badge")).to_have_text("● Online")
    assert events(shop_floor, "MO-1") == [
        ["started", "MO-1", "Cut", 0, USER], ["finished", "MO-1", "Cut", 10, USER],
        ["started", "MO-1", "Assemble", 0, USER], ["finished", "MO-1", "Assemble", 10, USER],
    ]  # fmt: skip


def test_what_is_reported_without_a_connection_arrives_once_when_it_is_back(
    terminal: Page, context: BrowserContext, shop_floor: dict[str, str]
) -> None:
    scan(terminal, "MO-2")
    context.set_offline(True)
    terminal.locator("#start").click()
    expect(terminal.locator("#badge")).to_contain_text("Offline, waiting to be sent (1)")
    terminal.get_by_role("button", name="Report …").click()
    for name in ("Delete", "4"):
        terminal.get_by_role("button", name=name, exact=True).click()
    terminal.get_by_label("Scrap").fill("1")
    terminal.get_by_role("button", name="Crack").click()
    terminal.get_by_role("button", name="Report, go on").click()
    expect(terminal.locator("#badge")).to_contain_text("Offline, waiting to be sent (2)")
    expect(terminal.locator("#now")).to_contain_text("waiting to be sent")
    assert events(shop_floor, "MO-2") == []
    context.set_offline(False)
    expect(terminal.locator("#badge")).to_have_text("● Online", timeout=15_000)
    assert [e[:4] for e in events(shop_floor, "MO-2")] == [
        ["started", "MO-2", "Cut", 0],
        ["reported", "MO-2", "Cut", 4],
    ]


def test_reports_survive_that_the_page_is_closed_and_opened_without_a_connection(
    terminal: Page, context: BrowserContext, shop_floor: dict[str, str]
) -> None:
    kept = "caches.open('gemba-terminal-1').then(c => c.keys()).then(k => k.filter(r => r.url.endsWith('.js')).length)"
    for _ in range(100):
        if terminal.evaluate(kept) >= 12:
            break
        terminal.wait_for_timeout(100)
    scan(terminal, "MO-3")
    context.set_offline(True)
    terminal.locator("#start").click()
    expect(terminal.locator("#badge")).to_contain_text("waiting to be sent (1)")
    terminal.reload()
    expect(terminal.locator("#badge")).to_contain_text("Offline, waiting to be sent (1)")
    expect(terminal.locator("#now")).to_contain_text("running")
    context.set_offline(False)
    expect(terminal.locator("#badge")).to_have_text("● Online", timeout=20_000)
    assert [e[0] for e in events(shop_floor, "MO-3")] == ["started"]


def test_who_was_signed_out_signs_in_again_and_nothing_is_lost(
    terminal: Page, context: BrowserContext, server: str, shop_floor: dict[str, str]
) -> None:
    scan(terminal, "MO-5")
    terminal.wait_for_load_state("networkidle")  # an answer on its way would bring the session's cookie back
    context.clear_cookies(name="gemba-session")
    terminal.locator("#start").click()
    expect(terminal.locator("#badge")).to_contain_text("Signed out, waiting to be sent (1)")
    terminal.get_by_role("link", name="Sign in").click()
    terminal.get_by_label("User name").fill(USER)
    terminal.get_by_label("Password").fill(PASSWORD)
    terminal.get_by_role("button", name="Sign in").click()
    expect(terminal.locator("#badge")).to_have_text("● Online", timeout=15_000)
    assert [e[0] for e in events(shop_floor, "MO-5")] == ["started"]


def test_two_tabs_with_the_same_queue_send_a_report_once(
    terminal: Page, context: BrowserContext, shop_floor: dict[str, str]
) -> None:
    scan(terminal, "MO-6")
    other = context.new_page()
    other.goto(terminal.url)
    expect(other.locator("#now .task")).to_be_visible()
    context.set_offline(True)
    terminal.locator("#start").click()
    expect(other.locator("#badge")).to_contain_text("(1)")  # waiting, or being tried just now
    context.set_offline(False)
    for one in (terminal, other):
        expect(one.locator("#badge")).to_have_text("● Online", timeout=15_000)
    assert [e[0] for e in events(shop_floor, "MO-6")] == ["started"]


def test_a_report_that_is_refused_stays_until_somebody_decides(
    terminal: Page, context: BrowserContext, shop_floor: dict[str, str]
) -> None:
    scan(terminal, "MO-4")
    context.set_offline(True)
    terminal.locator("#start").click()
    cancel = (
        "from django.contrib.auth.models import User\nfrom gemba.app.actions.release import change_state\n"
        f"change_state(User.objects.get(username='planner'), '{OPERATION}', 'MO-4', 'cancelled', note='not wanted')"
    )
    run(shop_floor, cancel)
    context.set_offline(False)
    expect(terminal.locator("#notices")).to_contain_text("Order MO-4 is cancelled", timeout=15_000)
    expect(terminal.locator("#calls")).to_contain_text("Report refused")
    terminal.get_by_role("button", name="Discard …").click()
    terminal.get_by_role("button", name="Discard", exact=True).click()
    expect(terminal.locator("#notices")).to_be_empty()


def test_a_call_for_help_goes_to_the_next_role_when_nobody_answers_in_time(
    terminal: Page, server: str, shop_floor: dict[str, str], browser: Any
) -> None:
    terminal.get_by_role("button", name="Call for help").click()
    terminal.get_by_role("button", name="Material missing").click()
    call = terminal.locator(".call", has_text="Material missing")
    expect(call).to_contain_text("called: supervisor")
    other = browser.new_page()
    sign_in(other, server, "boss")
    other.goto(f"{server}/operations/{OPERATION}/dispatch/")
    expect(other.locator("header .calls")).to_have_count(0)
    run(shop_floor, LATER)
    other.reload()
    expect(other.locator("header .calls")).to_contain_text("call for help")
    other.close()
    terminal.reload()
    expect(call).to_contain_text("now also operations manager")
    call.get_by_role("button", name="I come").click()
    call.get_by_role("button", name="Solved").click()
    expect(call).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1180, 820)])
def test_every_target_is_large_enough_for_a_finger(terminal: Page, width: int, height: int) -> None:
    terminal.set_viewport_size({"width": width, "height": height})
    small = terminal.evaluate(
        "[...document.querySelectorAll('button, input:not([type=hidden]), summary')].filter(e => e.offsetParent)"
        ".filter(e => e.getBoundingClientRect().height < 56).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    assert terminal.evaluate("document.documentElement.scrollWidth <= innerWidth")
