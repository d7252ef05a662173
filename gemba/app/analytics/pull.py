"""New records out of the database as Arrow tables: by ADBC from PostgreSQL where its driver is there, else by a cursor.

Never by ADBC from SQLite: its driver brings a SQLite library of its own, and two of them in one process break each
other's locks on the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
from django.db import DatabaseError, connection, transaction

from gemba.app.store.models import RECORD_MODELS
from gemba.operation import RECORDS

_ARROW = {
    "text": pa.string(), "choice": pa.string(), "moment": pa.string(), "exact": pa.int64(), "number": pa.float64(),
    "whole": pa.int64(), "duration": pa.float64(), "flag": pa.int64(),
}  # fmt: skip
BATCH = 500_000


def tops(tables: Iterable[str]) -> dict[str, int]:
    """The last row of each of these tables of records. On PostgreSQL rows are numbered before they are committed, so
    writers under way are waited for: no row at or below the last comes later.

    Raises:
        OperationalError: where they take too long.
    """
    found: dict[str, int] = {}
    for name in tables:
        with transaction.atomic(), connection.cursor() as cursor:
            table = connection.ops.quote_name(RECORD_MODELS[name]._meta.db_table)
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            cursor.execute(f"SELECT max(row) FROM {table}")
            found[name] = cursor.fetchone()[0] or 0
    return found


def batches(operation: str, name: str, columns: tuple[str, ...], above: int, upto: int) -> Iterator[pa.RecordBatch]:
    """Rows of a table above one row up to another, with ``row`` first. Moments are seconds since 1970 as text or
    number (see ``seconds``), exact numbers millionths, empty moments blank."""
    sql = _select(name, columns)
    values = (above, upto, operation)
    if (
        connection.vendor == "postgresql" and not connection.in_atomic_block
    ):  # a transaction's own records are seen by its own connection alone
        with suppress(ImportError):
            yield from _adbc(sql, values)
            return
    yield from _plain(sql, values, name, columns)


def _select(name: str, columns: tuple[str, ...]) -> str:
    kinds = {c.name: c.kind for c in RECORDS[name].columns}
    quote = connection.ops.quote_name
    parts = [_expression(quote(c), kinds[c]) + f" AS {quote(c)}" for c in columns]
    table = quote(RECORD_MODELS[name]._meta.db_table)
    return f"SELECT row, {', '.join(parts)} FROM {table} WHERE row > %s AND row <= %s AND operation = %s ORDER BY row"


def _expression(column: str, kind: str) -> str:
    if kind == "moment":
        if connection.vendor == "postgresql":
            return f"coalesce(extract(epoch from {column})::text, '')"
        return f"coalesce({column}, '')"
    return f"CAST({column} AS integer)" if kind == "flag" and connection.vendor == "postgresql" else column


def seconds(column: str) -> str:
    """DuckDB's expression of a pulled moment as seconds since 1970; null where it is blank."""
    if connection.vendor == "postgresql":
        return f"CAST(nullif({column}, '') AS DOUBLE)"
    return f"epoch(CAST(nullif({column}, '') AS TIMESTAMP))"


def _adbc(sql: str, values: tuple[Any, ...]) -> Iterator[pa.RecordBatch]:
    with _connected() as cursor:
        cursor.execute(sql.replace("%s", "{}").format("$1", "$2", "$3"), values)
        yield from _grouped(cursor.fetch_record_batch())


def _grouped(reader: Any) -> Iterator[pa.Table]:
    """Small batches joined to large ones."""
    held: list[Any] = []
    size = 0
    for batch in reader:
        held.append(batch)
        size += batch.num_rows
        if size >= BATCH:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if size:
        yield pa.Table.from_batches(held)


@contextmanager
def _connected() -> Iterator[Any]:
    import adbc_driver_postgresql.dbapi as postgresql

    known = connection.get_connection_params()
    words = {k: known[k] for k in ("dbname", "user", "password", "host", "port", "sslmode") if known.get(k)}
    address = " ".join(f"{k}={_quoted(v)}" for k, v in words.items())
    with postgresql.connect(address) as link, link.cursor() as cursor:
        yield cursor


def _quoted(value: Any) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _plain(sql: str, values: tuple[Any, ...], name: str, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    kinds = {c.name: c.kind for c in RECORDS[name].columns}
    schema = pa.schema([("row", pa.int64()), *((c, _ARROW[kinds[c]]) for c in columns)])
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while some := cursor.fetchmany(BATCH):
            lists = list(zip(*some, strict=True))
            yield pa.table([pa.array(c, f.type) for c, f in zip(lists, schema, strict=True)], schema=schema)


def still_there(operation: str, name: str, row: int) -> bool:
    """Whether the operation still has the record that was its first one: else it was deleted and made anew."""
    try:
        return bool(RECORD_MODELS[name].objects.filter(operation=operation, row=row).exists())
    except DatabaseError:
        return False
