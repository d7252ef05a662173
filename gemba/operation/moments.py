"""Moments as whole seconds since 1970 (UTC), and back to what a person reads in the operation's zone."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; blank is UTC."""
    return ZoneInfo(name or "UTC")


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970-01-01 UTC of an aware datetime (naive is UTC), fractions dropped."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    delta = moment - _EPOCH
    return delta.days * 86400 + delta.seconds


def moment(at: int) -> datetime:
    """The aware UTC datetime of a second count."""
    return _EPOCH + timedelta(seconds=at)


def local(at: int, zone_name: str) -> datetime:
    """The moment on the wall clocks of a zone; without a zone (blank name) a datetime that carries none."""
    if not zone_name:
        return moment(at).replace(tzinfo=None)
    return moment(at).astimezone(zone(zone_name))


def iso(at: int, zone_name: str) -> str:
    """ISO 8601 to the second, with the zone's offset, or without any where the operation has no zone."""
    return local(at, zone_name).isoformat(timespec="seconds")


def from_local(at: datetime, zone_name: str) -> int:
    """Seconds of a wall-clock datetime in a zone. In a gap (spring) the moment the clocks jump to counts; of the two
    in an overlap (autumn) the first. An aware datetime keeps its own zone."""
    if at.tzinfo is not None:
        return seconds(at)
    here = zone(zone_name)
    early, late = (seconds(at.replace(tzinfo=here, fold=fold).astimezone(UTC)) for fold in (0, 1))
    if early <= late:
        return early
    after = local(early, zone_name).utcoffset()  # in a gap: the first moment with the offset that follows it
    return late + bisect_left(range(late, early), True, key=lambda t: local(t, zone_name).utcoffset() == after)
