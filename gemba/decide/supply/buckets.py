"""Resources whose capacity is an amount for each period, counted where work starts."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import pairwise
from math import inf

from gemba.decide.supply.network import NeedNode
from gemba.operation import Resource
from gemba.operation.hours import Hours
from gemba.operation.moments import from_local, local
from gemba.operation.worktime import FAR


class Buckets:
    """What is left in each period: ``left[i]`` from ``starts[i]`` until ``starts[i + 1]``."""

    __slots__ = ("by_units", "left", "starts")

    def __init__(self, starts: list[int], amounts: list[float], by_units: bool) -> None:
        self.starts, self.left, self.by_units = starts, amounts, by_units

    def amount(self, need: NeedNode, quantity: float, work: int, efficiency: float) -> float:
        """What a task takes: units by quantity, or hours of work."""
        return self.load(need.units, need.fixed + need.units * quantity, work, efficiency)

    def load(self, units: float, by_quantity: float, work: int, efficiency: float) -> float:
        if not self.by_units:
            return units * work / 3600.0
        return by_quantity / efficiency if efficiency > 0 else inf

    def fits(self, moment: int, amount: float) -> bool:
        return self.left[max(0, bisect_right(self.starts, moment) - 1)] >= amount - 1e-9

    def later(self, moment: int, amount: float) -> int:
        """The first period after a moment's that has the amount left; FAR where none has."""
        for i in range(bisect_right(self.starts, moment), len(self.starts)):
            if self.left[i] >= amount - 1e-9:
                return self.starts[i]
        return FAR

    def sooner(self, moment: int, amount: float) -> int:
        """The last moment of the last period before a moment's that has the amount left; -FAR where none has."""
        i = max(0, bisect_right(self.starts, moment) - 1)
        while i > 0:
            i -= 1
            if self.left[i] >= amount - 1e-9:
                return self.starts[i + 1] - 1
        return -FAR

    def take(self, moment: int, amount: float) -> None:
        self.left[max(0, bisect_right(self.starts, moment) - 1)] -= amount


def buckets(r: Resource, hours: Hours, zone: str) -> Buckets:
    """The periods of a resource with a bucket, with all their capacity left."""
    if r.bucket == "calendar" and not r.capacity_calendar:
        return Buckets([-FAR], [r.capacity], True)
    if r.bucket == "calendar":
        profile = hours.pieces(r.capacity_calendar)
        return Buckets([-FAR, *profile.starts[1:]], list(profile.values), True)
    starts = period_starts(r.bucket, hours.now, hours.high, zone)
    opening = hours.open(hours.resource_calendars(r.name))
    capacity = hours.capacity(r.name)
    amounts = []
    for a, b in zip(starts, [*starts[1:], hours.high], strict=True):
        edges = [a, *(s for s in capacity.starts if a < s < b), b]
        amounts.append(sum(capacity.at(c) * opening.between(c, d) for c, d in pairwise(edges)) / 3600.0)
    return Buckets(starts, amounts, False)


def period_starts(bucket: str, low: int, high: int, zone: str) -> list[int]:
    """Starts of the days, weeks (Monday) or months from the one that holds ``low`` until ``high``."""
    day = local(low, zone).replace(hour=0, minute=0, second=0, tzinfo=None)
    if bucket == "week":
        day -= timedelta(days=day.weekday())
    elif bucket == "month":
        day = day.replace(day=1)
    starts = []
    while (at := from_local(day, zone)) < high:
        starts.append(at)
        day = _next(day, bucket)
    return starts


def _next(day: datetime, bucket: str) -> datetime:
    if bucket == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if bucket == "week" else 1)
