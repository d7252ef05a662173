"""A day of an operation in a browser: a server of its own, whose clock the test sets, and people with their pages."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, PREPARE, environment_of, python_in, serving, watched

#: The users' names are their roles.
ROLES = ("operations_manager", "operator")
PEOPLE = f"""{PREPARE}
for role in {ROLES!r}:
    User.objects.create_user(role, password={PASSWORD!r}).groups.add(Group.objects.get(name=role))
"""
#: Runs what it is told in the server's own surroundings, line by line, and says what ``answer`` is then.
SHELL = """
import json, sys
for line in sys.stdin:
    given = json.loads(line)
    exec(given, found := {})
    print(json.dumps(found.get("answer"), default=str), flush=True)
"""
#: Where pictures of the tutorial are put; blank: nowhere.
PICTURES = os.environ.get("GEMBA_PICTURES", "")


@dataclass
class Day:
    """A server with one operation, and the people who work in it."""

    address: str
    name: str
    zone: str
    shell: subprocess.Popen[str]
    pages: dict[str, Page]

    def ask(self, code: str) -> Any:
        """What ``answer`` is after this code was run beside the server."""
        assert self.shell.stdin is not None
        assert self.shell.stdout is not None
        self.shell.stdin.write(json.dumps(code) + "\n")
        self.shell.stdin.flush()
        line = self.shell.stdout.readline()
        assert line, "the shell beside the server ended; its error is above"
        return json.loads(line)

    def clock(self, local: str) -> None:
        """Let the operation's clock stand at this local time, such as 2026-11-23T08:00."""
        self.ask(
            "from datetime import datetime; from zoneinfo import ZoneInfo; from gemba.app.store.clock import set_now\n"
            f"at = datetime.fromisoformat({local!r}).replace(tzinfo=ZoneInfo({self.zone!r}))\n"
            f"set_now({self.name!r}, at, stands=True)"
        )

    def url(self, path: str) -> str:
        return f"{self.address}/operations/{self.name.replace(' ', '%20')}/{path}"

    def open(self, path: str, user: str = "operations_manager") -> Page:
        """A page of the operation, as this user sees it."""
        page = self.pages[user]
        page.goto(self.url(path))
        return page

    def terminal(self, where: str) -> Page:
        """The terminal that stands there (as resource=..., place=...), with what is to be done now."""
        page = self.open(f"terminal/?{where}", "operator")
        expect(page.locator("#badge")).to_have_text("● Online")
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture for the tutorial, where a folder for pictures is given."""
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png")


@contextmanager
def day(folder: Path, browser: Browser, demonstration: str, name: str, zone: str) -> Iterator[Day]:
    """The demonstration, imported on the screen into a server of its own."""
    environment = {**environment_of(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    with ExitStack() as stack:
        address = stack.enter_context(serving(environment, PEOPLE))
        shell = subprocess.Popen(
            python_in(SHELL), env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stack.callback(shell.wait, timeout=20)
        stack.callback(shell.terminate)
        found = Day(address, name, zone, shell, {})
        for role in ROLES:
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            stack.callback(context.close)
            found.pages[role] = stack.enter_context(watched(context))
            _sign_in(found.pages[role], address, role)
        page = found.pages["operations_manager"]
        page.get_by_role("button", name=f"Try the {demonstration}").first.click()
        expect(page.get_by_role("status")).to_contain_text(f"{name} is here")
        yield found


def _sign_in(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def publish_a_plan(on: Day, seed: int) -> None:
    """Make a plan and publish it: the checker must find nothing."""
    page = on.open("plans/")
    page.get_by_label("Seconds to search").fill("3")
    page.get_by_label("Seed").fill(str(seed))
    page.get_by_role("button", name="Make the plan").click()
    made = page.get_by_role("row").filter(has_text=re.compile(rf"seed {seed}\b"))
    expect(made).to_have_count(1, timeout=60_000)
    expect(made).to_contain_text("every rule kept")
    made.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"Plan \d+ is published"))


class Task(NamedTuple):
    """A task of the published plan; start and end in local time, as 2026-11-23 08:00."""

    order: str
    step: str
    start: str
    end: str
    resources: tuple[str, ...]


def published_tasks(on: Day) -> list[Task]:
    """The tasks of the published plan, soonest first."""
    found = on.ask(
        "from gemba.app.store.models import PlanVersion; from gemba.app.store.plans import load_plan\n"
        "from gemba.operation.moments import local\n"
        f"plan = load_plan(PlanVersion.objects.get(operation={on.name!r}, state='published').pk)\n"
        "answer = []\n"
        "for t in sorted(plan.tasks, key=lambda t: t.start):\n"
        f"    start, end = (str(local(at, {on.zone!r}))[:16] for at in (t.start, t.end))\n"
        "    answer.append([t.order, t.step, start, end, [name for name, _ in t.resources]])"
    )
    return [Task(*rest, tuple(resources)) for *rest, resources in found]


def release(on: Day, *rows: int) -> list[str]:
    """Release these rows of the page; the numbers of the orders."""
    page = on.open("work/release/")
    for row in rows:
        page.locator("input[name=order]").nth(row).check()
    return _released(page)


def _released(page: Page) -> list[str]:
    page.get_by_role("button", name="Release the chosen orders").click()
    told = page.get_by_role("status")
    expect(told).to_contain_text("Released: ")
    return told.inner_text().split("Released: ")[1].strip().rstrip(".").split(", ")


def release_for(on: Day, demand: str) -> str:
    """Release the order that the published plan has for a demand; its number."""
    page = on.open(f"work/release/?q={demand}")
    page.locator("input[name=order]").check()
    return _released(page)[0]


def scan(page: Page, code: str) -> None:
    """As a scanner that types does it: fast, and Enter at the end."""
    page.locator("#now").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


@contextmanager
def reporting(page: Page) -> Iterator[None]:
    """Within this something is reported on a terminal; it ends when the server has taken it."""
    with page.expect_response(lambda answer: "/reports?" in answer.url and answer.request.method == "POST"):
        yield
    expect(page.locator("#badge")).to_have_text("● Online")
    expect(page.locator("#notices")).to_be_empty()


def amount(text: str) -> float:
    """The figure in a text such as ▲ 1,274.00."""
    found = re.search(r"[-−]?[\d,]+(\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", "").replace("−", "-"))


class Kpis:
    """The page of KPIs: the value of each and the elements it is made of, as shown."""

    def __init__(self, page: Page) -> None:
        self.values: dict[str, float] = {}
        self.elements: dict[str, str] = {}
        for row in page.locator("table.kpis tbody tr").all():
            texts = row.locator("td").all_inner_texts()
            name = row.locator("th a").inner_text()
            self.elements[name] = texts[-1].split("\n")[-1]
            if texts[0] != "–":
                self.values[name] = amount(texts[0])

    def near(self, expected: dict[str, float]) -> None:
        """The page shows these, to its one place (below 1 to its three digits); a share it shows in percent."""
        shown = {name: self.values.get(name) for name in expected}
        assert shown == {
            name: pytest.approx(value, abs=0.051 if value > 1 else 0.0005) for name, value in expected.items()
        }
