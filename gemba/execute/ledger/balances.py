"""Balances: what the movements add up to, as of any moment. This is what every quicker way must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gemba.execute.ledger.accounts import Key, source, target
from gemba.operation import Movement
from gemba.operation.records import ZERO


@dataclass(frozen=True, slots=True)
class Balance:
    """Quantity (item unit) and value (currency) of an account, with what is known of the lot.

    ``since`` is its first arrival at the account and ``expires`` the latest expiry that came with an arrival. Both
    are kept while there is any of it; what came back after that may be counted from its return.
    """

    quantity: Decimal = ZERO
    value: Decimal = ZERO
    since: datetime | None = None
    expires: datetime | None = None

    def plus(self, movement: Movement) -> Balance:
        """After the movement has arrived."""
        return Balance(
            self.quantity + movement.quantity,
            self.value + movement.value,
            movement.at if self.since is None else min(self.since, movement.at),
            movement.expires if self.expires is None else max(self.expires, movement.expires or self.expires),
        )

    def minus(self, movement: Movement) -> Balance:
        """After the movement has left."""
        return Balance(self.quantity - movement.quantity, self.value - movement.value, self.since, self.expires)


def balances(
    movements: Iterable[Movement], at: datetime | None = None, start: Mapping[Key, Balance] | None = None
) -> dict[Key, Balance]:
    """Every account's balance after the movements up to and at this moment; None: after all of them.

    What comes to a quantity and a value of 0 is left out. ``start`` is what there was before the movements.
    """
    found: dict[Key, Balance] = dict(start or {})
    nothing = Balance()
    for movement in movements:
        if at is not None and movement.at > at:
            continue
        left, joined = source(movement), target(movement)
        found[left] = found.get(left, nothing).minus(movement)
        found[joined] = found.get(joined, nothing).plus(movement)
    return {key: balance for key, balance in found.items() if balance.quantity or balance.value}


def on_hand(found: Mapping[Key, Balance]) -> dict[Key, Balance]:
    """Those of the balances that are stock: in a store, and not 0."""
    return {key: balance for key, balance in found.items() if key.account.kind == "store" and balance.quantity}
