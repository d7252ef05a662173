"""Maintenance: meters of the assets, and plans that say when which work on them is due. An asset is a resource."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, choice, duration, moment, noun, number, text, whole


@noun("meters", "name")
class Meter(Noun):
    """A count or a value read from a resource or a place: hours run, strokes, energy, temperature, water."""

    name: str = text("Unique name of the meter", example="Saw 1 hours")
    resource: str = text("The resource it is on", default="", refers_to="resources", example="Saw 1")
    place: str = text("Or the place", default="", refers_to="places", example="")
    kind: str = choice(
        "counter: only goes up (hours, strokes, energy); gauge: a value that goes up and down (temperature)",
        ("counter", "gauge"),
        default="counter",
        example="counter",
    )
    unit: str = text("Unit of the reading", default="h", example="h")
    media: str = choice(
        "What it measures of energy and media; blank: none of them",
        ("", "electricity", "gas", "oil", "heat", "steam", "compressed air", "water", "fuel"),
        default="",
        example="",
    )
    cost: float = number("Cost of a unit", default=0.0, low=0, unit="currency", example=0)
    emissions: float = number(
        "Emissions of a unit, in kg of CO2 equivalent", default=0.0, low=0, unit="kg CO2e", example=0
    )


@noun("maintenance_plans", "name")
class MaintenancePlan(Noun):
    """Preventive work on a resource: after a time, after so much use, or when a value leaves its limits."""

    name: str = text("Unique name of the plan", example="Service of saw 1")
    resource: str = text("The asset", refers_to="resources", example="Saw 1")
    process: str = text("The work to do: a process of kind maintenance", refers_to="processes", example="Service saw")
    trigger: str = choice(
        "What makes it due: time (calendar), use (meter) or a value beyond a limit (condition)",
        ("calendar", "meter", "condition"),
        default="calendar",
        example="calendar",
    )
    interval: float = duration("For calendar: time from one to the next", default=0.0, example="90 d")
    meter: str = text("For meter and condition: the meter", default="", refers_to="meters", example="")
    use: float = number("For meter: use from one to the next, in the meter's unit", default=0.0, low=0, example=500)
    lower: float | None = number("For condition: due when the value is below", default=None, example=None)
    upper: float | None = number("For condition: due when the value is above", default=None, example=None)
    last: datetime | None = moment("When it was last done, before any record; blank: never", default=None, example=None)
    tolerance: float = duration("It may be done this much before or after it is due", default=0.0, example="7 d")
    priority: int = whole("1 is the most important", default=2, low=1, high=1000, example=2)

    def rules(self) -> list[tuple[str, str]]:
        broken = []
        if self.trigger == "calendar" and self.interval <= 0:
            broken.append(("interval", "more than 0 where trigger is calendar"))
        if self.trigger != "calendar" and not self.meter:
            broken.append(("meter", "given where trigger is meter or condition"))
        if self.trigger == "meter" and self.use <= 0:
            broken.append(("use", "more than 0 where trigger is meter"))
        if self.trigger == "condition" and self.lower is None and self.upper is None:
            broken.append(("upper", "given (or lower) where trigger is condition"))
        return broken
