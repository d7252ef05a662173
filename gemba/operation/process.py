"""Processes: how one lot of goods or one case of a service is made, as a graph of steps."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, between, choice, duration, flag, moment, noun, number, text, whole


@noun("processes", "name")
class Process(Noun):
    """How an item is made or a case is served: a versioned graph of steps (ISA-95 operations definition)."""

    name: str = text("Unique name of the process", example="Make chair")
    item: str = text(
        "What it makes; its last steps yield one unit of it per unit of the order", refers_to="items", example="Chair"
    )
    place: str = text("Where it is done and its item is put", default="", refers_to="places", example="Plant North")
    kind: str = choice(
        "What sort of work it is", ("make", "service", "maintenance", "inspection"), default="make", example="make"
    )
    version: str = text("Version of the definition", default="1", example="1")
    start: datetime | None = moment(
        "Valid for work that starts from here; blank means always", default=None, example=None
    )
    end: datetime | None = moment("Valid for work that starts before; blank means always", default=None, example=None)
    description: str = text("Free text", default="", example="")

    def rules(self) -> list[tuple[str, str]]:
        return [] if between(self.start, self.end) else [("end", "later than start")]


@noun("steps", "process", "name")
class Step(Noun):
    """One piece of work of a process. Time for quantity q is set-up + time + time_per_unit * q, on open hours."""

    process: str = text("The process it belongs to", refers_to="processes", example="Make chair")
    name: str = text("Name of the step within its process", example="Assemble")
    sequence: int = whole(
        "Order of the steps; equal numbers run side by side; unused where step_links are given",
        default=10,
        low=0,
        example=10,
    )
    setup_time: float = duration("Set-up for every lot, whatever came before", default=0.0, example="15 min")
    time: float = duration("Run time of a lot or case, whatever its quantity", default=0.0, example="0 min")
    time_per_unit: float = duration(
        "Run time of each unit (of each batch where batch_size is given)", default=0.0, example="6 min"
    )
    batch_size: float = number(
        "Units worked on together (furnace, vehicle); 0 means one after another", default=0.0, low=0, example=0
    )
    queue_time: float = duration("Time to wait before the step once its inputs are there", default=0.0, example="0 h")
    move_time: float = duration(
        "Time from the step's end until the next may start (move, dry, cool)", default=0.0, example="0 h"
    )
    transfer_lot: float = number(
        "Units after which the next step may start; 0 means after the whole lot", default=0.0, low=0, example=0
    )
    yield_rate: float = number("Share of the units that come out good", default=1.0, above=0, high=1, example=1)
    setup_family: str = text("Set-up family, where resources have a set-up matrix", default="", example="")
    pausable: bool = flag("Whether work may pause while its calendar is closed", default=True, example=True)
    calendar: str = text(
        "Hours in which the step may be done; blank means those of its resources and place",
        default="",
        refers_to="calendars",
        example="",
    )
    fence: float = duration("New work may not start sooner than this after now", default=0.0, example="0 h")
    cost: float = number("Cost of a unit beside its resources' hours", default=0.0, low=0, unit="currency", example=0)
    instructions: str = text("What to do, for the person who does it", default="", example="")


@noun("step_links", "process", "before", "after")
class StepLink(Noun):
    """One step must end before another starts; without any, steps follow their sequence numbers."""

    process: str = text("The process", refers_to="processes", example="Make chair")
    before: str = text("The step that comes first", example="Cut")
    after: str = text("The step that waits for it", example="Assemble")
    minimum_lag: float = duration("Shortest time between them", default=0.0, example="0 h")
    maximum_lag: float | None = duration(
        "Longest time between them; blank means any, 0 means at once", default=None, example=None
    )

    def rules(self) -> list[tuple[str, str]]:
        broken = []
        if self.before == self.after:
            broken.append(("after", "another step than before"))
        if self.maximum_lag is not None and self.maximum_lag < self.minimum_lag:
            broken.append(("maximum_lag", "at least minimum_lag"))
        return broken


@noun("step_resources", "process", "step", "resource", "skill", "start")
class StepResource(Noun):
    """A resource (or any member of a group, or anybody with a skill) that a step needs while it runs."""

    process: str = text("The process", refers_to="processes", example="Make chair")
    step: str = text("The step", example="Assemble")
    resource: str = text(
        "The resource, or a group any of whose members will do; blank with a skill: anybody who has it",
        default="",
        refers_to="resources",
        example="Assemblers",
    )
    skill: str = text("Skill that the one who does it must have", default="", refers_to="skills", example="")
    level: int = whole("Lowest level of that skill", default=0, low=0, example=0)
    quantity: float = number("Units of capacity (or members of the group) taken at once", default=1.0, low=0, example=1)
    fixed_quantity: float = number(
        "Units of a period's capacity taken by each order, whatever its size (resources with a bucket)",
        default=0.0,
        low=0,
        example=0,
    )
    alternative: str = text(
        "Needs with the same label stand in for each other: one of them is used; blank means always needed",
        default="",
        example="",
    )
    priority: int = whole("Among alternatives the lowest number is preferred", default=1, low=0, example=1)
    speed: float = number(
        "Speed of this alternative: 2 halves the step's run time", default=1.0, above=0, high=1000, example=1
    )
    cost: float = number("Extra cost of using it once", default=0.0, low=0, unit="currency", example=0)
    setup_family: str = text("Set-up family on this resource, where it differs from the step's", default="", example="")
    start: datetime | None = moment("Needed or allowed from; blank means always", default=None, example=None)
    end: datetime | None = moment("Needed or allowed until; blank means always", default=None, example=None)

    def rules(self) -> list[tuple[str, str]]:
        broken = [] if between(self.start, self.end) else [("end", "later than start")]
        if not self.resource and not self.skill:
            broken.append(("resource", "a resource, a group or (with skill) blank"))
        return broken


@noun("step_items", "process", "step", "item", "place", "direction", "start")
class StepItem(Noun):
    """An item that a step uses (in) or yields (out): components, by-products, waste."""

    process: str = text("The process", refers_to="processes", example="Make chair")
    step: str = text("The step", example="Assemble")
    item: str = text("The item", refers_to="items", example="Leg")
    place: str = text(
        "Where it is taken from or put; blank means the process's place", default="", refers_to="places", example=""
    )
    direction: str = choice("in: used; out: yielded", ("in", "out"), default="in", example="in")
    quantity: float = number("Quantity for each unit of the order", default=0.0, low=0, unit="item unit", example=4)
    fixed_quantity: float = number(
        "Quantity for each order, whatever its size", default=0.0, low=0, unit="item unit", example=0
    )
    at: str = choice(
        "When: at the step's start or end; blank means start for in, end for out",
        ("", "start", "end"),
        default="",
        example="",
    )
    offset: float = duration("Time after that moment; negative means before", default=0.0, low=None, example="0 h")
    alternative: str = text(
        "Inputs with the same label stand in for each other: one is used; blank means always needed",
        default="",
        example="",
    )
    priority: int = whole("Among alternatives the lowest number is preferred", default=1, low=0, example=1)
    start: datetime | None = moment("Valid from; blank means always", default=None, example=None)
    end: datetime | None = moment("Valid until; blank means always", default=None, example=None)

    def rules(self) -> list[tuple[str, str]]:
        broken = [] if between(self.start, self.end) else [("end", "later than start")]
        if self.quantity == 0 and self.fixed_quantity == 0:
            broken.append(("quantity", "more than 0 (or give fixed_quantity)"))
        return broken
