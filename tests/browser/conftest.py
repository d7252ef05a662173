"""A server with its own data, a worker beside it, and a browser that fails the test on any error in the page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "gemba" / "app" / "web" / "static"
USER, PASSWORD = "planner", "a-word-of-many-letters"

PREPARE = f"""
from django.contrib.auth.models import Group, User
from django.core.management import call_command
call_command("migrate", verbosity=0)
user = User.objects.create_user({USER!r}, password={PASSWORD!r})
user.groups.add(Group.objects.get(name="planner"))
"""
WORK = "from gemba.app.jobs.worker import Worker; Worker().run()"


def python_in(code: str) -> list[str]:
    """A command that runs code in the server's own surroundings."""
    return [sys.executable, "-c", f"import django; django.setup()\n{code}"]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer")


def environment_of(folder: Path) -> dict[str, str]:
    """The environment of a server with this folder for its data."""
    settings = {"DJANGO_SETTINGS_MODULE": "gemba.app.settings", "GEMBA_DATA": str(folder), "DATABASE_URL": ""}
    return {**os.environ, **settings}


@contextmanager
def serving(environment: dict[str, str], prepare: str = PREPARE) -> Iterator[str]:
    """Gemba as it is served: granian, an empty database that ``prepare`` fills, one worker. Its address."""
    port = _free_port()
    subprocess.run(python_in(prepare), env=environment, check=True, timeout=120)
    serve = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    processes = [
        subprocess.Popen([sys.executable, *serve, "gemba.app.wsgi:application"], env=environment),
        subprocess.Popen(python_in(WORK), env=environment),
    ]
    try:
        _wait_for(f"http://127.0.0.1:{port}/sign-in/", processes[0])
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def server_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a server with a folder of its own."""
    return environment_of(tmp_path_factory.mktemp("gemba"))


@pytest.fixture(scope="session")
def server(server_environment: dict[str, str]) -> Iterator[str]:
    """The address of a server with one planner."""
    with serving(server_environment) as address:
        yield address


@pytest.fixture(scope="module")  # no longer: Playwright's event loop would be in the way of Django's tests
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    yield opened
    opened.close()


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A page; errors in it, and what the content security policy refuses, fail the test."""
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" and "favicon" not in m.text else None)
    yield opened
    assert [e for e in errors if "422" not in e] == []  # a refused upload is told with that status


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A watched page."""
    with watched(context) as opened:
        yield opened


@pytest.fixture
def signed_in(page: Page, server: str) -> Page:
    """A page of the planner, on the home page."""
    page.goto(f"{server}/")
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Cockpit").wait_for()
    return page


class _Files(SimpleHTTPRequestHandler):
    """The static files, and the board's own page beside this file."""

    def translate_path(self, path: str) -> str:
        name = path.split("?")[0].lstrip("/")
        return str(STATIC / name.removeprefix("static/")) if name.startswith("static/") else str(HERE / name)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """The address of a server of static files alone."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
