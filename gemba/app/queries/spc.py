"""Control charts, capability, yields and gauge studies of what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gemba.app.queries import quality
from gemba.app.queries.concerns import standings
from gemba.app.security.scope import in_scope, places_of
from gemba.app.store.records import read, read_each, stored
from gemba.execute.concerns import Standing
from gemba.execute.quality.readings import Reading, nonconforming, of_study
from gemba.measure.quality.capability import Indices, indices
from gemba.measure.quality.control import PHASE_ONE, Control, Limits, control, estimate, first_points
from gemba.measure.quality.points import Point, points
from gemba.measure.quality.yields import StepYield, by_reason, first_pass
from gemba.operation import Characteristic, ChartLimits, Event

#: Where the limits of a chart come from.
BASES = {
    "fixed": "Fixed limits",
    "first": f"First {PHASE_ONE} points",
    "period": "Points of the period",
    "all": "All points",
}
RULES = "western electric"


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A chart as it is seen: ``base`` says where its limits come from, ``problem`` why there is none."""

    characteristic: Characteristic
    points: tuple[Point, ...]
    base: str
    rules: str
    fixed: ChartLimits | None
    control: Control | None
    problem: str = ""

    @property
    def phase(self) -> str:
        """I while limits are being found, II where they are given."""
        return "II" if self.base == "fixed" else "I"

    @property
    def state(self) -> str:
        """in control, signal (at the newest point), signals (at earlier ones), or too few points."""
        if self.control is None:
            return "too few points"
        if self.control.broken(-1):
            return "signal"
        return "signals" if self.control.signals else "in control"


def fixed_limits(operation: str, characteristic: str, resource: str = "") -> ChartLimits | None:
    """The limits that hold: the latest of the machine, else the latest of all; None where they were taken back."""
    found = read(operation, "chart_limits", characteristic=characteristic)
    for name in dict.fromkeys((resource, "")):
        latest = next((limits for limits in reversed(found) if limits.resource == name), None)
        if latest is not None and not latest.withdrawn:
            return latest
    return None


def view(
    operation: str, c: Characteristic, *, base: str = "", rules: str = "", resource: str = "",
    start: datetime | None = None, end: datetime | None = None, taken: Sequence[Reading] | None = None,
) -> View:  # fmt: skip
    """The chart of a characteristic, of one machine or of all. Without ``base``: by the fixed limits, else by the
    first points. ``start`` and ``end`` bound the points that are seen."""
    fixed = fixed_limits(operation, c.name, resource)
    own = quality.measured(operation, c.name) if taken is None else taken
    every = points(c, [r for r in own if resource in ("", r.measurement.resource)])
    seen = tuple(p for p in every if (start is None or p.at >= start) and (end is None or p.at <= end))
    chosen = base if base in BASES and (base != "fixed" or fixed) else "fixed" if fixed else "first"
    names = rules or (fixed.rule_set if fixed else RULES)
    try:
        drawn = control(c, seen, _limits(c, chosen, every, seen, fixed), names)
    except ValueError as error:
        return View(c, seen, chosen, names, fixed, None, str(error))
    return View(c, seen, chosen, names, fixed, drawn)


def _limits(
    c: Characteristic, base: str, every: Sequence[Point], seen: Sequence[Point], fixed: ChartLimits | None
) -> Limits:
    if base == "fixed" and fixed is not None:
        return Limits(fixed.centre, fixed.sigma)
    if base == "first":
        first = first_points(every)
        if not first:
            there = sum(1 for p in every if not p.cause)
            raise ValueError(
                f"Limits need {PHASE_ONE} points; there are {there}. Until then only the specification is judged."
            )
        return estimate(c, first)
    return estimate(c, seen if base == "period" else every)


