"""What every test may use: where the shared data is, which servers there are, and how Hypothesis runs.

Nothing here imports Django: the core's tests run without it.
"""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
POSTGRES_VARIABLE = "DATABASE_URL_TEST_POSTGRES"

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def _require_all() -> bool:
    return os.environ.get("GEMBA_REQUIRE_ALL") == "1"


def _chromium() -> str | None:
    return shutil.which(os.environ.get("GEMBA_CHROMIUM") or "/usr/bin/chromium")


def _lacks_browser() -> str | None:
    return None if _chromium() else "no Chromium here (set GEMBA_CHROMIUM)"


def _lacks_postgres() -> str | None:
    address = os.environ.get(POSTGRES_VARIABLE)
    if not address:
        return f"no PostgreSQL here (set {POSTGRES_VARIABLE})"
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=5).close()
    except OSError as error:
        return f"PostgreSQL does not answer at {POSTGRES_VARIABLE}: {error}"
    return None


LACKS = {"browser": _lacks_browser, "postgres": _lacks_postgres}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a server this machine lacks; with GEMBA_REQUIRE_ALL=1 it fails instead, at set-up."""
    wanted = {name for name in LACKS for item in items if item.get_closest_marker(name)}
    missing = {name: reason for name in sorted(wanted) if (reason := LACKS[name]())}
    for item in items:
        for name, reason in missing.items():
            if item.get_closest_marker(name) and not _require_all():
                item.add_marker(pytest.mark.skip(reason=reason))
        if item.get_closest_marker("shared") and not SHARED_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason="the shared data is not here"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if _require_all():
        for name, lacks in LACKS.items():
            if item.get_closest_marker(name) and (reason := lacks()):
                pytest.fail(f"{reason}, and GEMBA_REQUIRE_ALL=1 asks for it", pytrace=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets next to the repository; the test is skipped where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared data is not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, for tests marked `browser`."""
    return _chromium() or pytest.fail("mark the test with pytest.mark.browser", pytrace=False)


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of a PostgreSQL server on which tests may create databases, for tests marked `postgres`."""
    address = os.environ.get(POSTGRES_VARIABLE)
    return address or pytest.fail("mark the test with pytest.mark.postgres", pytrace=False)
