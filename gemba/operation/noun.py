"""The grammar of the model: how a noun, its fields and their limits are declared.

Every noun of the operation (a place, a step, a demand) is a frozen dataclass made with ``@noun`` whose
fields are made with the helpers below (``text``, ``number``, ``duration`` ...). The declaration is the one
place that states a field's meaning, unit, limits and reference; the database, the import template, the API
and the reference documentation are all derived from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, dataclass_transform

from gemba.operation.fault import Fault, OperationError

#: Fields hold one of these kinds of value. Durations are seconds; moments are aware datetimes in UTC; exact
#: numbers are decimals with at most six places (quantities and money that must add up).
KINDS = ("text", "number", "exact", "whole", "flag", "duration", "moment", "local_moment", "clock", "choice")
#: Smallest difference between two exact numbers.
EXACT = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Column:
    """What the model says about one field of a noun."""

    name: str
    kind: str
    doc: str
    required: bool
    default: Any
    unit: str = ""
    refers_to: str = ""  # table whose key this field must name
    low: float | None = None  # smallest allowed value
    above: float | None = None  # must be greater than this
    high: float | None = None
    choices: tuple[str, ...] = ()
    example: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """A noun's table: its name (plural), its class, key fields and columns, in reading order."""

    name: str
    noun: type[Any]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    doc: str

    def key_of(self, thing: Any) -> tuple[Any, ...]:
        return tuple(getattr(thing, k) for k in self.key)


#: Every noun's table by name, in the order in which references can be resolved.
TABLES: dict[str, Table] = {}
#: Every record's table by name: what happened, only ever added to (``gemba.operation.records``).
RECORDS: dict[str, Table] = {}


def _field(kind: str, doc: str, default: Any, **limits: Any) -> Any:
    meta = {"kind": kind, "doc": doc, **limits}
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=meta)
    return dataclasses.field(default=default, metadata=meta)


def text(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    return _field("text", doc, default, **limits)


def number(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    return _field("number", doc, default, **limits)


def exact(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    """A decimal number that must add up: a quantity or an amount of money."""
    return _field("exact", doc, default, **limits)


def whole(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    return _field("whole", doc, default, **limits)


def flag(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    return _field("flag", doc, default, **limits)


def duration(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    """A length of time in seconds; never negative unless ``low`` says so."""
    return _field("duration", doc, default, **{"low": 0.0, "unit": "s", **limits})


def moment(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    """A point in time; a datetime without a zone is read as UTC. Years 1950 to 2199."""
    return _field("moment", doc, default, **limits)


def local_moment(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    """A wall-clock date and time without a zone, as calendars use."""
    return _field("local_moment", doc, default, **limits)


def clock(doc: str, default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    """A time of day."""
    return _field("clock", doc, default, **limits)


def choice(doc: str, choices: tuple[str, ...], default: Any = dataclasses.MISSING, **limits: Any) -> Any:
    return _field("choice", doc, default, choices=choices, **limits)


def _column(f: dataclasses.Field[Any]) -> Column:
    required = f.default is dataclasses.MISSING
    return Column(name=f.name, required=required, default=None if required else f.default, **f.metadata)


def _as_number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError("a finite number")
    return float(value)


def _as_exact(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("a finite number")
    try:
        return Decimal(str(value)).quantize(EXACT)  # str: 0.1 is meant as 0.1, not as its binary neighbour
    except InvalidOperation:
        raise ValueError("a finite number with at most 22 digits before the point") from None


def _as_whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value != int(value):
        raise ValueError("a whole number")
    return int(value)


def _as_text(value: Any) -> str:
    if not isinstance(value, str) or any(ord(c) < 32 and c not in "\n\t" for c in value):
        raise ValueError("text without control characters")
    return value.strip()


def _as_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _as_moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or not 1950 <= value.year < 2200:
        raise ValueError("a date and time between 1950 and 2199")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_local_moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is not None or not 1950 <= value.year < 2200:
        raise ValueError("a local date and time between 1950 and 2199, without a zone")
    return value


def _as_clock(value: Any) -> time:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise ValueError("a time of day, such as 06:00")
    return value


_COERCE: dict[str, Callable[[Any], Any]] = {
    "text": _as_text,
    "choice": _as_text,
    "number": _as_number,
    "exact": _as_exact,
    "duration": _as_number,
    "whole": _as_whole,
    "flag": _as_flag,
    "moment": _as_moment,
    "local_moment": _as_local_moment,
    "clock": _as_clock,
}


def check_value(column: Column, value: Any) -> Any:
    """The value in the field's own type; ValueError says in words what would be allowed."""
    if value is None:
        if column.required or column.default is not None:
            raise ValueError("a value; the field may not be empty")
        return None
    value = _COERCE[column.kind](value)
    if column.required and value == "":
        raise ValueError("a value; the field may not be empty")
    if column.choices and value not in column.choices:
        raise ValueError("one of " + ", ".join(c or "(blank)" for c in column.choices))
    if column.low is not None and value < column.low:
        raise ValueError(f"at least {column.low:g}")
    if column.above is not None and value <= column.above:
        raise ValueError(f"more than {column.above:g}")
    if column.high is not None and value > column.high:
        raise ValueError(f"at most {column.high:g}")
    return value


def _check_at_birth(self: Any) -> None:
    table = type(self)._table
    faults = []
    for column in table.columns:
        value = getattr(self, column.name)
        if not column.required and type(value) is type(column.default) and value == column.default:
            continue
        try:
            object.__setattr__(self, column.name, check_value(column, value))
        except (ValueError, OverflowError) as allowed:
            faults.append(Fault(table.name, _thing(self), column.name, value, str(allowed)))
    if not faults:
        faults = [Fault(table.name, _thing(self), f, getattr(self, f), why) for f, why in self.rules()]
    if faults:
        raise OperationError(faults)


def _thing(self: Any) -> str:
    return " / ".join(str(getattr(self, k)) for k in type(self)._table.key)


class Noun:
    """Base of every noun: checked when it is made, so that a wrong one never exists."""

    __slots__ = ()
    _table: Table

    def __post_init__(self) -> None:
        _check_at_birth(self)

    def rules(self) -> list[tuple[str, str]]:
        """Rules between fields: (field, what would be allowed) for each one broken."""
        return []


def _made(cls: type[Any], name: str, key: tuple[str, ...], tables: dict[str, Table]) -> type[Any]:
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    columns = tuple(_column(f) for f in dataclasses.fields(made))
    table = Table(name, made, key, columns, (cls.__doc__ or "").strip())
    made._table = table
    tables[name] = table
    return made


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(text, number, exact, whole, flag, duration, moment, local_moment, clock, choice),
)
def noun(name: str, *key: str) -> Callable[[type[Any]], type[Any]]:
    """Make a class a noun with table ``name`` whose rows are told apart by the ``key`` fields."""
    return lambda cls: _made(cls, name, key, TABLES)


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(text, number, exact, whole, flag, duration, moment, local_moment, clock, choice),
)
def record(name: str) -> Callable[[type[Any]], type[Any]]:
    """Make a class a record with table ``name``: something that happened, told apart by its ``uid``."""
    return lambda cls: _made(cls, name, ("uid",), RECORDS)


def between(low: datetime | None, high: datetime | None) -> bool:
    """Whether a validity period is in order (an open end always is)."""
    return low is None or high is None or low < high
