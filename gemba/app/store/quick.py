"""Questions that are asked several times in each report, without the cost of composing them anew each time.

Django's query sets take longer to put a question together than the database takes to answer it. Here the text of a
question is made once for each table and set of filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from gemba.app.store import values
from gemba.app.store.fields import ExactField, millionths
from gemba.app.store.models import RECORD_MODELS
from gemba.operation import RECORDS
from gemba.operation.noun import EXACT

_SIGNS = {"": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
#: Kinds of column whose values are compared as they are.
_PLAIN = ("text", "choice", "whole", "number")
#: Most values of an ``__in`` here; questions with more are composed by Django, which knows the databases' limits.
_MOST = 20


def ask(sql: str, *arguments: Any) -> list[Any]:
    """The rows that answer a question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return list(cursor.fetchall())


def moment_in(value: datetime) -> Any:
    """A moment as an argument of a question."""
    return values.moment_to_sqlite(value.astimezone(UTC)) if connection.vendor == "sqlite" else value


def moment_out(value: Any) -> datetime | None:
    """A moment in an answer."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return datetime.astimezone(value, UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def records(operation: str, name: str, filters: Mapping[str, Any]) -> Iterator[Any] | None:
    """Records of a table in the order in which they were taken; None where the filters are not simple ones."""
    arguments = _arguments(name, filters)
    if arguments is None:
        return None
    shape = tuple((key, len(v) if key.endswith("__in") else 0) for key, v in filters.items())
    sql, converters = _question(connection.vendor, name, shape)
    noun = RECORDS[name].noun
    names = [column.name for column in RECORDS[name].columns]
    return (
        noun(**{n: (convert(v) if convert else v) for n, convert, v in zip(names, converters, row, strict=True)})
        for row in ask(sql, operation, *arguments)
    )


def _arguments(name: str, filters: Mapping[str, Any]) -> list[Any] | None:
    """What the marks of the question stand for; None where Django must compose it."""
    kinds = _kinds(name)
    found: list[Any] = []
    for key, value in filters.items():
        column, _, sign = key.partition("__")
        several = sign == "in"
        if column not in kinds or (sign not in _SIGNS and not several):
            return None
        if several and (not isinstance(value, list | tuple | set | frozenset) or not 1 <= len(value) <= _MOST):
            return None
        for one in value if several else (value,):
            ready = _argument(kinds[column], one)
            if ready is None:
                return None
            found.append(ready)
    return found


def _argument(kind: str, value: Any) -> Any:
    if kind in _PLAIN and isinstance(value, str | int | float):
        return value
    if kind == "moment" and isinstance(value, datetime) and value.tzinfo is not None:
        return moment_in(value)
    return millionths(value) if kind == "exact" and value is not None else None


@lru_cache(maxsize=64)
def _kinds(name: str) -> dict[str, str]:
    return {column.name: column.kind for column in RECORDS[name].columns}


@lru_cache(maxsize=1024)
def _question(
    vendor: str, name: str, shape: tuple[tuple[str, int], ...]
) -> tuple[str, list[Callable[[Any], Any] | None]]:
    quote, model = connection.ops.quote_name, RECORD_MODELS[name]
    columns = [quote(model._meta.get_field(c.name).column) for c in RECORDS[name].columns]
    wanted = [f"{quote('operation')} = %s"]
    for key, count in shape:
        column, _, sign = key.partition("__")
        of = quote(model._meta.get_field(column).column)
        wanted.append(f"{of} IN ({', '.join(['%s'] * count)})" if sign == "in" else f"{of} {_SIGNS[sign]} %s")
    row = quote(model._meta.get_field("row").column)
    table = quote(model._meta.db_table)
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {' AND '.join(wanted)} ORDER BY {row}"
    return sql, [_out(vendor, column.kind) for column in RECORDS[name].columns]


def _out(vendor: str, kind: str) -> Callable[[Any], Any] | None:
    if kind == "exact":
        return lambda value: None if value is None else int(value) * EXACT
    if kind == "moment":
        return moment_out
    return bool if kind == "flag" and vendor == "sqlite" else None


def rows(model: Any, where: str, *arguments: Any, locked: bool = False, leave: tuple[str, ...] = ()) -> list[Any]:
    """Objects of a model for which the condition holds, in the order of their keys.

    ``locked``: nobody else changes them until the transaction ends. ``leave``: fields that are read when they are asked
    for.
    """
    sql, names, converters = _selection(connection.vendor, model, where, locked, leave)
    return [
        model.from_db("default", names, [c(v) if c else v for c, v in zip(converters, row, strict=True)])
        for row in ask(sql, *arguments)
    ]


@lru_cache(maxsize=64)
def _selection(
    vendor: str, model: Any, where: str, locked: bool, leave: tuple[str, ...]
) -> tuple[str, list[str], list[Callable[[Any], Any] | None]]:
    quote = connection.ops.quote_name
    fields = [f for f in model._meta.concrete_fields if f.attname not in leave]
    columns = ", ".join(quote(f.column) for f in fields)
    sql = f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {where} ORDER BY {quote(model._meta.pk.column)}"
    converters = [_converter(vendor, f) for f in fields]
    return sql + (" FOR UPDATE" if locked and vendor == "postgresql" else ""), [f.attname for f in fields], converters


def _converter(vendor: str, field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, ExactField):
        return _out(vendor, "exact")
    kind = {"DateTimeField": "moment", "BooleanField": "flag"}.get(field.get_internal_type(), "")
    return _out(vendor, kind)


def update(row: Any, names: Sequence[str]) -> None:
    """Write these fields of an object as they are now."""
    quote, meta = connection.ops.quote_name, row._meta
    fields = [meta.get_field(name) for name in names]
    sets = ", ".join(f"{quote(f.column)} = %s" for f in fields)
    given = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(meta.pk.column)} = %s", [*given, row.pk])


_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within a transaction: what cannot change while it lasts is asked for once (see ``once``)."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def once(key: Any, question: Callable[[], Any]) -> Any:
    """The answer to a question, remembered where somebody remembers; an empty answer is asked for again."""
    memory = _memory.get()
    if memory is None:
        return question()
    if not memory.get(key):
        memory[key] = question()
    return memory[key]
