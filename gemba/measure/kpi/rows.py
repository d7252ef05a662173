"""Records as rows of the sources that elements are summed over: the columns that ``catalogue.toml`` names.

=========== ======================================= ====================================================================
source      a row for each                          columns
=========== ======================================= ====================================================================
events      event, at its resource (else person)    time, kind, maintenance, equipment, first; seconds, good, scrap,
                                                    rework, produced, planned_run, planned_scrap, lead, has_due,
                                                    on_time, one
people      event of a person, at the person        as events
movements   movement                                flow, from_kind; quantity, value, storage_loss
stock       end of a movement that is a store       quantity, value (+ joins, - leaves)
inspections measurement of a characteristic of kind size, passed
            defectives
meters      two readings of a counter, one after    energy (kWh), cost, emissions
            the other
lines       demand with a delivery                  one, in_full, on_request, on_promise, otif_request, otif_promise,
                                                    documents, condition, perfect
spans       order and place it was worked in        seconds
=========== ======================================= ====================================================================

Records that void others carry negative figures (events), or are counted negative (movements), so that both cancel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from gemba.operation import Delivered, Event, Measurement, Movement, Operation, ReleasedOrder, ReleasedTask
from gemba.operation.records import EVENT_KINDS

#: Kilowatt hours of a unit of energy.
ENERGY = {"Wh": 0.001, "kWh": 1.0, "MWh": 1000.0, "GWh": 1e6, "MJ": 1 / 3.6, "GJ": 1000 / 3.6}
#: Times that are work on an order, by which an order's span is measured.
WORK_TIMES = ("set-up", "production", "pause")
#: A record that ends an interval counts within it: this much before its end (in seconds).
INSTANT = 0.001


class Row(NamedTuple):
    """A row: its record, where and when it counts, and its columns."""

    table: str
    uid: str
    place: str
    resource: str
    item: str
    reason: str
    start: float
    end: float
    columns: dict[str, Any]

    @property
    def instant(self) -> float:
        return self.end - INSTANT if self.end > self.start else self.end


class OrderFacts(NamedTuple):
    released: float
    due: float | None
    maintenance: str  # blank, corrective, preventive; transport: of an order that buys or moves, and produces nothing
    process: str


class TaskFacts(NamedTuple):
    rate: float  # planned seconds of a unit
    place: str
    first: bool


@dataclass(slots=True)
class Context:
    """What is known of orders, tasks and the operation when a record is counted."""

    orders: dict[str, OrderFacts] = field(default_factory=dict)
    tasks: dict[tuple[str, str], TaskFacts] = field(default_factory=dict)
    scrap: dict[tuple[str, str], float] = field(default_factory=dict)  # expected share, by process and step
    places: dict[str, str] = field(default_factory=dict)  # of resources
    defectives: frozenset[str] = frozenset()  # characteristics
    causes: dict[str, str] = field(default_factory=dict)  # of movements that were reversed, by uid

    @classmethod
    def of(
        cls, operation: Operation, orders: Iterable[ReleasedOrder] = (), tasks: Iterable[ReleasedTask] = (),
        reversed_: Iterable[Movement] = (),
    ) -> Context:  # fmt: skip
        return cls(
            {o.order: order_facts(o) for o in orders},
            _tasks(tasks),
            {(s.process, s.name): 1 - s.yield_rate for s in operation.steps if s.yield_rate < 1},
            {r.name: r.place for r in operation.resources},
            frozenset(c.name for c in operation.characteristics if c.kind == "defectives"),
            {m.uid: m.cause for m in reversed_},
        )


def order_facts(o: ReleasedOrder) -> OrderFacts:
    sort = "transport" if o.kind in ("buy", "move") else ""
    if o.kind == "maintenance":
        sort = "preventive" if o.maintenance_plan else "corrective"
    return OrderFacts(o.at.timestamp(), o.due.timestamp() if o.due else None, sort, o.process)


def _tasks(tasks: Iterable[ReleasedTask]) -> dict[tuple[str, str], TaskFacts]:
    latest = {(t.order, t.step): t for t in tasks}
    first: dict[str, int] = {}
    for t in latest.values():
        first[t.order] = min(t.sequence, first.get(t.order, t.sequence))
    return {
        key: TaskFacts(t.run / float(t.quantity) if t.quantity else 0.0, t.place, t.sequence == first[t.order])
        for key, t in latest.items()
    }


def events(found: Iterable[Event], context: Context) -> Iterator[Row]:
    """Rows of the source ``events``."""
    for e in found:
        yield _event(e, e.resource or e.person, context)


def people(found: Iterable[Event], context: Context) -> Iterator[Row]:
    """Rows of the source ``people``."""
    return (_event(e, e.person, context) for e in found if e.person)


def _event(e: Event, resource: str, context: Context) -> Row:
    at, sign = e.at.timestamp(), -1 if e.corrects else 1
    start = min(at, (e.start or e.queued or e.at).timestamp())
    if not e.start and not e.queued and e.seconds:
        start = at - abs(e.seconds)
    order, task = context.orders.get(e.order), context.tasks.get((e.order, e.step))
    produced = float(e.good + e.scrap + e.rework)
    due = order.due if order else None
    columns = {
        "time": "queue" if e.kind == "started" else EVENT_KINDS[e.kind],
        "kind": e.kind,
        "maintenance": order.maintenance if order else "",
        "equipment": bool(e.resource),
        "first": bool(task and task.first),
        "seconds": e.seconds,
        "good": float(e.good),
        "scrap": float(e.scrap),
        "rework": float(e.rework),
        "produced": produced,
        "planned_run": produced * task.rate if task else 0.0,
        "planned_scrap": produced * context.scrap.get((order.process, e.step), 0.0) if order else 0.0,
        "lead": sign * (at - order.released) if order else 0.0,
        "has_due": 0 if due is None else sign,
        "on_time": 0 if due is None or at > due else sign,
        "one": sign,
    }
    return Row("events", e.uid, e.place, resource, e.item, e.reason, start, at, columns)


def movements(found: Iterable[Movement], context: Context) -> Iterator[Row]:
    """Rows of the source ``movements``: one that reverses another counts as that one, negative."""
    for m in found:
        flow, sign, ends = _way(m, context)
        q, (from_kind, from_name, to_kind, to_name) = sign * float(m.quantity), ends
        task = context.tasks.get((m.order, m.step))
        store = from_name if from_kind == "store" else to_name if to_kind == "store" else ""
        place = task.place if task and task.place and "wip" in (from_kind, to_kind) else store
        columns = {
            "flow": flow, "from_kind": from_kind, "quantity": q, "value": sign * float(m.value),
            "storage_loss": q * _storage_loss(flow, from_kind),
        }  # fmt: skip
        at = m.at.timestamp()
        yield Row("movements", m.uid, place, "", m.item, m.reason, at, at, columns)


def _way(m: Movement, context: Context) -> tuple[str, int, tuple[str, str, str, str]]:
    if not m.corrects:
        return m.cause, 1, (m.from_kind, m.from_name, m.to_kind, m.to_name)
    return context.causes.get(m.corrects, m.cause), -1, (m.to_kind, m.to_name, m.from_kind, m.from_name)


def _storage_loss(flow: str, from_kind: str) -> int:
    if flow == "count":
        return 1 if from_kind == "store" else -1
    return int(flow == "scrap" and from_kind == "store")


def stock(found: Iterable[Movement]) -> Iterator[Row]:
    """Rows of the source ``stock``."""
    for m in found:
        at = m.at.timestamp()
        for sign, kind, place in ((-1, m.from_kind, m.from_name), (1, m.to_kind, m.to_name)):
            if kind == "store":
                columns = {"quantity": sign * float(m.quantity), "value": sign * float(m.value)}
                yield Row("movements", m.uid, place, "", m.item, "", at, at, columns)


def _standing(found: Sequence[Any]) -> list[Any]:
    """Records that were not taken back, without those that take back."""
    gone = {r.corrects for r in found if r.corrects}
    return [r for r in found if not r.corrects and r.uid not in gone]


def inspections(found: Iterable[Measurement], context: Context) -> Iterator[Row]:
    """Rows of the source ``inspections``."""
    for m in _replaced([m for m in found if m.characteristic in context.defectives]):
        at, task = m.at.timestamp(), context.tasks.get((m.order, m.step))
        place = (task.place if task else "") or context.places.get(m.resource, "")
        columns = {"size": m.size, "passed": m.size - m.value}
        yield Row("measurements", m.uid, place, m.resource, m.item, "", at, at, columns)


def _replaced(found: list[Measurement]) -> list[Measurement]:
    gone = {m.corrects for m in found if m.corrects}
    return [m for m in found if m.uid not in gone]


def meters(found: Iterable[Measurement], operation: Operation) -> Iterator[Row]:
    """Rows of the source ``meters``. A reading below the one before it starts a new count: it adds nothing."""
    known = {m.name: m for m in operation.meters if m.kind == "counter" and m.media}
    places = {r.name: r.place for r in operation.resources}
    readings: dict[str, list[Measurement]] = defaultdict(list)
    for m in _replaced([m for m in found if m.meter in known]):
        readings[m.meter].append(m)
    for name, series in sorted(readings.items()):
        meter = known[name]
        place = places.get(meter.resource, "") if meter.resource else meter.place
        for before, after in pairwise(sorted(series, key=lambda m: (m.at, m.uid))):
            used = max(0.0, after.value - before.value)
            columns = {
                "energy": used * ENERGY.get(meter.unit, 0.0), "cost": used * meter.cost,
                "emissions": used * meter.emissions,
            }  # fmt: skip
            span = (before.at.timestamp(), after.at.timestamp())
            yield Row("measurements", after.uid, place, meter.resource, "", "", *span, columns)


def lines(found: Sequence[Delivered]) -> Iterator[Row]:
    """Rows of the source ``lines``: each demand once, when it was complete, else at its last delivery so far."""
    demands: dict[str, list[Delivered]] = defaultdict(list)
    for d in _standing(found):
        demands[d.demand].append(d)
    for parts in demands.values():
        parts.sort(key=lambda d: (d.at, d.uid))
        yield _line(parts)


def _line(parts: list[Delivered]) -> Row:
    last, total = parts[-1], 0.0
    wanted = float(max(d.ordered for d in parts))
    full = False
    for d in parts:
        total += float(d.quantity)
        if total >= wanted - 1e-6:
            last, full = d, True
            break
    newest = parts[-1]
    request = newest.due is None or last.at <= newest.due
    promised = newest.promised or newest.due
    promise = promised is None or last.at <= promised
    documents, condition = all(d.documents_right for d in parts), all(d.condition_right for d in parts)
    flags = {
        "in_full": full, "on_request": request, "on_promise": promise, "otif_request": full and request,
        "otif_promise": full and promise, "documents": documents, "condition": condition,
        "perfect": full and promise and documents and condition,
    }  # fmt: skip
    at = last.at.timestamp()
    columns: dict[str, Any] = {"one": 1, **{k: int(v) for k, v in flags.items()}}
    return Row("deliveries", last.uid, last.place, "", last.item, "", at, at, columns)


class Span(NamedTuple):
    """From the first start to the last end of an order's work at a place, in seconds since 1970."""

    order: str
    place: str
    item: str
    start: float
    end: float


def spans(found: Iterable[Event], maintenance: Mapping[str, OrderFacts]) -> list[Span]:
    """When each order was worked on at each place. Voided events leave no trace; maintenance is left out."""
    first: dict[tuple[str, str, str], float] = {}
    last: dict[tuple[str, str, str], float] = {}
    for e in _standing(list(found)):
        known = maintenance.get(e.order)
        if e.order and EVENT_KINDS[e.kind] in WORK_TIMES and not (known and known.maintenance):
            key, end = (e.order, e.place, e.item), e.at.timestamp()
            start = min(end, e.start.timestamp() if e.start else end - abs(e.seconds))
            first[key], last[key] = min(start, first.get(key, start)), max(end, last.get(key, end))
    return [Span(*key, start, last[key]) for key, start in first.items()]
