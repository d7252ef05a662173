"""When cases begin: by day, weekday and hour, on the wall clocks of a zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gemba.measure.mining.log import EventLog
from gemba.operation.moments import local


@dataclass(frozen=True, slots=True)
class Arrivals:
    """``days`` has every day from the first to the last, empty ones too; ``mean`` = all / days. ``hours`` (24) and
    ``weekdays`` (7, Monday first) are totals."""

    days: tuple[tuple[date, int], ...]
    mean: float
    most: int
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]

    @property
    def peak_hour(self) -> int:
        """The hour of the day in which most begin; the earliest of several."""
        return self.hours.index(max(self.hours))


def arrivals(log: EventLog, zone: str = "") -> Arrivals:
    """When the cases of a log begin: the first start (or end, or moment of queueing) of each."""
    return arrivals_at(log.begin[log.first[:-1]].tolist(), zone)


def arrivals_at(moments: Iterable[int], zone: str = "") -> Arrivals:
    """The same of any moments (seconds UTC).

    Raises:
        ValueError: where there are none.
    """
    days: Counter[date] = Counter()
    hours, weekdays = [0] * 24, [0] * 7
    for at in moments:
        here = local(at, zone)
        days[here.date()] += 1
        hours[here.hour] += 1
        weekdays[here.weekday()] += 1
    if not days:
        raise ValueError("arrivals need at least one moment")
    first, many = min(days), (max(days) - min(days)).days + 1
    every = tuple((day, days[day]) for day in (first + timedelta(days=i) for i in range(many)))
    return Arrivals(every, days.total() / many, max(days.values()), tuple(hours), tuple(weekdays))
