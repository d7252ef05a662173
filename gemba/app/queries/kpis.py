"""KPIs: what there is, their figures with the elements they are made of, and the records behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q

from gemba.app.analytics import cells_of
from gemba.app.store.clock import now
from gemba.app.store.operations import load
from gemba.app.store.records import read, read_each, stored
from gemba.measure.kpi import Ask, Catalogue, Fact, Figure, Plain, Records, Slices, catalogue_of, figures
from gemba.measure.kpi.ask import SOURCE_DIMENSIONS
from gemba.measure.kpi.series import Cells
from gemba.operation import Operation

#: The most records behind a figure that are listed.
MOST_RECORDS = 2000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of the operation: blank means all. A place counts with everything inside it."""

    place: str = ""
    item: str = ""
    shift: str | None = None  # blank is the time outside every shift
    resource: str = ""
    reason: str | None = None  # blank is no reason


@dataclass(frozen=True, slots=True)
class Behind:
    """A record behind a figure: its table and uid, its first day and shift, and what it adds to each element."""

    table: str
    uid: str
    day: date
    shift: str
    adds: dict[str, float]
    record: Any


def catalogue(operation: Operation) -> Catalogue:
    """Elements and KPIs of the standards and those that the operation's users defined."""
    return catalogue_of(operation.kpis)


def series(
    operation: Operation | str,
    kpi: str,
    by: Iterable[str] = ("day",),
    start: date | None = None,
    end: date | None = None,
    filters: Filters | None = None,
    level: str = "",
    cells: Cells | None = None,
) -> list[Figure]:
    """Figures of a KPI (or element): key by key, each with its value and the elements it is made of.

    Args:
        by: any of place, resource, item, reason, shift, and one of day, week, month, quarter, year.
        start: first local day; ``end``: the day after the last (both as None: the last 30 days).
        level: a kind of place (work centre, area, site) to which figures are rolled up when grouped by place; blank:
            the places as recorded.
        cells: what answers the sums, to ask several questions of one state (``gemba.app.analytics.cells_of``).

    Raises:
        KeyError: where there is no such KPI; ValueError: where the question is not sensible.
        NotFoundError: where there is no such operation.
    """
    operation = load(operation) if isinstance(operation, str) else operation
    moment, slices = now(operation.name), Slices(operation)
    today = slices.day_of(moment.timestamp())
    end = end or today + timedelta(days=1)
    ask = question(operation, by, start or end - timedelta(days=30), end, filters or Filters(), level)
    known = catalogue(operation)
    if kpi not in known.kpis and kpi not in known.elements:
        raise KeyError(kpi)
    return figures(known, operation, cells or cells_of(operation), kpi, ask, moment, slices)


def question(operation: Operation, by: Iterable[str], start: date, end: date, filters: Filters, level: str = "") -> Ask:
    """What is asked, with places resolved against the tree of the operation."""
    places, others = _places(operation, filters.place, level)
    return Ask(
        start,
        end,
        places,
        tuple(by),
        others,
        items=frozenset({filters.item}) if filters.item else None,
        shifts=frozenset({filters.shift}) if filters.shift is not None else None,
        resources=frozenset({filters.resource}) if filters.resource else None,
        reasons=frozenset({filters.reason}) if filters.reason is not None else None,
        planned=frozenset(r.name for r in operation.reason_codes if r.planned),
        rates={r.name: r.cost_per_hour for r in operation.resources if r.cost_per_hour},
    )


def _places(operation: Operation, inside: str, level: str) -> tuple[dict[str, str], str | None]:
    """The name each place counts under; and that of records with a place the operation does not have (None: not)."""
    kinds = {p.name: (p.kind, p.parent) for p in operation.places}
    if inside and inside not in kinds:
        raise ValueError(f"place is {inside!r}; the operation has none of that name")
    found: dict[str, str] = {}
    for name in kinds:
        above = list(_up(name, kinds))
        if not inside or inside in above:
            found[name] = next((p for p in above if kinds[p][0] == level), name) if level else name
    return found, None if inside else ""


def _up(place: str, kinds: Mapping[str, tuple[str, str]]) -> Iterable[str]:
    while place:
        yield place
        place = kinds[place][1]


