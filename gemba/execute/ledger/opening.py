"""From the stock of the data into the ledger, and from the ledger into what the next plan is made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from gemba.execute.ledger.accounts import Key
from gemba.execute.ledger.balances import Balance
from gemba.execute.ledger.costs import Costs
from gemba.execute.ledger.movements import Maker
from gemba.operation import Movement, Operation, Stock


def opening_movements(operation: Operation, costs: Costs, at: datetime) -> list[Movement]:
    """What makes the ledger equal to the stock of the data: one movement for each stock above 0."""
    maker = Maker(costs, at)
    return [
        maker.opening(f"opening {s.item}/{s.place}/{s.lot}", s.item, s.quantity, s.place, lot=s.lot, expires=s.expires)
        for s in operation.stocks
        if s.quantity >= 0.000001
    ]


def with_stock(
    operation: Operation, balances: Mapping[Key, Balance], held: AbstractSet[tuple[str, str]] = frozenset()
) -> Operation:
    """The operation with the stock of the ledger in place of that of its data, for the next plan.

    Held lots (item, lot) are left out: nothing may be planned with them. Balances below 0, which an unlimited policy
    allows, are no stock. What the operation does not know (any more) is left out as well.
    """
    items, places = {i.name for i in operation.items}, {"", *(p.name for p in operation.places)}
    stocks = [
        Stock(item=key.item, place=key.place, lot=key.lot, quantity=float(found.quantity), expires=found.expires)
        for key, found in sorted(balances.items())
        if key.account.kind == "store" and found.quantity > 0 and key.item in items and key.place in places
        if (key.item, key.lot) not in held
    ]
    return dataclasses.replace(operation, stocks=tuple(stocks), checked=True)
