"""KPIs as pages and API show them: many at once, period by period, within what a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied

from gemba.app.analytics import cells_of
from gemba.app.queries.current import current
from gemba.app.queries.kpis import Behind, Filters, catalogue, drill, question
from gemba.app.security.permission import may
from gemba.app.security.scope import places_of
from gemba.app.store.clock import now
from gemba.measure.kpi import Catalogue, Definition, Figure, Slices, evaluate, figures
from gemba.measure.kpi.ask import DIMENSIONS, PERIODS, Key, period_start
from gemba.measure.kpi.explain import why_none
from gemba.measure.kpi.tree import Call, Name
from gemba.operation import Operation

#: So many periods are shown one after the other.
COUNT = 12
#: In an address: the time outside every shift, no reason.
NONE = "-"
_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_EVERY = "\x00every"  # a name no KPI has


@dataclass(frozen=True, slots=True)
class Span:
    """Periods one after the other, each by its first day; ``end`` is the day after the last."""

    period: str
    starts: tuple[date, ...]
    end: date

    def until(self, i: int) -> date:
        """The day after the last day of a period."""
        return self.starts[i + 1] if i + 1 < len(self.starts) else self.end


def after(start: date, period: str) -> date:
    """The first day of the next period."""
    return period_start(start + timedelta(days=_DAYS[period]), period)


def span(period: str, at: date, count: int = COUNT) -> Span:
    """The period that holds a day, and those before it."""
    starts = [period_start(at, period)]
    while len(starts) < count:
        starts.insert(0, period_start(starts[0] - timedelta(days=1), period))
    return Span(period, tuple(starts), after(starts[-1], period))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: a part of the operation, and the period that holds a day."""

    filters: Filters
    period: str
    at: date

    @property
    def used(self) -> list[str]:
        f = self.filters
        given = {"item": f.item, "resource": f.resource, "shift": f.shift, "reason": f.reason}
        return [name for name, value in given.items() if value or (value == "" and name in ("shift", "reason"))]

    def query(self) -> dict[str, str]:
        """The same as the address says it."""
        f = self.filters
        found = {
            "place": f.place,
            "period": self.period,
            "at": self.at.isoformat(),
            "item": f.item,
            "shift": NONE if f.shift == "" else f.shift or "",
            "resource": f.resource,
        }
        return {k: v for k, v in found.items() if v}


def asked(operation: Operation, user: Any, query: Mapping[str, str]) -> Asked:
    """What an address asks for.

    Raises:
        ValueError: where it names a period, day, place, item, shift or resource that there is not.
        PermissionDenied: where the person's roles do not hold at the place.
    """
    period, place = query.get("period") or "month", query.get("place", "")
    if period not in PERIODS:
        raise ValueError(f"period is {period[:40]!r}; it must be one of {', '.join(PERIODS)}")
    given = query.get("at", "")
    at = day_of(given, "at") if given else today(operation)
    shift = query.get("shift", "")
    known = {
        "place": {p.name for p in operation.places},
        "item": {i.name for i in operation.items},
        "shift": {s.name for s in operation.shifts} | {NONE},
        "resource": {r.name for r in operation.resources},
    }
    for name, names in known.items():
        value = query.get(name, "")
        if value and value not in names:
            raise ValueError(f"{name} is {value[:60]!r}; the operation has none of that name")
    filters = Filters(
        within(operation, user, place), query.get("item", ""), ("" if shift == NONE else shift) if shift else None,
        query.get("resource", ""),
    )  # fmt: skip
    return Asked(filters, period, at)


