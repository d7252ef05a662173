"""What a change of the model does to the plan: two plans side by side, and every difference named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gemba.measure.load import Load, available_hours, load
from gemba.measure.service import DemandResult, demand_results
from gemba.operation import Operation, Plan
from gemba.operation.hours import Hours


@dataclass(frozen=True, slots=True)
class DemandChange:
    """A demand that is ready at another moment (all of it, delivered or not) or ends otherwise. ``later``: seconds by
    which it is ready later (negative: earlier), None where one plan does not deliver it."""

    demand: str
    item: str
    customer: str
    later: int | None
    status_before: str
    status_after: str
    lateness_before: int
    lateness_after: int
    ready_before: int | None
    ready_after: int | None


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """Hours of work on a resource, and their share of the hours it is there, until the later plan's last work."""

    resource: str
    hours_before: float
    hours_after: float
    share_before: float
    share_after: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Two plans: the objective (weighted days of lateness), how many demands are late and short, and what changes.

    ``demands`` has only those that change, the largest change of lateness first; ``resources`` every one with work, the
    fullest first. The bottleneck is the resource with the largest share.
    """

    objective_before: float
    objective_after: float
    late_before: int
    late_after: int
    short_before: int
    short_after: int
    on_time_before: int
    on_time_after: int
    lateness_before: int  # seconds, of all demands
    lateness_after: int
    makespan_before: int
    makespan_after: int
    bottleneck_before: str
    bottleneck_after: str
    demands: tuple[DemandChange, ...]
    resources: tuple[ResourceChange, ...]


def effect(operation: Operation, before: Plan, changed: Operation, after: Plan) -> Effect:
    """What changes from the plan of an operation to the plan of the changed one.

    Raises:
        ValueError: where the two plans do not begin at the same moment.
    """
    if before.now != after.now:
        raise ValueError(f"the plans begin at {before.now} and {after.now}; only plans from one moment are compared")
    one, two = demand_results(operation, before), demand_results(changed, after)
    resources = _resources(operation, before, changed, after)
    return Effect(
        before.objective.value, after.objective.value, *_counts(one, two, "late"), *_counts(one, two, "short"),
        *_counts(one, two, "on time"), sum(r.lateness for r in one), sum(r.lateness for r in two),
        _end(before) - before.now, _end(after) - after.now, _fullest(resources, "share_before"),
        _fullest(resources, "share_after"), _demands(one, two), resources,
    )  # fmt: skip


def _counts(one: Iterable[DemandResult], two: Iterable[DemandResult], status: str) -> tuple[int, int]:
    before, after = (sum(r.status == status for r in results) for results in (one, two))
    return before, after


def _end(plan: Plan) -> int:
    return max([plan.now, *(t.end for t in plan.tasks)])


def _demands(one: Iterable[DemandResult], two: Iterable[DemandResult]) -> tuple[DemandChange, ...]:
    then = {r.demand: r for r in two}
    found = []
    for r in one:
        s = then.get(r.demand)
        if s is None:
            continue
        was, will = _ready(r), _ready(s)
        if (was, r.status, r.lateness) != (will, s.status, s.lateness):
            later = None if was is None or will is None else will - was
            found.append(DemandChange(
                r.demand, r.item, r.customer, later, r.status, s.status, r.lateness, s.lateness, was, will,
            ))  # fmt: skip
    return tuple(sorted(found, key=_weight))


def _ready(r: DemandResult) -> int | None:
    """When all of it is ready: before it is due where there is slack, else with its last delivery."""
    return r.due - r.slack if r.status == "on time" and r.last is not None else r.last


def _weight(c: DemandChange) -> tuple[bool, int, int, str]:
    return c.status_before == c.status_after, -abs(c.lateness_after - c.lateness_before), -abs(c.later or 0), c.demand


def _resources(operation: Operation, before: Plan, changed: Operation, after: Plan) -> tuple[ResourceChange, ...]:
    bounds = [before.now, max(_end(before), _end(after), before.now + 1)]
    one, two = _hours(load(operation, before, "month")), _hours(load(changed, after, "month"))
    hours, found = Hours(operation), []
    for name in dict.fromkeys([*one, *two]):
        (there,) = available_hours(hours, name, bounds)
        work = one.get(name, 0.0), two.get(name, 0.0)
        if any(work):
            shares = (w / there if there else 0.0 for w in work)
            found.append(ResourceChange(name, *work, *shares))
    return tuple(sorted(found, key=lambda r: (-r.share_after, -r.hours_after, r.resource)))


def _hours(rows: Iterable[Load]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        found[row.resource] = found.get(row.resource, 0.0) + row.hours
    return found


def _fullest(resources: Iterable[ResourceChange], share: str) -> str:
    best = max(resources, key=lambda r: (getattr(r, share), r.resource), default=None)
    return best.resource if best and getattr(best, share) > 0 else ""
