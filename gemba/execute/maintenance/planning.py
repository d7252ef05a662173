"""How a plan makes room: maintenance that is due as demands of their own, and what is down now as closed hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from gemba.execute.maintenance.due import Due
from gemba.operation import Operation, Process, StepResource
from gemba.operation.closing import close
from gemba.operation.demand import Demand

#: Demands for maintenance begin so; no customer's does.
MARK = "Maintenance: "


def demand_name(plan: str) -> str:
    return f"{MARK}{plan}"


def plan_of(demand: str) -> str:
    """The maintenance plan that a demand stands for; blank where it stands for none."""
    return demand.removeprefix(MARK) if demand.startswith(MARK) else ""


def with_maintenance(operation: Operation, due: Iterable[Due], ordered: Iterable[str] = ()) -> Operation:
    """The operation with a demand for each maintenance plan that is due within the horizon.

    The demand is for one unit of what the plan's process yields; work on it may begin when the tolerance does, and it
    is late when the tolerance is over. So the planner places the work on the asset, with people, spare parts and
    everything else the process needs, and no other work then. A process that does not name the asset itself is
    copied for it. What such processes yield is not taken from stock.

    Args:
        ordered: plans (by name) for which an order is open already; they are left out.
    """
    end, skip = operation.now + timedelta(seconds=operation.settings.horizon), set(ordered)
    for d in due:
        if d.due is not None and d.earliest is not None and d.earliest < end and d.plan.name not in skip:
            operation = _with(operation, d, d.due, end)
    return operation


def _with(operation: Operation, d: Due, due: datetime, end: datetime) -> Operation:
    base = next(p for p in operation.processes if p.name == d.plan.process)
    operation, process = _on_asset(operation, base, d.plan.resource)
    tolerance = timedelta(seconds=d.plan.tolerance)
    wanted = Demand(
        name=demand_name(d.plan.name), item=process.item, place=process.place, quantity=1,
        due=min(max(due + tolerance, operation.now), end), earliest=max(due - tolerance, operation.now),
        priority=d.plan.priority, whole=True,
    )  # fmt: skip
    return replace(
        operation,
        demands=(*operation.demands, wanted),
        stocks=tuple(s for s in operation.stocks if s.item != process.item),
        checked=True,
    )


def _on_asset(operation: Operation, base: Process, asset: str) -> tuple[Operation, Process]:
    """The process as it is where each of its steps names the asset; else a copy whose steps do."""
    own = [r for r in operation.step_resources if r.process == base.name]
    steps = [s for s in operation.steps if s.process == base.name]
    if all(any(r.step == s.name and r.resource == asset for r in own) for s in steps):
        return operation, base
    name = f"{base.name} on {asset}"
    made = next((p for p in operation.processes if p.name == name), None)
    if made is not None:
        return operation, made
    group = next(r.group for r in operation.resources if r.name == asset)
    item = next(i for i in operation.items if i.name == base.item)
    process = replace(base, name=name, item=f"{base.item} on {asset}")
    kept = [replace(r, process=name) for r in own if r.resource not in (asset, group) or (r.skill and not r.resource)]
    needs = [StepResource(process=name, step=s.name, resource=asset) for s in steps]
    return replace(
        operation,
        items=(*operation.items, replace(item, name=process.item)),
        processes=(*operation.processes, process),
        steps=(*operation.steps, *(replace(s, process=name) for s in steps)),
        step_links=(
            *operation.step_links,
            *(replace(r, process=name) for r in operation.step_links if r.process == base.name),
        ),
        step_items=(
            *operation.step_items,
            *(replace(r, process=name) for r in operation.step_items if r.process == base.name),
        ),
        step_resources=(*operation.step_resources, *kept, *needs),
        checked=True,
    ), process


def with_breakdowns(operation: Operation, down: Mapping[str, datetime], now: datetime) -> Operation:
    """The operation with resources that are down closed from now until they are expected up again (``down``).

    Each gets a calendar of its own: the one it has, with an exception that wins over all its rules.
    """
    for resource in operation.resources:
        until = down.get(resource.name)
        if until is not None and until > now:
            operation = close(operation, resource, now, until, f"{resource.name}, down")
    return operation
