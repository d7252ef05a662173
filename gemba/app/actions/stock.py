"""Movements of items: everything that changes stock goes through ``post_movements``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.queries.current import current
from gemba.app.queries.ledger import book, by_uid, costs, expiries, is_open, reserved
from gemba.app.security.permission import require
from gemba.app.security.scope import inside, places_of
from gemba.app.store import clock
from gemba.app.store.checkpoints import add_to_checkpoints, forget_checkpoints, make_checkpoints, wrong_checkpoints
from gemba.app.store.locks import lock
from gemba.app.store.records import append, read_each, stored
from gemba.execute.ledger import faults
from gemba.execute.ledger.available import used_reservations
from gemba.execute.ledger.lots import with_expiry
from gemba.execute.ledger.opening import opening_movements
from gemba.operation import Event, Movement, OperationError


def post(user: Any, operation: str, movements: Sequence[Movement], events: Sequence[Event] = ()) -> list[Movement]:
    """Write down movements, with events that belong to them; those that were new.

    Raises:
        NotFoundError: where there is no such operation.
        OperationError: with every fault of the movements, where there is any. Nothing is written then.
        PermissionDenied: where the user may not move stock, or not at one of the places.
    """
    require(user, "move_stock")
    require_places(user, operation, movements)
    with transaction.atomic():
        added = post_movements(operation, movements, user=user)
        append(operation, events, user=user)
        if added:
            told = {"movements": len(added), "causes": sorted({m.cause for m in added}), "first": added[0].uid}
            record(user, "move stock", operation, after=told)
    return added


def require_places(user: Any, operation: str, movements: Iterable[Movement]) -> None:
    """Refuse whoever may not move stock at one of the places the movements touch."""
    scope = places_of(user, operation)
    stores = {m.from_name for m in movements if m.from_kind == "store"}
    stores |= {m.to_name for m in movements if m.to_kind == "store"}
    outside = sorted(place for place in stores if not inside(scope, place))
    if outside:
        where = outside[0] or "for the whole operation"
        raise PermissionDenied(f"Your role holds at some places only. You may not move stock at {where}.")


def post_movements(
    operation: str, movements: Sequence[Movement], *, user: Any = None, check: bool = True
) -> list[Movement]:
    """Add movements to the ledger, each uid once; those that were new. For use inside an action's transaction.

    The action has asked for permission and writes the audit row. The first movement of all opens the ledger with
    the stock of the operation's data. ``check=False`` is for histories of other systems, taken over as they are.

    Raises:
        NotFoundError: where there is no such operation.
        OperationError: with every fault of the movements, where there is any.
    """
    if not movements:
        return []
    lock(operation)
    known = {m.uid for m in by_uid(operation, [m.uid for m in movements])}
    new = list({m.uid: m for m in movements if m.uid not in known}.values())
    if not new:
        return []
    open_ledger(operation, user=user, before=min(m.at for m in new))
    new = with_expiry(new, expiries(operation, {m.lot for m in new if m.lot}))
    if check and (wrong := faults(new, book(operation, new))):
        raise OperationError(wrong)
    added = _add(operation, new, user)
    append(operation, used_reservations(added, reserved(operation, {m.item for m in added})), user=user)
    return added


def open_ledger(operation: str, *, user: Any = None, before: datetime | None = None) -> list[Movement]:
    """Open the ledger with the stock of the operation's data, unless it has movements; inside a transaction.

    The opening is at the operation's planning moment, or at ``before`` where that is earlier.
    """
    if is_open(operation):
        return []
    lock(operation)
    if is_open(operation):  # by somebody else, while we waited
        return []
    data = current(operation).operation
    at = min(data.now, before or data.now)
    return _add(operation, opening_movements(data, costs(operation), at), user)


def _add(operation: str, movements: Sequence[Movement], user: Any) -> list[Movement]:
    added: list[Movement] = append(operation, movements, user=user, looked=True)
    add_to_checkpoints(operation, added)
    make_checkpoints(operation, clock.now(operation))
    return added


def verify_ledger(operation: str, *, repair: bool = False) -> list[str]:
    """In words, what of the checkpoints is not what the movements add up to; ``repair`` makes them again then.

    For whoever has the machine (commands): it reads every movement.
    """
    with transaction.atomic():
        lock(operation)
        found = wrong_checkpoints(operation, read_each(stored(operation, "movements").order_by("at"), "movements"))
        if found and repair:
            forget_checkpoints(operation)
            make_checkpoints(operation, clock.now(operation))
            record(None, "rebuild checkpoints", operation, before={"wrong": len(found)})
    return found
