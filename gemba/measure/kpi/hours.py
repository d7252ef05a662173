"""Planned operation time: open hours of work units, by place, resource, shift and period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gemba.measure.kpi.ask import SOURCE_DIMENSIONS, Ask, Sums
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
    known: dict[tuple[object, ...], list[tuple[Slice, float]]] = {}
    for r in work_units(operation):
        if ask.group(r.place) is None or (ask.resources is not None and r.name not in ask.resources):
            continue
        group = slices.group(r.place)
        same = (r.capacity, r.capacity_calendar, hours.resource_calendars(r.name), group)
        if same not in known:
            known[same] = list(_open(hours, r.name, _of(ask, slices, group), now.timestamp()))
        for piece, open_hours in known[same]:
            key = ask.key(r.place, r.name, "", "", piece.shift, piece.day, SOURCE_DIMENSIONS["calendar"])
            if key is not None:
                found.setdefault(key, [0.0])[0] += open_hours
    return found


def _hours(operation: Operation, ask: Ask, slices: Slices) -> Hours:
    """Calendars compiled for the days asked for, and a day around them."""
    low, high = slices.midnight(ask.start - timedelta(days=1)), slices.midnight(ask.end + timedelta(days=2))
    settings = replace(operation.settings, now=moment(low), horizon=float(high - low))
    return Hours(replace(operation, settings=settings, checked=True))


def _of(ask: Ask, slices: Slices, group: str) -> list[Slice]:
    found = slices.between(group, slices.midnight(ask.start), slices.midnight(ask.end + timedelta(days=1)))
    return [s for s in found if ask.start <= s.day < ask.end]


def _open(hours: Hours, resource: str, pieces: list[Slice], now: float) -> Iterator[tuple[Slice, float]]:
    closing = [hours.profile(c) for c in sorted(hours.resource_calendars(resource))]
    both = combine([hours.capacity(resource), *closing], lambda v: v[0] if all(x > 0 for x in v[1:]) else 0.0)
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
