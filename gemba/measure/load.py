"""Load of resources: hours of work against the hours they are there, by day, week or month."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gemba.measure.periods import edges
from gemba.operation import Operation, Plan
from gemba.operation.hours import Hours
from gemba.operation.worktime import Profile, combine


@dataclass(frozen=True, slots=True)
class Load:
    """A resource in a period. ``hours`` of work (times units of capacity), ``available`` open hours times capacity."""

    resource: str
    start: int
    end: int
    hours: float
    available: float

    @property
    def share(self) -> float:
        """hours / available; 0 where there is neither, infinite where there is work and no capacity."""
        if self.available > 0:
            return self.hours / self.available
        return 0.0 if self.hours == 0 else float("inf")


def load(operation: Operation, plan: Plan, period: str = "day", hours: Hours | None = None) -> list[Load]:
    """Load by resource and period, from the period of now to the one of the plan's last work, in that order.

    A task counts with the open hours between its start and end (those in which it is worked on), times the units it
    takes; an order by an option with a resource with its lead time. Work before the first period is not counted.
    Resources that are only groups of others are left out unless work is planned on them directly.

    Raises:
        ValueError: where ``period`` is not day, week or month.
    """
    hours = hours or Hours(operation)
    last = max(
        [plan.now + 1, *(t.end for t in plan.tasks), *(o.end for o in plan.orders if _option_resource(operation))]
    )
    bounds = edges(plan.now, min(last, hours.high), period, operation.settings.zone)
    found: dict[str, list[float]] = {}
    for resource, start, end, units, calendars in _uses(operation, plan, hours):
        sums = found.setdefault(resource, [0.0] * (len(bounds) - 1))
        work = hours.open(calendars)
        for i in _between(bounds, start, end):
            sums[i] += units * work.between(max(start, bounds[i]), min(end, bounds[i + 1])) / 3600
    groups = {r.group for r in operation.resources if r.group}
    rows = []
    for name in (r.name for r in operation.resources if r.name in found or r.name not in groups):
        there = available_hours(hours, name, bounds)
        work_hours = found.get(name, [0.0] * len(there))
        rows += [Load(name, bounds[i], bounds[i + 1], work_hours[i], there[i]) for i in range(len(there))]
    return rows


def _option_resource(operation: Operation) -> bool:
    return any(o.resource for o in operation.supply_options)


def _between(bounds: list[int], start: int, end: int) -> range:
    """Indices of the periods that overlap a stretch of time."""
    first = max(0, bisect_right(bounds, start) - 1)
    return range(first, min(len(bounds) - 1, bisect_right(bounds, end - 1)))


def _uses(operation: Operation, plan: Plan, hours: Hours) -> Iterator[tuple[str, int, int, float, frozenset[str]]]:
    """(resource, start, end, units, calendars in whose hours it is worked) of everything that takes capacity."""
    processes = {p.name: p for p in operation.processes}
    steps = {(s.process, s.name): s for s in operation.steps}
    options = {o.name: o for o in operation.supply_options if o.resource}
    known = {r.name for r in operation.resources}
    orders = {o.id: o for o in plan.orders}
    free = {o.name for o in operation.orders if not o.uses_capacity}
    for task in plan.tasks:
        order = orders.get(task.order)
        if task.order in free or task.state == "done":
            continue
        process = processes.get(order.process) if order else None
        step = steps.get((order.process, task.step)) if order else None
        names = [name for name, _ in task.resources if name in known]
        calendars = hours.task_calendars(process.place if process else "", step.calendar if step else "", names)
        for name, units in task.resources:
            if name in known:
                yield name, task.start, task.end, units, calendars
    for planned in plan.orders:
        option = options.get(planned.option)
        if option and planned.id not in free and planned.state not in ("done", "cancelled"):
            yield option.resource, planned.start, planned.end, option.resource_quantity * planned.quantity, frozenset()


def available_hours(hours: Hours, resource: str, bounds: list[int]) -> list[float]:
    """Open hours times capacity of a resource between each two bounds."""
    closing = [hours.profile(c) for c in sorted(hours.resource_calendars(resource))]
    both = combine([hours.capacity(resource), *closing], lambda v: v[0] if all(x > 0 for x in v[1:]) else 0.0)
    return [_integral(both, a, b) / 3600 for a, b in pairwise(bounds)]


def _integral(profile: Profile, start: int, end: int) -> float:
    i, total, at = max(0, bisect_right(profile.starts, start) - 1), 0.0, start
    while at < end:
        until = min(end, profile.starts[i + 1]) if i + 1 < len(profile.starts) else end
        total += profile.values[i] * (until - at)
        at, i = until, i + 1
    return total
