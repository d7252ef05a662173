"""The application under test: a data folder of its own, the database of DATABASE_URL or SQLite, and people in roles.

`test_postgres.py` runs the folders below once more with DATABASE_URL set to a PostgreSQL server.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    # Before Django reads its settings: nothing of a test touches anybody's data.
    folder = tempfile.mkdtemp(prefix="gemba-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GEMBA_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "gemba.app.settings"
    import django

    django.setup()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The database as the migrations leave it, but for the audit trail's guard: tests empty the tables."""
    from django.db import connection

    from gemba.app.store.guards import unguard

    with django_db_blocker.unblock():
        unguard(connection)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What is kept by the id of a plan: ids come again where a test's transaction was rolled back."""
    pages = sys.modules.get("gemba.app.web.seen")
    if pages is not None and hasattr(pages.seen, "cache_clear"):
        pages.seen.cache_clear()


@pytest.fixture
def roles(db: None) -> None:
    """The roles, which a test that empties the tables takes with it."""
    from django.apps import apps
    from django.contrib.auth.models import Group

    from gemba.app.security.roles import create_roles

    if not Group.objects.exists():
        create_roles(apps)


@pytest.fixture
def make_user(roles: None) -> Callable[[str], Any]:
    """Makes an account with a role, called like it."""
    from gemba.app.actions import create_user

    def make(role: str, name: str = "") -> Any:
        return create_user(name or role, role, "correct horse battery")

    return make


@pytest.fixture
def planner(make_user: Callable[[str], Any]) -> Any:
    return make_user("planner")


@pytest.fixture
def viewer(make_user: Callable[[str], Any]) -> Any:
    return make_user("viewer")


@pytest.fixture
def manager(make_user: Callable[[str], Any]) -> Any:
    return make_user("operations_manager")


@pytest.fixture
def factory() -> Any:
    """The factory demonstration's operation."""
    from gemba import demonstrations

    return demonstrations.load("factory")


@pytest.fixture
def close() -> Any:
    """The smallest demonstration: a month-end close."""
    from gemba import demonstrations

    return demonstrations.load("close")


@pytest.fixture
def worker_environment(transactional_db: None) -> Iterator[dict[str, str]]:
    """What a worker process needs to find the tests' database and the stand-ins for the planner."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        base = os.environ["DATABASE_URL"].rpartition("/")[0]
        address = f"{base}/{name}"
    else:
        address = f"sqlite:///{name}"
    return {
        **os.environ,
        "DATABASE_URL": address,
        "PYTHONPATH": str(ROOT),
        "GEMBA_LEASE_SECONDS": "2",
        "GEMBA_LOG": "ERROR",
    }
