"""Planned operation time: open hours of work units, by place, resource, shift and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gemba.measure.kpi.ask import Ask, Sums, period_start
from gemba.measure.kpi.slices import Slice, Slices
from gemba.operation import Operation, Resource
from gemba.operation.hours import Hours
from gemba.operation.moments import moment
from gemba.operation.worktime import Profile, combine

WORK_UNITS = ("equipment", "room", "vehicle")


def work_units(operation: Operation) -> list[Resource]:
    """What work is measured against: equipment, rooms and vehicles; where a place has none of these, its people."""
    groups = {r.group for r in operation.resources if r.group}
    single = [r for r in operation.resources if r.name not in groups]
    equipped = {r.place for r in single if r.kind in WORK_UNITS}
    return [r for r in single if r.kind in WORK_UNITS or (r.kind == "person" and r.place not in equipped)]


def calendar_hours(operation: Operation, ask: Ask, slices: Slices, now: datetime) -> Sums:
    """Open hours times capacity until now: key -> [hours]. Nothing where it is asked by item or reason."""
    found: Sums = {}
    if not ask.fits("calendar"):
        return found
    hours = _hours(operation, ask, slices)
    known: dict[tuple[object, ...], dict[tuple[str, date], float]] = {}
    alike: Counter[tuple[str, str, tuple[object, ...]]] = Counter()  # work units of a place with the same hours
    for r in work_units(operation):
        place = ask.group(r.place)
        if place is None or (ask.resources is not None and r.name not in ask.resources):
            continue
        group = slices.group(r.place)
        same: tuple[object, ...] = (_units(r), r.capacity, r.capacity_calendar, hours.resource_calendars(r.name), group)
        if same not in known:
            known[same] = _by_period(ask, _open(hours, r, _of(ask, slices, group), now.timestamp()))
        alike[place, r.name if "resource" in ask.by else "", same] += 1
    for (group, resource, of), units in alike.items():
        for (shift, period), open_hours in known[of].items():
            values = {"place": group, "resource": resource, "shift": shift}
            key = tuple([values.get(b, period) for b in ask.by])
            found.setdefault(key, [0.0])[0] += units * open_hours
    return found


def _by_period(ask: Ask, pieces: Iterator[tuple[Slice, float]]) -> dict[tuple[str, date], float]:
    """Hours by shift (blank where it is not asked by) and period, of the shifts that are asked for."""
    found: dict[tuple[str, date], float] = {}
    for piece, hours in pieces:
        if ask.shifts is None or piece.shift in ask.shifts:
            key = (piece.shift if "shift" in ask.by else "", period_start(piece.day, ask.period))
            found[key] = found.get(key, 0.0) + hours
    if not ask.period:  # one figure for all days
        joined: dict[tuple[str, date], float] = {}
        for (shift, _), hours in found.items():
            joined[shift, ask.start] = joined.get((shift, ask.start), 0.0) + hours
        return joined
    return found


def _hours(operation: Operation, ask: Ask, slices: Slices) -> Hours:
    """Calendars compiled for the days asked for, and a day around them."""
    low, high = slices.midnight(ask.start - timedelta(days=1)), slices.midnight(ask.end + timedelta(days=2))
    settings = replace(operation.settings, now=moment(low), horizon=float(high - low))
    return Hours(replace(operation, settings=settings, checked=True))


def _of(ask: Ask, slices: Slices, group: str) -> list[Slice]:
    found = slices.between(group, slices.midnight(ask.start), slices.midnight(ask.end + timedelta(days=1)))
    return [s for s in found if ask.start <= s.day < ask.end]


def _units(resource: Resource) -> float:
    """The most work units a resource can be: a vehicle is one, whatever it carries; the capacity of others counts."""
    return 1.0 if resource.kind == "vehicle" else np.inf


def _open(hours: Hours, resource: Resource, pieces: list[Slice], now: float) -> Iterator[tuple[Slice, float]]:
    closing = [hours.profile(c) for c in sorted(hours.resource_calendars(resource.name))]
    most = _units(resource)
    both = combine(
        [hours.capacity(resource.name), *closing], lambda v: min(v[0], most) if all(x > 0 for x in v[1:]) else 0.0
    )
    ends = np.minimum(np.array([(s.start, s.end) for s in pieces], float).reshape(-1, 2), now)
    for piece, (a, b) in zip(pieces, _integral(both, ends), strict=True):
        if b > a:
            yield piece, float(b - a) / 3600


def _integral(profile: Profile, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Units times seconds up to moments, of a value over time."""
    starts, values = np.array(profile.starts, float), np.array(profile.values, float)
    done = np.concatenate([[0.0], np.cumsum(values[:-1] * np.diff(starts))])
    i = np.maximum(0, np.searchsorted(starts, at, "right") - 1)
    result: NDArray[np.float64] = done[i] + values[i] * (at - starts[i])
    return result
