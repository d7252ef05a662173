"""The schedule board's data: columns of numbers, so that 100,000 tasks travel and draw quickly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

import orjson

from gemba.app.queries.loaded import Loaded, identity, loaded
from gemba.app.queries.served import Served, served
from gemba.app.security.scope import Scope, shown
from gemba.operation import Operation, PlannedTask
from gemba.operation.hours import Hours

NORMAL, FIRM, THIN, LATE = range(4)
#: Less time than this between the planned end and the due date is thin slack.
THIN_SLACK = 4 * 3600


def board(plan_id: int, scope: Scope = None) -> dict[str, Any]:
    """The board of a plan (see ``made``); of its resources, those within the scope.

    Raises:
        NotFoundError: where there is no such plan.
    """
    return made(loaded(plan_id), scope)


def board_json(plan_id: int, scope: Scope = None) -> bytes:
    """The same as JSON, kept: a plan does not change, and everybody opens the board first.

    Raises:
        NotFoundError: where there is no such plan (any more).
    """
    return _board_json(*identity(plan_id), scope)


@lru_cache(maxsize=8)
def _board_json(plan_id: int, dataset_id: int, created: datetime, scope: Scope) -> bytes:
    return orjson.dumps(board(plan_id, scope))


def made(seen: Loaded, scope: Scope = None) -> dict[str, Any]:
    """Resources as rows; tasks as columns (a task on two resources is two bars); orders; links; closed hours.

    Moments are seconds since 1970 UTC. ``tasks.row`` and ``tasks.order`` are positions in ``resources`` and
    ``orders``; a link is two positions in the tasks' columns, the earlier task first.
    """
    operation, plan = seen.operation, seen.plan
    rows = _rows(operation, plan.tasks, scope)
    serves = served(operation, plan)
    order_at = {order.id: i for i, order in enumerate(plan.orders)}
    bars, first_bar = _bars(plan.tasks, rows, order_at, serves)
    low = min([plan.now, *bars["start"]])
    high = max([plan.now + 86400, *bars["end"]])
    places = {r.name: r for r in operation.resources}
    return {
        "zone": seen.zone,
        "now": plan.now,
        "t0": low,
        "t1": high,
        "resources": [{"name": r, "group": places[r].group, "place": places[r].place} for r in rows],
        "tasks": bars,
        "orders": [
            {"id": o.id, "item": o.item, "qty": o.quantity, "demand": serves[o.id].demand if o.id in serves else ""}
            for o in plan.orders
        ],
        "links": [[first_bar[a], first_bar[b]] for a, b in _links(seen) if a in first_bar and b in first_bar],
        "closed": list(_closed(operation, rows, low, high)),
    }


def _rows(operation: Operation, tasks: list[PlannedTask], scope: Scope) -> dict[str, int]:
    """The row of each resource: those with work, and those that are no mere group."""
    groups = {r.group for r in operation.resources if r.group}
    used = {name for task in tasks for name, _ in task.resources}
    own = [r.name for r in operation.resources if shown(scope, r.place) and (r.name in used or r.name not in groups)]
    return {name: i for i, name in enumerate(own)}


def _bars(
    tasks: list[PlannedTask], rows: dict[str, int], order_at: dict[str, int], serves: dict[str, Served]
) -> tuple[dict[str, list[Any]], dict[int, int]]:
    """The columns of the bars, and the first bar of each task (by its position)."""
    columns: dict[str, list[Any]] = {n: [] for n in ("row", "start", "end", "setup", "status", "order", "step")}
    first: dict[int, int] = {}
    for i, task in enumerate(tasks):
        status = _status(task, serves.get(task.order))
        for name, _ in task.resources:
            if name not in rows or task.order not in order_at:
                continue
            first.setdefault(i, len(columns["row"]))
            values = (rows[name], task.start, task.end, task.setup, status, order_at[task.order], task.step)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
    return columns, first


def _status(task: PlannedTask, serving: Served | None) -> int:
    if serving is not None and serving.slack < 0:
        return LATE
    if serving is not None and serving.slack < THIN_SLACK:
        return THIN
    return NORMAL if task.state == "proposed" else FIRM


def _links(seen: Loaded) -> Iterator[tuple[int, int]]:
    """Which task feeds which: steps of one order in their precedence, and orders along the pegs."""
    tasks = seen.plan.tasks
    by_order: dict[str, dict[str, int]] = {}
    for i, task in enumerate(tasks):
        by_order.setdefault(task.order, {})[task.step] = i
    before = _precedence(seen.operation)
    process = {order.id: order.process for order in seen.plan.orders}
    for order, steps in by_order.items():
        for a, b in before.get(process.get(order, ""), ()):
            if a in steps and b in steps:
                yield steps[a], steps[b]
    last = {order: max(steps.values(), key=lambda i: tasks[i].end) for order, steps in by_order.items()}
    for peg in seen.plan.pegs:
        if peg.supply in last and peg.order in by_order:
            steps = by_order[peg.order]
            yield last[peg.supply], steps.get(peg.step, min(steps.values(), key=lambda i: tasks[i].start))


def _precedence(operation: Operation) -> dict[str, list[tuple[str, str]]]:
    """Pairs of steps by process, the earlier first: its step links, or else its sequence numbers."""
    found: dict[str, list[tuple[str, str]]] = {}
    for link in operation.step_links:
        found.setdefault(link.process, []).append((link.before, link.after))
    sequence: dict[str, dict[int, list[str]]] = {}
    for step in operation.steps:
        if step.process not in found:
            sequence.setdefault(step.process, {}).setdefault(step.sequence, []).append(step.name)
    for process, steps in sequence.items():
        found[process] = [(a, b) for i, j in pairwise(sorted(steps)) for a in steps[i] for b in steps[j]]
    return found


def _closed(operation: Operation, rows: dict[str, int], low: int, high: int) -> Iterator[list[int]]:
    """Row, start and end of every stretch in which a resource is closed."""
    hours = Hours(operation)
    for name, row in rows.items():
        open_ = hours.open(hours.resource_calendars(name))
        if open_.always:
            continue
        at = low
        for start, end in zip(open_.starts, open_.ends, strict=True):
            if end > at:
                if start > at:
                    yield [row, at, min(start, high)]
                at = end
            if at >= high:
                break
        if at < high:
            yield [row, at, high]
