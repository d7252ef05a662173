"""Moments and times of day as people type them, to and from the model's values."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from gemba.exchange.wrong import WrongCellError
from gemba.operation.moments import from_local, local, moment, seconds

ALLOWED = "a date such as 2026-11-30, or with a time 2026-11-30 17:00"
CLOCK = "a time of day such as 06:00"
_TEXT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?\s?(Z|[+-]\d\d:?\d\d)?\Z", re.ASCII)
_OTHER = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T]+(\d{1,2}:\d\d))?\Z", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\Z", re.ASCII)


def to_moment(value: Any, zone: str) -> datetime:
    """An aware datetime (UTC) from a cell; wall-clock times are those of the zone."""
    at = _as_datetime(value)
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    if not 1950 <= at.year < 2200:
        raise WrongCellError("a date and time between 1950 and 2199")
    return moment(from_local(at, zone))


def to_local_moment(value: Any) -> datetime:
    """A wall-clock datetime from a cell."""
    at = _as_datetime(value)
    if at.tzinfo is not None:
        raise WrongCellError("a local date and time, without a zone or offset")
    return at


def _as_datetime(value: Any) -> datetime:
    if isinstance(value, str):
        return _parse(value.strip())
    if isinstance(value, datetime):
        # spreadsheets hold times as fractions of a day: the rounding noise of a few milliseconds is dropped
        return (value + timedelta(milliseconds=500)).replace(microsecond=0) if value.microsecond else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise WrongCellError(f"{ALLOWED}; a plain number is not a date: format the cell as a date")
    raise WrongCellError(ALLOWED)


@lru_cache(maxsize=16384)
def _parse(text: str) -> datetime:
    match = _TEXT.match(text)
    if not match:
        raise WrongCellError(ALLOWED, _guess(text))
    day, clock, offset = match.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset or ''}")
    except ValueError:
        raise WrongCellError(f"{ALLOWED}; there is no such day or time") from None
    return (at + timedelta(milliseconds=500)).replace(microsecond=0) if at.microsecond else at


def _guess(text: str) -> str:
    """What a date written another way most likely means, as it should be written; blank where it could be two days."""
    match = _OTHER.match(text)
    if not match:
        return ""
    a, sign, b, year, clock = match.groups()
    found = {
        f"{year}-{int(month):02}-{int(day):02}" + (f" {clock.zfill(5)}" if clock else "")
        for day, month in ((a, b), *([] if sign == "." else [(b, a)]))
        if _exists(int(year), int(month), int(day))
    }
    return found.pop() if len(found) == 1 else ""


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def to_clock(value: Any) -> time:
    """A time of day from a cell; 24:00 is midnight, 00:00."""
    if isinstance(value, timedelta):
        value = f"{int(value.total_seconds()) // 3600}:{int(value.total_seconds()) // 60 % 60:02}"
    if isinstance(value, time):
        return value.replace(microsecond=0)
    match = _CLOCK.match(value.strip()) if isinstance(value, str) else None
    if not match:
        raise WrongCellError(CLOCK)
    hour, minute, second = (int(g or 0) for g in match.groups())
    if (hour, minute, second) == (24, 0, 0):
        return time(0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise WrongCellError(CLOCK)
    return time(hour, minute, second)


def wall_clock(at: datetime, zone: str) -> datetime | None:
    """The moment on the zone's wall clocks, without zone; None where reading it back would give another moment."""
    shown = local(seconds(at), zone).replace(tzinfo=None)
    return shown if from_local(shown, zone) == seconds(at) and not at.microsecond else None


def format_moment(at: datetime, zone: str) -> str:
    """A moment as text in the zone; with its offset only where the wall clock alone would not tell it."""
    shown = wall_clock(at, zone)
    if shown is None:
        return at.isoformat(" ") if at.microsecond else local(seconds(at), zone or "UTC").isoformat(" ")
    return format_local(shown)


def format_local(at: datetime) -> str:
    return at.isoformat(" ", "seconds") if at.second or at.microsecond else at.isoformat(" ", "minutes")


def format_clock(at: time) -> str:
    return at.isoformat("seconds") if at.second else at.isoformat("minutes")
