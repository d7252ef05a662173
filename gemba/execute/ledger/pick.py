"""Which lots to take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gemba.execute.ledger.available import LotStock, first_out
from gemba.operation.records import ZERO


@dataclass(frozen=True, slots=True)
class Pick:
    """What to take of which lots, in this order, and how much is missing then (item units)."""

    takes: tuple[tuple[LotStock, Decimal], ...]
    missing: Decimal


def pick(lots: Iterable[LotStock], quantity: Decimal) -> Pick:
    """Take a quantity of an item from the lots that are there, the first to expire first (FEFO).

    Lots without an expiry follow, the first to arrive first (FIFO). Held, expired and reserved stock is not taken.
    """
    takes, left = [], quantity
    for lot in sorted(lots, key=first_out):
        part = min(left, lot.available)
        if part > 0:
            takes.append((lot, part))
            left -= part
    return Pick(tuple(takes), max(ZERO, left))
