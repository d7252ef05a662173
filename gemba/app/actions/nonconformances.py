"""Nonconformances that inspection raises by itself: the lot held, the facts told, contained at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.made import made
from gemba.app.actions.stock_holds import hold
from gemba.app.queries.concerns import standings
from gemba.app.queries.ledger import held
from gemba.app.queries.ledger import lots as stock_lots
from gemba.app.store.genealogy import trace_lot, where_lots_are
from gemba.app.store.records import append, read
from gemba.execute.ledger.genealogy import Lot
from gemba.execute.ledger.rules import plain
from gemba.execute.quality.findings import Finding
from gemba.operation import Characteristic, ConcernChange
from gemba.operation.records import ZERO

#: Who deals with it first.
OWNER = "supervisor"
#: Most orders and customers that are named.
NAMED = 20


def said_before(operation: str, uid: str) -> str:
    """The nonconformance that these results raised or were noted in; blank where there is none."""
    if found := read(operation, "concerns", uid=f"{uid}/nc"):
        return str(found[0].concern)
    noted = read(operation, "concern_changes", uid=f"{uid}/note")
    return str(noted[0].concern) if noted else ""


def raise_once(
    user: Any, operation: str, c: Characteristic, given: Any, findings: Sequence[Finding], size: int, place: str
) -> str:
    """Hold the lot and raise a nonconformance, or note the findings in the one that is open; its number.

    ``given`` are the ``Results`` in which they were found, ``size`` the units of the lot.
    """
    text = "; ".join(f.text for f in findings)
    holds = bool(given.lot) and (given.item, given.lot) not in held(operation, [given.lot])
    open_ = _open(operation, c, given)
    if open_:
        note = made(
            ConcernChange, operation, uid=f"{given.uid}/note", concern=open_[0], state=open_[1], note=text,
            person=user.get_username(),
        )  # fmt: skip
        append(operation, [note], user=user)
        number = open_[0]
    else:
        number = _raised(user, operation, c, given, findings, text, size, place)
    if holds:
        hold(user, operation, f"{given.uid}/hold", item=given.item, lot=given.lot, reason=text[:400], concern=number)
    if not open_ and given.lot:
        change_concern(user, operation, number, "contained", uid=f"{given.uid}/contained",
                       note=f"Lot {given.lot} of {given.item} is held.")  # fmt: skip
    return number


def _open(operation: str, c: Characteristic, given: Any) -> tuple[str, str] | None:
    same = {"kind": "nonconformance", "category": c.name, "lot": given.lot, "order": given.order}
    found = [s for s in standings(operation, **same) if not s.closed and s.state in ("open", "contained")]
    return (found[-1].concern.concern, found[-1].state) if found else None


def _raised(
    user: Any, operation: str, c: Characteristic, given: Any, findings: Sequence[Finding], text: str, size: int,
    place: str,
) -> str:  # fmt: skip
    there = sum((s.on_hand for s in stock_lots(operation, [given.item]) if given.lot and s.lot == given.lot), ZERO)
    about = f"lot {given.lot}" if given.lot else f"order {given.order}" if given.order else "no lot or order given"
    serious = any(f.text.startswith("lot ") for f in findings)
    concern = raise_concern(
        user, operation, "nonconformance", uid=f"{given.uid}/nc", title=f"{c.name}, {about}: {findings[0].text}"[:300],
        description="\n".join([f"Found: {text}.", f"Characteristic {c.name} of {given.item}, {about}.",
                               *_reach(operation, given)]),
        severity="major" if serious else "minor", category=c.name, place=place,
        resource=given.resource, owner=OWNER, order=given.order, step=given.step, item=given.item, lot=given.lot,
        quantity=there if there > 0 else Decimal(size),
    )  # fmt: skip
    return concern.concern


def _reach(operation: str, given: Any) -> Iterable[str]:
    """Which orders and customers have what was inspected."""
    if given.lot:
        ahead = trace_lot(operation, Lot(given.item, given.lot))
        orders = sorted({link.order for link in ahead.links})
        where = where_lots_are(operation, ahead.lots)
        at = [
            f"{k.account.name or 'customer'}: {plain(b.quantity)} of {k.item} {k.lot}"
            for k, b in where.items()
            if k.account.kind == "customer"
        ]
        yield "Orders that used the lot: " + (", ".join(orders[:NAMED]) or "none") + "."
        yield "Customers that have of it: " + ("; ".join(sorted(at)[:NAMED]) or "none") + "."
    elif given.order:
        for head in read(operation, "released_orders", order=given.order):
            whom = head.customer or "no customer named"
            yield f"Order {head.order}: {plain(head.quantity)} of {head.item}, for {whom}" + (
                f" ({head.demand})." if head.demand else "."
            )
