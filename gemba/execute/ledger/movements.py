"""Movements, made: one function for each cause. The value is the quantity at standard cost."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.execute.ledger.accounts import Account
from gemba.execute.ledger.costs import Costs
from gemba.operation import Movement

Quantity = Decimal | float | int


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the movements that one person writes down at one moment.

    Each function takes the movement's ``uid``, the item, the quantity in the item's unit (more than 0) and the
    accounts it moves between; ``more`` are further fields of Movement, such as lot, step, demand, reason or note.

    Raises:
        OperationError: where a field is not as Movement allows it.
    """

    costs: Costs
    at: datetime
    person: str = ""
    document: str = ""

    def opening(self, uid: str, item: str, quantity: Quantity, place: str, **more: Any) -> Movement:
        """What lay at a place when the ledger was opened."""
        return self._moved("opening", uid, item, quantity, Account("adjustment", "opening"), _store(place), more)

    def receipt(self, uid: str, item: str, quantity: Quantity, place: str, supplier: str = "", **more: Any) -> Movement:
        """A supplier delivers to a place; the lot expires after the item's shelf life unless ``expires`` is given."""
        given = {"expires": self.expiry(item), **more}
        return self._moved("receipt", uid, item, quantity, Account("supplier", supplier), _store(place), given)

    def issue(self, uid: str, item: str, quantity: Quantity, place: str, order: str, **more: Any) -> Movement:
        """A place gives material to an order."""
        given = {"order": order, **more}
        return self._moved("issue", uid, item, quantity, _store(place), Account("wip", order), given)

    def production(self, uid: str, item: str, quantity: Quantity, place: str, order: str, **more: Any) -> Movement:
        """An order puts what it has made into a place; the lot expires after the item's shelf life."""
        given = {"order": order, "expires": self.expiry(item), **more}
        return self._moved("production", uid, item, quantity, Account("wip", order), _store(place), given)

    def by_product(self, uid: str, item: str, quantity: Quantity, place: str, order: str, **more: Any) -> Movement:
        """An order puts what it yields beside its item into a place."""
        given = {"order": order, "expires": self.expiry(item), **more}
        return self._moved("by-product", uid, item, quantity, Account("wip", order), _store(place), given)

    def scrap(
        self,
        uid: str,
        item: str,
        quantity: Quantity,
        *,
        place: str = "",
        order: str = "",
        reason: str = "",
        **more: Any,
    ) -> Movement:
        """What is of no use any more leaves the order (where one is given), else the place. Valued as at the place."""
        given = {"order": order, "reason": reason, **more}
        return self._moved("scrap", uid, item, quantity, _of(order, place), Account("scrap", reason), given, place)

    def waste(
        self, uid: str, item: str, quantity: Quantity, stream: str, *, place: str = "", order: str = "", **more: Any
    ) -> Movement:
        """Waste leaves the order (where one is given), else the place, by its stream."""
        given = {"order": order, **more}
        return self._moved("waste", uid, item, quantity, _of(order, place), Account("waste", stream), given, place)

    def rework(
        self, uid: str, item: str, quantity: Quantity, order: str, *, place: str = "", origin: str = "", **more: Any
    ) -> Movement:
        """What has to be made good goes to an order, from the order it comes from (``origin``), else from a place."""
        given = {"order": order, **more}
        return self._moved("rework", uid, item, quantity, _of(origin, place), Account("wip", order), given, place)

    def shipment(
        self, uid: str, item: str, quantity: Quantity, place: str, customer: str = "", **more: Any
    ) -> Movement:
        """A customer is given what a place has."""
        return self._moved("shipment", uid, item, quantity, _store(place), Account("customer", customer), more)

    def returned(
        self, uid: str, item: str, quantity: Quantity, place: str, customer: str = "", **more: Any
    ) -> Movement:
        """A customer gives back."""
        return self._moved("return", uid, item, quantity, Account("customer", customer), _store(place), more)

    def sent_back(
        self, uid: str, item: str, quantity: Quantity, place: str, supplier: str = "", **more: Any
    ) -> Movement:
        """A supplier is given back."""
        return self._moved("return", uid, item, quantity, _store(place), Account("supplier", supplier), more)

    def unused(self, uid: str, item: str, quantity: Quantity, place: str, order: str, **more: Any) -> Movement:
        """An order gives back material it did not use."""
        given = {"order": order, **more}
        return self._moved("return", uid, item, quantity, Account("wip", order), _store(place), given)

    def transfer(self, uid: str, item: str, quantity: Quantity, place: str, to: str, **more: Any) -> Movement:
        """From one place to another, at the standard cost of the place it comes from."""
        return self._moved("transfer", uid, item, quantity, _store(place), _store(to), more)

    def found(self, uid: str, item: str, difference: Quantity, place: str, **more: Any) -> Movement:
        """A count found more (difference above 0) or less (below 0) than the ledger said."""
        size, account = abs(Decimal(str(difference))), Account("adjustment", "count")
        ends = (account, _store(place)) if difference > 0 else (_store(place), account)
        return self._moved("count", uid, item, size, *ends, more)

    def correction(self, uid: str, of: Movement, reason: str = "") -> Movement:
        """The exact reverse of a movement: same item, lot, quantity and value, the other way round."""
        return dataclasses.replace(
            of, uid=uid, at=self.at, person=self.person, document=self.document, cause="correction", reason=reason,
            corrects=of.uid, from_kind=of.to_kind, from_name=of.to_name, to_kind=of.from_kind, to_name=of.from_name,
        )  # fmt: skip

    def expiry(self, item: str) -> datetime | None:
        """When what is made or received now expires; None: never."""
        known = self.costs.items.get(item)
        return None if known is None or known.shelf_life is None else self.at + timedelta(seconds=known.shelf_life)

    def _moved(
        self, cause: str, uid: str, item: str, quantity: Quantity, source: Account, target: Account,
        more: dict[str, Any], place: str = "",
    ) -> Movement:  # fmt: skip
        exactly = Decimal(str(quantity))
        at_place = next((a.name for a in (source, target) if a.kind == "store"), place)
        fields = {
            "uid": uid, "at": self.at, "item": item, "quantity": exactly, "cause": cause,
            "value": self.costs.value(item, at_place, self.at, exactly), "from_kind": source.kind,
            "from_name": source.name, "to_kind": target.kind, "to_name": target.name, "person": self.person,
            "document": self.document, **more,
        }  # fmt: skip
        return Movement(**fields)


def _store(place: str) -> Account:
    return Account("store", place)


def _of(order: str, place: str) -> Account:
    return Account("wip", order) if order else _store(place)