def day_of(text: str, name: str) -> date:
    """A day as an address says it.

    Raises:
        ValueError: where it is none.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 1950 < found.year < 2190:
        raise ValueError(f"{name} is {text[:20]!r}; it must be a day such as 2026-01-31")
    return found


def today(operation: Operation) -> date:
    return Slices(operation).day_of(now(operation.name).timestamp())


def within(operation: Operation, user: Any, place: str) -> str:
    """The place itself where the person may see it; blank becomes the first of a person's own places.

    Raises:
        PermissionDenied: where it is outside of them.
    """
    scope = places_of(user, operation.name)
    if scope is None or (place and place in scope):
        return place
    if place:
        raise PermissionDenied(f"Your role holds at some places of {operation.name} only, and {place} is none of them.")
    return next(iter(tops(operation, scope)), next(iter(sorted(scope)), ""))


def tops(operation: Operation, scope: Iterable[str]) -> list[str]:
    """The places of a scope that are in no other of it."""
    inside = set(scope)
    return [p.name for p in operation.places if p.name in inside and p.parent not in inside]


def is_cost(known: Catalogue, kpi: str) -> bool:
    """Whether a KPI (or element) is made of amounts of money."""
    return any(known.elements[n].unit.startswith("currency") for n in known.needed(kpi))


class Measures:
    """An operation's figures as of now; several questions of one state.

    Args:
        fresh: bring the facts up to date first; else as they were the last time.
    """

    def __init__(self, operation: Operation, *, fresh: bool = True) -> None:
        self.operation, self.known = operation, catalogue(operation)
        self.now, self.slices = now(operation.name), Slices(operation)
        self.today = self.slices.day_of(self.now.timestamp())
        self.cells = cells_of(operation, current=fresh)

    def figures(
        self, kpis: Iterable[str], by: tuple[str, ...], start: date, end: date, filters: Filters, inner: bool = False
    ) -> dict[str, dict[Key, Figure]]:
        """The figures of many KPIs, the sums of all of them asked for at once.

        Args:
            inner: by place, each of the places directly inside the chosen one with all inside it.
        """
        kpis = tuple(kpis)
        every = Definition(_EVERY, "", "", "higher", "", "")
        together = Catalogue(
            self.known.elements,
            {**self.known.kpis, _EVERY: every},
            {**self.known.trees, _EVERY: Call("min", tuple(Name(k) for k in kpis))},
        )
        ask = question(self.operation, by, start, end, filters)
        if inner:
            ask = replace(ask, places=self._inner(ask.places, filters.place))
        found = figures(together, self.operation, self.cells, _EVERY, ask, self.now, self.slices)
        return {kpi: {f.key: replace(evaluate(self.known, kpi, f.elements), key=f.key) for f in found} for kpi in kpis}

    def _inner(self, places: Mapping[str, str], top: str) -> dict[str, str]:
        parents = {p.name: p.parent for p in self.operation.places}

        def of(name: str) -> str:
            while name != top and parents[name] != top:
                name = parents[name]
            return name

        return {name: of(name) for name in places}

    def courses(self, kpis: Iterable[str], over: Span, filters: Filters) -> dict[str, list[Figure | None]]:
        """Each KPI period by period; None where nothing was recorded."""
        found = self.figures(kpis, (over.period,), over.starts[0], over.end, filters)
        return {kpi: [of.get((start,)) for start in over.starts] for kpi, of in found.items()}

    def figure(self, kpi: str, start: date, end: date, filters: Filters) -> Figure | None:
        return next(iter(self.figures((kpi,), (), start, end, filters)[kpi].values()), None)


def visible(measures: Measures, user: Any, place: str) -> list[Definition]:
    """The KPIs that a person may see at a place, in the order of the catalogue."""
    costs, parents = may(user, "see_cost"), {p.name: p.parent for p in measures.operation.places}
    above, at = {""}, place
    while at:
        above.add(at)
        at = parents.get(at, "")
    return [
        k for k in measures.known.kpis.values() if k.place in above and (costs or not is_cost(measures.known, k.name))
    ]


def group_of(kpi: Definition) -> str:
    """Under which heading a KPI is listed."""
    for source in ("ISO 22400-2", "SCOR"):
        if kpi.source.startswith(source):
            return source
    return "Own" if kpi.own else kpi.group.capitalize()


def row(
    measures: Measures, kpi: Definition, over: Span, course: list[Figure | None], used: Iterable[str]
) -> dict[str, Any]:
    """A KPI with its value in the last period, the one before, its course and its elements."""
    last, before = course[-1], course[-2] if len(course) > 1 else None
    value, former = (None if f is None else f.value for f in (last, before))
    return {
        "kpi": kpi.name,
        "group": group_of(kpi),
        "source": kpi.source,
        "formula": kpi.formula,
        "unit": kpi.unit,
        "better": kpi.better,
        "meaning": kpi.meaning,
        "start": over.starts[-1],
        "end": over.end,
        "value": value,
        "why": why_none(measures.known, kpi.name, last, used) if value is None else "",
        "before": former,
        "change": None if value is None or former is None else value - former,
        "course": [
            {"start": start, "value": None if f is None else f.value}
            for start, f in zip(over.starts, course, strict=True)
        ],
        "elements": elements(measures.known, kpi.name, last),
    }


def elements(known: Catalogue, kpi: str, figure: Figure | None) -> list[dict[str, Any]]:
    """What a KPI is made of, with the value of each, in reading order."""
    return [
        {
            "name": name,
            "symbol": known.elements[name].symbol,
            "value": None if figure is None else figure.elements.get(name),
            "unit": known.elements[name].unit,
            "meaning": known.elements[name].meaning,
            "formula": known.elements[name].formula,
            "source": known.elements[name].source,
        }
        for name in known.needed(kpi)
    ]


def overview(operation: str, user: Any, query: Mapping[str, str]) -> tuple[Asked, list[dict[str, Any]], Measures]:
    """Every KPI that a person may see, for what is asked.

    Raises:
        ValueError, PermissionDenied: as ``asked``.
    """
    here = current(operation).operation
    what = asked(here, user, query)
    measures = Measures(here)
    shown, over = visible(measures, user, what.filters.place), span(what.period, what.at)
    courses = measures.courses([k.name for k in shown], over, what.filters)
    return what, [row(measures, k, over, courses[k.name], what.used) for k in shown], measures


def definition(measures: Measures, user: Any, kpi: str) -> Definition:
    """The KPI of this name.

    Raises:
        ValueError: where there is none; PermissionDenied: where it is made of amounts of money that one may not see.
    """
    found = measures.known.kpis.get(kpi)
    if found is None:
        raise ValueError(f"there is no KPI {kpi[:60]!r}")
    if is_cost(measures.known, kpi) and not may(user, "see_cost"):
        raise PermissionDenied("This KPI is made of costs. Your role does not allow this. It needs: may see costs.")
    return found


def parts(
    measures: Measures, kpi: str, over: Span, filters: Filters, by: str, used: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """A KPI in the last period, told apart by place (those directly inside), item, shift, resource or reason."""
    if by not in DIMENSIONS:
        raise ValueError(f"by is {by[:40]!r}; it must be one of {', '.join(DIMENSIONS)}")
    found = measures.figures((kpi,), (by,), over.starts[-1], over.end, filters, inner=by == "place")[kpi]
    rows = [
        {
            "name": str(key[0]),
            "value": f.value,
            "why": why_none(measures.known, kpi, f, {*used, by} - {"place"}),
            "elements": elements(measures.known, kpi, f),
        }
        for key, f in found.items()
    ]
    better = measures.known.kpis[kpi].better
    rows.sort(key=lambda r: (r["value"] is None, (r["value"] or 0.0) * (1 if better == "higher" else -1), r["name"]))
    return rows


@dataclass(frozen=True, slots=True)
class Drilled:
    """The records behind a figure: which elements they add to, by how much in all, and what no record holds."""

    start: date
    end: date
    figure: Figure | None
    behind: list[Behind]
    more: bool
    columns: list[str]
    sums: dict[str, float]
    others: list[dict[str, Any]]


def records(measures: Measures, kpi: Definition, what: Asked, query: Mapping[str, str]) -> Drilled:
    """The records behind a KPI from a day to a day (both included; blank: those of the period).

    Raises:
        ValueError: where a day is none, or the last is before the first.
    """
    over = span(what.period, what.at, 1)
    start = day_of(query["from"], "from") if query.get("from") else over.starts[0]
    end = day_of(query["to"], "to") + timedelta(days=1) if query.get("to") else over.end
    reason = query.get("reason", "")
    filters = replace(what.filters, reason=("" if reason == NONE else reason) if reason else None)
    figure = measures.figure(kpi.name, start, end, filters)
    behind, more = drill(measures.operation, kpi.name, start, end, filters)
    base = [n for n in measures.known.needed(kpi.name) if not measures.known.elements[n].formula]
    sums = {n: sum(b.adds.get(n, 0.0) for b in behind) for n in base}
    held = [n for n in base if measures.known.elements[n].source not in ("calendar", "days", "spans", "stock")]
    others = [e for e in elements(measures.known, kpi.name, figure) if e["name"] in base and e["name"] not in held]
    return Drilled(start, end, figure, behind, more, held, sums, others)
