"""From a plan to its scheduling problem: nodes of tasks and orders, waits between steps, machines."""

from __future__ import annotations

import numpy as np

from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.making import Build, spots
from gemba.decide.schedule.pegged import add_deliveries, add_pegs
from gemba.decide.schedule.problem import FETCH, MOMENT, TASK, Problem
from gemba.operation import Operation, Plan, PlannedOrder, PlannedTask
from gemba.operation.worktime import FAR

_GOODS = ("make", "buy", "move")
_SLIGHT = 1e-4 / 86400  # cost of a second's delay of what nothing waits for


def build(operation: Operation, plan: Plan, facts: Facts | None = None) -> Problem:
    """The scheduling problem of a plan; ``facts`` are those of the operation, where they are at hand."""
    b = Build(operation, plan, facts)
    task_node = [_task(b, i, t) for i, t in enumerate(plan.tasks)]
    fetch_node = {i: _fetch(b, i, o) for i, o in enumerate(plan.orders) if o.id not in b.steps}
    for order_id, steps in b.steps.items():
        _links(b, b.orders[order_id], steps)
    flow_at, flow_how = _flows(b)
    add_pegs(b)
    add_deliveries(b)
    return _arrays(b, task_node, fetch_node, flow_at, flow_how)


def _task(b: Build, index: int, t: PlannedTask) -> int:
    order = b.orders[t.order]
    process = b.process(order)
    step = process.steps[t.step] if process else None
    names = tuple(r for r, _ in t.resources)
    calendar, opened = b.hours(process.place if process else "", step.calendar if step else "", names)
    proposed = order.state == "proposed" and t.state == "proposed"
    odd = process is None or t.step in process.odd or any(n in b.shared for n in names)
    release = b.release(order) if proposed else t.start
    if process and step:
        release = max(release, b.facts.now + int(step.fence), process.start)
    node = b.nodes.add(
        TASK, index, t.start, t.end, work=opened.between(t.start, t.end), calendar=calendar,
        whole=bool(step and not step.pausable), release=min(release, t.start), fixed=odd or not proposed,
        goods=order.kind in _GOODS, until=FAR if (order.item, order.place) not in b.facts.safety else t.end,
    )  # fmt: skip
    latest = b.last_start(order, process)
    if proposed and process and t.step in process.first and latest < FAR - 1:
        b.nodes.deadline[node] = max(
            t.end, opened.finish(min(latest, opened.last_open(latest) - 1), b.nodes.work[node])
        )
    _take(b, node, order, t)
    b.steps[t.order][t.step] = node
    return node


def _take(b: Build, node: int, order: PlannedOrder, t: PlannedTask) -> None:
    existing = b.facts.existing.get(t.order) if order.state != "proposed" else None
    if t.end <= t.start or t.state == "done" or (existing and not existing.uses_capacity):
        return
    for name, _ in t.resources:
        if name in b.machines:
            if b.nodes.fixed[node]:
                b.busy.append((b.machines[name], t.start, t.end))
            else:
                b.slots.append((node, b.machines[name]))


def _fetch(b: Build, index: int, order: PlannedOrder) -> int:
    """A bought or moved order, or an existing one without tasks."""
    option = b.facts.options.get(order.option)
    shipping = b.facts.shipping.get(option.supplier, "") if option and option.kind == "buy" else ""
    names = frozenset({shipping} - {""})
    opened = b.facts.hours.open(names)
    proposed = order.state == "proposed" and option is not None and not option.resource
    node = b.nodes.add(
        FETCH, index, order.start, order.end, work=opened.between(order.start, order.end), calendar=b.calendars.number(names),
        release=min(b.release(order), order.start), fixed=not proposed,
        goods=True, until=FAR if (order.item, order.place) not in b.facts.safety else order.end,
    )  # fmt: skip
    latest = b.last_start(order, None)
    if proposed and latest < FAR - 1:
        b.nodes.deadline[node] = max(order.end, opened.finish(latest, b.nodes.work[node]))
    b.fetch[order.id] = node
    return node


def _links(b: Build, order: PlannedOrder, steps: dict[str, int]) -> None:
    process = b.process(order)
    for before, after, wait in process.links if process and order.state == "proposed" else ():
        if before in steps and after in steps:
            b.arcs.append((steps[before], steps[after], wait, 0))


def _flows(b: Build) -> tuple[list[tuple[int, ...]], list[tuple[bool, int]]]:
    """For each flow of proposed work the nodes that set its moment; where that is not so, they are odd."""
    flow_at: list[tuple[int, ...]] = []
    flow_how: list[tuple[bool, int]] = []
    nodes = b.nodes
    for flow in b.plan.flows:
        places = spots(b, b.orders[flow.order], flow.step, flow.item, flow.place, flow.quantity > 0)
        at, how = tuple(p.node for p in places), (places[0].at_end, places[0].offset) if places else (True, 0)
        if at and max((nodes.end[n] if how[0] else nodes.start[n]) for n in at) + how[1] != flow.at:
            for n in at:
                nodes.fixed[n] = True
        if not at or b.facts.perishes(flow.item, flow.place):
            for n in [*at, *b.steps[flow.order].values()] if flow.order in b.steps else at:
                nodes.fixed[n] = True
        flow_at.append(at)
        flow_how.append(how)
    return flow_at, flow_how


def _arrays(
    b: Build,
    task_node: list[int],
    fetch_node: dict[int, int],
    flow_at: list[tuple[int, ...]],
    flow_how: list[tuple[bool, int]],
) -> Problem:
    n = b.nodes
    arcs = np.unique(np.array(b.arcs, np.int64).reshape(-1, 4), axis=0)
    slots = np.array(b.slots, np.int64).reshape(-1, 2)
    fixed = np.array(n.fixed, bool)
    late_busy = [(int(m), n.start[i], n.end[i]) for i, m in slots.tolist() if fixed[i]]  # found odd after its slots
    slots = slots[~fixed[slots[:, 0]]] if len(slots) else slots
    due, weight = np.array(n.due, np.int64), np.array(n.weight)
    idle = np.ones(len(n.kind), bool)
    idle[arcs[:, 0]] = False
    idle &= ~fixed & (due == FAR) & (np.array(n.kind) != MOMENT)
    end = np.array(n.end, np.int64)
    due[idle], weight[idle] = end[idle], _SLIGHT
    fixed |= idle & (np.array(n.kind) == FETCH)  # it fills stock: when it was planned to
    until = np.where(idle, end, np.array(n.until, np.int64))
    until[~np.array(n.goods, bool) | fixed] = -FAR
    return Problem(
        b.plan, b.facts, np.array(n.kind, np.int8), np.array(n.ref, np.int64),
        np.column_stack([np.array(n.start, np.int64), end]),
        np.array(n.work, np.int64), np.array(n.calendar, np.int64), np.array(n.whole, np.int64), np.array(n.release, np.int64),
        due, weight, np.array(n.deadline, np.int64), fixed, until, arcs, slots,
        np.array(b.busy + late_busy, np.int64).reshape(-1, 3), len(b.machines), b.calendars.spans, task_node, fetch_node,
        b.parts, flow_at, flow_how, list(b.machines),
    )  # fmt: skip
