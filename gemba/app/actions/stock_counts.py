"""Counting: what was found is written down; where it differs too much from the ledger, the ledger is adjusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.stock import post_movements
from gemba.app.queries.ledger import abc, costs, stock
from gemba.app.security.scope import require_place
from gemba.app.store import clock
from gemba.app.store.locks import lock
from gemba.app.store.records import append, read
from gemba.execute.ledger import Account, Balance, Key, Maker
from gemba.execute.ledger.counting import is_large, is_right
from gemba.execute.ledger.rules import plain
from gemba.operation import Count

#: A second count follows the first within this time, else it is a first one again.
SECOND = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Counted:
    """A count and what came of it: ``right`` (within tolerance), ``adjusted``, or to be counted ``again``."""

    count: Count
    outcome: str


def count(
    user: Any, operation: str, uid: str, *, item: str, place: str, counted: Decimal, lot: str = "", note: str = ""
) -> Counted:
    """Write down what was found on hand.

    Within the tolerance of the item's class the ledger stays as it is. A large difference is to be counted a second
    time before the ledger is changed; anything else is adjusted. Sent again, it is answered as before.

    Raises:
        OperationError: where the count cannot be posted, such as of an unknown item.
        PermissionDenied: where the user may not move stock at the place.
    """
    require_place(user, "move_stock", operation, place)
    with transaction.atomic():
        lock(operation)
        known = next(iter(read(operation, "counts", uid=uid)), None)
        if known is not None:
            return Counted(known, _before(operation, known))
        now = clock.now(operation)
        book = stock(operation, now, [item]).get(Key(item, lot, Account("store", place)), Balance()).quantity
        found = Count(
            uid=uid, at=now, item=item, place=place, lot=lot, counted=counted, book=book,
            person=user.get_username(), note=note,
        )  # fmt: skip
        outcome = _outcome(operation, found)
        append(operation, [found], user=user)
        if outcome == "adjusted":
            maker = Maker(costs(operation), now, user.get_username(), document=uid)
            moved = maker.found(f"{uid}/0", item, counted - book, place, lot=lot, reason=note)
            post_movements(operation, [moved], user=user)
        told = {"item": item, "place": place, "lot": lot, "counted": plain(counted), "book": plain(book)}
        record(user, "count stock", operation, after={**told, "outcome": outcome})
    return Counted(found, outcome)


def _outcome(operation: str, found: Count) -> str:
    if is_right(found, abc(operation).get(found.item, "C")):
        return "right"
    first = _first(operation, found)
    return "again" if first is None and is_large(found.counted, found.book) else "adjusted"


def _first(operation: str, found: Count) -> Count | None:
    """The count just before, where it was to be counted again and nothing has moved since."""
    same = {"item": found.item, "place": found.place, "lot": found.lot, "at__gte": found.at - SECOND}
    last: Count | None = next(iter(reversed(read(operation, "counts", **same))), None)
    return last if last and last.book == found.book and is_large(last.counted, last.book) else None


def _before(operation: str, known: Count) -> str:
    if read(operation, "movements", uid=f"{known.uid}/0"):
        return "adjusted"
    return "right" if is_right(known, abc(operation).get(known.item, "C")) else "again"
