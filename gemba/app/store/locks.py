"""One writer at a time for a name, where the database does not see to that by itself."""

from __future__ import annotations

from django.db import connection


def lock(name: str) -> None:
    """Wait until nobody else changes what goes by this name; holds until the transaction ends.

    SQLite needs none: a write transaction (IMMEDIATE) is the only one in the database.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
