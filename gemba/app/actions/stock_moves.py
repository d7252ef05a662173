"""What people do with stock: receive, issue, ship, return, transfer, scrap, and reverse what was wrong.

Each has a uid of its own, made where it is typed: sent again, nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.app.actions.arrivals import arrived
from gemba.app.actions.audit import record
from gemba.app.actions.receipts import await_inspection, lot_number
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.stock import post_movements, require_places
from gemba.app.queries.current import current
from gemba.app.queries.ledger import by_uid, costs, delivered, lots
from gemba.app.security.permission import require
from gemba.app.store import clock
from gemba.app.store.locks import lock
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read, stored
from gemba.execute.ledger import Maker
from gemba.execute.ledger.pick import pick
from gemba.execute.ledger.rules import plain
from gemba.operation import Delivered, Demand, Item, Movement
from gemba.operation.records import ZERO

Made = Callable[[Maker, str, Decimal, str], Movement]  # (maker, uid, quantity, lot)


def receive(
    user: Any, operation: str, uid: str, *, item: str, quantity: Decimal, place: str, supplier: str = "",
    lot: str = "", expires: datetime | None = None, order: str = "", document: str = "",
) -> list[Movement]:  # fmt: skip
    """A supplier has delivered. Of an item with serial numbers ``lot`` holds them all, with commas.

    What has to be inspected on receipt is held until it is accepted; it gets a lot number if none is given. A released
    purchase order that is named is done when all of it has come.

    Raises:
        NotFoundError, OperationError, PermissionDenied: as ``gemba.app.actions.stock.post`` does.
    """
    more: dict[str, Any] = {"order": order, "document": document}
    if expires is not None:
        more["expires"] = expires

    def made(maker: Maker, each: str, part: Decimal, number: str) -> Movement:
        return maker.receipt(each, item, part, place, supplier, lot=number, **more)

    known = _item(operation, item)

    def parts(at: datetime) -> list[tuple[str, Decimal]]:
        return _numbered(known, quantity, lot_number(operation, item, lot))

    def then(moved: list[Movement]) -> None:
        await_inspection(user, operation, moved)
        arrived(user, operation, uid, moved)

    return _moved(user, operation, uid, "receive", parts, made, then)


def issue(
    user: Any, operation: str, uid: str, *, item: str, quantity: Decimal, place: str, order: str, step: str = "",
    lot: str = "",
) -> list[Movement]:  # fmt: skip
    """Material goes to an order; without a lot those that expire first are taken."""
    return _moved(
        user, operation, uid, "issue",
        lambda at: _chosen(operation, item, quantity, place, lot, at, order=order),
        lambda maker, each, part, number: maker.issue(each, item, part, place, order, lot=number, step=step),
    )  # fmt: skip


def transfer(
    user: Any, operation: str, uid: str, *, item: str, quantity: Decimal, place: str, to: str, lot: str = ""
) -> list[Movement]:
    """From one place to another; without a lot those that expire first are taken."""
    return _moved(
        user, operation, uid, "transfer",
        lambda at: _chosen(operation, item, quantity, place, lot, at),
        lambda maker, each, part, number: maker.transfer(each, item, part, place, to, lot=number),
    )  # fmt: skip


def scrap(
    user: Any, operation: str, uid: str, *, item: str, quantity: Decimal, place: str, reason: str, lot: str = ""
) -> list[Movement]:
    """What is of no use any more leaves a place."""
    return _moved(
        user, operation, uid, "scrap",
        lambda at: _numbered(_item(operation, item), quantity, lot),
        lambda maker, each, part, number: maker.scrap(each, item, part, place=place, reason=reason, lot=number),
    )  # fmt: skip


def take_back(
    user: Any, operation: str, uid: str, *, item: str, quantity: Decimal, place: str, customer: str = "",
    demand: str = "", reason: str = "", lot: str = "",
) -> list[Movement]:  # fmt: skip
    """A customer returns what was shipped."""
    more = {"demand": demand, "reason": reason}
    return _moved(
        user, operation, uid, "take back",
        lambda at: _numbered(_item(operation, item), quantity, lot),
        lambda maker, each, part, number: maker.returned(each, item, part, place, customer, lot=number, **more),
    )  # fmt: skip


def ship(
    user: Any, operation: str, uid: str, *, demand: str, quantity: Decimal, lot: str = "", document: str = "",
    documents_right: bool = True, condition_right: bool = True,
) -> list[Movement]:  # fmt: skip
    """A customer is given (part of) what a demand asks for; also writes what SCOR counts of it (Delivered).

    Raises:
        NotFoundError: where there is no such demand.
        RefusedError: where more is shipped than is left of the demand, or than may be used at its place.
    """
    want = next((d for d in current(operation).operation.demands if d.name == demand), None)
    if want is None:
        raise NotFoundError(f"there is no demand {demand!r}")

    def chosen(at: datetime) -> list[tuple[str, Decimal]]:
        left = Decimal(str(want.quantity)) - delivered(operation, demand)
        if quantity > left:
            raise RefusedError(f"Only {plain(max(ZERO, left))} of {demand} are left to deliver.")
        return _chosen(operation, want.item, quantity, want.place, lot, at, demand=demand)

    def made(maker: Maker, each: str, part: Decimal, number: str) -> Movement:
        more = {"lot": number, "demand": demand, "document": document}
        return maker.shipment(each, want.item, part, want.place, want.customer, **more)

    def and_delivered(movements: list[Movement]) -> None:
        fine = {"documents_right": documents_right, "condition_right": condition_right}
        append(operation, [delivery(uid, want, movements, _item(operation, want.item), **fine)], user=user)

    return _moved(user, operation, uid, "ship", chosen, made, and_delivered)


def delivery(uid: str, want: Demand, movements: list[Movement], item: Item, **fine: bool) -> Delivered:
    """What SCOR counts of shipments to a demand."""
    price = item.price if want.price is None else want.price
    return Delivered(
        uid=uid, at=movements[0].at, demand=want.name, item=want.item, place=want.place, customer=want.customer,
        quantity=sum((m.quantity for m in movements), ZERO), ordered=Decimal(str(want.quantity)),
        price=Decimal(str(price)), value=sum((m.value for m in movements), ZERO), due=want.due,
        promised=want.promised, **fine,  # type: ignore[arg-type]
    )  # fmt: skip


def reverse(user: Any, operation: str, uid: str, *, movement: str, reason: str) -> list[Movement]:
    """Take a movement back by its exact reverse; of a shipment the delivery as well.

    Raises:
        NotFoundError: where there is no such movement.
        RefusedError: where no reason is given.
        OperationError: where it is reversed already, or what it brought has been used.
    """
    require(user, "correct_event")
    if not reason.strip():
        raise RefusedError("Say why the movement is reversed.")
    found = next(iter(by_uid(operation, [movement])), None)
    if found is None:
        raise NotFoundError(f"there is no movement {movement!r}")
    require_places(user, operation, [found])
    with transaction.atomic():
        lock(operation)
        back = _maker(user, operation).correction(uid, found, reason)
        added = post_movements(operation, [back], user=user)
        if added:
            _take_back_delivery(user, operation, back, found)
            record(user, "reverse movement", operation, before={"movement": movement}, after={"reason": reason})
    return added


def _take_back_delivery(user: Any, operation: str, back: Movement, of: Movement) -> None:
    name = of.uid.rpartition("/")[0]
    for d in read(operation, "deliveries", uid=name) if of.cause == "shipment" and name else ():
        fields = {
            n: getattr(d, n) for n in ("demand", "item", "place", "customer", "ordered", "price", "due", "promised")
        }
        taken = Delivered(uid=back.uid, at=back.at, quantity=of.quantity, value=of.value, corrects=d.uid, **fields)
        append(operation, [taken], user=user)


def _moved(
    user: Any, operation: str, uid: str, action: str, parts: Callable[[datetime], Iterable[tuple[str, Decimal]]],
    make: Made, then: Callable[[list[Movement]], None] = lambda movements: None,
) -> list[Movement]:  # fmt: skip
    """One movement for each (lot, quantity); with the audit row of the whole. Nothing where the uid is known."""
    require(user, "move_stock")
    with transaction.atomic():
        lock(operation)
        if stored(operation, "movements").filter(uid=f"{uid}/0").exists():
            return []
        maker = _maker(user, operation)
        made = [make(maker, f"{uid}/{n}", part, lot) for n, (lot, part) in enumerate(parts(maker.at))]
        require_places(user, operation, made)
        added = post_movements(operation, made, user=user)
        then(added)
        told = {"item": made[0].item, "quantity": plain(sum((m.quantity for m in made), ZERO)), "uid": uid}
        record(user, action, operation, after=told)
    return added


def _maker(user: Any, operation: str) -> Maker:
    return Maker(costs(operation), clock.now(operation), user.get_username())


def _item(operation: str, name: str) -> Item:
    found = next((i for i in current(operation).operation.items if i.name == name), None)
    if found is None:
        raise NotFoundError(f"there is no item {name!r}")
    return found


def _numbered(item: Item, quantity: Decimal, lot: str) -> list[tuple[str, Decimal]]:
    """The quantity with its lot; of an item with serial numbers one unit for each of them."""
    if item.tracking != "serial":
        return [(lot, quantity)]
    numbers = list(dict.fromkeys(n.strip() for n in lot.split(",") if n.strip()))
    if len(numbers) != quantity:
        raise RefusedError(f"{plain(quantity)} of {item.name} need as many serial numbers; {len(numbers)} are given.")
    return [(number, Decimal(1)) for number in numbers]


def _chosen(
    operation: str, name: str, quantity: Decimal, place: str, lot: str, at: datetime, **whose: str
) -> list[tuple[str, Decimal]]:
    """The lot that was named, or those that go first of what may be used at the place."""
    item = _item(operation, name)
    if lot:
        return _numbered(item, quantity, lot)
    policies = current(operation).operation.stock_policies
    if any(p.item == name and p.place == place and p.supply == "unlimited" for p in policies):
        return [("", quantity)]
    found = pick((s for s in lots(operation, [name], at, **whose) if s.place == place), quantity)
    if found.missing:
        usable = f"{plain(quantity - found.missing)} {item.unit}"
        raise RefusedError(f"Only {usable} of {name} may be used at {place or 'this place'} now.")
    return [(stock.lot, part) for stock, part in found.takes]