def drill(
    operation: Operation | str,
    kpi: str,
    start: date,
    end: date,
    filters: Filters | None = None,
    most: int = MOST_RECORDS,
) -> tuple[list[Behind], bool]:
    """The records behind a figure of a KPI, in order of time, and whether there are more than ``most``.

    What they add to each element adds up to the figure's elements (but for open hours, days, stock that was there
    before, and an order's time from first start to last end, which no single record holds).
    """  # fmt: skip
    operation = load(operation) if isinstance(operation, str) else operation
    ask, slices = question(operation, (), start, end, filters or Filters()), Slices(operation)
    known = catalogue(operation)
    wanted: dict[str, set[str]] = {}
    for name in known.needed(kpi):
        element = known.elements[name]
        if element.is_summed and element.source not in ("spans", "stock"):
            wanted.setdefault(element.source, set()).add(name)
    found: dict[tuple[str, str], Behind] = {}
    more = False
    for source, names in wanted.items():
        plain, records, cut = _behind(operation, source, ask, slices, most)
        more = more or cut
        for f in plain.facts(source):
            if adds := _adds(f, names, known, ask, source):
                behind = found.setdefault((f.table, f.uid), Behind(f.table, f.uid, f.day, f.shift, {}, records[f.uid]))
                for name, value in adds.items():  # an interval may reach over several days and shifts
                    behind.adds[name] = behind.adds.get(name, 0.0) + value
    ordered = sorted(found.values(), key=lambda b: (b.record.at, b.uid))
    return ordered[:most], more or len(ordered) > most


def _adds(fact: Fact, names: set[str], known: Catalogue, ask: Ask, source: str) -> dict[str, float]:
    place = (fact.place, fact.resource, fact.item, fact.reason, fact.shift, fact.day)
    if ask.key(*place, SOURCE_DIMENSIONS[source]) is None:
        return {}
    found = {}
    for name in names & fact.values.keys():
        element = known.elements[name]
        if element.planned is None or element.planned == (fact.reason in ask.planned):
            found[name] = fact.values[name] * (ask.rates.get(fact.resource, 0.0) if element.rate else 1.0)
    return found


_TABLE = {"events": "events", "people": "events", "movements": "movements", "inspections": "measurements",
          "meters": "measurements", "lines": "deliveries"}  # fmt: skip


def _behind(
    operation: Operation, source: str, ask: Ask, slices: Slices, most: int
) -> tuple[Plain, dict[str, Any], bool]:
    """Records of a source's table around the days asked for, with the orders that explain them."""
    name, table = operation.name, _TABLE[source]
    low, high = (datetime.fromtimestamp(slices.midnight(d), UTC) for d in (ask.start, ask.end + timedelta(days=1)))
    if source == "lines":  # each demand as a whole
        demands = stored(name, table).filter(at__gte=low, at__lt=high).values("demand")
        found, cut = read(name, table, demand__in=demands), False
    elif source == "meters":
        found, cut = read(name, table, meter__in=[m.name for m in operation.meters if m.media]), False
    else:
        rows = stored(name, table).filter(_wanted(source, ask, low, high)).order_by("at", "row")
        found = list(read_each(rows[: 4 * most + 1], table))
        cut = len(found) > 4 * most
    context = _context(name, source, found)
    if source == "movements":  # what they reverse says why they moved
        held = {m.uid for m in found}
        reversed_ = [m.corrects for m in found if m.corrects and m.corrects not in held]
        found += read(name, table, uid__in=reversed_[: 2 * most])
    return Plain(operation, Records(**{**context, table: found}), slices), {r.uid: r for r in found}, cut


def _wanted(source: str, ask: Ask, low: datetime, high: datetime) -> Q:
    wanted = Q(at__gte=low, at__lt=high)
    if source in ("events", "people"):
        wanted = Q(at__gte=low) & (Q(at__lt=high) | Q(start__lt=high) | Q(queued__lt=high))
        if ask.others is None:
            wanted &= Q(place__in=list(ask.places))
        if ask.resources is not None:
            wanted &= Q(resource__in=list(ask.resources)) | Q(person__in=list(ask.resources))
    if ask.items is not None:
        wanted &= Q(item__in=list(ask.items))
    if ask.reasons is not None and source != "inspections":
        wanted &= Q(reason__in=list(ask.reasons))
    return wanted


def _context(name: str, source: str, found: list[Any]) -> dict[str, list[Any]]:
    """Released orders and tasks of these records."""
    if source in ("lines", "meters"):
        return {}
    orders = sorted({r.order for r in found if r.order})
    context: dict[str, list[Any]] = {"released_orders": [], "released_tasks": []}
    for table, rows in context.items():
        for i in range(0, len(orders), 500):
            rows += read(name, table, order__in=orders[i : i + 500])
    return context
