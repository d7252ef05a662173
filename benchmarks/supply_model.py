"""Generated supply models (JSON) as operations, and plans in the form their checker reads."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from gemba.operation import (
    Calendar,
    CalendarRule,
    Demand,
    Item,
    Operation,
    Plan,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    Stock,
    SupplyOption,
)
from gemba.operation.moments import iso

_DAY = 86400.0


def operation_of(model: dict[str, Any]) -> Operation:
    """The model as an operation at one unnamed place; a demand's weight is 4 - priority, as the checker scores it."""
    calendar = "Working hours" if model["calendar"] else ""
    return Operation(
        settings=Settings(name="generated", now=datetime.fromisoformat(model["current"])),
        **(_hours() if calendar else {}),
        resources=tuple(
            Resource(name=r["name"], capacity=r["capacity"], calendar=calendar) for r in model["resources"]
        ),
        items=tuple(Item(name=i["name"]) for i in model["items"]),
        demands=tuple(_demand(d) for d in model["demands"]),
        **_sources(model["items"]),
    )


def _hours() -> dict[str, tuple[Any, ...]]:
    rule = CalendarRule(calendar="Working hours", rule=1, days="Mon-Fri", start_time=time(6), end_time=time(22))
    return {"calendars": (Calendar(name="Working hours"),), "calendar_rules": (rule,)}


def _demand(d: dict[str, Any]) -> Demand:
    due = datetime.fromisoformat(d["due"])
    return Demand(
        name=d["name"],
        item=d["item"],
        quantity=d["qty"],
        due=due,
        priority=d["priority"],
        weight=4.0 - d["priority"],
        whole=True,
    )


def _sources(items: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    made = [i for i in items if "make" in i]
    bought = [i for i in items if "buy" in i]
    return {
        "processes": tuple(Process(name=i["name"], item=i["name"]) for i in made),
        "steps": tuple(Step(process=i["name"], name="run", time_per_unit=float(i["make"]["sec_per_piece"])) for i in made),
        "step_resources": tuple(
            StepResource(process=i["name"], step="run", resource=i["make"]["resource"]) for i in made
        ),
        "step_items": tuple(
            StepItem(process=i["name"], step="run", item=part, quantity=n) for i in made for part, n in i["bom"]
        ),
        "supply_options": tuple(
            SupplyOption(name=f"buy {i['name']}", item=i["name"], kind="buy", multiple=i["buy"]["multiple"],
                         lead_time=i["buy"]["leadtime_days"] * _DAY)
            for i in bought
        ),
        "stocks": tuple(Stock(item=i["name"], quantity=i["onhand"]) for i in bought if i.get("onhand")),
    }  # fmt: skip


def plan_document(plan: Plan) -> dict[str, Any]:
    """Orders and deliveries as the models' checker reads them."""
    resources = {t.order: t.resources[0][0] for t in plan.tasks if t.resources}
    orders = [
        {"item": o.item, "kind": o.kind, "qty": o.quantity, "start": iso(o.start, ""), "end": iso(o.end, ""),
         "resource": resources.get(o.id)}
        for o in plan.orders
    ]  # fmt: skip
    deliveries = [{"demand": d.demand, "qty": d.quantity, "date": iso(d.date, "")} for d in plan.deliveries]
    return {"orders": orders, "deliveries": deliveries}
