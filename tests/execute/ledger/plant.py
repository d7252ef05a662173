"""A small operation whose items are tracked in every way, for the tests of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gemba.execute.ledger import Costs, Maker
from gemba.operation import (
    Customer,
    Demand,
    Item,
    Operation,
    Place,
    Settings,
    Stock,
    StockPolicy,
    Supplier,
)

DAY = 86400.0
AT = datetime(2026, 11, 23, 6, tzinfo=UTC)


def plant(**more: Any) -> Operation:
    """Flour and milk (lots, milk expires) are mixed to dough, baked to bread; ovens have serial numbers; water runs."""
    given: dict[str, Any] = {
        "settings": Settings(name="Bakery", now=AT),
        "places": (Place(name="Store"), Place(name="Shop"), Place(name="Quarantine")),
        "items": (
            Item(name="Flour", kind="material", unit="kg", cost=0.5, tracking="lot"),
            Item(name="Milk", kind="material", unit="l", cost=1, tracking="lot", shelf_life=7 * DAY),
            Item(name="Water", kind="material", unit="l"),
            Item(name="Dough", kind="component", unit="kg", cost=0.9, tracking="lot"),
            Item(name="Bread", cost=2, price=5, tracking="lot", shelf_life=3 * DAY),
            Item(name="Oven", cost=1000, tracking="serial"),
            Item(name="Bag", kind="consumable", cost=0.1),
        ),
        "stocks": (Stock(item="Bag", place="Store", quantity=100),),
        "stock_policies": (StockPolicy(item="Water", place="Store", supply="unlimited"),),
        "suppliers": (Supplier(name="Mill"), Supplier(name="Farm")),
        "customers": (Customer(name="Corner Shop"), Customer(name="School")),
        "demands": (
            Demand(name="SO-1", item="Bread", place="Store", quantity=10, due=AT, customer="School", price=4),
            Demand(name="SO-2", item="Bread", place="Store", quantity=5, due=AT, customer="Corner Shop"),
        ),
    }
    return Operation(**{**given, **more})


def maker(at: datetime = AT) -> Maker:
    return Maker(Costs(plant().items), at)
