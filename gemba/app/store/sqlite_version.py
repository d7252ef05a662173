"""Which SQLite runs here, and whether it has the fault that can damage a database in WAL mode."""

from __future__ import annotations

import sqlite3
from typing import Any

#: From WAL's first version until the one before the mend. See https://sqlite.org/wal.html, "the WAL-reset bug".
FIRST_AFFECTED, FIRST_MENDED = (3, 7, 0), (3, 51, 3)


def sqlite_warning(version: tuple[int, ...] | None = None) -> str:
    """What to tell the owner about this SQLite version; blank where there is nothing to say."""
    version = version or sqlite3.sqlite_version_info
    if not FIRST_AFFECTED <= version < FIRST_MENDED:
        return ""
    shown = ".".join(str(part) for part in version)
    return (
        f"SQLite {shown} has the WAL-reset bug (3.7.0 to 3.51.2), which can, very rarely, damage the database when "
        "several processes write at once. Keep backups; use SQLite 3.51.3 or later, or PostgreSQL (DATABASE_URL)."
    )


def check_sqlite(**_: Any) -> list[Any]:
    """Django's system check: the warning where the database is SQLite."""
    from django.core.checks import Warning as CheckWarning
    from django.db import connection

    warning = sqlite_warning() if connection.vendor == "sqlite" else ""
    return [CheckWarning(warning, id="gemba.W001")] if warning else []
