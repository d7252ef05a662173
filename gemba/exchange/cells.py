"""From a field's value to the cell that stands for it: the other way round of ``convert``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gemba.exchange.dates import format_clock, format_local, format_moment, wall_clock
from gemba.exchange.durations import format_duration
from gemba.exchange.numbers import plain
from gemba.exchange.quoting import BLANK, quote
from gemba.operation.noun import Column


def cell_text(column: Column, value: Any, zone: str) -> str:
    """The value as text that reads back as the same value; blank only where a blank cell means it."""
    if value is None:
        return ""
    if column.kind in ("text", "choice"):
        return quote(value) if value else _blank(column)
    if column.kind == "flag":
        return "true" if value else "false"
    if column.kind in ("number", "exact", "whole"):
        return plain(value)
    if column.kind == "duration":
        return quote(format_duration(value))
    if column.kind == "moment":
        return format_moment(value, zone)
    return format_local(value) if column.kind == "local_moment" else format_clock(value)


def _blank(column: Column) -> str:
    return BLANK if column.default else ""


def cell_value(column: Column, value: Any, zone: str) -> Any:
    """The value as a spreadsheet's own number, date or truth value where that is exact, else as text."""
    if column.kind in ("number", "whole") and value is not None and float(f"{value:.16G}") == value:
        return value
    if column.kind == "flag" or value is None:
        return value
    if column.kind in ("moment", "local_moment"):
        shown = wall_clock(value, zone) if column.kind == "moment" else value
        return shown if isinstance(shown, datetime) and not shown.microsecond else cell_text(column, value, zone)
    return cell_text(column, value, zone)
