"""From rows to sums: each row is shared out over days and shifts, and counts for the elements whose rule it meets.

``Plain`` answers in plain Python what the columnar files of the application answer in bulk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from gemba.measure.kpi import rows as made
from gemba.measure.kpi.ask import SOURCE_DIMENSIONS, Ask, Key, Sums
from gemba.measure.kpi.catalogue import Element, built_in
from gemba.measure.kpi.rows import Context, Row, Span
from gemba.measure.kpi.slices import WHOLE_DAYS, Slices
from gemba.operation import Delivered, Event, Measurement, Movement, Operation, ReleasedOrder, ReleasedTask


class Fact(NamedTuple):
    """What a row adds to elements, on a day, in a shift."""

    source: str
    table: str
    uid: str
    place: str
    resource: str
    item: str
    reason: str
    day: date
    shift: str
    values: dict[str, float]


class Records(NamedTuple):
    """What happened, as far as it is measured."""

    released_orders: Sequence[ReleasedOrder] = ()
    released_tasks: Sequence[ReleasedTask] = ()
    events: Sequence[Event] = ()
    movements: Sequence[Movement] = ()
    measurements: Sequence[Measurement] = ()
    deliveries: Sequence[Delivered] = ()


def rules(source: str) -> list[Element]:
    """The elements that are summed over a source."""
    return [e for e in built_in()[0].values() if e.is_summed and e.source == source]


def meets(element: Element, columns: Mapping[str, Any]) -> bool:
    """Whether a row counts for an element."""
    if element.most is not None and abs(columns["seconds"]) > element.most:
        return False
    return all(columns[name] in allowed for name, allowed in element.where.items())


def facts_of(source: str, found: Iterable[Row], slices: Slices) -> Iterator[Fact]:
    """The facts of a source's rows. Intervals are shared out in proportion to time, all else counts at the instant."""
    elements = rules(source)
    for row in found:
        met = [e for e in elements if row.columns[e.column] and meets(e, row.columns)]
        if not met:
            continue
        for piece, share, here in shares(row.start, row.end, slices, slices.group(row.place)):
            values = {e.name: row.columns[e.column] / e.per * (share if e.spread else here) for e in met}
            values = {name: v for name, v in values.items() if v}
            if values:
                yield Fact(source, *row[:6], piece.day, piece.shift, values)


def shares(start: float, end: float, slices: Slices, group: str) -> Iterator[tuple[Any, float, int]]:
    """(slice, share of the interval in it, 1 where the instant is in it) for every slice that an interval touches."""
    instant = end - made.INSTANT if end > start else end
    found = slices.between(group, min(start, instant), end)
    for s in found:
        share = (min(end, s.end) - max(start, s.start)) / (end - start) if end > start else 1.0
        yield s, share, int(s.start <= instant < s.end)


@dataclass(frozen=True, slots=True)
class _Change:
    """What joins a store on a day: the whole of it, and the share of it that is there on that day on average."""

    day: date
    place: str
    item: str
    change: dict[str, float]
    part: dict[str, float]


STOCK_ELEMENTS = {"stock_value_days": "value", "stock_days": "quantity"}


def changes(found: Iterable[Row], slices: Slices) -> Iterator[_Change]:
    for row in found:
        s = slices.between(WHOLE_DAYS, row.end, row.end)[0]
        left = (s.end - row.end) / (s.end - s.start)
        change = {name: row.columns[column] for name, column in STOCK_ELEMENTS.items()}
        yield _Change(s.day, row.place, row.item, change, {name: v * left for name, v in change.items()})


