"""Digests over the records of what happened, which are too many to be chained one by one as they come.

A seal covers, table by table, the rows after the seal before it: one digest for each operation, because an operation
is deleted with its records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from gemba.app.store.chain import digest_rows
from gemba.app.store.models import RECORD_MODELS

#: An audit row that seals records has this action and subject.
ACTION, SUBJECT = "seal", "records"
#: The action that takes an operation's records with it.
DELETES = "delete operation"
#: Last row covered, by table.
Through = dict[str, int]
#: {operation: {table: {"count": rows, "digest": digest}}}
Sealed = dict[str, dict[str, dict[str, Any]]]


def settled(after: Mapping[str, int]) -> Through:
    """The last row of each table that has rows after ``after``, before which none can come any more.

    PostgreSQL numbers a row when it is written, and shows it when its transaction ends: a lower number may appear after
    a higher one. So every writer is let finish first; those who come meanwhile wait for the length of one look. One
    table after the other: whoever holds two locks may wait in a circle with a writer.

    Raises:
        OperationalError: where a writer takes longer than two seconds.
    """
    found = {}
    for name, model in RECORD_MODELS.items():
        if _last(model) > after.get(name, 0):
            with transaction.atomic():
                _let_finish(model._meta.db_table)
                found[name] = _last(model)
    return found


def at_most(most: int, after: Mapping[str, int], through: Mapping[str, int]) -> Through:
    """The same ends, but with at most so many rows of each table before them."""
    found = {}
    for name, end in through.items():
        rows = RECORD_MODELS[name]._default_manager.filter(row__gt=after.get(name, 0), row__lte=end)
        cut = rows.order_by("row").values_list("row", flat=True)[most - 1 : most].first()
        found[name] = end if cut is None else cut
    return found


def _let_finish(table: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE MODE")


def _last(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=Max("row"))["last"] or 0


def digests(
    previous: str, after: Mapping[str, int], through: Mapping[str, int], skip: Set[str] = frozenset()
) -> Sealed:
    """The digests of the rows after ``after`` up to ``through``, without the operations in ``skip``."""
    found: Sealed = {}
    for name, last in through.items():
        first = after.get(name, 0)
        if last <= first or name not in RECORD_MODELS:
            continue
        rows = RECORD_MODELS[name]._default_manager.filter(row__gt=first, row__lte=last)
        for operation in sorted(set(rows.values_list("operation", flat=True).distinct()) - skip):
            digest, count = digest_rows(previous, _rows(name, rows.filter(operation=operation)))
            found.setdefault(operation, {})[name] = {"count": count, "digest": digest}
    return found


def _rows(name: str, found: models.QuerySet[Any]) -> Iterator[dict[str, Any]]:
    """What a seal covers of each row: all but the links to other tables, which may go (an account's)."""
    fields = [f.attname for f in RECORD_MODELS[name]._meta.concrete_fields if not f.is_relation]
    for row in found.order_by("row").values_list(*fields).iterator(chunk_size=2000):
        yield dict(zip(fields, row, strict=True))
