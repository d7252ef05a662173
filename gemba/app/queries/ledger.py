"""What pages, API and actions read from the ledger."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import uuid4

from django.db.models import Max, Sum

from gemba.app.queries.current import Current, current
from gemba.app.store import clock
from gemba.app.store.checkpoints import month_start
from gemba.app.store.ledger import stock_at
from gemba.app.store.quick import ask, once
from gemba.app.store.records import read, stored
from gemba.execute.ledger import Balance, Book, Costs, Key, on_hand
from gemba.execute.ledger.available import LotStock, Reservation, available, held_lots, reservations
from gemba.execute.ledger.counting import abc_classes
from gemba.execute.ledger.opening import with_stock
from gemba.execute.ledger.pick import pick as pick_lots
from gemba.operation import Movement, Operation
from gemba.operation.records import ZERO

#: Names in one question.
ASKED = 500


def costs(operation: str) -> Costs:
    """The standard costs of an operation."""
    return Costs(current(operation).operation.items, read(operation, "standard_costs"))


def stock(operation: str, at: datetime | None = None, items: Iterable[str] | None = None) -> dict[Key, Balance]:
    """Stock on hand by item, lot and place at a moment (None: now by its clock), as the ledger has it."""
    return on_hand(stock_at(operation, at or clock.now(operation), items))


def held(operation: str, lots: Iterable[str] | None = None) -> frozenset[tuple[str, str]]:
    """(item, lot) of the lots that are held, among these or among all."""
    chosen = {} if lots is None else {"lot__in": list(lots)}
    return held_lots(read(operation, "events", kind__in=("held", "freed"), **chosen))


def reserved(operation: str, items: Iterable[str] | None = None) -> dict[Reservation, Decimal]:
    """What is reserved, for whom."""
    chosen = {} if items is None else {"item__in": list(items)}
    return reservations(read(operation, "events", kind__in=("reserved", "unreserved"), **chosen))


def lots(
    operation: str, items: Iterable[str], at: datetime | None = None, *, order: str = "", demand: str = ""
) -> list[LotStock]:
    """Each lot of these items with what of it may be used, at all or for this order or demand."""
    moment, names = at or clock.now(operation), list(items)
    found = stock(operation, moment, names)
    own = {key.lot for key in found}
    return available(
        found, moment, reserved(operation, names), held(operation, own) if own else frozenset(), order=order,
        demand=demand,
    )  # fmt: skip


def pick(
    operation: str, item: str, place: str, quantity: Decimal, at: datetime, *, order: str = "", demand: str = ""
) -> list[tuple[str, Decimal, bool]]:
    """The lots from which to take a quantity at a place, soonest to expire first: (lot, quantity, missing).

    What others have reserved is taken last. What is missing then is told as such, with a number of its own where the
    item is tracked; an item that is always there (unlimited) is never missing.
    """
    here = current(operation)
    if any(p.item == item and p.place == place and p.supply == "unlimited" for p in here.operation.stock_policies):
        return [("", quantity, False)]
    there = [lot for lot in lots(operation, [item], at, order=order, demand=demand) if lot.place == place]
    first = pick_lots(there, quantity)
    taken = {lot.lot: part for lot, part in first.takes}
    rest = [dataclasses.replace(s, on_hand=s.on_hand - taken.get(s.lot, ZERO), reserved=ZERO) for s in there]
    for lot, part in pick_lots(rest, first.missing).takes:
        taken[lot.lot] = taken.get(lot.lot, ZERO) + part
    missing = quantity - sum(taken.values(), ZERO)
    return [(lot, part, False) for lot, part in taken.items()] + _missing(here, item, missing)


def _missing(here: Current, item: str, quantity: Decimal) -> list[tuple[str, Decimal, bool]]:
    if quantity <= 0:
        return []
    tracking = next((i.tracking for i in here.operation.items if i.name == item), "none")
    if tracking == "serial" and quantity == int(quantity):
        return [(f"unknown {uuid4().hex[:8]}", Decimal(1), True) for _ in range(int(quantity))]
    return [("unknown" if tracking == "lot" else "", quantity, True)]


def with_ledger(operation: Operation) -> Operation:
    """The operation with the stock that the ledger has now, where there is a ledger; for the next plan."""
    if not is_open(operation.name):
        return operation
    return with_stock(operation, stock(operation.name), held(operation.name))


def is_open(operation: str) -> bool:
    """Whether the ledger of an operation has been opened."""
    sql = "SELECT 1 FROM movements WHERE operation = %s LIMIT 1"
    return bool(once(("open", operation), lambda: ask(sql, operation)))


def book(operation: str, movements: Sequence[Movement]) -> Book:
    """What the rules must know to judge these movements."""
    items = {m.item for m in movements}
    earliest = min(m.at for m in movements)
    corrected = {m.uid: m for m in by_uid(operation, [m.corrects for m in movements if m.corrects])}
    return dataclasses.replace(
        _book(current(operation)),
        start=stock_at(operation, earliest, items, before=True),
        later=_later(operation, earliest, items),
        held=held(operation, {m.lot for m in movements if m.lot}),
        corrected=corrected,
        reversed=reversed_uids(operation, corrected.values()),
    )


@lru_cache(maxsize=4)
def _book(here: Current) -> Book:
    return Book.of(here.operation)


def _later(operation: str, at: datetime, items: Iterable[str]) -> list[Movement]:
    return [m for some in portions(items) for m in read(operation, "movements", item__in=some, at__gte=at)]


def by_uid(operation: str, uids: Iterable[str]) -> list[Movement]:
    """The movements with these uids."""
    return [m for some in portions(uids) for m in read(operation, "movements", uid__in=some)]


def reversed_uids(operation: str, movements: Iterable[Movement]) -> frozenset[str]:
    """Which of these movements are reversed, by uid: corrections are later movements of the same items."""
    of = {m.uid: m for m in movements if m.cause != "correction"}
    if not of:
        return frozenset()
    since = stored(operation, "movements").filter(at__gte=min(m.at for m in of.values()), cause="correction")
    items = {m.item for m in of.values()}
    found = {uid for some in portions(items) for uid in since.filter(item__in=some).values_list("corrects", flat=True)}
    return frozenset(found & of.keys())


def portions(names: Iterable[str]) -> list[list[str]]:
    """Names in sorted lists short enough for a question."""
    every = sorted(set(names))
    return [every[i : i + ASKED] for i in range(0, len(every), ASKED)]


def expiries(operation: str, lots: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """When the lots of these numbers expire, by (item, lot), as far as they do."""
    found: dict[tuple[str, str], datetime] = {}
    for some in portions(lots):
        of = stored(operation, "movements").filter(lot__in=some, expires__isnull=False).order_by()
        found.update(((item, lot), at) for item, lot, at in of.values_list("item", "lot").annotate(at=Max("expires")))
    return found


def delivered(operation: str, demand: str) -> Decimal:
    """What a demand has been given so far, less what was taken back, in item units."""
    return all_delivered(operation, [demand]).get(demand, ZERO)


def all_delivered(operation: str, demands: Iterable[str]) -> dict[str, Decimal]:
    """The same for many demands at once; those that were given nothing are left out."""
    found: dict[str, Decimal] = {}
    for some in portions(demands):
        for d in read(operation, "deliveries", demand__in=some):
            found[d.demand] = found.get(d.demand, ZERO) + (-d.quantity if d.corrects else d.quantity)
    return found


def abc(operation: str) -> dict[str, str]:
    """ABC class of each item by the value used in the year up to the start of this month."""
    return _abc(operation, month_start(clock.now(operation)), current(operation))


@lru_cache(maxsize=8)
def _abc(operation: str, upto: datetime, here: Current) -> dict[str, str]:
    """Kept for the month; movements into the past may change it only then."""
    year = stored(operation, "movements").filter(at__gte=upto - timedelta(days=365), at__lt=upto).order_by()
    usage: dict[str, Decimal] = {item.name: ZERO for item in here.operation.items}
    used = year.filter(from_kind="store", to_kind__in=("wip", "customer"))
    back = year.filter(to_kind="store", from_kind__in=("wip", "customer"), cause__in=("return", "correction"))
    for sign, found in ((1, used), (-1, back)):
        for item, value in found.values_list("item").annotate(total=Sum("value")):
            usage[item] = usage.get(item, ZERO) + sign * value
    return abc_classes(usage)