def broken(
    operation: str, c: Characteristic, keys: Sequence[str], resource: str, taken: Sequence[Reading]
) -> list[str]:
    """In words, the rules broken at points of these keys, by the limits that hold for the machine."""
    if not c.chart:
        return []
    own = fixed_limits(operation, c.name, resource)
    seen = view(operation, c, resource=resource if own is not None and own.resource else "", taken=taken)
    if seen.control is None:
        return []
    at = {p.key: i for i, p in enumerate(seen.points)}
    found = []
    for key in dict.fromkeys(keys):
        if key in at:
            found += [f"{rule}: {_figures(seen, at[key], rule)}" for rule in seen.control.broken(at[key])]
    return found


def _figures(seen: View, point: int, rule: str) -> str:
    """The point and its limits, on the chart where the rule is broken."""
    assert seen.control is not None
    spread = seen.control.spread
    below = spread is not None and rule.endswith(f"({spread.kind})")
    chart, i = (spread, point - seen.control.shift) if spread is not None and below else (seen.control.location, point)
    value, low, high = (float(a[i]) for a in (chart.points, chart.lower, chart.upper))
    return f"point {value:.4g}, limits {low:.4g} to {high:.4g}"


def capability_of(seen: View) -> tuple[Indices | None, str]:
    """The indices of the points that are seen, or why there are none."""
    try:
        return indices(seen.characteristic, seen.points), ""
    except ValueError as error:
        text = str(error)
        return None, text[:1].upper() + text[1:]


def rework_orders(operation: str) -> frozenset[str]:
    """Orders that rework: what they make is not the first time."""
    found = stored(operation, "movements").filter(cause="rework", to_kind="wip").order_by()
    return frozenset(found.values_list("to_name", flat=True).distinct())


def reported(operation: str, user: Any, start: datetime, end: datetime, **only: str) -> list[Event]:
    """Reports with quantities of a period, at places the user may see."""
    found = stored(operation, "events").filter(at__gte=start, at__lte=end).exclude(order="")
    found = found.filter(in_scope(places_of(user, operation))).filter(**{n: v for n, v in only.items() if v})
    return list(read_each(found.exclude(good=0, scrap=0, rework=0), "events"))


def yields(operation: str, events: Sequence[Event]) -> list[StepYield]:
    """First-pass yield by item and step of these reports."""
    return first_pass(events, rework_orders(operation))


def defects(
    operation: str, user: Any, events: Sequence[Event], start: datetime, end: datetime, by: str
) -> dict[str, float]:
    """What was wrong in a period: units scrapped and reworked by reason, or nonconforming ones by characteristic."""
    if by == "reason":
        return by_reason(events)
    found: dict[str, float] = {}
    for c in quality.characteristics(operation):
        own = (r for r in quality.measured_for(user, operation, c.name) if start <= r.at <= end and not of_study(r))
        found[c.name] = sum(nonconforming(c, r) for r in own)
    return found


def effect(operation: str, of: Standing) -> dict[str, Any] | None:
    """Of a corrective action that follows from a nonconformance of a characteristic: before it was done, and after.

    None where it follows from something else, or is not done yet.
    """
    done = next((change.at for change in reversed(of.changes) if change.state == "done"), None)
    parents = standings(operation, concern=of.concern.parent) if of.concern.parent else []
    name = parents[0].concern.category if parents else ""
    c = next((c for c in quality.characteristics(operation) if c.name == name), None)
    if done is None or c is None:
        return None
    seen = view(operation, c)
    signals = {i for i, _ in seen.control.signals} if seen.control else set()
    rows = []
    for title, own in (
        ("Before", [i for i, p in enumerate(seen.points) if p.at < done]),
        ("After", [i for i, p in enumerate(seen.points) if p.at >= done]),
    ):
        some = [seen.points[i] for i in own]
        bad = sum(nonconforming(c, r) for p in some for r in p.readings)
        units = sum(p.size for p in some)
        rows.append({
            "name": title, "points": len(some), "units": units, "nonconforming": bad,
            "share": bad / units if units else None, "signals": len(signals & set(own)),
            "mean": sum(p.count for p in some) / units if units else None,
        })  # fmt: skip
    return {"characteristic": c.name, "at": done, "rows": rows}
