"""Revaluation: stock is worth its quantity at standard cost again after the standard costs have changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gemba.execute.ledger.accounts import Key
from gemba.execute.ledger.balances import Balance
from gemba.execute.ledger.movements import Maker
from gemba.operation import Movement

ACCOUNT = "revaluation"


def revaluations(uid: str, on_hand: Mapping[Key, Balance], maker: Maker) -> list[Movement]:
    """Two movements for each balance above 0 whose value is not its quantity at standard cost now.

    The first takes the quantity out at the value it has, the second puts it back at the new one: so the change of
    value, new - old, is what the account of revaluations has in the end. A value below 0 is put right by the second.
    """
    made: list[Movement] = []
    for key, balance in sorted(on_hand.items()):
        new = maker.costs.value(key.item, key.place, maker.at, balance.quantity)
        if balance.quantity > 0 and new != balance.value:
            made += _pair(f"{uid}/{len(made)}", key, balance.quantity, (balance.value, new), maker)
    return made


def _pair(uid: str, key: Key, quantity: Decimal, values: tuple[Decimal, Decimal], maker: Maker) -> list[Movement]:
    ends: dict[str, Any] = {
        "item": key.item,
        "lot": key.lot,
        "quantity": quantity,
        "at": maker.at,
        "cause": "revaluation",
    }
    store, account = ("store", key.place), ("adjustment", ACCOUNT)
    return [
        Movement(
            uid=f"{uid}{side}", value=value, from_kind=a[0], from_name=a[1], to_kind=b[0], to_name=b[1],
            person=maker.person, document=maker.document, **ends,
        )
        for side, value, a, b in (("out", values[0], store, account), ("in", values[1], account, store))
    ]  # fmt: skip
