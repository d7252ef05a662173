"""Supply options: the ways an item can be had at a place (make, buy, move). SCOR: source, make, deliver."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, between, choice, duration, moment, noun, number, text, whole


@noun("suppliers", "name")
class Supplier(Noun):
    """Somebody items are bought from."""

    name: str = text("Unique name of the supplier", example="Timber Ltd")
    calendar: str = text(
        "When it works and ships; lead times count its open hours; blank means always",
        default="",
        refers_to="calendars",
        example="",
    )


@noun("supply_options", "name")
class SupplyOption(Noun):
    """A way to have an item at a place: make it by a process, buy it from a supplier, or move it from elsewhere."""

    name: str = text("Unique name of the option", example="Buy leg from Timber Ltd")
    item: str = text("What it supplies", refers_to="items", example="Leg")
    place: str = text("Where", default="", refers_to="places", example="Plant North")
    kind: str = choice("make, buy or move", ("make", "buy", "move"), example="buy")
    process: str = text("For make: the process", default="", refers_to="processes", example="")
    supplier: str = text("For buy: the supplier", default="", refers_to="suppliers", example="Timber Ltd")
    origin: str = text("For move: the place it comes from", default="", refers_to="places", example="")
    lead_time: float = duration("For buy and move: time from order to arrival", default=0.0, example="5 d")
    minimum: float = number("Smallest order", default=0.0, low=0, unit="item unit", example=50)
    multiple: float = number(
        "Orders are multiples of this; 0 means any quantity", default=0.0, low=0, unit="item unit", example=50
    )
    maximum: float | None = number(
        "Largest order; blank means any", default=None, above=0, unit="item unit", example=None
    )
    cost: float = number("Cost of a unit by this option", default=0.0, low=0, unit="currency", example=3.5)
    order_cost: float = number("Cost of an order, whatever its size", default=0.0, low=0, unit="currency", example=0)
    priority: int = whole("The lowest number is tried first; 0 is never used by itself", default=1, low=0, example=1)
    share: float = number(
        "Share of the quantity where options split it; 0 means by priority", default=0.0, low=0, example=0
    )
    fence: float = duration("New orders may not start sooner than this after now", default=0.0, example="0 d")
    batch_window: float = duration("Needs this far apart may share one order", default=0.0, example="0 d")
    resource: str = text(
        "Capacity it takes from a resource (supplier or transport)", default="", refers_to="resources", example=""
    )
    resource_quantity: float = number("How much of that resource, for each unit", default=1.0, low=0, example=1)
    start: datetime | None = moment(
        "Valid for orders that start from here; blank means always", default=None, example=None
    )
    end: datetime | None = moment("Valid for orders that start before; blank means always", default=None, example=None)

    def rules(self) -> list[tuple[str, str]]:
        broken = [] if between(self.start, self.end) else [("end", "later than start")]
        if self.kind == "make" and not self.process:
            broken.append(("process", "given where kind is make"))
        if self.kind == "move" and self.origin == self.place:
            broken.append(("origin", "another place where kind is move"))
        if self.maximum is not None and self.maximum < self.minimum:
            broken.append(("maximum", "at least minimum"))
        return broken
