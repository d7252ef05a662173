"""What measuring needs to know: shifts, cost rates, and the KPIs that users define themselves."""

from __future__ import annotations

from datetime import time

from gemba.operation.noun import Noun, choice, clock, noun, number, text


@noun("shifts", "name", "place")
class Shift(Noun):
    """A part of the day by which work is counted; it may pass midnight (then it counts to the day it starts on)."""

    name: str = text("Name of the shift", example="Early")
    place: str = text("Where it holds (and inside); blank means everywhere", default="", refers_to="places", example="")
    start: time = clock("Local time it starts", example=time(6))
    end: time = clock("Local time it ends", example=time(14))

    def rules(self) -> list[tuple[str, str]]:
        return [("end", "another time than start")] if self.start == self.end else []


@noun("overheads", "place", "basis")
class Overhead(Noun):
    """Overhead cost that a place charges on its work (absorption costing)."""

    place: str = text(
        "The place (and inside); blank means everywhere", default="", refers_to="places", example="Plant North"
    )
    basis: str = choice(
        "What it is charged on",
        ("labour hours", "machine hours", "material value", "labour cost", "units"),
        default="machine hours",
        example="machine hours",
    )
    rate: float = number("Cost for each unit of the basis (a share for a value or a cost)", low=0, example=12)
    budget: float = number(
        "Budgeted units of the basis in a month, for the volume variance; 0 means none", default=0.0, low=0, example=320
    )


@noun("kpis", "name")
class Kpi(Noun):
    """A key performance indicator defined by its users, beside those of the standards."""

    name: str = text("Unique name of the KPI", example="Chairs per labour hour")
    formula: str = text(
        "Its formula from elements (such as GQ, APT, labour_hours), other KPIs, numbers, + - * / ( )",
        example="GQ / APWT",
    )
    unit: str = text("Unit of its value; % shows it times 100", default="", example="pc/h")
    better: str = choice("Which direction is better", ("higher", "lower"), default="higher", example="higher")
    place: str = text("Where it is used; blank means everywhere", default="", refers_to="places", example="")
    description: str = text("What it tells", default="", example="Output of a paid hour")
