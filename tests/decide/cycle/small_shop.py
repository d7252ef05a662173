"""A small shop by hand: two saws that stand in for each other, a bench, bought boards; four orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gemba.operation import (
    Demand,
    Item,
    Operation,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    SupplyOption,
)

NOW = datetime(2026, 3, 2, 6)
HOUR = timedelta(hours=1)


def shop(demands: int = 4, saws: int = 2, **changes: Any) -> Operation:
    """Each table: 2 h on a saw, 1 h on the bench, a board that takes 10 h to come; due every 3 h after 14 h."""
    tables: dict[str, Any] = {
        "settings": Settings(name="shop", now=NOW, horizon=30 * 86400.0),
        "resources": (
            Resource(name="Saws"), *(Resource(name=f"Saw {k + 1}", group="Saws") for k in range(saws)), Resource(name="Bench"),
        ),
        "items": (Item(name="Table"), Item(name="Board")),
        "processes": (Process(name="Make", item="Table"),),
        "steps": (
            Step(process="Make", name="saw", sequence=1, time=7200.0),
            Step(process="Make", name="join", sequence=2, time=3600.0),
        ),
        "step_resources": (
            StepResource(process="Make", step="saw", resource="Saws"),
            StepResource(process="Make", step="join", resource="Bench"),
        ),
        "step_items": (StepItem(process="Make", step="saw", item="Board", quantity=1),),
        "supply_options": (
            SupplyOption(name="Make table", item="Table", kind="make", process="Make"),
            SupplyOption(name="Buy board", item="Board", kind="buy", lead_time=36000.0, cost=5.0),
        ),
        "demands": tuple(
            Demand(name=f"D{k}", item="Table", quantity=1, whole=True, weight=1.0, due=NOW + (14 + 3 * k) * HOUR)
            for k in range(demands)
        ),
    }  # fmt: skip
    return Operation(**{**tables, **changes})
