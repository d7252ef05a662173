"""A small operation and a plan for it, written by hand, that the tests of measures share."""

from __future__ import annotations

from datetime import datetime, time

from gemba.operation import (
    Calendar,
    CalendarRule,
    Delivery,
    Demand,
    Flow,
    Item,
    Operation,
    Part,
    Plan,
    PlannedOrder,
    PlannedTask,
    Process,
    Reason,
    Resource,
    Settings,
    Step,
    StepResource,
    Stock,
    SupplyOption,
)
from gemba.operation.moments import from_local, moment

BERLIN = "Europe/Berlin"


def at(day: int, hour: int = 0, minute: int = 0) -> int:
    """A moment of November 2026 on the wall clocks of Berlin; the 23rd is a Monday."""
    return from_local(datetime(2026, 11, day, hour, minute), BERLIN)


def local(day: int, hour: int = 0) -> datetime:
    return moment(at(day, hour))


def shop(**tables: tuple) -> Operation:
    """A saw open 06:00 to 14:00 on workdays, always two of it, and an oven that is always open."""
    return Operation(**{
        "settings": Settings(name="Shop", now=local(23, 6), zone=BERLIN),
        "calendars": (Calendar(name="Shift"),),
        "calendar_rules": (
            CalendarRule(calendar="Shift", rule=1, days="Mon-Fri", start_time=time(6), end_time=time(14)),
        ),
        "resources": (Resource(name="Saw", calendar="Shift", capacity=2), Resource(name="Oven"), Resource(name="Idle")),
        "items": (Item(name="Chair"), Item(name="Leg")),
        "stocks": (Stock(item="Leg", quantity=30), Stock(item="Leg", lot="B", quantity=10)),
        "processes": (Process(name="Make", item="Chair"),),
        "steps": (
            Step(process="Make", name="Cut", time=3600), Step(process="Make", name="Bake", sequence=20, time=3600),
        ),
        "step_resources": (StepResource(process="Make", step="Cut", resource="Saw"),),
        "supply_options": (SupplyOption(name="Buy", item="Leg", kind="buy", resource="Oven", resource_quantity=0.5),),
        "demands": (
            Demand(name="Early", item="Chair", quantity=4, due=local(24, 12)),
            Demand(name="Late", item="Chair", quantity=6, due=local(24, 12), priority=1),
            Demand(name="Short", item="Chair", quantity=5, due=local(24, 12)),
            Demand(name="Closed", item="Chair", quantity=5, due=local(24, 12), status="closed"),
        ),
        **tables,
    })  # fmt: skip


def plan() -> Plan:
    """Ten chairs: cut from Monday noon over the night, baked on Tuesday, delivered 4 on time and 6 a day late."""
    reasons = [Reason("Late", 86400, 0, (Part("resource", at(24, 12), at(24, 20), subject="Saw"),
                                         Part("closed", at(24, 20), at(25, 12), subject="Shift")),
                      summary="Late waits for the saw."),
               Reason("Short", 0, 3, (), summary="No legs.")]  # fmt: skip
    return Plan(
        "Shop", at(23, 6),
        orders=[PlannedOrder("MO-1", "make", "Chair", "", 10, at(23, 12), at(24, 11), process="Make"),
                PlannedOrder("PO-1", "buy", "Leg", "", 20, at(23, 6), at(24, 6), option="Buy")],
        tasks=[PlannedTask("MO-1", "Cut", at(23, 12), at(24, 8), (("Saw", 2.0),), setup=600, quantity=10),
               PlannedTask("MO-1", "Bake", at(24, 9), at(24, 11), (("Oven", 1.0),), quantity=10)],
        flows=[Flow("MO-1", "Cut", "Leg", "", -40, at(23, 12)), Flow("MO-1", "Bake", "Chair", "", 10, at(24, 11)),
               Flow("PO-1", "", "Leg", "", 20, at(24, 6))],
        deliveries=[Delivery("Early", 4, at(24, 11)), Delivery("Late", 2, at(24, 11)), Delivery("Late", 4, at(25, 12)),
                    Delivery("Short", 2, at(24, 12))],
        reasons=reasons,
    )  # fmt: skip
