"""The commands ``gemba audit`` and ``gemba user-scope``, as a process of its own sees them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest


def gemba(data: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "GEMBA_DATA")}
    command = [sys.executable, "-m", "gemba", *words, "--data", str(data)]
    return subprocess.run(
        command, input=typed, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    gemba(tmp_path, "migrate")
    for name in ("ann", "bob"):
        gemba(tmp_path, "createuser", name, "--role", "operator", typed="correct horse battery\n")
    return tmp_path


def test_the_trail_is_verified_exported_and_its_end_expected(data: Path) -> None:
    lines = [json.loads(line) for line in gemba(data, "audit", "export").stdout.splitlines()]
    assert [line["subject"] for line in lines] == ["ann", "bob"]
    last = lines[-1]["digest"]
    found = gemba(data, "audit", "verify", "--expect", last)
    assert (found.returncode, found.stdout) == (0, f"2 rows, unbroken, last digest {last}\n")
    assert gemba(data, "audit", "verify", "--expect", "0" * 63 + "1").returncode == 1
    assert gemba(data, "audit", "seal").stdout == "0 seals made.\n"


def test_who_goes_behind_the_guard_is_found(data: Path) -> None:
    database = sqlite3.connect(data / "gemba.sqlite3")
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        database.execute("UPDATE audit SET subject = 'eve' WHERE id = 1")
    database.execute("DROP TRIGGER audit_no_update")
    database.execute("UPDATE audit SET subject = 'eve' WHERE id = 1")
    database.commit()
    database.close()
    found = gemba(data, "audit", "verify")
    assert found.returncode == 1
    assert found.stdout.startswith("Row 1: it was changed after it was written.")
    assert gemba(data, "audit", "verify", "--from", "2").returncode == 0


def test_a_place_of_nothing_is_refused_in_words(data: Path) -> None:
    refused = gemba(data, "user-scope", "ann", "Nothing", "Hall")
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (1, "There is no operation Nothing.")
