"""From a cell, as a file holds it, to the value of a field: one converter for each kind of column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gemba.exchange.dates import to_clock, to_local_moment, to_moment
from gemba.exchange.durations import to_duration
from gemba.exchange.numbers import parse_decimal, plain, to_number, to_whole
from gemba.exchange.quoting import BLANK, unquote
from gemba.exchange.wrong import WrongCellError
from gemba.operation.noun import Column
from gemba.operation.references import nearest

Convert = Callable[[Any], Any]

_YES = {"true", "yes", "y", "x", "1"}
_NO = {"false", "no", "n", "0"}


def to_text(value: Any) -> str:
    """Text exactly as typed ("NA", "1e5" and "007" stay so); a spreadsheet's number in its plain form (1001)."""
    if isinstance(value, str):
        return "" if value.strip() == BLANK else unquote(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        return plain(value)
    if isinstance(value, date | time | timedelta):
        raise WrongCellError("text; the cell holds a date or time: format the cell as text and type it again")
    raise WrongCellError("text")


def to_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    typed = to_text(value).strip().lower()
    if typed in _YES or typed in _NO:
        return typed in _YES
    raise WrongCellError("true or false (also yes/no, 1/0, x)")


def to_exact(value: Any) -> Decimal:
    """A decimal number with every digit that was typed."""
    number = to_number(value)
    return parse_decimal(value.strip()) if isinstance(value, str) else Decimal(repr(number))


def _choice(column: Column) -> Convert:
    known = {c.casefold(): c for c in column.choices}
    near = lru_cache(maxsize=256)(lambda typed: nearest(typed, [k for k in known if k]))
    allowed = "one of " + ", ".join(c or "(blank)" for c in column.choices)

    def to_choice(value: Any) -> str:
        typed = to_text(value).strip()
        if typed.casefold() not in known:
            raise WrongCellError(allowed, near(typed.casefold()))
        return known[typed.casefold()]

    return to_choice


def _unquoted(convert: Convert) -> Convert:
    return lambda value: convert(unquote(value) if isinstance(value, str) else value)


def converter(column: Column, zone: str) -> Convert:
    """What turns a cell of this column into the field's value; it raises WrongCellError where it cannot."""
    kinds: dict[str, Convert] = {
        "text": to_text, "flag": to_flag, "number": _unquoted(to_number),
        "exact": _unquoted(to_exact), "whole": _unquoted(to_whole),
        "duration": _unquoted(to_duration), "moment": _unquoted(lambda value: to_moment(value, zone)),
        "local_moment": _unquoted(to_local_moment), "clock": _unquoted(to_clock),
    }  # fmt: skip
    return _choice(column) if column.kind == "choice" else kinds[column.kind]
