"""Days, weeks and months on the wall clocks of a zone, as seconds UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

from gemba.operation.moments import from_local, local

PERIODS = ("day", "week", "month")


def period_start(at: int, period: str, zone: str) -> datetime:
    """The local midnight at which the day, the week (Monday) or the month that holds a moment begins."""
    day = local(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day


def next_start(start: datetime, period: str) -> datetime:
    if period == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=7 if period == "week" else 1)


def edges(low: int, high: int, period: str, zone: str) -> list[int]:
    """The moments at which periods begin and end, from the one that holds ``low`` until ``high`` is covered.

    Raises:
        ValueError: where the period is not one of PERIODS.
    """
    if period not in PERIODS:
        raise ValueError(f"period is {period!r}; it must be one of {', '.join(PERIODS)}")
    start = period_start(low, period, zone)
    found = [from_local(start, zone)]
    while len(found) < 2 or found[-1] < high:
        start = next_start(start, period)
        found.append(from_local(start, zone))
    return found
