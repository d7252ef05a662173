"""Days and shifts of an operation as slices of time, each of one day and one shift.

A shift that passes midnight counts to the day it starts on. A place has the shifts of the nearest place at or above
it that has any, else those that hold everywhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from gemba.operation import Operation, Shift
from gemba.operation.moments import from_local, local

#: The group of places whose slices are whole days (stock is counted by days alone).
WHOLE_DAYS = "*"


class Slice(NamedTuple):
    """From ``start`` until ``end`` (seconds UTC), of a day, of a shift (blank: none)."""

    start: int
    end: int
    day: date
    shift: str


class Slices:
    """The slices of every place. Places with the same shifts share a group, named by the place that defines them."""

    def __init__(self, operation: Operation) -> None:
        self.zone = operation.settings.zone
        self.shifts: dict[str, list[Shift]] = {}
        for shift in operation.shifts:
            self.shifts.setdefault(shift.place, []).append(shift)
        parents = {p.name: p.parent for p in operation.places}
        self.groups = {name: self._group(name, parents) for name in parents}
        self._made: dict[tuple[str, int], tuple[list[int], list[Slice]]] = {}

    def _group(self, place: str, parents: dict[str, str]) -> str:
        while place and place not in self.shifts:
            place = parents[place]
        return place

    def group(self, place: str) -> str:
        return self.groups.get(place, "")

    def names(self) -> list[str]:
        """Groups that there are."""
        return sorted({"", WHOLE_DAYS, *self.groups.values()})

    def day_of(self, at: float) -> date:
        """The calendar day of a moment, whatever the shift."""
        return local(int(at // 1), self.zone).date()

    def midnight(self, day: date) -> int:
        return from_local(datetime.combine(day, time()), self.zone)

    def between(self, group: str, low: float, high: float) -> list[Slice]:
        """Slices that overlap from ``low`` to ``high``, in order; at least the one that holds ``low``."""
        found: list[Slice] = []
        year, last = self.day_of(low).year, self.day_of(max(low, high)).year
        while year <= last:
            starts, slices = self._year(group, year)
            i = max(0, bisect_right(starts, low) - 1)
            while i < len(slices) and (slices[i].start < high or slices[i].start <= low):
                if slices[i].end > low:
                    found.append(slices[i])
                i += 1
            year += 1
        return found

    def year(self, group: str, year: int) -> list[Slice]:
        """Every slice of a calendar year."""
        return self._year(group, year)[1]

    def _year(self, group: str, year: int) -> tuple[list[int], list[Slice]]:
        if (group, year) not in self._made:
            slices = list(self._make(group, year))
            self._made[group, year] = [s.start for s in slices], slices
        return self._made[group, year]

    def _make(self, group: str, year: int) -> Iterator[Slice]:
        """A year's slices: of any two shifts that overlap the one declared first counts."""
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        shifts = [] if group == WHOLE_DAYS else self.shifts.get(group, [])
        spans, edges = [], []
        day = first - timedelta(days=1)
        while day <= after:
            edges.append(self.midnight(day))
            for rank, s in enumerate(shifts):
                a, b = self._span(s, day)
                spans.append((a, b, rank, day, s.name))
                edges += [a, b]
            day += timedelta(days=1)
        low, high = self.midnight(first), self.midnight(after)
        bounds = sorted({low, high, *(e for e in edges if low < e < high)})
        spans.sort()
        active: list[tuple[int, int, date, str]] = []
        i = 0
        for start, end in pairwise(bounds):
            while i < len(spans) and spans[i][0] <= start:
                active.append((spans[i][2], spans[i][1], spans[i][3], spans[i][4]))
                i += 1
            active = [a for a in active if a[1] > start]
            of = min(active, default=None)
            yield Slice(start, end, of[2], of[3]) if of else Slice(start, end, self.day_of(start), "")

    def _span(self, shift: Shift, day: date) -> tuple[int, int]:
        last = day if shift.end > shift.start else day + timedelta(days=1)
        return (
            from_local(datetime.combine(day, shift.start), self.zone),
            from_local(datetime.combine(last, shift.end), self.zone),
        )
