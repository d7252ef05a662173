"""A small shop for tests: it makes chairs, buys wood and ships chairs to a store; its tables are easy to replace."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from gemba.operation import (
    Calendar,
    CalendarRule,
    Demand,
    Item,
    Operation,
    Place,
    Process,
    Resource,
    ResourceSkill,
    Settings,
    SetupChange,
    SetupMatrix,
    Skill,
    Step,
    StepItem,
    StepLink,
    StepResource,
    Stock,
    Supplier,
    SupplyOption,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)  # a Monday
HOUR, DAY = 3600, 86400


def at(day: int, hour: float = 0) -> datetime:
    """A moment of November 2026, UTC."""
    return datetime(2026, 11, day, int(hour), round(hour % 1 * 60), tzinfo=UTC)


def shop(**tables: Any) -> Operation:
    """The shop, with some of its tables replaced."""
    rows: dict[str, Any] = {
        "settings": Settings(name="Shop", now=NOW, horizon=60 * DAY),
        "calendars": (Calendar(name="Day shift", value=0),),
        "calendar_rules": (
            CalendarRule(calendar="Day shift", rule=1, days="Mon-Fri", start_time=time(6), end_time=time(14)),
        ),
        "places": (Place(name="Plant"), Place(name="Store")),
        "setup_matrices": (SetupMatrix(name="Colours"),),
        "setup_changes": (
            SetupChange(matrix="Colours", before="*", after="*", time=1800),
            SetupChange(matrix="Colours", before="", after="*", time=600),
        ),
        "resources": (
            Resource(name="Saw", place="Plant", calendar="Day shift"),
            Resource(name="Assemblers", place="Plant", calendar="Day shift"),
            Resource(name="Ann", group="Assemblers", place="Plant", calendar="Day shift"),
            Resource(name="Bob", group="Assemblers", place="Plant", calendar="Day shift"),
            Resource(name="Paint", place="Plant", setup_matrix="Colours"),
        ),
        "skills": (Skill(name="Glue"),),
        "resource_skills": (
            ResourceSkill(resource="Ann", skill="Glue", level=2),
            ResourceSkill(resource="Bob", skill="Glue", level=1),
        ),
        "items": (Item(name="Wood"), Item(name="Chair"), Item(name="Dust", kind="waste")),
        "stocks": (Stock(item="Wood", place="Plant", quantity=10),),
        "processes": (Process(name="Make chair", item="Chair", place="Plant"),),
        "steps": (
            Step(process="Make chair", name="Saw", sequence=10, setup_time=600, time_per_unit=360, move_time=1800),
            Step(process="Make chair", name="Assemble", sequence=20, time_per_unit=720, queue_time=600),
            Step(process="Make chair", name="Paint", sequence=30, time=3600, setup_family="red"),
        ),
        "step_resources": (
            StepResource(process="Make chair", step="Saw", resource="Saw"),
            StepResource(process="Make chair", step="Assemble", resource="Assemblers", skill="Glue", level=1),
            StepResource(process="Make chair", step="Paint", resource="Paint"),
        ),
        "step_items": (
            StepItem(process="Make chair", step="Saw", item="Wood", quantity=2),
            StepItem(process="Make chair", step="Saw", item="Dust", direction="out", quantity=0.5),
        ),
        "suppliers": (Supplier(name="Timber", calendar="Day shift"),),
        "supply_options": (
            SupplyOption(name="Buy wood", item="Wood", place="Plant", kind="buy", supplier="Timber",
                         lead_time=16 * HOUR, minimum=20, multiple=10),
            SupplyOption(name="Ship", item="Chair", place="Store", kind="move", origin="Plant", lead_time=4 * HOUR),
        ),
        "demands": (
            Demand(name="SO-1", item="Chair", place="Plant", quantity=5, due=at(23, 18)),
            Demand(name="SO-2", item="Chair", place="Store", quantity=10, due=at(24, 14), whole=True),
        ),
    }  # fmt: skip
    return Operation(**{**rows, **tables})


def links(*pairs: tuple[str, str], **more: Any) -> tuple[StepLink, ...]:
    """Step links of the chair's process."""
    return tuple(StepLink(process="Make chair", before=a, after=b, **more) for a, b in pairs)
