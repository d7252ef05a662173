"""The commands, as processes in a data folder of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = "import sys; from argparse import Namespace; from gemba.app import commands; "


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_", "DATABASE_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "GEMBA_DATA": str(data), **more}


def run(data: Path, command: str, typed: str = "", **options: Any) -> subprocess.CompletedProcess[str]:
    code = f"{RUN} sys.exit(commands.{command}(Namespace(**{options!r})))"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment(data), input=typed, capture_output=True, text=True, check=False
    )


class Server:
    """A running command and what it printed."""

    def __init__(self, data: Path, command: str) -> None:
        port = 20000 + os.getpid() % 10000  # other tests may run at the same time
        code = f"{RUN} sys.exit(commands.{command}(Namespace(host='127.0.0.1', port={port}, workers=1)))"
        self.log = data / f"{command}.log"
        data.mkdir(parents=True, exist_ok=True)
        planner = environment(data, GEMBA_PLANNER="tests.app.stub_planner.quick")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-c", code], env=planner, stdout=log, stderr=log)

    def __enter__(self) -> Server:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if re.search(r"Gemba is at (\S+)", self.said) and self._answers():
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError(self.said)

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def address(self) -> str:
        return re.search(r"Gemba is at (\S+)", self.said).group(1)  # type: ignore[union-attr]

    def _answers(self) -> bool:
        try:
            return urllib.request.urlopen(self.address + "sign-in/", timeout=5).status == 200
        except OSError:
            return False

    def sign_in(self) -> urllib.request.OpenerDirector:
        """A browser that is signed in with what was printed."""
        name, word = re.search(r"Sign in as  (\S+)\nPassword    (\S+)", self.said).groups()  # type: ignore[union-attr]
        cookies = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        browser.open(self.address + "sign-in/").read()
        csrf = next(cookie.value for cookie in cookies if cookie.name == "gemba-csrf")
        form = {"username": name, "password": word, "csrfmiddlewaretoken": csrf}
        answer = browser.open(self.address + "sign-in/", urlencode(form).encode())
        assert "sign-in" not in answer.url, "the printed password opens the door"
        return browser


def api(server: Server, browser: Any, path: str) -> Any:
    return json.load(browser.open(f"{server.address}api/v1/{path}"))


@pytest.mark.slow
def test_the_demo_has_planned_operations_and_says_how_to_sign_in(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Server(data, "demo") as server:
        browser = server.sign_in()
        names = {o["name"] for o in api(server, browser, "operations")}
        plans = api(server, browser, "plans")
        assert len(names) == 4
        assert {p["operation"] for p in plans} == names
        assert browser.open(server.address + "static/web/palette.css").headers["Content-Type"].startswith("text/css")
    word = data / "demo-password"
    assert stat.S_IMODE(word.stat().st_mode) == 0o600
    assert word.read_text().strip() in server.said
    with Server(data, "demo") as again:
        browser = again.sign_in()
        assert len(api(again, browser, "operations")) == 4
        assert len(api(again, browser, "plans")) == len(plans), "a second run adds nothing"


@pytest.mark.slow
def test_serve_makes_its_database_and_a_first_account_and_does_jobs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Server(data, "serve") as server:
        browser = server.sign_in()
        assert api(server, browser, "operations") == []
        with pytest.raises(urllib.error.HTTPError, match="403"):
            browser.open(f"{server.address}api/v1/jobs", b'{"operation": "x"}')
    with Server(data, "serve") as again:
        assert "Sign in as" not in again.said, "there is an account: nothing is printed"


def test_an_older_database_is_not_touched_without_being_asked(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    with sqlite3.connect(tmp_path / "gemba.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'store' AND name > '0002'")
    database.close()
    refused = run(tmp_path, "serve", host="127.0.0.1", port=18790)
    assert refused.returncode == 1
    assert "gemba migrate" in refused.stderr


def test_an_account_is_made_with_a_password_from_standard_input(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    made = run(tmp_path, "createuser", "correct horse battery\n", username="ann", role="viewer")
    assert (made.returncode, made.stdout) == (0, "There is an account ann now.\n")
    weak = run(tmp_path, "createuser", "1234\n", username="bob", role="viewer")
    assert weak.returncode == 1
    assert "too short" in weak.stderr
    token = run(tmp_path, "token", username="ann")
    assert token.stdout.startswith("gemba_")
    assert run(tmp_path, "token", username="nobody").returncode == 1


def test_a_worker_that_runs_once_ends_when_no_job_waits(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    assert run(tmp_path, "worker", once=True).returncode == 0
