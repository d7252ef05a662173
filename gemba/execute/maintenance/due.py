"""When which maintenance plan is due: by the calendar, by use, or by a value beyond its limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gemba.execute.maintenance.use import readings, usage
from gemba.operation import Operation
from gemba.operation.maintenance import MaintenancePlan
from gemba.operation.records import Event, Measurement, ReleasedOrder

FAR = timedelta(days=366 * 20)


@dataclass(frozen=True, slots=True)
class Due:
    """A maintenance plan and when it is due next; None: not foreseen. ``reached`` is the share of the interval used."""

    plan: MaintenancePlan
    due: datetime | None
    last: datetime | None
    why: str
    reached: float | None = None

    @property
    def earliest(self) -> datetime | None:
        return None if self.due is None else self.due - timedelta(seconds=self.plan.tolerance)

    @property
    def latest(self) -> datetime | None:
        return None if self.due is None else self.due + timedelta(seconds=self.plan.tolerance)

    def state(self, now: datetime) -> str:
        """overdue (the tolerance is over), due (within it), later, or not foreseen."""
        if self.due is None or self.earliest is None or self.latest is None:
            return "not foreseen"
        return "overdue" if now > self.latest else "due" if now >= self.earliest else "later"


def due_list(
    operation: Operation, measurements: Sequence[Measurement], done: Mapping[str, datetime], now: datetime
) -> list[Due]:
    """Every maintenance plan with its next due moment, the soonest first.

    Args:
        done: when each plan (by name) was last done, by the records; else the plan's ``last`` counts.
    """
    units = {m.name: m.unit for m in operation.meters}
    found = [_due(p, measurements, _last(p, done), now, units.get(p.meter, "")) for p in operation.maintenance_plans]
    return sorted(found, key=lambda d: (d.due is None, d.due or now, d.plan.priority, d.plan.name))


def last_done(orders: Iterable[ReleasedOrder], events: Iterable[Event]) -> dict[str, datetime]:
    """When each maintenance plan was last done: the last report that finished one of its orders and was not voided."""
    plans = {o.order: o.maintenance_plan for o in orders if o.maintenance_plan}
    found: dict[str, datetime] = {}
    own = [e for e in events if e.order in plans]
    voided = {e.corrects for e in own if e.corrects}
    for e in own:
        if e.kind in ("finished", "worked") and not e.corrects and e.uid not in voided:
            plan = plans[e.order]
            found[plan] = max(found.get(plan, e.at), e.at)
    return found


def _last(plan: MaintenancePlan, done: Mapping[str, datetime]) -> datetime | None:
    dates = [d for d in (plan.last, done.get(plan.name)) if d is not None]
    return max(dates, default=None)


def _due(
    plan: MaintenancePlan, measured: Sequence[Measurement], last: datetime | None, now: datetime, unit: str
) -> Due:
    if plan.trigger == "calendar":
        return _by_calendar(plan, last, now)
    if plan.trigger == "meter":
        return _by_use(plan, measured, last, now, unit)
    return _by_condition(plan, measured, last, unit)


def _by_calendar(plan: MaintenancePlan, last: datetime | None, now: datetime) -> Due:
    if last is None:
        return Due(plan, now, None, "never done")
    share = (now - last).total_seconds() / plan.interval
    days = plan.interval / 86400
    due = last + min(timedelta(seconds=plan.interval), FAR)
    return Due(plan, due, last, f"{days:g} d after it was last done", share)


def _by_use(
    plan: MaintenancePlan, measured: Sequence[Measurement], last: datetime | None, now: datetime, unit: str
) -> Due:
    """Due when use since it was last done reaches ``use``: at the reading where it did, else forecast at the rate
    of the last 28 days: due = last reading + (use − used) / rate. Without a last time it counts from the first reading."""
    used = usage(readings(measured, plan.meter))
    if not used.at:
        return Due(plan, None, last, f"no reading of {plan.meter} yet")
    since = used.until(last) if last else 0.0
    wanted, so_far = since + plan.use, used.total[-1] - since
    words, share = f"{round(so_far, 1):g} of {plan.use:g} {unit} used", so_far / plan.use
    if so_far >= plan.use:
        return Due(plan, used.reached(wanted), last, words, share)
    rate = used.rate()
    if rate <= 0:
        return Due(plan, None, last, f"{words}, no rate known", share)
    ahead = timedelta(seconds=min((wanted - used.total[-1]) / rate, FAR.total_seconds()))
    return Due(plan, max(used.at[-1] + ahead, min(now, used.at[-1])), last, f"{words}, {rate * 86400:.3g} a day", share)


def _by_condition(plan: MaintenancePlan, measured: Sequence[Measurement], last: datetime | None, unit: str) -> Due:
    """Due at the first reading beyond a limit since it was last done."""
    for m in readings(measured, plan.meter):
        if last is not None and m.at <= last:
            continue
        if plan.lower is not None and m.value < plan.lower:
            return Due(plan, m.at, last, f"{m.value:g} {unit} is below {plan.lower:g}", 1.0)
        if plan.upper is not None and m.value > plan.upper:
            return Due(plan, m.at, last, f"{m.value:g} {unit} is above {plan.upper:g}", 1.0)
    return Due(plan, None, last, "within its limits")
