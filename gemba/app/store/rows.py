"""Whole tables in and out of the database, without an object for each row: COPY or executemany, and values_list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection, models, transaction

#: From so many rows on COPY is the quicker way.
FEW = 4


def insert(model: type[models.Model], attributes: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows of ready database values; inside the caller's transaction, or one of its own."""
    columns = [model._meta.get_field(a).column for a in attributes]
    names = ", ".join(connection.ops.quote_name(c) for c in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        rows = iter(rows)
        first = list(islice(rows, FEW))
        rows = chain(first, rows)
        if connection.vendor == "postgresql" and len(first) == FEW:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def delete(model: type[models.Model], column: str, key: int) -> None:
    """Remove the rows of one dataset or plan in one statement."""
    table, name = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {name} = %s", [key])
