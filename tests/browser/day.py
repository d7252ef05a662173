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
from typing import Any

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


def release(on: Day, *rows: int) -> list[str]:
    """Release these rows of the page; the numbers of the orders."""
    page = on.open("work/release/")
    for row in rows:
        page.locator("input[name=order]").nth(row).check()
    page.get_by_role("button", name="Release the chosen orders").click()
    told = page.get_by_role("status")
    expect(told).to_contain_text("Released: ")
    return told.inner_text().split("Released: ")[1].rstrip(".").split(", ")


def scan(page: Page, code: str) -> None:
    """As a scanner that types does it: fast, and Enter at the end."""
    page.locator("#now").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def sent(page: Page) -> None:
    """Wait until the server has taken every report."""
    expect(page.locator("#badge")).to_have_text("● Online")
    expect(page.locator("#notices")).to_be_empty()
