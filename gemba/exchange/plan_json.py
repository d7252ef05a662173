"""A plan as a JSON document: what other programs read. Its schema is in docs/reference/plan-json.md."""

from __future__ import annotations

from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

import orjson

from gemba.operation import Objective, Operation, Part, Plan, PlannedOrder, PlannedTask, Reason
from gemba.operation.moments import iso

#: The number rises when a field is removed or changes its meaning, not when one is added.
SCHEMA, VERSION = "gemba.plan", 1


def plan_document(operation: Operation, plan: Plan) -> dict[str, Any]:
    """The plan as plain lists and dictionaries; moments as ISO 8601 text in the operation's zone."""
    zone = operation.settings.zone
    return {
        "schema": SCHEMA, "version": VERSION, "operation": plan.operation or operation.name, "now": iso(plan.now, zone),
        "zone": zone, "policy": plan.policy, "seed": plan.seed, "seconds": plan.seconds,
        "objective": plan.objective.value, "bound": plan.objective.bound, "gap": plan.objective.gap,
        "measures": _measures(plan.objective),
        "deliveries": [{"demand": d.demand, "qty": d.quantity, "date": iso(d.date, zone)} for d in plan.deliveries],
        "orders": [_order(order, zone) for order in plan.orders],
        "tasks": [_task(task, zone) for task in plan.tasks],
        "flows": [{"order": f.order, "step": f.step, "item": f.item, "place": f.place, "qty": f.quantity,
                   "at": iso(f.at, zone)} for f in plan.flows],
        "pegs": [{"item": p.item, "place": p.place, "qty": p.quantity, "supply": p.supply, "order": p.order,
                  "demand": p.demand, "step": p.step, "lot": p.lot} for p in plan.pegs],
        "problems": [{"kind": p.kind, "subject": p.subject, "message": p.message, "qty": p.quantity,
                      "start": _moment(p.start, zone), "end": _moment(p.end, zone)} for p in plan.problems],
        "reasons": [_reason(reason, zone) for reason in plan.reasons],
        "violations": list(plan.violations),
    }  # fmt: skip


def write_plan_json(operation: Operation, plan: Plan, path: str | Path) -> None:
    """Write the plan's document as a JSON file.

    Raises:
        OSError: where the file cannot be written.
    """
    Path(path).write_bytes(orjson.dumps(plan_document(operation, plan), option=orjson.OPT_INDENT_2))


def _measures(objective: Objective) -> dict[str, Any]:
    rest = {f.name: getattr(objective, f.name) for f in fields(objective) if f.name not in ("value", "bound")}
    return {name: None if isinstance(v, float) and not isfinite(v) else v for name, v in rest.items()}


def _order(order: PlannedOrder, zone: str) -> dict[str, Any]:
    return {
        "id": order.id, "kind": order.kind, "item": order.item, "place": order.place, "qty": order.quantity,
        "start": iso(order.start, zone), "end": iso(order.end, zone), "option": order.option, "process": order.process,
        "supplier": order.supplier, "origin": order.origin, "state": order.state,
    }  # fmt: skip


def _task(task: PlannedTask, zone: str) -> dict[str, Any]:
    return {
        "order": task.order, "step": task.step, "resources": [name for name, _ in task.resources],
        "units": [units for _, units in task.resources], "start": iso(task.start, zone), "end": iso(task.end, zone),
        "setup_s": task.setup, "qty": task.quantity, "state": task.state,
    }  # fmt: skip


def _reason(reason: Reason, zone: str) -> dict[str, Any]:
    return {
        "demand": reason.demand, "lateness_s": reason.lateness, "short": reason.short, "summary": reason.summary,
        "parts": [_part(part, zone) for part in reason.parts], "chain": [_part(part, zone) for part in reason.chain],
    }  # fmt: skip


def _part(part: Part, zone: str) -> dict[str, Any]:
    return {
        "cause": part.cause, "subject": part.subject, "start": iso(part.start, zone), "end": iso(part.end, zone),
        "seconds": part.seconds, "order": part.order, "step": part.step, "behind": list(part.behind),
    }  # fmt: skip


def _moment(at: int | None, zone: str) -> str | None:
    return None if at is None else iso(at, zone)
