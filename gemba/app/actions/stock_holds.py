"""What may not be used, or only by some: lots held in quarantine, and reservations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.queries.ledger import held, lots, reserved
from gemba.app.security.permission import require
from gemba.app.security.scope import require_place
from gemba.app.store import clock
from gemba.app.store.locks import lock
from gemba.app.store.records import append
from gemba.execute.ledger.available import Reservation
from gemba.execute.ledger.rules import plain
from gemba.operation import Event
from gemba.operation.records import ZERO


def hold(user: Any, operation: str, uid: str, *, item: str, lot: str, reason: str, concern: str = "") -> list[Event]:
    """From now on nobody may use this lot, wherever it is; ``concern`` is the nonconformance behind it.

    Raises:
        RefusedError: where no lot or no reason is given, or the lot is held already.
    """
    if not lot.strip() or not reason.strip():
        raise RefusedError("Say which lot is held, and why.")
    return _said(user, operation, uid, "held", item, lot, reason, concern)


def free(user: Any, operation: str, uid: str, *, item: str, lot: str, reason: str, concern: str = "") -> list[Event]:
    """The lot may be used again. Needs the permission to dispose.

    Raises:
        RefusedError: where the lot is not held, or no reason is given.
    """
    require(user, "dispose")
    if not reason.strip():
        raise RefusedError("Say why the lot may be used again.")
    return _said(user, operation, uid, "freed", item, lot, reason, concern)


def _said(
    user: Any, operation: str, uid: str, kind: str, item: str, lot: str, reason: str, concern: str
) -> list[Event]:
    require(user, "move_stock")
    with transaction.atomic():
        lock(operation)
        event = Event(
            uid=uid, at=clock.now(operation), kind=kind, item=item, lot=lot, reason=reason, subject=concern,
            person=user.get_username(),
        )  # fmt: skip
        was = (item, lot) in held(operation, [lot])
        added: list[Event] = append(operation, [event], user=user)
        if added and was == (kind == "held"):
            raise RefusedError(f"Lot {lot} of {item} is {'held already' if was else 'not held'}.")
        if added:
            record(user, f"{'hold' if kind == 'held' else 'free'} lot", operation, after={"item": item, "lot": lot})
    return added


def reserve(
    user: Any, operation: str, uid: str, *, item: str, place: str, quantity: Decimal, order: str = "",
    demand: str = "", lot: str = "",
) -> list[Event]:  # fmt: skip
    """Keep stock for an order or a demand.

    Raises:
        RefusedError: where it is for nobody, or more than is available.
    """
    require_place(user, "move_stock", operation, place)
    if not order and not demand:
        raise RefusedError("Say for which order or demand it is reserved.")
    with transaction.atomic():
        lock(operation)
        event = _event(user, operation, uid, "reserved", Reservation(item, place, lot, order, demand), quantity)
        there = (s for s in lots(operation, [item]) if s.place == place and lot in ("", s.lot))
        left = sum((s.available for s in there), ZERO)
        added: list[Event] = append(operation, [event], user=user)
        if added and quantity > left:
            raise RefusedError(f"Only {plain(left)} of {item} are available at {place or 'this place'}.")
        if added:
            record(user, "reserve", operation, after={"item": item, "quantity": plain(quantity)})
    return added


def unreserve(
    user: Any, operation: str, uid: str, *, item: str, place: str, quantity: Decimal, order: str = "",
    demand: str = "", lot: str = "",
) -> list[Event]:  # fmt: skip
    """Give back (part of) a reservation.

    Raises:
        RefusedError: where less is reserved.
    """
    require_place(user, "move_stock", operation, place)
    with transaction.atomic():
        lock(operation)
        key = Reservation(item, place, lot, order, demand)
        there = reserved(operation, [item]).get(key, ZERO)
        added: list[Event] = append(operation, [_event(user, operation, uid, "unreserved", key, quantity)], user=user)
        if added and quantity > there:
            raise RefusedError(f"Only {plain(there)} of {item} are reserved for {order or demand}.")
        if added:
            record(user, "unreserve", operation, after={"item": item, "quantity": plain(quantity)})
    return added


def _event(user: Any, operation: str, uid: str, kind: str, key: Reservation, quantity: Decimal) -> Event:
    if quantity <= 0:
        raise RefusedError("The quantity must be more than 0.")
    return Event(
        uid=uid, at=clock.now(operation), kind=kind, item=key.item, place=key.place, lot=key.lot, order=key.order,
        subject=key.demand, good=quantity, person=user.get_username(),
    )  # fmt: skip
