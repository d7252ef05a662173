"""What the machine tells the application."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gemba.app import environment, serving
from gemba.app.store.sqlite_version import check_sqlite, sqlite_warning


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    found = environment.database("", tmp_path)
    assert found["NAME"] == str(tmp_path / "gemba.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["OPTIONS"]["timeout"] == 20


def test_an_address_of_postgresql_is_taken_apart(tmp_path: Path) -> None:
    found = environment.database("postgresql://an%40n:s%3Acret@db.example:6432/ge%20mba?sslmode=require", tmp_path)
    assert {k: found[k] for k in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "ge mba", "USER": "an@n", "PASSWORD": "s:cret", "HOST": "db.example", "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }  # fmt: skip


def test_a_socket_folder_may_stand_for_the_host(tmp_path: Path) -> None:
    found = environment.database("postgres:///gemba?host=/run/postgresql", tmp_path)
    assert (found["HOST"], found["OPTIONS"]) == ("/run/postgresql", {})


def test_a_sqlite_file_may_be_named(tmp_path: Path) -> None:
    assert environment.database("sqlite:////var/gemba.db", tmp_path)["NAME"] == "/var/gemba.db"
    assert environment.database("sqlite:///gemba.db", tmp_path)["NAME"] == "gemba.db"


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        environment.database("mysql://localhost/gemba", tmp_path)


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("GEMBA_SECRET_KEY", raising=False)
    key = environment.secret_key(tmp_path)
    assert len(key) >= 50
    assert environment.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    monkeypatch.setenv("GEMBA_SECRET_KEY", "given")
    assert environment.secret_key(tmp_path) == "given"


def test_the_data_folder_is_private_and_never_committed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("GEMBA_DATA", str(tmp_path / "new" / "data"))
    folder = environment.data_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"


def test_only_this_machine_is_answered_unless_said(monkeypatch: Any) -> None:
    monkeypatch.delenv("GEMBA_HOSTS", raising=False)
    assert environment.hosts() == ["localhost", "127.0.0.1", "[::1]"]
    monkeypatch.setenv("GEMBA_HOSTS", "gemba.example.com, other")
    assert environment.hosts() == ["gemba.example.com", "other"]


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((4, 0), False),
    ],
)
def test_the_versions_of_sqlite_with_the_wal_reset_bug_are_warned_of(version: Any, affected: bool) -> None:
    assert bool(sqlite_warning(version)) is affected


def test_django_checks_warn_of_the_same(monkeypatch: Any) -> None:
    from django.db import connection

    monkeypatch.setattr("gemba.app.store.sqlite_version.sqlite_warning", lambda: "beware")
    found = [w.msg for w in check_sqlite()]
    assert found == (["beware"] if connection.vendor == "sqlite" else [])


def test_the_next_port_is_taken_where_one_is_not_free() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < serving.free_port("127.0.0.1", port) <= port + serving.MORE_PORTS


@pytest.mark.django_db
def test_pages_allow_nothing_from_elsewhere_and_no_script_inside() -> None:
    answer = Client(SERVER_NAME="localhost").get("/sign-in/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_a_request_for_another_host_is_refused() -> None:
    assert Client(SERVER_NAME="evil.example").get("/sign-in/").status_code == 400


@pytest.mark.django_db
def test_signing_in_never_leads_to_another_site(planner: Any) -> None:
    browser = Client(SERVER_NAME="localhost")
    word = {"username": "planner", "password": "correct horse battery", "next": "https://evil.example/"}
    answer = browser.post("/sign-in/", word)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert browser.cookies["gemba-session"]["httponly"]


def test_static_files_are_served_by_any_web_server() -> None:
    answer = Client(SERVER_NAME="localhost").get("/static/web/palette.css")
    assert answer.status_code == 200
    assert Client(SERVER_NAME="localhost").get("/static/../settings.py").status_code in (400, 404)
