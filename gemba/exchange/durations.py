"""Lengths of time as people type them, to and from seconds."""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gemba.exchange.numbers import parse_decimal, plain, to_number
from gemba.exchange.wrong import WrongCellError

ALLOWED = "a length of time such as 45 min, 2 h, 3 d, 1 wk, 1 d 4 h or 1:30 (h:mm); a bare number means hours"
#: No length of time is longer than a hundred years.
LONGEST = 36525 * 86400
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}
_WORDS = {
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "m": "min", "min": "min", "mins": "min", "minute": "min", "minutes": "min",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "d": "d", "day": "d", "days": "d", "w": "wk", "wk": "wk", "wks": "wk", "week": "wk", "weeks": "wk",
}  # fmt: skip
_PART = re.compile(r"([\d.,]+)\s*([a-z]+)\.?\s*", re.ASCII)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?\Z", re.ASCII)
_ISO = re.compile(r"p(?:([\d.,]+)w)?(?:([\d.,]+)d)?(?:t(?:([\d.,]+)h)?(?:([\d.,]+)m)?(?:([\d.,]+)s)?)?\Z", re.ASCII)


def to_duration(value: Any) -> float:
    """Seconds from a cell: text, a spreadsheet's time of day or length of time, or a bare number of hours."""
    if isinstance(value, timedelta):
        found = value.total_seconds()
    elif isinstance(value, time):
        found = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    elif isinstance(value, str):
        found = _parse(value.strip().lower())
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WrongCellError(ALLOWED)
    else:
        found = to_number(value) * 3600
    if abs(found) > LONGEST:
        raise WrongCellError("at most 36525 d (a hundred years)")
    return found


@lru_cache(maxsize=4096)
def _parse(text: str) -> float:
    sign = -1 if text.startswith("-") else 1
    body = text[1:].strip() if text[:1] in "+-" else text
    try:
        return float(sign * _seconds(body))
    except WrongCellError as wrong:
        ambiguous = "one way only" in str(wrong)
        raise WrongCellError(str(wrong) if ambiguous else ALLOWED) from None


def _seconds(body: str) -> Decimal:
    if clock := _CLOCK.match(body):
        hours, minutes, seconds = (int(g or 0) for g in clock.groups())
        return Decimal(hours * 3600 + minutes * 60 + seconds)
    if body.startswith("p"):
        return _iso(body)
    if not body or body[-1].isalpha() or body[-1] == ".":
        return _words(body)
    return parse_decimal(body) * 3600


def _iso(body: str) -> Decimal:
    match = _ISO.match(body)
    if not match or not any(match.groups()) or body.endswith("t"):
        raise WrongCellError(ALLOWED)
    sizes = (604800, 86400, 3600, 60, 1)
    return sum((parse_decimal(g) * n for g, n in zip(match.groups(), sizes, strict=True) if g), Decimal(0))


def _words(body: str) -> Decimal:
    total, at, seen = Decimal(0), 0, set()
    while at < len(body):
        part = _PART.match(body, at)
        unit = _WORDS.get(part[2]) if part else None
        if part is None or unit is None or unit in seen:
            raise WrongCellError(ALLOWED)
        seen.add(unit)
        total += parse_decimal(part[1]) * _UNITS[unit]
        at = part.end()
    if not seen:
        raise WrongCellError(ALLOWED)
    return total


def format_duration(seconds: float) -> str:
    """Seconds as text in the largest unit that shows them without a fraction; reading it gives the same seconds."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{plain(seconds / size)} {unit}"
    return f"{plain(seconds)} s" if seconds else "0 h"
