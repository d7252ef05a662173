"""Many texts to moments at once: ISO 8601, or a format that the caller gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from gemba.measure.mining import MISSING
from gemba.operation.moments import from_local, local, seconds, zone

#: What stands for a text that is no moment; MISSING stands for a blank one.
WRONG = MISSING + 1
ALLOWED = "a date and time such as 2026-11-30 17:00:00, or with an offset such as 2026-11-30T17:00:00+01:00"
_EPOCH = datetime(1970, 1, 1)


def to_seconds(texts: Sequence[str], zone_name: str = "", form: str = "") -> list[int]:
    """Seconds UTC of each text, fractions dropped: MISSING where it is blank, WRONG where it is no date and time.

    A text without an offset is on the wall clocks of the zone (blank: UTC). ``form`` is a format of
    ``datetime.strptime``, such as ``%d.%m.%Y %H:%M``; without one texts are ISO 8601.
    """
    known: dict[str, int] = {"": MISSING}
    to_utc = _from_zone(zone_name)
    found = []
    for text in texts:
        at = known.get(text)
        if at is None:
            at = known[text] = _one(text.strip(), to_utc, form)
        found.append(at)
    return found


def _one(text: str, to_utc: Callable[[datetime], int], form: str) -> int:
    if not text:
        return MISSING
    try:
        at = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        return to_utc(at) if at.tzinfo is None else seconds(at)
    except (ValueError, OverflowError):
        return WRONG


def _from_zone(zone_name: str) -> Callable[[datetime], int]:
    """From a naive datetime to seconds. The offset is looked up once for each hour in which clocks do not change."""
    zone(zone_name)

    @cache
    def offset(hour: datetime) -> int | None:
        at = from_local(hour, zone_name)
        last = hour.replace(minute=59, second=59)
        same = from_local(last, zone_name) - at == 3599 and local(at, zone_name).replace(tzinfo=None) == hour
        return _naive(hour) - at if same else None

    def convert(at: datetime) -> int:
        if not zone_name:
            return _naive(at)
        shift = offset(at.replace(minute=0, second=0, microsecond=0))
        return from_local(at.replace(microsecond=0), zone_name) if shift is None else _naive(at) - shift

    return convert


def _naive(at: datetime) -> int:
    delta = at - _EPOCH
    return delta.days * 86400 + delta.seconds
