"""Items: materials, components, products, services, by-products and waste; their stock and its policy."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, choice, duration, moment, noun, number, text

ITEM_KINDS = ("material", "component", "product", "service", "consumable", "by-product", "waste")


@noun("items", "name")
class Item(Noun):
    """A material, component, product, service, consumable, by-product or waste."""

    name: str = text("Unique name or number of the item", example="Chair")
    kind: str = choice("What it is", ITEM_KINDS, default="product", example="product")
    family: str = text("Product family, for filters and reports", default="", example="Seating")
    unit: str = text("Unit of measure", default="pc", example="pc")
    cost: float = number("Standard cost of a unit", default=0.0, low=0, unit="currency", example=40)
    price: float = number("Sales price of a unit", default=0.0, low=0, unit="currency", example=95)
    tracking: str = choice(
        "Whether each lot or each unit is told apart", ("none", "lot", "serial"), default="none", example="none"
    )
    shelf_life: float | None = duration(
        "Time from being made to expiry; blank means it does not expire", default=None, example=None
    )
    description: str = text("Free text", default="", example="")


@noun("stocks", "item", "place", "lot")
class Stock(Noun):
    """Quantity on hand of an item at a place."""

    item: str = text("The item", refers_to="items", example="Leg")
    place: str = text("Where it is", default="", refers_to="places", example="Plant North")
    lot: str = text("Lot or serial number, where tracked", default="", example="")
    quantity: float = number("Quantity on hand now", low=0, unit="item unit", example=120)
    expires: datetime | None = moment("When it may no longer be used; blank means never", default=None, example=None)


@noun("stock_policies", "item", "place")
class StockPolicy(Noun):
    """What stock of an item to keep at a place, and how orders for it are sized."""

    item: str = text("The item", refers_to="items", example="Leg")
    place: str = text("Where it is kept", default="", refers_to="places", example="Plant North")
    safety_stock: float = number("Stock to keep against surprises", default=0.0, low=0, unit="item unit", example=20)
    safety_calendar: str = text(
        "Calendar of the safety stock where it changes; replaces safety_stock",
        default="",
        refers_to="calendars",
        example="",
    )
    maximum: float | None = number(
        "Stock to fill up to when replenishing; blank means none", default=None, low=0, unit="item unit", example=None
    )
    period: float = duration(
        "Needs within this time share one order (period order quantity); 0 is lot-for-lot", default=0.0, example="1 d"
    )
    supply: str = choice(
        "planned: replenished by orders; unlimited: always there (not planned)",
        ("planned", "unlimited"),
        default="planned",
        example="planned",
    )
