"""Free capacity over time, as a step function that can be reserved and given back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from gemba.operation.worktime import FAR, Profile

_TINY = 1e-9


class Timeline:
    """Free units of one resource: ``free[i]`` from ``times[i]`` until ``times[i + 1]``."""

    __slots__ = ("free", "times")

    def __init__(self, capacity: Profile) -> None:
        self.times = [-FAR, *capacity.starts[1:]]
        self.free = list(capacity.values)

    def clash(self, start: int, end: int, units: float) -> int:
        """When the first stretch of [start, end) with too little free ends; 0 where there is none (FAR if never)."""
        times, free = self.times, self.free
        need = units - _TINY
        i = bisect_right(times, start) - 1
        n = len(times)
        while True:
            if free[i] < need:
                i += 1
                while i < n and free[i] < need:
                    i += 1
                return times[i] if i < n else FAR
            i += 1
            if i >= n or times[i] >= end:
                return 0

    def clash_back(self, start: int, end: int, units: float) -> int:
        """When the last stretch of [start, end) with too little free begins; 0 where there is none (-FAR if always)."""
        times, free = self.times, self.free
        need = units - _TINY
        i = bisect_left(times, end) - 1
        while True:
            if free[i] < need:
                while i >= 0 and free[i] < need:
                    i -= 1
                return times[i + 1] if i >= 0 else -FAR
            if i == 0 or times[i] <= start:
                return 0
            i -= 1

    def take(self, start: int, end: int, units: float) -> None:
        """Reserve units from start until end (give back with negative units)."""
        if start >= end:
            return
        times, free = self.times, self.free
        a = bisect_left(times, start)
        if a == len(times) or times[a] != start:
            times.insert(a, start)
            free.insert(a, free[a - 1])
        b = bisect_left(times, end, a)
        if b == len(times) or times[b] != end:
            times.insert(b, end)
            free.insert(b, free[b - 1])
        for i in range(a, b):
            free[i] -= units
        if abs(free[b] - free[b - 1]) < _TINY:
            del times[b], free[b]
        if a and abs(free[a] - free[a - 1]) < _TINY:
            del times[a], free[a]
