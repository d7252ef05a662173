"""Records in and out of the store. They are added, each uid once, and never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from gemba.app.store import quick, rows, values
from gemba.app.store.fields import millionths
from gemba.app.store.models import RECORD_MODELS, OperationClock, OrderState, StockCheckpoint, TaskState
from gemba.operation import RECORDS, Table
from gemba.operation.noun import Noun

#: Longer uids are refused: they are looked up.
LONGEST_UID = 200
_LOOKED_AT = 500  # uids in one question


def append(
    operation: str,
    records: Sequence[Noun],
    *,
    user: Any = None,
    recorded_at: datetime | None = None,
    looked: bool = False,
) -> list[Any]:
    """Add records of one kind to an operation; those whose uid it has already are left out.

    Returns the records that were new, in their order. To be called in the transaction of the action, which holds the
    operation's lock where what it adds depends on what it read. ``looked``: the caller has looked whether it has them;
    one that came meanwhile is an IntegrityError then.
    """
    if not records:
        return []
    if not connection.in_atomic_block:
        raise RuntimeError("records are added in the transaction of their action")
    table = table_of(records[0])
    new = list(records) if looked else _new(operation, table, records)
    moment = recorded_at or timezone.now()
    by = user.pk if user is not None else None
    names = [column.name for column in table.columns]
    converters = [(c.name, converter(c.kind)) for c in table.columns]
    written = _written(new, converters, (operation, _stamp(moment), by))
    rows.insert(RECORD_MODELS[table.name], ["operation", "recorded_at", "recorded_by", *names], written)
    return new


def table_of(thing: Noun) -> Table:
    """The table of a record."""
    return type(thing)._table


def _new(operation: str, table: Table, records: Sequence[Any]) -> list[Any]:
    uids = [r.uid for r in records]
    known: set[str] = set()
    for i in range(0, len(uids), _LOOKED_AT):
        some = uids[i : i + _LOOKED_AT]
        marks, name = ", ".join(["%s"] * len(some)), connection.ops.quote_name(RECORD_MODELS[table.name]._meta.db_table)
        found = quick.ask(f"SELECT uid FROM {name} WHERE operation = %s AND uid IN ({marks})", operation, *some)
        known.update(uid for (uid,) in found)
    new = []
    for r in records:
        if r.uid not in known:
            known.add(r.uid)
            new.append(r)
    return new


def _written(
    records: Sequence[Any], converters: list[tuple[str, Callable[[Any], Any] | None]], head: tuple[Any, ...]
) -> Iterator[list[Any]]:
    for r in records:
        yield [*head, *((c(getattr(r, n)) if c else getattr(r, n)) for n, c in converters)]


def _stamp(moment: datetime) -> Any:
    return values.moment_to_sqlite(moment) if connection.vendor == "sqlite" else moment


def converter(kind: str) -> Callable[[Any], Any] | None:
    """What turns a record's value into the database's, or None where it is taken as it is."""
    if kind == "exact":
        return lambda value: None if value is None else millionths(value)
    return values.moment_to_sqlite if kind == "moment" and connection.vendor == "sqlite" else None


def stored(operation: str, name: str) -> models.QuerySet[Any]:
    """The stored records of a table, to be filtered further; in the order in which they were taken."""
    return RECORD_MODELS[name].objects.filter(operation=operation).order_by("row")


def read(operation: str, name: str, **filters: Any) -> list[Any]:
    """Records of a table as they were made, in the order in which they were taken."""
    quickly = quick.records(operation, name, filters)
    if quickly is not None:
        return list(quickly)
    return list(read_each(stored(operation, name).filter(**filters), name))


def read_each(found: models.QuerySet[Any], name: str) -> Iterator[Any]:
    """The records of a query set of that table, one by one."""
    table = RECORDS[name]
    names = [column.name for column in table.columns]
    for row in found.values_list(*names).iterator(chunk_size=5000):
        yield table.noun(**dict(zip(names, row, strict=True)))


def delete_records(operation: str) -> None:
    """Remove every record of an operation: only when the operation itself is deleted."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in RECORD_MODELS.values():
            name = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {name} WHERE operation = %s", [operation])
        for derived in (OrderState, TaskState, OperationClock, StockCheckpoint):
            derived.objects.filter(operation=operation).delete()
