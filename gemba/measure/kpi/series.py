"""Figures: sums of elements, open hours and days brought together, and the formulas of KPIs over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

import numpy as np

from gemba.measure.kpi import tree
from gemba.measure.kpi.ask import PERIODS, Ask, Key, Sums, period_start
from gemba.measure.kpi.catalogue import Catalogue, Element
from gemba.measure.kpi.hours import calendar_hours
from gemba.measure.kpi.slices import Slices
from gemba.operation import Operation

#: Sums smaller than this are rounding noise.
NOTHING = 1e-9


class Cells(Protocol):
    """What answers sums: records in memory (``facts.Plain``) or columnar files."""

    def sums(self, source: str, elements: Sequence[Element], ask: Ask) -> Sums: ...

    def stock(
        self, elements: Sequence[Element], ask: Ask
    ) -> Mapping[tuple[Key, date], tuple[list[float], list[float]]]: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI for a key (values of what was asked by), with every element it is made of. None: no value."""

    key: Key
    value: float | None
    elements: dict[str, float | None]


def evaluate(catalogue: Catalogue, kpi: str, sums: Mapping[str, float | None]) -> Figure:
    """The KPI's value from the sums of its elements, and all elements used, the derived ones too.

    Raises:
        KeyError: where there is no such KPI (or element).
    """
    if kpi not in catalogue.kpis and kpi not in catalogue.elements:
        raise KeyError(kpi)
    return _evaluated(catalogue, kpi, {(): sums})[0]


def _evaluated(catalogue: Catalogue, kpi: str, sums: Mapping[Key, Mapping[str, float | None]]) -> list[Figure]:
    """The figure of every key, in the order of the keys."""
    needed, size = catalogue.needed(kpi), len(sums)
    seen: dict[str, tree.Values] = {}

    def look(name: str) -> tree.Values:
        if name not in seen:
            node = catalogue.trees.get(name)
            found = _column(name, sums) if node is None else tree.values(node, look)
            seen[name] = np.broadcast_to(found, (size,))
        return seen[name]

    lists = [_known(look(name)) for name in (kpi, *needed)]
    return [
        Figure(key, row[0], dict(zip(needed, row[1:], strict=True)))
        for key, row in zip(sums, zip(*lists, strict=True), strict=True)
    ]


def _column(name: str, sums: Mapping[Key, Mapping[str, float | None]]) -> tree.Values:
    return np.array([s.get(name) for s in sums.values()], float)  # None becomes NaN


def _known(found: tree.Values) -> list[float | None]:
    return [None if x != x else x for x in found.tolist()]


def figures(
    catalogue: Catalogue, operation: Operation, cells: Cells, kpi: str, ask: Ask, now: datetime, slices: Slices
) -> list[Figure]:
    """The KPI for every key of what is asked, sorted by key. Days after today are left out.

    An element that cannot be told apart in the way asked (open hours by item) has no value, nor has what needs it.
    """
    today = slices.day_of(now.timestamp())
    if ask.start > today:
        return []
    ask = replace(ask, end=min(ask.end, today + timedelta(days=1)))
    by_source: dict[str, list[Element]] = {}
    for name in catalogue.needed(kpi):
        element = catalogue.elements[name]
        if not element.formula:
            by_source.setdefault(element.source, []).append(element)
    found: dict[Key, dict[str, float | None]] = {}
    for source, elements in by_source.items():
        for key, values in _sums(source, elements, ask, operation, cells, now, slices).items():
            if all(abs(v) < NOTHING for v in values):  # what was voided leaves no figure behind
                continue
            found.setdefault(key, {}).update(zip((e.name for e in elements), values, strict=True))
    blank = {e.name: 0.0 if ask.fits(source) else None for source, of in by_source.items() for e in of}
    days = _days(ask) if blank.get("days") is not None else {}
    sums: dict[Key, dict[str, float | None]] = {}
    for key in sorted(found, key=str_key):
        sums[key] = {**blank, **found[key]}
        if days:
            sums[key]["days"] = days[_period_of(ask, key)]
    return _evaluated(catalogue, kpi, sums)


def str_key(key: Key) -> tuple[str, ...]:
    return tuple(str(k) for k in key)


def _sums(
    source: str, elements: list[Element], ask: Ask, operation: Operation, cells: Cells, now: datetime, slices: Slices
) -> Sums:
    if source == "days" or not ask.fits(source):
        return {}
    if source == "calendar":
        return calendar_hours(operation, ask, slices, now)
    return stock_sums(cells, elements, ask) if source == "stock" else cells.sums(source, elements, ask)


def _periods(ask: Ask) -> list[tuple[date, date, date]]:
    """(name, first day, day after the last) of every period asked for; one where none is asked by."""
    found: list[tuple[date, date, date]] = []
    day = ask.start
    while day < ask.end:
        name = period_start(day, ask.period) if ask.period else ask.start
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], day + timedelta(days=1))
        else:
            found.append((name, day, day + timedelta(days=1)))
        day += timedelta(days=1)
    return found


def _days(ask: Ask) -> dict[date, float]:
    """Days of every period asked for."""
    return {name: float((after - first).days) for name, first, after in _periods(ask)}


def _period_of(ask: Ask, key: Key) -> date:
    found = next((k for k, b in zip(key, ask.by, strict=True) if b in PERIODS), ask.start)
    return found if isinstance(found, date) else ask.start


def stock_sums(cells: Cells, elements: list[Element], ask: Ask) -> Sums:
    """Stock added up over time (per day), by key: what lay there before, and what joined and left on the way."""
    by_key: dict[Key, list[tuple[date, list[float], list[float]]]] = {}
    for (key, day), (change, part) in cells.stock(elements, ask).items():
        by_key.setdefault(key, []).append((day, change, part))
    found: Sums = {}
    periods = _periods(ask)
    for key, rows in by_key.items():
        rows.sort(key=lambda r: r[0])
        level, i = [0.0] * len(elements), 0
        while i < len(rows) and rows[i][0] < ask.start:
            level = [a + b for a, b in zip(level, rows[i][1], strict=True)]
            i += 1
        for name, first, after in periods:
            total = [x * (after - first).days for x in level]
            while i < len(rows) and rows[i][0] < after:
                day, change, part = rows[i]
                left = (after - day).days - 1
                total = [t + p + c * left for t, p, c in zip(total, part, change, strict=True)]
                level = [a + b for a, b in zip(level, change, strict=True)]
                i += 1
            found[_with_period(ask, key, name)] = total
    return found


def _with_period(ask: Ask, key: Key, period: date) -> Key:
    rest = iter(key)
    return tuple(period if b in PERIODS else next(rest) for b in ask.by)
