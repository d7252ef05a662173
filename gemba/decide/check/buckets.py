"""Resources with a bucket have hours of work for each day, week or month, whatever happens at each moment."""

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


def check_buckets(book: Book, uses: dict[str, list[Use]]) -> Iterator[str]:
    """Periods in which the work that starts in them exceeds capacity x open hours, by proposed work."""
    for name, taken in uses.items():
        resource = book.resources[name]
        if resource.limited == "finite" and resource.bucket:
            for (start, end), (proposed, fixed) in sorted(loads(book, resource, taken).items()):
                limit = available(book, resource, start, end)
                if more(proposed, 1.0) and more(proposed + fixed, max(limit, fixed) + 1.0):
                    yield _words(book, name, (start, end), proposed + fixed, limit)


def loads(book: Book, resource: Resource, uses: list[Use]) -> dict[tuple[int, int], tuple[float, float]]:
    """Seconds of work (x units) that start in each period: proposed, fixed."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    known: dict[int, tuple[int, int]] = {}
    for use in uses:
        day = use.start // 3600  # periods begin on an hour or, in a few zones, within one: keep what is the same
        if day not in known or not known[day][0] <= use.start < known[day][1]:
            known[day] = period(book, resource, use.start)
        proposed, fixed = found.get(known[day], (0.0, 0.0))
        load = use.work * use.units
        found[known[day]] = (proposed, fixed + load) if use.fixed else (proposed + load, fixed)
    return found


def period(book: Book, resource: Resource, at: int) -> tuple[int, int]:
    """The day, week (from Monday), month or piece of the capacity calendar that holds a moment."""
    if resource.bucket == "calendar":
        starts = book.hours.capacity(resource.name).starts
        i = bisect_right(starts, at)
        return (starts[i - 1] if i else book.hours.low), (starts[i] if i < len(starts) else book.hours.high)
    day = local(at, book.zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if resource.bucket == "week":
        day -= timedelta(days=day.weekday())
    elif resource.bucket == "month":
        day = day.replace(day=1)
    return from_local(day, book.zone), from_local(_next(day, resource.bucket), book.zone)


def _next(day: datetime, bucket: str) -> datetime:
    if bucket == "month":
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if bucket == "week" else 1)


def available(book: Book, resource: Resource, start: int, end: int) -> float:
    """Unit-seconds of the resource in a period: its capacity in its open hours."""
    closing = [book.hours.profile(c) for c in sorted(book.hours.resource_calendars(resource.name))]
    both = combine([book.hours.capacity(resource.name), *closing], lambda v: v[0] if all(x > 0 for x in v[1:]) else 0.0)
    return integral(both, start, end)


def integral(profile: Profile, start: int, end: int) -> float:
    """The sum over time of a value, in value-seconds."""
    i = max(0, bisect_right(profile.starts, start) - 1)
    total, at = 0.0, start
    while at < end:
        until = min(end, profile.starts[i + 1]) if i + 1 < len(profile.starts) else end
        total += profile.values[i] * (until - at)
        at, i = until, i + 1
    return total


def _words(book: Book, name: str, span: tuple[int, int], load: float, limit: float) -> str:
    has, works = number(limit / 3600), number(load / 3600)
    period = f"the period from {book.when(span[0])} to {book.when(span[1])}"
    return f"Resource '{name}' has {has} h in {period}, but work of {works} h starts in it."
