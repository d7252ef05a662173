"""What is received and has to be inspected is held until it is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gemba.app.actions.audit import record
from gemba.app.queries import quality
from gemba.app.queries.ledger import held
from gemba.app.store import clock
from gemba.app.store.records import append, read, stored
from gemba.execute.quality.findings import AWAITING
from gemba.operation import Event, Movement


def lot_number(operation: str, item: str, lot: str) -> str:
    """The lot given; where an untracked item has to be inspected and none is given, the next number of the day."""
    from gemba.app.queries.current import current

    tracking = next((i.tracking for i in current(operation).operation.items if i.name == item), "")
    if lot.strip() or tracking != "none" or not quality.awaited(operation, item):
        return lot
    day = f"{clock.now(operation):%Y%m%d}-"
    there = stored(operation, "movements").filter(item=item, cause="receipt", lot__startswith=day)
    counts = [n.removeprefix(day) for n in there.order_by().values_list("lot", flat=True)]
    return f"{day}{1 + max((int(n) for n in counts if n.isdecimal()), default=0)}"


def await_inspection(user: Any, operation: str, moved: Sequence[Movement]) -> None:
    """Hold the lots of a receipt that have to be inspected; in the transaction of the receipt."""
    for m in moved:
        names = [c.name for c in quality.awaited(operation, m.item)]
        if not names or not m.lot or (m.item, m.lot) in held(operation, [m.lot]):
            continue
        _say(user, operation, "held", f"{m.uid}/inspect", m.item, m.lot, m.at, ", ".join(names))


def accept_receipt(user: Any, operation: str, uid: str, item: str, lot: str) -> bool:
    """Free a lot that was held for its inspection on receipt alone, once every characteristic is accepted.

    Whether it was freed. Needs no permission to dispose: nothing is decided.
    """
    events = [e for e in read(operation, "events", kind__in=("held", "freed"), lot=lot) if e.item == item]
    if not events or events[-1].kind != "held" or events[-1].reason != AWAITING:
        return False
    for c in quality.awaited(operation, item):
        needs, result = quality.of_lot(operation, c, lot, "")
        judged = needs is not None and needs.accept is not None
        done = result is not None and (result.accepted is True or (not judged and not result.left))
        if not done:
            return False
    _say(user, operation, "freed", uid, item, lot, clock.now(operation), "")
    return True


def _say(user: Any, operation: str, kind: str, uid: str, item: str, lot: str, at: datetime, subject: str) -> None:
    reason = AWAITING if kind == "held" else "Accepted on receipt"
    event = Event(
        uid=uid, at=at, kind=kind, item=item, lot=lot, reason=reason, note=subject, person=user.get_username()
    )
    if append(operation, [event], user=user):
        told = {"item": item, "lot": lot, "reason": reason}
        record(user, "hold lot" if kind == "held" else "free lot", operation, after=told)
