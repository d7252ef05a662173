"""What of the stock may be used: on hand, less what is reserved, held or expired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gemba.execute.ledger.accounts import Key
from gemba.execute.ledger.balances import Balance
from gemba.operation import Event, Movement
from gemba.operation.records import ZERO


class Reservation(NamedTuple):
    """What is reserved, and for whom: an order, or a demand (an event's ``subject``). A blank lot: any lot."""

    item: str
    place: str
    lot: str
    order: str
    demand: str


@dataclass(frozen=True, slots=True)
class LotStock:
    """A lot at a place (a blank lot: what is not told apart), and how much of it may be used: quantities in item units.

    ``available`` = on hand - reserved - held - expired, never below 0. A lot that is both held and expired is held.
    """

    item: str
    place: str
    lot: str
    on_hand: Decimal
    reserved: Decimal = ZERO
    held: Decimal = ZERO
    expired: Decimal = ZERO
    since: datetime | None = None
    expires: datetime | None = None

    @property
    def available(self) -> Decimal:
        return max(ZERO, self.on_hand - self.reserved - self.held - self.expired)


def reservations(events: Iterable[Event]) -> dict[Reservation, Decimal]:
    """What is reserved after these events, in item units: reserved less unreserved, where more than 0."""
    found: dict[Reservation, Decimal] = {}
    for event in events:
        if event.kind in ("reserved", "unreserved"):
            key = Reservation(event.item, event.place, event.lot, event.order, event.subject)
            change = event.good if event.kind == "reserved" else -event.good
            found[key] = found.get(key, ZERO) + change
    return {key: quantity for key, quantity in found.items() if quantity > 0}


def used_reservations(movements: Iterable[Movement], reserved: Mapping[Reservation, Decimal]) -> list[Event]:
    """The events that give back what was reserved for an order or a demand, as far as it has now got it."""
    left, events = dict(reserved), list[Event]()
    for m in movements if reserved else ():
        if m.from_kind != "store" or m.cause not in ("issue", "shipment"):
            continue
        quantity = m.quantity
        for key in [r for r in left if (r.item, r.place) == (m.item, m.from_name) and _own(r, m.order, m.demand)]:
            part = min(quantity, left[key]) if key.lot in ("", m.lot) else ZERO
            if part > 0:
                left[key] -= part
                quantity -= part
                events.append(_given_back(m, key, part, len(events)))
    return events


def _given_back(m: Movement, key: Reservation, quantity: Decimal, number: int) -> Event:
    return Event(
        uid=f"{m.uid}/unreserved/{number}", at=m.at, kind="unreserved", item=key.item, place=key.place, lot=key.lot,
        order=key.order, subject=key.demand, good=quantity, person=m.person,
    )  # fmt: skip


def held_lots(events: Iterable[Event]) -> frozenset[tuple[str, str]]:
    """(item, lot) of the lots that are held (in quarantine) after these events: the last of held and freed counts."""
    last: dict[tuple[str, str], Event] = {}
    for event in events:
        known = last.get((event.item, event.lot))
        if event.kind in ("held", "freed") and (known is None or event.at >= known.at):
            last[event.item, event.lot] = event
    return frozenset(lot for lot, event in last.items() if event.kind == "held")


def available(
    on_hand: Mapping[Key, Balance],
    now: datetime,
    reserved: Mapping[Reservation, Decimal] | None = None,
    held: AbstractSet[tuple[str, str]] = frozenset(),
    *,
    order: str = "",
    demand: str = "",
) -> list[LotStock]:
    """Each lot on hand with what of it may be used now; what is reserved for this order or demand may be.

    A reservation of any lot is spread over the usable lots of its item and place, those that expire last first, so
    that it takes least from what should go first.
    """
    lots = [_lot(key, balance, now, held) for key, balance in on_hand.items() if key.account.kind == "store"]
    others = {r: q for r, q in (reserved or {}).items() if not _own(r, order, demand)}
    return _reserved(lots, others) if others else lots


def _own(reservation: Reservation, order: str, demand: str) -> bool:
    return bool(order and reservation.order == order) or bool(demand and reservation.demand == demand)


def _lot(key: Key, balance: Balance, now: datetime, held: AbstractSet[tuple[str, str]]) -> LotStock:
    is_held = (key.item, key.lot) in held
    is_expired = not is_held and balance.expires is not None and balance.expires <= now
    return LotStock(
        key.item, key.place, key.lot, balance.quantity, ZERO, balance.quantity if is_held else ZERO,
        balance.quantity if is_expired else ZERO, balance.since, balance.expires,
    )  # fmt: skip


def _reserved(lots: list[LotStock], reserved: Mapping[Reservation, Decimal]) -> list[LotStock]:
    taken: dict[int, Decimal] = {}
    at: dict[tuple[str, str], list[int]] = {}
    for i in sorted(range(len(lots)), key=lambda i: first_out(lots[i]), reverse=True):
        at.setdefault((lots[i].item, lots[i].place), []).append(i)
    for reservation, quantity in sorted(reserved.items(), key=lambda entry: not entry[0].lot):
        for i in at.get((reservation.item, reservation.place), ()):
            if reservation.lot in ("", lots[i].lot):
                part = min(quantity, lots[i].available - taken.get(i, ZERO))
                taken[i] = taken.get(i, ZERO) + max(ZERO, part)
                quantity -= max(ZERO, part)
    return [_less(lot, taken.get(i, ZERO)) for i, lot in enumerate(lots)]


def _less(lot: LotStock, reserved: Decimal) -> LotStock:
    return LotStock(
        lot.item, lot.place, lot.lot, lot.on_hand, reserved, lot.held, lot.expired, lot.since, lot.expires
    )  # fmt: skip


def first_out(lot: LotStock) -> tuple[bool, datetime | bool, bool, datetime | bool, str]:
    """What lots are sorted by: first expired, first out (FEFO); then first in, first out (FIFO); then by number."""
    return (lot.expires is None, lot.expires or False, lot.since is None, lot.since or False, lot.lot)
