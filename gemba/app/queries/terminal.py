"""What a terminal needs to go on working without a connection: its tasks with all that belongs to them, and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from gemba.app.queries import work
from gemba.app.queries.calls import Call, open_calls
from gemba.app.queries.current import Current, current
from gemba.app.store.clock import now, stands
from gemba.app.store.records import read
from gemba.execute.orders import LiveOrder, LiveTask
from gemba.execute.safety import acknowledgements, applies, check_lines, subject_of, valid
from gemba.operation import Document

#: Tasks on a terminal; what comes after them is on the dispatch list.
MOST = 30


def terminal(
    operation: str, user: Any, *, place: str = "", resource: str = "", person: str = ""
) -> dict[str, Any]:  # fmt: skip
    """A terminal's tasks, soonest first, and the lists that people choose from, in plain values.

    A person without a work centre or machine sees what is planned on that person.
    """
    here, moment = current(operation), now(operation)
    chosen = resource or (person if person in here.resources and not place else "")
    rows = work.dispatch(operation, user, place=place, resource=chosen)
    centre = place or here.place_of(chosen)
    return {
        "operation": operation, "now": moment.timestamp(), "stands": stands(operation),
        "user": user.get_username(), "zone": here.operation.settings.zone, "more": max(0, len(rows) - MOST),
        "tasks": _tasks(here, rows[:MOST], moment, person or user.get_username(), chosen),
        "reasons": _reasons(here, centre), "calls": [call_row(c) for c in open_calls(operation, user)],
        "call_kinds": [
            {"name": k.name, "first": k.first, "minutes": k.minutes / 60, "next": k.next, "stops": k.stops}
            for k in here.operation.call_kinds if not k.place or not centre or k.place == centre
        ],
        "people": [r.name for r in here.operation.resources if r.kind == "person"],
        "lots": _lots(here, operation, rows[:MOST], moment), "down": work.downs(operation),
    }  # fmt: skip


def _reasons(here: Current, place: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in ("scrap", "rework", "pause", "down")}
    for reason in here.operation.reason_codes:
        if reason.kind in found and (not reason.place or not place or reason.place == place):
            found[reason.kind].append(reason.name)
    return found


def _lots(here: Current, operation: str, rows: Sequence[work.Dispatched], at: datetime) -> list[dict[str, Any]]:
    """Lots of the tracked materials of these tasks that may be used."""
    shapes = [here.shapes[r.live.order.process] for r in rows if r.live.order.process in here.shapes]
    tracked = {i.name for i in here.operation.items if i.tracking != "none"}
    used = {i.item for s in shapes for steps in s.items.values() for i in steps if i.direction == "in"} & tracked
    found = work.stock(operation, used, at) if used else []
    return [
        {"item": s.item, "lot": s.lot, "place": s.place, "quantity": float(s.available)} for s in found if s.available
    ]


def _tasks(
    here: Current, rows: Sequence[work.Dispatched], at: datetime, person: str, resource: str
) -> list[dict[str, Any]]:  # fmt: skip
    operation = here.operation.name
    orders = [r.live.order.order for r in rows]
    checked: dict[tuple[str, str], list[dict[str, str]]] = {}
    for e in read(operation, "events", kind="checked", order__in=orders) if orders else ():
        checked.setdefault((e.order, e.step), []).append({"subject": e.subject, "reason": e.reason})
    valid_now = [d for d in here.operation.documents if valid(d, at)]
    known = {s for who, s in acknowledgements(read(operation, "events", kind="acknowledged", person=person))}
    return [
        {**next_row(r), **_how(here, r), "documents": _documents(here, r, valid_now, known, resource),
         "checked": checked.get((r.live.order.order, r.task.task.step), [])}
        for r in rows
    ]  # fmt: skip


def _how(here: Current, row: work.Dispatched) -> dict[str, Any]:
    """How the step is done: its instructions and what it uses for each unit."""
    shape, step = here.shapes.get(row.live.order.process), row.task.task.step
    found = next((s for s in shape.steps if s.name == step), None) if shape else None
    tracking = {i.name: (i.tracking, i.unit) for i in here.operation.items}
    inputs = [
        {"item": i.item, "quantity": i.quantity, "tracking": tracking[i.item][0], "unit": tracking[i.item][1]}
        for i in (shape.items.get(step, ()) if shape else ()) if i.direction == "in" and i.item in tracking
    ]  # fmt: skip
    unit = tracking.get(row.live.order.item, ("", ""))[1]
    return {"instructions": found.instructions if found else "", "inputs": inputs, "unit": unit,
            "setup": row.task.task.setup, "run": row.task.task.run}  # fmt: skip


def _documents(
    here: Current, row: work.Dispatched, every: Sequence[Document], known: set[str], resource: str
) -> list[dict[str, Any]]:  # fmt: skip
    head, task = row.live.order, row.task.task
    names = (*row.names, resource)
    found = [
        d for d in every
        if applies(
            d, here.operation, place=task.place or head.place, process=head.process, step=task.step, item=head.item,
            resource=d.resource if d.resource in names else "",
        )
    ]  # fmt: skip
    return [
        {"subject": subject_of(d), "name": d.name, "version": d.version, "kind": d.kind, "text": d.text,
         "lines": check_lines(d) if d.kind == "checklist" else [],
         "ask": d.acknowledged and subject_of(d) not in known}
        for d in found
    ]  # fmt: skip


def next_row(d: work.Dispatched) -> dict[str, Any]:
    """A row of the dispatch list in plain values."""
    head = d.live.order
    return {
        **task_row(d.live, d.task), "resources": list(d.names), "waits_for": list(d.waits_for), "late": d.late,
        "quantity": float(d.reaching), "left": float(d.quantity),
        "due": iso(head.due), "priority": head.priority, "demand": head.demand, "customer": head.customer,
    }  # fmt: skip


def task_row(live: LiveOrder, t: LiveTask) -> dict[str, Any]:
    """A task of a released order in plain values."""
    task, at = t.task, t.progress
    return {
        "order": task.order, "step": task.step, "sequence": task.sequence, "item": live.order.item,
        "kind": live.order.kind, "place": task.place or live.order.place,
        "resources": [r.strip() for r in task.resource.split(",") if r.strip()],
        "quantity": float(task.quantity), "left": float(max(task.quantity - at.processed, Decimal(0))),
        "good": float(at.good), "scrap": float(at.scrap), "rework": float(at.rework), "state": at.state,
        "since": iso(at.since), "planned_start": iso(task.start), "planned_end": iso(task.end),
        "start": iso(at.start), "end": iso(at.end), "seconds": at.seconds,
    }  # fmt: skip


def call_row(c: Call) -> dict[str, Any]:
    """An open call in plain values."""
    return {
        "number": c.number, "category": c.category, "place": c.place, "resource": c.resource, "order": c.order,
        "step": c.step, "person": c.person, "title": c.title, "state": c.state, "owner": c.owner, "at": iso(c.at),
        "seconds": c.seconds, "roles": list(c.roles), "escalated": c.escalated,
    }  # fmt: skip


def iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
