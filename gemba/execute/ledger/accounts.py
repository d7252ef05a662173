"""Accounts: where an item can be, and between which of them each cause may move it."""

from __future__ import annotations

from typing import NamedTuple

from gemba.operation import Movement


class Account(NamedTuple):
    """One side of a movement: its kind, and which one (a place, an order, a supplier, a customer, a reason)."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class Key(NamedTuple):
    """What a balance is kept of: an item, a lot of it (blank: not told apart), and the account."""

    item: str
    lot: str
    account: Account

    @property
    def place(self) -> str:
        return self.account.name


#: Accounts at which items enter or leave the operation. Everywhere else what goes in is what came out.
BORDERS = frozenset({"supplier", "customer", "scrap", "waste", "adjustment"})

_STORE_OR_WIP = ("store", "wip")
#: The kinds of account that each cause moves between, as (from, to). A correction may be any of them, reversed.
PAIRS: dict[str, frozenset[tuple[str, str]]] = {
    "opening": frozenset({("adjustment", "store"), ("adjustment", "wip")}),
    "receipt": frozenset({("supplier", "store")}),
    "issue": frozenset({("store", "wip")}),
    "production": frozenset({("wip", "store"), ("wip", "customer")}),
    "by-product": frozenset({("wip", "store")}),
    "scrap": frozenset((kind, "scrap") for kind in _STORE_OR_WIP),
    "rework": frozenset({("store", "wip"), ("wip", "wip")}),
    "shipment": frozenset({("store", "customer")}),
    "return": frozenset({("customer", "store"), ("store", "supplier"), ("wip", "store")}),
    "transfer": frozenset({("store", "store")}),
    "count": frozenset({("adjustment", "store"), ("store", "adjustment")}),
    "revaluation": frozenset({("adjustment", "store"), ("store", "adjustment")}),
    "waste": frozenset((kind, "waste") for kind in _STORE_OR_WIP),
}
#: Causes that use up a lot or hand it to a customer: an expired or held lot may not go that way.
USES = frozenset({"issue", "rework", "shipment"})


def source(movement: Movement) -> Key:
    """What the movement takes from."""
    return Key(movement.item, movement.lot, Account(movement.from_kind, movement.from_name))


def target(movement: Movement) -> Key:
    """What the movement adds to."""
    return Key(movement.item, movement.lot, Account(movement.to_kind, movement.to_name))
