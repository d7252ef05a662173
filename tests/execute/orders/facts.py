"""A small shop: chairs are cut and assembled from four legs each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.execute.orders import LiveOrder, LiveTask, OrderProgress, TaskProgress
from gemba.operation import (
    Calendar,
    CalendarRule,
    Customer,
    Demand,
    Event,
    Item,
    Operation,
    Place,
    Process,
    ReleasedOrder,
    ReleasedTask,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    Stock,
    SupplyOption,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)  # a Monday


def at(hours: float) -> datetime:
    """Hours after the shop's now."""
    return NOW + timedelta(hours=hours)


def shop(**more: Any) -> Operation:
    tables: dict[str, Any] = {
        "settings": Settings(name="Shop", now=NOW, horizon=30 * 86400.0),
        "calendars": (Calendar(name="Early"),),
        "calendar_rules": (
            CalendarRule(calendar="Early", rule=1, days="Mon-Fri", start_time=NOW.time(), end_time=at(8).time()),
        ),
        "places": (Place(name="Shop"),),
        "resources": (
            Resource(name="Saw", place="Shop", cost_per_hour=30.0),
            Resource(name="Bench", place="Shop", calendar="Early"),
        ),
        "items": (Item(name="Chair", cost=40.0, price=95.0), Item(name="Leg", kind="component", cost=3.5)),
        "stocks": (Stock(item="Leg", place="Shop", quantity=400.0),),
        "processes": (Process(name="Make chair", item="Chair", place="Shop"),),
        "steps": (
            Step(process="Make chair", name="Cut", sequence=10, setup_time=600.0, time_per_unit=60.0),
            Step(process="Make chair", name="Assemble", sequence=20, time_per_unit=360.0),
        ),
        "step_resources": (
            StepResource(process="Make chair", step="Cut", resource="Saw"),
            StepResource(process="Make chair", step="Assemble", resource="Bench"),
        ),
        "step_items": (StepItem(process="Make chair", step="Cut", item="Leg", quantity=4.0),),
        "supply_options": (SupplyOption(name="Chair", item="Chair", place="Shop", kind="make", process="Make chair"),),
        "customers": (Customer(name="Outlet"),),
        "demands": (Demand(name="SO-1", item="Chair", place="Shop", quantity=10.0, due=at(48), customer="Outlet"),),
        **more,
    }
    return Operation(**tables)


def head(order: str = "MO-1", quantity: int = 10, **more: Any) -> ReleasedOrder:
    return ReleasedOrder(
        uid=order, at=NOW, order=order, item="Chair", place="Shop", quantity=Decimal(quantity), process="Make chair",
        option="Chair", start=NOW, end=at(3), **more,
    )  # fmt: skip


def tasks(order: str = "MO-1", quantity: int = 10, start: float = 0.0) -> list[ReleasedTask]:
    q = Decimal(quantity)
    return [
        ReleasedTask(
            uid=f"{order}-cut", at=NOW, order=order, step="Cut", sequence=10, resource="Saw", place="Shop",
            start=at(start), end=at(start + 1 / 3), setup=600.0, run=60.0 * quantity, quantity=q,
        ),
        ReleasedTask(
            uid=f"{order}-assemble", at=NOW, order=order, step="Assemble", sequence=20, resource="Bench", place="Shop",
            start=at(start + 1 / 3), end=at(start + 4 / 3), run=360.0 * quantity, quantity=q,
        ),
    ]  # fmt: skip


def event(kind: str, hours: float, step: str = "Cut", **more: Any) -> Event:
    return Event(uid=f"{kind}-{step}-{hours}", at=at(hours), kind=kind, order="MO-1", step=step, item="Chair", **more)


def live(progress: dict[str, TaskProgress] | None = None, order: str = "MO-1", quantity: int = 10, start: float = 0.0,
         state: str = "released") -> LiveOrder:  # fmt: skip
    progress = progress or {}
    own = [LiveTask(t, progress.get(t.step, TaskProgress(order, t.step, NOW))) for t in tasks(order, quantity, start)]
    good = progress["Assemble"].good if "Assemble" in progress else Decimal(0)
    return LiveOrder(head(order, quantity), OrderProgress(order, NOW, state, good=good), tuple(own))
