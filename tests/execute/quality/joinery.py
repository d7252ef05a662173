"""A small joinery that saws boards to legs, and what it inspects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gemba.operation import (
    Characteristic,
    Customer,
    Item,
    Operation,
    Place,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    Supplier,
)

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
NAME = "Joinery"


def joinery(**more: Any) -> Operation:
    """Boards are inspected on receipt (level II, AQL 2.5), legs while they are sawn and when they are done."""
    given: dict[str, Any] = {
        "settings": Settings(name=NAME, now=AT),
        "places": (Place(name="Mill"), Place(name="Yard")),
        "resources": (Resource(name="Saw 1", kind="equipment", place="Mill"),),
        "items": (
            Item(name="Board", kind="material", cost=7),
            Item(name="Leg", kind="component", cost=9, tracking="lot"),
        ),
        "processes": (Process(name="Make legs", item="Leg", place="Mill"),),
        "steps": (
            Step(process="Make legs", name="Saw", sequence=10, time_per_unit=60),
            Step(process="Make legs", name="Plane", sequence=20, time_per_unit=30),
        ),
        "step_items": (StepItem(process="Make legs", step="Saw", item="Board", direction="in", quantity=1),),
        "suppliers": (Supplier(name="Merchant"),),
        "customers": (Customer(name="Outlet"),),
        "characteristics": (
            Characteristic(
                name="Board faults", item="Board", when="receipt", kind="defectives", chart="p", subgroup=50,
                level="II", aql=2.5,
            ),
            Characteristic(
                name="Leg length", process="Make legs", step="Saw", unit="mm", target=430.0, lower=427.0, upper=433.0,
                chart="i_mr", subgroup=1,
            ),
            Characteristic(name="Leg finish", item="Leg", when="final", kind="defects", chart="c", subgroup=10, upper=4.0),
        ),
    }  # fmt: skip
    return Operation(**{**given, **more})


def after(hours: float) -> datetime:
    return AT + timedelta(hours=hours)
