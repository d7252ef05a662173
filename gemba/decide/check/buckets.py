"""Resources with a bucket have an amount of work for each period, whatever happens at each moment of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from gemba.decide.check.book import Book
from gemba.decide.check.usage import Use
from gemba.decide.check.words import more, number
from gemba.operation import Resource
from gemba.operation.moments import from_local, local
from gemba.operation.worktime import Profile, combine

Period = tuple[int, int]


def check_buckets(book: Book, uses: dict[str, list[Use]]) -> Iterator[str]:
    """Periods in which the work that starts in them exceeds what there is, by proposed work."""
    for name, taken in uses.items():
        resource = book.resources[name]
        if resource.limited == "finite" and resource.bucket:
            periods = Periods(book, resource)
            for (start, end), (proposed, fixed) in sorted(periods.loads(taken).items()):
                limit, slack = periods.available(start, end), periods.slack
                if proposed > slack and more(proposed + fixed, max(limit, fixed) + slack):
                    span = f"in the period from {book.when(start)} to {book.when(end)}"
                    work = f"work of {periods.words(proposed + fixed)} starts in it"
                    yield f"Resource '{name}' has {periods.words(limit)} {span}, but {work}."


class Periods:
    """The periods of one resource with a bucket: days, weeks (from Monday), months, or pieces of its calendar."""

    def __init__(self, book: Book, resource: Resource) -> None:
        self.book, self.resource = book, resource
        self.by_units = resource.bucket == "calendar"
        #: Roundings to whole seconds do not matter.
        self.slack = 1e-9 if self.by_units else 1.0
        calendar = resource.capacity_calendar
        self._pieces = book.hours.pieces(calendar) if self.by_units and calendar else Profile([book.hours.low], [0.0])
        closing = [book.hours.profile(c) for c in sorted(book.hours.resource_calendars(resource.name))]
        capacity = book.hours.capacity(resource.name)
        self._open = combine([capacity, *closing], lambda v: v[0] if all(x > 0 for x in v[1:]) else 0.0)

    def loads(self, uses: list[Use]) -> dict[Period, tuple[float, float]]:
        """The load that starts in each period: (proposed, fixed)."""
        found: dict[Period, tuple[float, float]] = {}
        known: dict[int, Period] = {}
        for use in uses:
            hour = use.start // 3600  # finding a period is slow, and the next use in the same hour mostly has the same
            if hour not in known or not known[hour][0] <= use.start < known[hour][1]:
                known[hour] = self.period(use.start)
            proposed, fixed = found.get(known[hour], (0.0, 0.0))
            found[known[hour]] = (proposed, fixed + use.load) if use.fixed else (proposed + use.load, fixed)
        return found

    def period(self, at: int) -> Period:
        """The period that holds a moment."""
        if self.by_units:
            starts = self._pieces.starts
            i = bisect_right(starts, at)
            return (starts[i - 1] if i else self.book.hours.low), (
                starts[i] if i < len(starts) else self.book.hours.high
            )
        zone, bucket = self.book.zone, self.resource.bucket
        day = local(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        if bucket == "week":
            day -= timedelta(days=day.weekday())
        elif bucket == "month":
            day = day.replace(day=1)
        return from_local(day, zone), from_local(_next(day, bucket), zone)

    def available(self, start: int, end: int) -> float:
        """Units in a period of a calendar; else unit-seconds: capacity in open hours."""
        if self.by_units:
            return self._pieces.at(start) if self.resource.capacity_calendar else self.resource.capacity
        return integral(self._open, start, end)

    def words(self, amount: float) -> str:
        """An amount in its unit."""
        return f"{number(amount)} units" if self.by_units else f"{number(amount / 3600)} h"


def _next(day: datetime, bucket: str) -> datetime:
    if bucket == "month":
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if bucket == "week" else 1)


def integral(profile: Profile, start: int, end: int) -> float:
    """The sum over time of a value, in value-seconds."""
    i = max(0, bisect_right(profile.starts, start) - 1)
    total, at = 0.0, start
    while at < end:
        until = min(end, profile.starts[i + 1]) if i + 1 < len(profile.starts) else end
        total += profile.values[i] * (until - at)
        at, i = until, i + 1
    return total
