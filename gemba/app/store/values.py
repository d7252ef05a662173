"""Values on their way between Python and a table: one converter for each field, made once for a whole table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, get_args, get_origin, get_type_hints

import orjson

Converter = Callable[[Any], Any]


def _dump(value: Any) -> str:
    option = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_SERIALIZE_NUMPY
    return orjson.dumps(value, default=_plain, option=option).decode()


def _plain(value: Any) -> Any:
    """A nested dataclass as the list of its values: shorter than with names, which the class has anyway."""
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, f.name) for f in fields(value)]
    raise TypeError(f"cannot be kept as JSON: {type(value).__name__}")


def to_json(value: Any) -> str:
    """Tuples, lists and nested dataclasses as JSON text."""
    return _dump(list(value))


def from_json(hint: Any) -> Converter:
    """What makes a value of this type again from decoded JSON."""
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        made = [from_json(h) for h in get_type_hints(hint).values()]
        return lambda row: hint(*(make(v) for make, v in zip(made, row, strict=True)))  # type: ignore[operator]
    if origin is tuple and inner[-1] is not Ellipsis:
        each = [from_json(h) for h in inner]
        return lambda row: tuple(make(v) for make, v in zip(each, row, strict=True))
    if origin in (tuple, list):
        one = from_json(inner[0])
        return lambda rows: origin(map(one, rows))
    return float if hint is float else _same


def _same(value: Any) -> Any:
    return value


def _or_none(convert: Converter) -> Converter:
    return lambda value: None if value is None else convert(value)


def to_table(hint: Any) -> Converter:
    """What makes a database value of a dataclass field: engines may hand over numpy's numbers, drivers refuse them."""
    if get_origin(hint) in (tuple, list):
        return to_json
    if type(None) in get_args(hint):
        (plain,) = (t for t in get_args(hint) if t is not type(None))
        return _or_none(plain)
    return hint


def moment_to_sqlite(value: datetime | None) -> str | None:
    """As Django writes a moment (UTC) into SQLite."""
    return None if value is None else str(value.replace(tzinfo=None))
