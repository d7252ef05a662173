"""How moments, lengths of time and quantities are written on the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gemba.operation import moments

MINUTE, HOUR, DAY = 60, 3600, 86400


def when(at: int | float | datetime | None, zone: str = "", pattern: str = "%a %d %b %H:%M") -> str:
    """A moment on the operation's wall clocks, such as ``Wed 25 Nov 14:00``; blank where there is none."""
    if at is None or at == "":
        return ""
    return _local(at, zone).strftime(pattern)


def when_full(at: int | float | datetime | None, zone: str = "") -> str:
    """The same with the year and the zone's name: for tooltips and exports."""
    if at is None or at == "":
        return ""
    return f"{_local(at, zone):%Y-%m-%d %H:%M} {zone or 'UTC'}"


def _local(at: Any, zone: str) -> datetime:
    if isinstance(at, datetime):
        at = moments.seconds(at)
    return moments.local(int(at), zone)


def age(at: int | datetime | None, now: datetime | None = None) -> str:
    """How long ago a moment of the real clock was."""
    if at is None:
        return ""
    seconds = moments.seconds(now or datetime.now(UTC)) - (moments.seconds(at) if isinstance(at, datetime) else int(at))
    return "just now" if seconds < MINUTE else f"{length(seconds)} ago"


def length(seconds: int | float | None) -> str:
    """A length of time in the unit a person would use: 40 s, 25 min, 7.5 h, 3.2 d."""
    if seconds is None:
        return ""
    size = abs(seconds)
    if size < MINUTE:
        return f"{seconds:.0f} s"
    if size < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    if size < 2 * DAY:
        return f"{_short(seconds / HOUR)} h"
    return f"{_short(seconds / DAY)} d"


def hours(seconds: int | float | None) -> str:
    """A length of time in hours, so that the parts of a sum can be added by hand."""
    return "" if seconds is None else f"{seconds / HOUR:,.2f} h"


def quantity(value: float | None) -> str:
    """A number without superfluous zeros: 40, 2.5, 12,000."""
    if value is None:
        return ""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
