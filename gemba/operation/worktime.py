"""Working time: a calendar compiled to values over time, and arithmetic of work on open hours.

All arithmetic is in whole seconds UTC, so that a day of 23 or 25 hours counts as what it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from gemba.operation.calendar import Calendar, CalendarRule, parse_days
from gemba.operation.moments import from_local, local

FAR = 1 << 42  # a moment after every plan


class Profile:
    """A value over time: ``values[i]`` holds from ``starts[i]`` until ``starts[i + 1]``; before and after as at the ends."""

    __slots__ = ("starts", "values")

    def __init__(self, starts: list[int], values: list[float]) -> None:
        self.starts, self.values = starts, values

    def at(self, moment: int) -> float:
        return self.values[max(0, bisect_right(self.starts, moment) - 1)]

    def is_constant(self) -> bool:
        return len(self.values) == 1


def combine(profiles: Iterable[Profile], merge: Callable[[list[float]], float]) -> Profile:
    """The profile whose value at every moment is ``merge`` of the given profiles' values there."""
    profiles = list(profiles)
    starts = sorted({s for p in profiles for s in p.starts})
    return simplified(starts, [merge([p.at(s) for p in profiles]) for s in starts])


def simplified(starts: list[int], values: list[float]) -> Profile:
    kept_s, kept_v = [starts[0]], [values[0]]
    for s, v in zip(starts[1:], values[1:], strict=True):
        if v != kept_v[-1]:
            kept_s.append(s)
            kept_v.append(v)
    return Profile(kept_s, kept_v)


def profile(calendar: Calendar, rules: Iterable[CalendarRule], zone: str, low: int, high: int) -> Profile:
    """The calendar's value from ``low`` to ``high`` (seconds UTC); rules are in its own zone, else in ``zone``."""
    pieces = all_pieces(calendar, rules, zone, low, high)
    return simplified(pieces.starts, pieces.values)


def all_pieces(calendar: Calendar, rules: Iterable[CalendarRule], zone: str, low: int, high: int) -> Profile:
    """As ``profile``, with a new piece at every start and end of a rule, also where the value stays the same."""
    zone = calendar.zone or zone
    spans: list[tuple[int, int, tuple[int, int, int], float]] = []
    for row, rule in enumerate(rules):
        since = from_local(rule.start, zone) if rule.start else -FAR
        for a, b in _spans(rule, zone, low, high):
            spans.append((a, b, (rule.priority, -since, -row), rule.value))
    edges = sorted({low, *(s[0] for s in spans), *(s[1] for s in spans)})
    opening = sorted(spans)
    active: list[tuple[tuple[int, int, int], int, float]] = []
    values, i = [], 0
    for e in edges:
        while i < len(opening) and opening[i][0] <= e:
            _, b, rank, v = opening[i]
            active.append((rank, b, v))
            i += 1
        active = [x for x in active if x[1] > e]
        values.append(min(active)[2] if active else calendar.value)
    return Profile(edges, values)


def _spans(rule: CalendarRule, zone: str, low: int, high: int) -> list[tuple[int, int]]:
    """When the rule applies between low and high."""
    first = from_local(rule.start, zone) if rule.start else low
    last = from_local(rule.end, zone) if rule.end else high
    first, last = max(first, low), min(last, high)
    if first >= last:
        return []
    days = parse_days(rule.days)
    if len(days) == 7 and rule.start_time == rule.end_time == time(0, 0):
        return [(first, last)]
    found = []
    day = local(first, zone).date() - timedelta(days=1)
    end_day = local(last, zone).date()
    while day <= end_day:
        if day.weekday() in days:
            a, b = _window(rule, day, zone)
            a, b = max(a, first), min(b, last)
            if a < b:
                found.append((a, b))
        day += timedelta(days=1)
    return found


def _window(rule: CalendarRule, day: date, zone: str) -> tuple[int, int]:
    end_day = day if rule.end_time > rule.start_time else day + timedelta(days=1)
    return (
        from_local(datetime.combine(day, rule.start_time), zone),
        from_local(datetime.combine(end_day, rule.end_time), zone),
    )


class OpenHours:
    """Open stretches of time, and work measured on them. Always open where made without any closing."""

    __slots__ = ("always", "done", "ends", "starts")

    def __init__(self, spans: list[tuple[int, int]] | None) -> None:
        self.always = spans is None
        self.starts = [a for a, _ in spans or ()]
        self.ends = [b for _, b in spans or ()]
        self.done = [0]  # open seconds before each stretch
        for a, b in spans or ():
            self.done.append(self.done[-1] + b - a)

    @classmethod
    def of(cls, profile: Profile, high: int) -> OpenHours:
        """Open where the profile's value is above 0, until ``high``."""
        if profile.is_constant() and profile.values[0] > 0:
            return cls(None)
        bounds = [*profile.starts[1:], high]
        return cls([(a, b) for a, b, v in zip(profile.starts, bounds, profile.values, strict=True) if v > 0 and a < b])

    def open_until(self, moment: int) -> int:
        """Open seconds before a moment (from the beginning of the first stretch)."""
        if self.always:
            return moment
        i = bisect_right(self.starts, moment) - 1
        return 0 if i < 0 else self.done[i] + min(moment, self.ends[i]) - self.starts[i]

    def between(self, start: int, end: int) -> int:
        """Open seconds between two moments."""
        return self.open_until(end) - self.open_until(start)

    def next_open(self, moment: int) -> int:
        """The first open moment at or after one; FAR where there is none."""
        if self.always:
            return moment
        i = bisect_right(self.starts, moment) - 1
        if i >= 0 and moment < self.ends[i]:
            return moment
        return self.starts[i + 1] if i + 1 < len(self.starts) else FAR

    def closes(self, moment: int) -> int:
        """When the open stretch that holds a moment ends; FAR where it never does."""
        if self.always:
            return FAR
        i = bisect_right(self.starts, moment) - 1
        return self.ends[i] if i >= 0 else moment

    def opens(self, moment: int) -> int:
        """When the open stretch before a moment began; -FAR where it always was."""
        if self.always:
            return -FAR
        i = bisect_right(self.starts, moment - 1) - 1
        return self.starts[i] if i >= 0 else moment

    def last_open(self, moment: int) -> int:
        """The last moment at or before one that ends an open stretch of time; -FAR where there is none."""
        if self.always:
            return moment
        i = bisect_right(self.starts, moment - 1) - 1
        return -FAR if i < 0 else min(moment, self.ends[i])

    def finish(self, start: int, work: int) -> int:
        """When work of so many open seconds ends that starts at ``start``; FAR where hours run out."""
        if self.always or work <= 0:
            return start + max(work, 0)
        target = self.open_until(start) + work
        i = bisect_right(self.done, target - 1) - 1
        return FAR if i >= len(self.starts) else self.starts[i] + target - self.done[i]

    def begin(self, end: int, work: int) -> int:
        """The latest start of work of so many open seconds that ends by ``end``; -FAR where there is none."""
        if self.always or work <= 0:
            return end - max(work, 0)
        target = self.open_until(end) - work
        if target < 0:
            return -FAR
        i = bisect_right(self.done, target) - 1
        return self.starts[i] + target - self.done[i]
