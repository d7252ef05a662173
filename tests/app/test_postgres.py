"""Everything that touches the database, once more on PostgreSQL.

Django is bound to one database in a process, so each folder runs in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@pytest.mark.postgres
@pytest.mark.timeout(600)
@pytest.mark.parametrize("folder", ["store", "actions", "analytics", "jobs", "api", "queries", "security"])
def test_the_tests_of_this_folder_pass_on_postgresql(folder: str, postgres_url: str) -> None:
    base = postgres_url.rpartition("/")[0]
    with tempfile.TemporaryDirectory(prefix="gemba-test-") as data:
        # A name of its own for each run: several may share the server.
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))},
            "DATABASE_URL": f"{base}/gemba_{folder}_{os.getpid()}",
            "GEMBA_DATA": data,
            "DJANGO_SETTINGS_MODULE": "gemba.app.settings",
        }
        command = [sys.executable, "-m", "pytest", str(HERE / folder), "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        run = subprocess.run([*command, "-x"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
