"""Profit and loss of months: the database adds records up, the core makes money of the sums.

A month is cut where a standard cost or a rule of a process begins or ends to hold, so that one moment stands for all
records of a part. Statements are plain SQL that SQLite and PostgreSQL read alike; quantities and values are whole
millionths, times are whole milliseconds, so that sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import connection

from gemba.app.queries.current import current
from gemba.app.store import clock
from gemba.app.store.models import OrderState
from gemba.app.store.records import read, stored
from gemba.measure.cost import (
    Cell,
    Coster,
    Energy,
    Facts,
    OrderCost,
    Posting,
    Standards,
    Work,
    cells,
    energy,
    exact,
    unabsorbed,
)
from gemba.measure.cost.build import HOUR
from gemba.measure.cost.facts import book
from gemba.measure.periods import edges
from gemba.operation import Operation, ReleasedOrder
from gemba.operation.moments import local, moment, seconds
from gemba.operation.records import EVENT_KINDS

_MILLION = 1_000_000
DONE = ("done", "closed", "cancelled")
TIMED = tuple(k for k, time in EVENT_KINDS.items() if time in ("set-up", "production"))
#: What orders are added up by.
_OF = ("process", "option", "kind", "item", "place", "customer")
_OF_SQL = ", ".join(f'r."{name}"' for name in _OF)
_IN = ", ".join(["%s"] * len(DONE))
#: Orders that were done in a period; parameters: where each part of it ends, operation, states, from, until.
_DONE_ORDERS = f"""r.operation = s.operation AND r."order" = s."order"
    AND s.operation = %s AND s.state IN ({_IN})
    AND COALESCE(s."end", s.since) >= %s AND COALESCE(s."end", s.since) < %s AND r.kind NOT IN ('buy', 'move')"""
_TIMED = ", ".join(f"'{kind}'" for kind in TIMED)
_SETUP = "CASE WHEN e.kind = 'set_up' THEN 1 ELSE 0 END"
#: In this order: SQLite then looks for the order of a state, and not for the state of every order there ever was.
_HEADS = "order_states s CROSS JOIN released_orders r"
_TASKS = """LEFT JOIN released_tasks t ON t.operation = e.operation AND t."order" = e."order" AND t.step = e.step"""
_MILLISECONDS = "SUM(CAST(ROUND(e.seconds * 1000) AS BIGINT))"

_COUNTED = f"SELECT {{part}}, {_OF_SQL}, COUNT(*), SUM(s.good) FROM {_HEADS} WHERE {_DONE_ORDERS} GROUP BY 1, {_OF_SQL}"
_WORKED = f"""SELECT {{part}}, {_OF_SQL}, e.step, e.resource, e.person, {_SETUP}, t.resource, {_MILLISECONDS}
    FROM {_HEADS} JOIN events e ON e.operation = s.operation AND e."order" = s."order" {_TASKS}
    WHERE {_DONE_ORDERS} AND e.kind IN ({_TIMED})
    GROUP BY 1, {_OF_SQL}, e.step, e.resource, e.person, {_SETUP}, t.resource"""
_UNITS = f"""SELECT {{part}}, {_OF_SQL}, e.step, SUM(e.good + e.scrap + e.rework),
        COUNT(DISTINCT CASE WHEN e.kind IN ({_TIMED}) THEN e."order" END)
    FROM {_HEADS} JOIN events e ON e.operation = s.operation AND e."order" = s."order"
    WHERE {_DONE_ORDERS} GROUP BY 1, {_OF_SQL}, e.step"""
#: Where a movement is a correction its original says what it takes back.
_ORIGINAL = "LEFT JOIN movements o ON m.corrects <> '' AND o.operation = m.operation AND o.uid = m.corrects"
_SIDES = ", ".join(f"COALESCE(o.{name}, m.{name})" for name in ("cause", "from_kind", "to_kind"))
_FROM_OWN = 'CASE WHEN COALESCE(o.from_name, m.from_name) = s."order" THEN 1 ELSE 0 END'
_TO_OWN = 'CASE WHEN COALESCE(o.to_name, m.to_name) = s."order" THEN 1 ELSE 0 END'
_WASTE = """CASE WHEN COALESCE(o.to_kind, m.to_kind) = 'waste' THEN COALESCE(o.to_name, m.to_name)
    WHEN COALESCE(o.from_kind, m.from_kind) = 'waste' THEN COALESCE(o.from_name, m.from_name) ELSE '' END"""
_SIGN = "CASE WHEN o.uid IS NULL THEN 1 ELSE -1 END"
_BOOKED_BY = f"{_OF_SQL}, m.item, m.step, {_SIDES}, {_FROM_OWN}, {_TO_OWN}, {_WASTE}, {_SIGN}"
_BOOKED = f"""SELECT {{part}}, {_BOOKED_BY}, SUM(m.quantity), SUM(m.value)
    FROM {_HEADS} JOIN movements m ON m.operation = s.operation AND m."order" = s."order" {_ORIGINAL}
    WHERE {_DONE_ORDERS} GROUP BY 1, {_BOOKED_BY}"""
#: From the account of one order to that of another, which it is booked on: few, so they are looked for first.
_REWORKED = f"""SELECT {{part}}, {_BOOKED_BY}, SUM(m.quantity), SUM(m.value)
    FROM movements m CROSS JOIN {_HEADS} {_ORIGINAL}
    WHERE m.operation = s.operation AND s."order" <> m."order" AND m.cause IN ('rework', 'correction')
        AND s."order" = CASE WHEN m.cause = 'rework' THEN m.from_name ELSE m.to_name END
        AND CASE WHEN m.cause = 'rework' THEN m.from_kind ELSE m.to_kind END = 'wip' AND {_DONE_ORDERS}
    GROUP BY 1, {_BOOKED_BY}"""

_DELIVERED = """SELECT item, place, customer, price, CASE WHEN corrects = '' THEN 1 ELSE -1 END,
        SUM(quantity), SUM(value)
    FROM deliveries WHERE operation = %s AND at >= %s AND at < %s
    GROUP BY item, place, customer, price, CASE WHEN corrects = '' THEN 1 ELSE -1 END"""
_LOST_BY = """m.item, m.from_kind, m.to_kind, CASE WHEN m.from_kind = 'wip' THEN '' ELSE m.from_name END,
        CASE WHEN m.to_kind = 'wip' THEN '' ELSE m.to_name END, r.place, r.customer, r.item"""
_LOST = f"""SELECT {_LOST_BY}, SUM(m.quantity), SUM(m.value)
    FROM movements m LEFT JOIN released_orders r ON r.operation = m.operation AND r."order" = m."order"
        AND 'wip' IN (m.from_kind, m.to_kind)
    WHERE m.operation = %s AND m.at >= %s AND m.at < %s AND m.cause <> 'opening'
        AND (m.from_kind IN ('scrap', 'waste', 'adjustment') OR m.to_kind IN ('scrap', 'waste', 'adjustment'))
    GROUP BY {_LOST_BY}"""
_RECEIVED_BY = """item, CASE WHEN to_kind = 'supplier' THEN to_name ELSE from_name END,
        CASE WHEN to_kind = 'supplier' THEN from_name ELSE to_name END, CASE WHEN to_kind = 'supplier' THEN -1 ELSE 1 END,
        CASE WHEN paid IS NULL THEN 0 ELSE 1 END"""
_RECEIVED = f"""SELECT {_RECEIVED_BY}, SUM(quantity), SUM(value), SUM(paid), COUNT(*)
    FROM movements WHERE operation = %s AND at >= %s AND at < %s AND (from_kind = 'supplier' OR to_kind = 'supplier')
    GROUP BY {_RECEIVED_BY}"""
_HOURS = f"""SELECT r.process, r.place, e.step, e.resource, e.person, {_SETUP}, t.resource, {_MILLISECONDS}
    FROM events e JOIN released_orders r ON r.operation = e.operation AND r."order" = e."order" {_TASKS}
    WHERE e.operation = %s AND e.at >= %s AND e.at < %s AND e.kind IN ({_TIMED})
    GROUP BY r.process, r.place, e.step, e.resource, e.person, {_SETUP}, t.resource"""
_BASIS_BY = "m.item, r.item, r.place, m.from_kind, m.to_kind"
_BASIS = f"""SELECT {_BASIS_BY}, SUM(m.quantity), SUM(m.value)
    FROM movements m JOIN released_orders r ON r.operation = m.operation AND r."order" = m."order"
    WHERE m.operation = %s AND m.at >= %s AND m.at < %s AND (m.from_kind = 'wip' OR m.to_kind = 'wip')
    GROUP BY {_BASIS_BY}"""


@dataclass(frozen=True, slots=True)
class Booked:
    """One side of movements that were added up, as the core reads a movement."""

    cause: str
    item: str
    step: str
    from_kind: str
    to_kind: str
    from_name: str
    to_name: str


def months(low: datetime, high: datetime, zone: str) -> list[tuple[str, datetime, datetime]]:
    """The months from one moment until another: name, start and end."""
    bounds = edges(seconds(low), max(seconds(high), seconds(low) + 1), "month", zone)
    return [(f"{local(a, zone):%Y-%m}", moment(a), moment(b)) for a, b in pairwise(bounds)]


class Books:
    """The books of an operation: postings of its months."""

    def __init__(self, operation: str) -> None:
        self.name = operation
        self.operation: Operation = current(operation).operation
        self.now = clock.now(operation)
        self.standards = Standards(self.operation.items, read(operation, "standard_costs"))
        self.coster = Coster(self.operation, self.standards)
        self.prices = {(o.item, o.place, o.supplier): o for o in self.operation.supply_options if o.kind == "buy"}

    @property
    def zone(self) -> str:
        return self.operation.settings.zone

    def cells(self, low: datetime, high: datetime) -> list[Cell]:
        """Every cell of the months from ``low`` until ``high``, in whole cents."""
        return cells(self.postings(low, high))

    def postings(self, low: datetime, high: datetime) -> Iterator[Posting]:
        """The postings of these months."""
        parts = [(month, a, b) for month, *span in months(low, high, self.zone) for a, b in self._parts(*span)]
        for (month, _, _), orders in zip(parts, self.done([(a, b) for _, a, b in parts]), strict=True):
            for found in orders:
                order = found.order
                line = "maintenance" if order.kind == "maintenance" else "production variances"
                yield Posting(month, line, order.place, order.item, order.customer, -found.closing)
        used: dict[str, dict[tuple[str, str], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for part in parts:
            yield from self._sold(*part)
            yield from self._lost(*part)
            yield from self._received(*part)
            self._basis(used[part[0]], *part[1:])
        for month, start, end in months(low, high, self.zone):
            for e in self.energy:
                if start <= e.at < end and not e.order:
                    yield Posting(month, "energy", e.place, "", "", -e.cost)
            share = self._share(start, end)
            yield from unabsorbed(self.coster.costing.rates, self.operation, month, share, used[month])

    def _share(self, start: datetime, end: datetime) -> Fraction:
        """How much of a month the books cover: from the first record until now."""
        if self.began is None:
            return Fraction(0)
        passed = seconds(min(self.now, end)) - seconds(max(self.began, start))
        return Fraction(max(0, passed), seconds(end) - seconds(start))

    @cached_property
    def began(self) -> datetime | None:
        """When the first of what the books are made of happened; None where nothing did."""
        tables = ("events", "movements", "deliveries", "released_orders")
        firsts = [stored(self.name, t).order_by("at").values_list("at", flat=True).first() for t in tables]
        return min((at for at in firsts if at is not None), default=None)

    def _parts(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        return list(pairwise([start, *self._changes(start, end), end]))

    def _changes(self, start: datetime, end: datetime) -> list[datetime]:
        """Moments within a month at which a standard cost or a row of a process begins or ends to hold."""
        op = self.operation
        things: list[Any] = [*op.step_items, *op.step_resources, *op.resource_skills]
        found = {*self.standards.moments, *(m for t in things for m in (t.start, t.end) if m is not None)}
        return sorted(m for m in found if start < m < end)

    def _sold(self, month: str, a: datetime, b: datetime) -> Iterator[Posting]:
        for item, place, customer, price, sign, quantity, value in self._ask(_DELIVERED, a, b):
            revenue = _amount(quantity) * _amount(price) * sign
            cost = self.standards.unit(item, place, a)
            overhead = _amount(value) * sign * (cost.overhead / cost.total if cost.total else 0)
            yield Posting(month, "revenue", place, item, customer, revenue)
            yield Posting(month, "variable cost of goods sold", place, item, customer, overhead - _amount(value) * sign)
            yield Posting(month, "overhead of goods sold", place, item, customer, -overhead)

    def _lost(self, month: str, a: datetime, b: datetime) -> Iterator[Posting]:
        for row in self._ask(_LOST, a, b):
            item, from_kind, to_kind, from_name, to_name, place, customer, order_item, quantity, value = row
            gone = to_kind in ("scrap", "waste", "adjustment")
            kind, name, other = (to_kind, to_name, from_kind) if gone else (from_kind, from_name, to_kind)
            sign, at = (-1, from_name) if gone else (1, to_name)
            line = {"scrap": "scrap", "waste": "waste", "adjustment": "stock adjustments"}[kind]
            amount, of = _amount(value) * sign, (at, item, "")
            if other == "wip":
                of = (place or "", order_item or item, customer or "")
                line = "scrap" if kind == "adjustment" else line
            elif kind == "waste":  # disposal of an order's waste is part of what the order cost
                amount += _amount(quantity) * sign * self.coster.costing.streams.get(name, Fraction(0))
            yield Posting(month, line, *of, amount)

    def _received(self, month: str, a: datetime, b: datetime) -> Iterator[Posting]:
        for item, supplier, place, sign, told, quantity, value, paid, count in self._ask(_RECEIVED, a, b):
            option = self.prices.get((item, place, supplier))
            price = _amount(paid) if told else _amount(value)
            if not told and option is not None and option.cost:
                price = _amount(quantity) * exact(option.cost) + count * exact(option.order_cost)
            yield Posting(month, "purchase price variance", place, item, "", (_amount(value) - price) * sign)

    def done(self, parts: Sequence[tuple[datetime, datetime]]) -> list[list[OrderCost]]:
        """For each part of a period the orders that were done in it, added up by what they are and for whom."""
        found: list[dict[tuple[str, ...], Facts]] = [{} for _ in parts]
        for part, *of, count, good in self._ask_parts(_COUNTED, parts):
            found[part][tuple(of)] = Facts(orders=int(count), reported=_amount(good))
        for part, *of, step, resource, person, setup, planned, time in self._ask_parts(_WORKED, parts):
            work = Work(step, resource, person, bool(setup), planned or "")
            found[part][tuple(of)].seconds[work] += Fraction(int(time), 1000)
        for part, *of, step, units, orders in self._ask_parts(_UNITS, parts):
            found[part][tuple(of)].units[step] += _amount(units)
            found[part][tuple(of)].touched[step] += int(orders)
        for asked in (_BOOKED, _REWORKED):
            for part, *row in self._ask_parts(asked, parts):
                _book_sums(found[part][tuple(row[: len(_OF)])], row)
        for e in self.energy:
            at, of_order = self._energy_orders.get(e.order, (None, ()))
            for (a, b), facts in zip(parts, found, strict=True):
                if at is not None and a <= at < b and of_order in facts:
                    spent = facts[of_order].energy
                    spent[e.meter] = spent.get(e.meter, Fraction(0)) + e.cost
        return [
            [self.coster.cost(_head(of), facts, a) for of, facts in of_part.items()]
            for (a, _), of_part in zip(parts, found, strict=True)
        ]

    @cached_property
    def energy(self) -> list[Energy]:
        meters = [m.name for m in self.operation.meters if m.cost and m.media]
        return energy(self.operation, read(self.name, "measurements", meter__in=meters)) if meters else []

    @cached_property
    def _energy_orders(self) -> dict[str, tuple[datetime, tuple[str, ...]]]:
        """When orders that readings name were done, and what they are."""
        names = {e.order for e in self.energy if e.order}
        heads = stored(self.name, "released_orders").filter(order__in=names).values_list("order", *_OF)
        of = {order: tuple(rest) for order, *rest in heads}
        states = OrderState.objects.filter(operation=self.name, order__in=names, state__in=DONE)
        return {s.order: (s.end or s.since, of[s.order]) for s in states if s.order in of}

    def _basis(self, used: dict[tuple[str, str], Fraction], a: datetime, b: datetime) -> None:
        """Units of each basis of overhead that has a budget, by the place where they were used."""
        bases = {o.basis for o in self.operation.overheads if o.budget > 0}
        costing = self.coster.costing
        if bases & {"labour hours", "machine hours", "labour cost"}:
            for process, _, step, resource, person, setup, planned, time in self._ask(_HOURS, a, b):
                work, hours = Work(step, resource, person, bool(setup), planned or ""), Fraction(int(time), 1000) / HOUR
                for one in self.coster.crew(process, work, a):
                    used[f"{one.category} hours", one.place] += hours * one.units
                    if one.category == "labour":
                        used["labour cost", one.place] += hours * one.rate
        if bases & {"material value", "units"}:
            for item, made, place, source, target, quantity, value in self._ask(_BASIS, a, b):
                if item == made and "scrap" not in (source, target):
                    used["units", place] += _amount(quantity) * (1 if source == "wip" else -1)
                elif item not in costing.made:
                    used["material value", place] += _amount(value) * (1 if target == "wip" else -1)

    def _ask_parts(self, sql: str, parts: Sequence[tuple[datetime, datetime]]) -> list[tuple[Any, ...]]:
        """Rows with the number of the part of the period before them: each record is read once, however many parts."""
        ends = [_stamp(b) for _, b in parts]
        cases = " ".join(f'WHEN COALESCE(s."end", s.since) < %s THEN {i}' for i in range(len(parts)))
        return self._rows(
            sql.format(part=f"CASE {cases} END"), [*ends, self.name, *DONE, _stamp(parts[0][0]), ends[-1]]
        )

    def _ask(self, sql: str, a: datetime, b: datetime) -> list[tuple[Any, ...]]:
        return self._rows(sql, [self.name, _stamp(a), _stamp(b)])

    def _rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())


def _stamp(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC))


def _book_sums(facts: Facts, row: Sequence[Any]) -> None:
    """Movements of orders that were added up, on either side of their accounts."""
    item, step, cause, source, target, leaves, joins, stream, sign, quantity, value = row[len(_OF) :]
    head, m = _head(row[: len(_OF)]), Booked(cause, item, step, source, target, stream, stream)
    amounts = (_amount(quantity) * sign, _amount(value) * sign)
    if joins and target == "wip":
        book(facts, head, m, True, *amounts)
    if leaves and source == "wip":
        book(facts, head, m, False, *amounts)


def _head(of: Sequence[str]) -> ReleasedOrder:
    named: dict[str, Any] = dict(zip(_OF, of, strict=True))
    return ReleasedOrder(uid="all", at=datetime(2000, 1, 1, tzinfo=UTC), order="all", **named)


def _amount(millionths: Any) -> Fraction:
    return Fraction(int(millionths or 0), _MILLION)
