"""What the database itself refuses: to change or delete a row of the audit trail.

Whoever owns the database can take this away; the chain of digests shows what was done then. A migration that
rebuilds the table on SQLite loses the triggers and must put them back (``guard``).
"""

from __future__ import annotations

from typing import Any

REFUSAL = "rows of the audit trail are only ever added"
_SQLITE = {
    f"audit_no_{event.lower()}": f"BEFORE {event} ON audit BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for event in ("UPDATE", "DELETE")
}
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$"
)


def guard(connection: Any) -> None:
    """Refuse changes from now on. May be called again."""
    unguard(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, what in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {what}")
        elif connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            cursor.execute(
                "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )


def unguard(connection: Any) -> None:
    """Allow changes again: for a migration, and for tests that empty the tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        elif connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_change ON audit")
