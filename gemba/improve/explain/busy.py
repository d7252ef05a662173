"""When a resource could not take more, and who had it then."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from gemba.decide.check.book import Book
from gemba.decide.check.buckets import Periods
from gemba.decide.check.capacity import capacity
from gemba.decide.check.needs import Needs
from gemba.decide.check.usage import Use, all_uses
from gemba.operation import PlannedTask, Resource
from gemba.operation.worktime import Profile

#: At most so many of those waited for are named: the nearest before the start.
MOST_NAMES = 12
_TINY = 1e-9

Span = tuple[int, int]


class Busy:
    """Answers for every resource of a plan, each prepared when first asked."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._uses = {
            name: sorted(uses, key=lambda u: (u.start, u.end)) for name, uses in all_uses(book, Needs(book)).items()
        }
        self._starts: dict[str, tuple[list[int], list[int]]] = {}
        self._full: dict[tuple[str, float], tuple[list[int], list[int]]] = {}
        self._loads: dict[tuple[str, str, str], float] = {}
        self._periods: dict[str, list[tuple[int, int, float, float]]] = {}

    def full(self, task: PlannedTask, name: str, units: float, start: int, end: int) -> list[Span]:
        """Stretches of [start, end) in which the resource (or its bucket) had less free than the task takes."""
        resource = self._book.resources.get(name)
        if resource is None or resource.limited != "finite" or start >= end:
            return []
        if resource.bucket:
            return self._full_periods(resource, self._load(name, task), start, end)
        starts, ends = self._stretches(resource, units)
        i = bisect_right(ends, start)
        found = []
        while i < len(starts) and starts[i] < end:
            found.append((max(start, starts[i]), min(end, ends[i])))
            i += 1
        return found

    def holders(self, name: str, start: int, end: int) -> list[str]:
        """Orders that have the resource in [start, end), in time order; of many the last ones."""
        uses = self._uses.get(name, [])
        if name not in self._starts:
            self._starts[name] = ([u.start for u in uses], list(accumulate((u.end for u in uses), max)))
        starts, latest = self._starts[name]
        i, found = bisect_left(starts, end) - 1, list[str]()
        while i >= 0 and latest[i] > start and len(found) < MOST_NAMES:
            if uses[i].end > start and uses[i].order not in found:
                found.append(uses[i].order)
            i -= 1
        return found[::-1]

    def _stretches(self, resource: Resource, units: float) -> tuple[list[int], list[int]]:
        key = (resource.name, units)
        if key not in self._full:
            spans = _over(self._uses.get(resource.name, []), capacity(self._book, resource), units)
            self._full[key] = ([a for a, _ in spans], [b for _, b in spans])
        return self._full[key]

    def _load(self, name: str, task: PlannedTask) -> float:
        key = (name, task.order, task.step)
        if not self._loads:
            self._loads = {(n, u.order, u.step): u.load for n, uses in self._uses.items() for u in uses}
        return self._loads.get(key, 0.0)

    def _full_periods(self, resource: Resource, load: float, start: int, end: int) -> list[Span]:
        if resource.name not in self._periods:
            periods = Periods(self._book, resource)
            found = sorted(periods.loads(self._uses.get(resource.name, [])).items())
            self._periods[resource.name] = [(a, b, sum(both), periods.available(a, b)) for (a, b), both in found]
        return [
            (max(a, start), min(b, end))
            for a, b, taken, limit in self._periods[resource.name]
            if a < end and b > start and taken + load > limit + _TINY
        ]


def _over(uses: list[Use], limit: Profile, units: float) -> list[Span]:
    """Stretches in which the load and so many units more exceed the limit."""
    events = [(u.start, u.units) for u in uses if u.end > u.start] + [
        (u.end, -u.units) for u in uses if u.end > u.start
    ]
    if not limit.is_constant():
        events += [(s, 0.0) for s in limit.starts]
    events.sort()
    found: list[Span] = []
    load, since = 0.0, None
    for k, (at, change) in enumerate(events):
        load += change
        if k + 1 < len(events) and events[k + 1][0] == at:
            continue
        over = load + units > limit.at(at) + _TINY and load > _TINY
        if over and since is None:
            since = at
        elif not over and since is not None:
            found.append((since, at))
            since = None
    return found
