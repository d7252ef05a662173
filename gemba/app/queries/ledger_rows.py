"""The ledger as lists: stock on hand, movements, lots with their whereabouts, what is due to be counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from gemba.app.queries.current import current
from gemba.app.queries.ledger import abc, by_uid, held, lots, reserved, reversed_uids, stock
from gemba.app.security.permission import may
from gemba.app.security.scope import Scope, in_scope, inside, places_of
from gemba.app.store import clock
from gemba.app.store.genealogy import trace_lot, where_lots_are
from gemba.app.store.models import OrderState
from gemba.app.store.records import read, read_each, stored
from gemba.execute.ledger import Account, Key
from gemba.execute.ledger.available import LotStock, available
from gemba.execute.ledger.counting import accuracy, due_counts, is_large, is_right
from gemba.execute.ledger.genealogy import Lot, Trace
from gemba.execute.orders.states import CLOSED_STATES
from gemba.operation import Count, Movement
from gemba.operation.records import ZERO

#: Most movements of a list: who wants more narrows it, or exports.
SHOWN, EXPORTED = 500, 100_000
LEVELS = {"lot": ("item", "place", "lot"), "place": ("item", "place"), "item": ("item",)}
FILTERS = ("item", "place", "lot", "cause", "order")
_SUMS = ("on_hand", "reserved", "held", "expired", "available", "value")


def stock_rows(
    operation: str,
    user: Any,
    *,
    at: datetime | None = None,
    by: str = "place",
    item: str = "",
    place: str = "",
    lot: str = "",
) -> list[dict[str, Any]]:
    """Stock on hand at a moment (None: now), as far as the user may see it, added up by item, place or lot.

    Values only for who may see costs. What was reserved or held in the past is not told: only what is now.
    """
    moment = at or clock.now(operation)
    found = stock(operation, moment, [item] if item else None)
    scope, costs = places_of(user, operation), may(user, "see_cost")
    chosen = {k: b for k, b in found.items() if _seen(scope, k.place) and place in ("", k.place) and lot in ("", k.lot)}
    now = at is None
    each = available(chosen, moment, reserved(operation) if now else {}, held(operation) if now else frozenset())
    values = {k: b.value for k, b in chosen.items()} if costs else {}
    return _summed(operation, each, values, by if by in LEVELS else "place")


def _seen(scope: Scope, place: str) -> bool:
    return not place or inside(scope, place)


def _summed(operation: str, each: Iterable[LotStock], values: dict[Key, Decimal], by: str) -> list[dict[str, Any]]:
    items = {i.name: i for i in current(operation).operation.items}
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for s in each:
        key = tuple(getattr(s, name) for name in LEVELS[by])
        row = rows.setdefault(
            key, {**dict(zip(LEVELS[by], key, strict=True)), **dict.fromkeys(_SUMS, ZERO), "expires": None}
        )
        worth = values.get(Key(s.item, s.lot, Account("store", s.place)), ZERO)
        for name, amount in zip(_SUMS, (s.on_hand, s.reserved, s.held, s.expired, s.available, worth), strict=True):
            row[name] += amount
        if s.expires is not None:
            row["expires"] = min(row["expires"] or s.expires, s.expires)
    made = [_row(row, items) for row in rows.values()]
    return sorted(made, key=lambda r: tuple(str(r.get(name, "")).lower() for name in ("item", "place", "lot")))


def _row(row: dict[str, Any], items: dict[str, Any]) -> dict[str, Any]:
    item = items.get(row["item"])
    state = "held" if row["held"] else "expired" if row["expired"] else "negative" if row["on_hand"] < 0 else ""
    shown = {**row, **{name: float(row[name]) for name in _SUMS}}
    return {**shown, "unit": item.unit if item else "", "family": item.family if item else "", "state": state}


def movement_rows(
    operation: str,
    user: Any,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    most: int = SHOWN,
    **only: str,
) -> list[dict[str, Any]]:
    """Movements, latest first, that fit the filters and touch a place the user may see."""
    found = stored(operation, "movements").order_by("-at", "-row").filter(_touching(places_of(user, operation)))
    for name in FILTERS:
        if value := only.get(name):
            found = found.filter(_touches(value) if name == "place" else Q(**{name: value}))
    found = found.filter(at__gte=start) if start else found
    found = found.filter(at__lte=end) if end else found
    moved = list(read_each(found[:most], "movements"))
    gone = reversed_uids(operation, moved) if len(moved) <= SHOWN else {m.corrects for m in moved}
    costs = may(user, "see_cost")
    return [_movement(m, m.uid in gone, costs) for m in moved]


def _touches(place: str) -> Q:
    return Q(from_kind="store", from_name=place) | Q(to_kind="store", to_name=place)


def _touching(scope: Scope) -> Q:
    if scope is None:
        return Q()
    return (Q(from_kind="store") & in_scope(scope, "from_name")) | (Q(to_kind="store") & in_scope(scope, "to_name"))


def _movement(m: Movement, reversed_: bool, costs: bool) -> dict[str, Any]:
    names = ("uid", "at", "item", "lot", "cause", "order", "demand", "reason", "person", "document", "corrects")
    return {
        **{name: getattr(m, name) for name in names},
        "quantity": float(m.quantity),
        "value": float(m.value) if costs else None,
        "source": f"{m.from_kind} {m.from_name}".strip(),
        "target": f"{m.to_kind} {m.to_name}".strip(),
        "reversed": reversed_,
    }


def lot_page(operation: str, user: Any, lot: Lot) -> dict[str, Any] | None:
    """A lot: where it is, what it went into and came from, and where all of that is (the recall list)."""
    of_lot = stored(operation, "movements").filter(item=lot.item, lot=lot.lot)
    if not lot.lot or not of_lot.exists():
        return None
    ahead, behind = trace_lot(operation, lot), trace_lot(operation, lot, back=True)
    where = where_lots_are(operation, ahead.lots)
    over = _used_up(operation, {k.account.name for k in where if k.account.kind == "wip"}, ahead)
    scope = places_of(user, operation)
    own = [s for s in lots(operation, [lot.item]) if s.lot == lot.lot]
    return {
        "item": lot.item,
        "lot": lot.lot,
        "held": (lot.item, lot.lot) in held(operation, [lot.lot]),
        "expires": next((s.expires for s in own if s.expires), None),
        "forward": _traced(ahead),
        "back": _traced(behind),
        "recall": [
            {"item": k.item, "lot": k.lot, "kind": k.account.kind, "name": k.account.name, "quantity": float(b.quantity)}
            for k, b in sorted(where.items(), key=lambda e: (e[0].account.kind != "customer", e[0].account, e[0]))
            if (k.account.kind != "store" or _seen(scope, k.place)) and not (k.account.kind == "wip" and k.account.name in over)
        ],
    }  # fmt: skip


def _used_up(operation: str, orders: set[str], ahead: Trace) -> set[str]:
    """Orders that are done: what they used is in what they made. One without a state is done when it has yielded."""
    states = dict(OrderState.objects.filter(operation=operation, order__in=orders).values_list("order", "state"))
    yielded = {link.order for link in ahead.links}
    return {o for o in orders if states.get(o, "done" if o in yielded else "") in ("done", *CLOSED_STATES)}


def _traced(found: Trace) -> list[dict[str, Any]]:
    orders: dict[Lot, set[str]] = {}
    for link in found.links:
        for one in (link.used, link.made):
            orders.setdefault(one, set()).add(link.order)
    return [
        {"item": lot.item, "lot": lot.lot, "level": level, "orders": ", ".join(sorted(orders.get(lot, ())))}
        for lot, level in sorted(found.lots.items(), key=lambda entry: (entry[1], entry[0]))
        if level
    ]


def due_rows(operation: str, user: Any, *, place: str = "", abc_class: str = "") -> list[dict[str, Any]]:
    """What is due to be counted, lot by lot, class A first. The book quantity is not told: it is counted blind."""
    scope, classes = places_of(user, operation), abc(operation)
    on_hand = [k for k in stock(operation) if _seen(scope, k.place) and place in ("", k.place)]
    counts = _believed(operation, _counts(operation, 366))
    due = due_counts(((k.item, k.place) for k in on_hand), classes, counts, clock.now(operation))
    by: dict[tuple[str, str], list[str]] = {}
    for k in on_hand:
        by.setdefault((k.item, k.place), []).append(k.lot)
    units = {i.name: i.unit for i in current(operation).operation.items}
    return [
        {
            "item": d.item,
            "place": d.place,
            "lot": lot,
            "abc": d.abc,
            "last": d.last,
            "due": d.due,
            "unit": units.get(d.item, ""),
        }
        for d in due
        if abc_class in ("", d.abc)
        for lot in sorted(by[d.item, d.place])
    ]


def count_rows(operation: str, user: Any, *, days: int = 90) -> list[dict[str, Any]]:
    """The counts of these days, latest first, each with what came of it."""
    scope, classes = places_of(user, operation), abc(operation)
    found = [c for c in _counts(operation, days) if _seen(scope, c.place)]
    return [_counted(c, classes.get(c.item, "C")) for c in reversed(found)]


def _believed(operation: str, counts: list[Count]) -> list[Count]:
    """Without those that are to be done again: far off, and the ledger was not adjusted by them."""
    far = [f"{c.uid}/0" for c in counts if is_large(c.counted, c.book)]
    adjusted = {m.uid.removesuffix("/0") for m in by_uid(operation, far)}
    return [c for c in counts if c.uid in adjusted or not is_large(c.counted, c.book)]


def _counts(operation: str, days: int) -> list[Count]:
    return read(operation, "counts", at__gte=clock.now(operation) - timedelta(days=days))


def _counted(c: Count, abc_class: str) -> dict[str, Any]:
    state = "right" if is_right(c, abc_class) else "large" if is_large(c.counted, c.book) else "wrong"
    return {
        "at": c.at, "item": c.item, "place": c.place, "lot": c.lot, "counted": float(c.counted), "book": float(c.book),
        "difference": float(c.counted - c.book), "abc": abc_class, "person": c.person, "state": state,
    }  # fmt: skip


def accuracies(operation: str, user: Any, *, days: int = 90) -> dict[str, tuple[float | None, int]]:
    """Inventory record accuracy of the counts of these days, by class and of all (""), with how many were counted."""
    scope, classes = places_of(user, operation), abc(operation)
    every = [c for c in _counts(operation, days) if _seen(scope, c.place)]
    by = {name: [c for c in every if name in ("", classes.get(c.item, "C"))] for name in ("", "A", "B", "C")}
    return {name: (accuracy(counts, classes), len(counts)) for name, counts in by.items()}
