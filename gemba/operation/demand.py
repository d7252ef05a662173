"""Demands and the orders that are already open."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, choice, duration, flag, moment, noun, number, text, whole

#: Order states in the order an order goes through them. Firm ones are not replanned; started ones are under way.
ORDER_STATES = ("proposed", "firm", "started", "done", "cancelled")


@noun("customers", "name")
class Customer(Noun):
    """Somebody who wants something: a customer, a patient group, a department."""

    name: str = text("Unique name of the customer", example="Office Outlet")


@noun("demands", "name")
class Demand(Noun):
    """A customer's want: an item (or service), a quantity, a due date."""

    name: str = text("Unique name or number of the demand", example="SO-1001")
    item: str = text("What is wanted", refers_to="items", example="Chair")
    place: str = text("Where it is delivered from", default="", refers_to="places", example="Plant North")
    quantity: float = number("How much", above=0, unit="item unit", example=40)
    due: datetime = moment("When it is wanted", example=datetime(2026, 11, 30, 17))
    promised: datetime | None = moment(
        "When it was promised; blank: not promised (the due date counts)", default=None, example=None
    )
    earliest: datetime | None = moment("Work on it may not start before; blank means now", default=None, example=None)
    priority: int = whole("1 is the most important", default=2, low=1, high=1000, example=2)
    weight: float | None = number(
        "Weight of a day's lateness; blank: from the priority, 1 / priority", default=None, low=0, example=None
    )
    customer: str = text("For whom", default="", refers_to="customers", example="Office Outlet")
    whole: bool = flag("Delivered whole (true) or in parts as they are ready", default=False, example=True)
    minimum_delivery: float = number("Smallest part delivered", default=0.0, low=0, unit="item unit", example=0)
    maximum_lateness: float | None = duration(
        "Later than this it is no longer wanted; blank means any", default=None, example=None
    )
    price: float | None = number(
        "Price of a unit; blank means the item's", default=None, low=0, unit="currency", example=None
    )
    status: str = choice(
        "open demands are planned; others are kept for reference",
        ("open", "closed", "cancelled"),
        default="open",
        example="open",
    )


@noun("orders", "name")
class Order(Noun):
    """An order that exists already: firm or under way. The plan respects it."""

    name: str = text("Unique name or number of the order", example="MO-17")
    option: str = text("The supply option it uses", default="", refers_to="supply_options", example="")
    process: str = text("Or the process it runs", default="", refers_to="processes", example="Make chair")
    item: str = text("What it yields", refers_to="items", example="Chair")
    place: str = text("Where", default="", refers_to="places", example="Plant North")
    quantity: float = number("How much", above=0, unit="item unit", example=20)
    start: datetime | None = moment("Planned or actual start", default=None, example=None)
    end: datetime | None = moment("Planned end or arrival", default=None, example=datetime(2026, 11, 25, 12))
    state: str = choice("How far it is", ORDER_STATES, default="firm", example="firm")
    demand: str = text("The demand it is for; blank means any", default="", refers_to="demands", example="")
    uses_inputs: bool = flag("Whether its inputs are still to be taken from stock", default=True, example=True)
    uses_capacity: bool = flag("Whether it still takes capacity", default=True, example=True)

    def rules(self) -> list[tuple[str, str]]:
        if self.start and self.end and self.start > self.end:
            return [("end", "not before start")]
        if self.end is None and self.start is None:
            return [("end", "given, or start")]
        return []


@noun("order_tasks", "order", "step")
class OrderTask(Noun):
    """Where and when a step of an existing order is, or was, done."""

    order: str = text("The order", refers_to="orders", example="MO-17")
    step: str = text("The step of its process", example="Assemble")
    resource: str = text("The resource it is on; several with commas", default="", example="Assembler 1")
    start: datetime = moment("Planned or actual start", example=datetime(2026, 11, 24, 6))
    end: datetime = moment("Planned or expected end", example=datetime(2026, 11, 24, 9))
    state: str = choice("How far it is", ("firm", "started", "done"), default="firm", example="firm")

    def rules(self) -> list[tuple[str, str]]:
        return [] if self.start <= self.end else [("end", "not before start")]