class Plain:
    """Sums over records in memory."""

    def __init__(self, operation: Operation, records: Records, slices: Slices | None = None) -> None:
        self.slices = slices or Slices(operation)
        self.operation, self.records = operation, records
        reversed_ = {m.corrects for m in records.movements if m.corrects}
        self.context = Context.of(
            operation, records.released_orders, records.released_tasks,
            (m for m in records.movements if m.uid in reversed_),
        )  # fmt: skip
        self._facts: dict[str, list[Fact]] = {}

    def rows(self, source: str) -> Iterator[Row]:
        """The rows of a source (``stock`` too)."""
        r, c = self.records, self.context
        makers: dict[str, Callable[[], Iterator[Row]]] = {
            "events": lambda: made.events(r.events, c),
            "people": lambda: made.people(r.events, c),
            "movements": lambda: made.movements(r.movements, c),
            "stock": lambda: made.stock(r.movements),
            "inspections": lambda: made.inspections(r.measurements, c),
            "meters": lambda: made.meters(r.measurements, self.operation),
            "lines": lambda: made.lines(r.deliveries),
        }
        return makers[source]()

    def facts(self, source: str) -> list[Fact]:
        """The facts of a source that is neither ``stock`` nor ``spans``."""
        if source not in self._facts:
            self._facts[source] = list(facts_of(source, self.rows(source), self.slices))
        return self._facts[source]

    def sums(self, source: str, elements: Sequence[Element], ask: Ask) -> Sums:
        """Sums of elements of one source by what is asked for: key -> value of each element."""
        if source == "spans":
            return self._spans(elements, ask)
        found: Sums = {}
        for f in self.facts(source):
            key = ask.key(f.place, f.resource, f.item, f.reason, f.shift, f.day, SOURCE_DIMENSIONS[source])
            if key is None:
                continue
            for i, e in enumerate(elements):
                if e.name in f.values and (e.planned is None or e.planned == (f.reason in ask.planned)):
                    weight = ask.rates.get(f.resource, 0.0) if e.rate else 1.0
                    found.setdefault(key, [0.0] * len(elements))[i] += f.values[e.name] * weight
        return found

    def _spans(self, elements: Sequence[Element], ask: Ask) -> Sums:
        return span_sums(made.spans(self.records.events, self.context.orders), elements, ask, self.slices)

    def stock(self, elements: Sequence[Element], ask: Ask) -> dict[tuple[Key, date], tuple[list[float], list[float]]]:
        """(key without period, day) -> (change, part) of each element, of all days before the end asked for."""
        zero = [0.0] * len(elements)
        found: dict[tuple[Key, date], tuple[list[float], list[float]]] = defaultdict(lambda: (zero[:], zero[:]))
        for c in changes(self.rows("stock"), self.slices):
            key = ask.key_before(c.place, c.item, c.day)
            if key is not None:
                for i, e in enumerate(elements):
                    found[key, c.day][0][i] += c.change[e.name]
                    found[key, c.day][1][i] += c.part[e.name]
        return dict(found)


def span_sums(found: Iterable[Span], elements: Sequence[Element], ask: Ask, slices: Slices) -> Sums:
    """Spans of orders, joined within each group of places asked for, shared out over days and shifts."""
    joined: dict[tuple[str, str, str, str], tuple[float, float]] = {}
    for s in found:
        group = ask.group(s.place)
        if group is not None and (ask.items is None or s.item in ask.items):
            key = (s.order, group, s.item, slices.group(group))
            a, b = joined.get(key, (s.start, s.end))
            joined[key] = (min(a, s.start), max(b, s.end))
    sums: Sums = {}
    low, high = slices.midnight(ask.start - timedelta(days=1)), slices.midnight(ask.end + timedelta(days=1))
    for (_, group, item, shifts), (a, b) in joined.items():
        if b < low or a > high:
            continue
        for piece, share, _ in shares(a, b, slices, shifts):
            key_ = ask.key_of_group(group, "", item, "", piece.shift, piece.day, SOURCE_DIMENSIONS["spans"])
            if key_ is not None and b > a:
                for i, e in enumerate(elements):
                    sums.setdefault(key_, [0.0] * len(elements))[i] += (b - a) * share / e.per
    return sums
