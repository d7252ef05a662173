"""What is there before planning: stock on hand, and the orders that are firm or under way."""

from __future__ import annotations

from typing import Any

from gemba.decide.supply.builder import Builder
from gemba.decide.supply.compile import buffer
from gemba.decide.supply.draft import EPS
from gemba.decide.supply.network import (
    BufferNode,
    Lot,
    NeedNode,
    Network,
    OptionNode,
    OrderNode,
    PegNode,
    ResourceNode,
    StepNode,
    TaskNode,
)
from gemba.decide.supply.picks import own_efficiency
from gemba.operation import Order, OrderTask
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR


def seed_stock(builder: Builder) -> None:
    """Stock on hand becomes lots that are there now."""
    for at in builder.net.buffers.values():
        for s in at.stocks:
            if s.quantity > 0:
                expires = seconds(s.expires) if s.expires else FAR
                builder.draft.add_lot(at, Lot(builder.net.now, s.quantity, s.quantity, None, s.lot, expires))


def seed_orders(builder: Builder) -> list[OrderNode]:
    """Existing orders take their capacity and yield their outputs; their inputs are taken by ``seed_inputs``."""
    nodes = []
    wanted = {d.name: [d, d.quantity] for d in builder.net.demands}
    for data, tasks in builder.net.orders:
        node = _existing(builder.net, data, tasks)
        if data.uses_capacity:
            for task in [*node.tasks, *_transport(node)]:
                builder.draft.reserve(task, builder.net.now)
        for name, at, quantity, moment in _outputs(builder.net, node, data):
            node.flows.append((name, at, quantity, moment))
            there = max(moment, builder.net.now)
            expires = there + at.shelf_life if at.shelf_life < FAR else FAR
            for part, reserved in _reserved(at, quantity, wanted.get(data.demand)):
                lot = Lot(there, part, part, node, "", expires, reserved)
                node.lots.append(lot)
                builder.draft.add_lot(at, lot)
        builder.draft.add_order(node)
        nodes.append(node)
    return nodes


def _reserved(at: BufferNode, quantity: float, wanted: list[Any] | None) -> list[tuple[float, str]]:
    """An order's yield in the part that is kept for its demand, and the free rest; a demand keeps no more than it wants."""
    if wanted is None:
        return [(quantity, "")]
    demand, left = wanted
    if (at.item, at.place) != (demand.item, demand.place):
        return [(quantity, demand.name)]
    part = min(quantity, left)
    wanted[1] = left - part
    return [(q, name) for q, name in ((part, demand.name), (quantity - part, "")) if q > EPS]


def _existing(net: Network, data: Order, tasks: list[OrderTask]) -> OrderNode:
    option = _option_of(net, data)
    process = net.processes.get(data.process) if data.process else (option.process if option else None)
    lead = option.lead_time if option and not process else 0
    end = seconds(data.end) if data.end else (seconds(data.start) + lead if data.start else net.now)
    start = seconds(data.start) if data.start else end - lead
    kind = process.kind if process else (option.kind if option else "buy")
    node = OrderNode(option, process, kind, data.quantity, start, end, id=data.name, state=data.state, data=data)
    node.times = {t.step: (seconds(t.start), seconds(t.end)) for t in tasks}
    steps = {s.name: s for s in process.steps} if process else {}
    node.tasks = [_task(net, node, steps[t.step], t) for t in tasks if t.step in steps and t.state != "done"]
    return node


def _task(net: Network, node: OrderNode, step: StepNode, t: OrderTask) -> TaskNode:
    start, end = seconds(t.start), seconds(t.end)
    task = TaskNode(
        step, start, end, 0, [], node.quantity * step.scale, family=step.family, state=t.state, order=node
    )  # fmt: skip
    for r in [net.resources[n.strip()] for n in t.resource.split(",") if n.strip() in net.resources]:
        need = _need(step, r, start)
        units, fixed = (need.units, need.fixed) if need else (1.0, 0.0)
        task.resources.append((r, units))
        if family := next((n.family for n in _needs(step) if n.family and r in n.candidates), ""):
            task.families[r.index] = family
        if r.buckets and start >= r.buckets.starts[0]:
            work = net.hours.open(r.calendars).between(start, end)
            by_quantity = fixed + units * node.quantity
            task.amounts.append((r, r.buckets.load(units, by_quantity, work, own_efficiency(r, start))))
    return task


def _needs(step: StepNode) -> list[NeedNode]:
    return [*step.needs, *(n for c in step.choices for n in c)]


def _need(step: StepNode, r: ResourceNode, start: int) -> NeedNode | None:
    """The row by which a step names a resource; None where it names a group or a skill."""
    return next((n for n in _needs(step) if not n.pooled and r in n.candidates and n.start <= start < n.end), None)


def _transport(node: OrderNode) -> list[TaskNode]:
    """What a purchase or move takes of its option's resource, as a task without a step."""
    option, data = node.option, node.data
    if option is None or option.resource is None or node.process or not (data and data.start and data.end):
        return []
    r, units = option.resource, option.resource_units * node.quantity
    task = TaskNode(None, node.start, node.end, 0, [(r, units)], node.quantity)  # type: ignore[arg-type]
    if r.buckets and node.start >= r.buckets.starts[0]:
        load = r.buckets.load(units, units, node.end - node.start, own_efficiency(r, node.start))
        task.amounts.append((r, load))
    return [task]


def _option_of(net: Network, data: Order) -> OptionNode | None:
    here = net.buffers.get((data.item, data.place))
    if data.option:
        every = (o for at in net.buffers.values() for o in at.options)
        return next((o for o in every if o.name == data.option), None)
    runs = (o for o in here.options if o.process and o.process.name == data.process) if here else iter(())
    return next(runs, None)


def _outputs(net: Network, node: OrderNode, data: Order) -> list[tuple[str, BufferNode, float, int]]:
    """What an existing order puts in stock: (step, buffer, quantity, moment)."""
    if node.process is None:
        return [("", buffer(net, data.item, data.place), data.quantity, node.end)]
    found = []
    for step in node.process.steps:
        start, end = _span(node, step)
        for out in step.outputs:
            if out.start <= start < out.end:
                moment = node.end if out.at_order_end else (end if out.at_end else start) + out.offset
                found.append((step.name, out.buffer, out.quantity * data.quantity + out.fixed, moment))
    return found


def _span(node: OrderNode, step: StepNode) -> tuple[int, int]:
    """When a step of an existing order is done: its task's times, else the order's."""
    return node.times.get(step.name, (node.start, node.end))


def seed_inputs(builder: Builder, nodes: list[OrderNode]) -> list[tuple[BufferNode, float, int, str]]:
    """Take the inputs of existing orders, first come first served; what is not there in time is returned."""
    missing = []
    for node in sorted(nodes, key=lambda n: n.start):
        for step, at, quantity, moment in inputs_of(builder.net, node):
            missing += _take(builder, node, step, at, quantity, moment)
    builder.demand = ""
    return missing


def inputs_of(net: Network, node: OrderNode) -> list[tuple[str, BufferNode, float, int]]:
    """What an existing order still takes from stock: (step, buffer, quantity, moment)."""
    data = node.data
    if data is None or not data.uses_inputs:
        return []
    if node.process is None:
        moves = node.option is not None and node.option.origin is not None
        return [("", node.option.origin, data.quantity, node.start)] if moves else []  # type: ignore[union-attr, list-item]
    found = []
    for step in node.process.steps:
        start, end = _span(node, step)
        valid = [[m for m in c if m.start <= start < m.end] for c in [[m] for m in step.inputs] + step.input_choices]
        for m in (rows[0] for rows in valid if rows):
            amount = m.quantity * data.quantity + m.fixed
            if amount > EPS:
                found.append((step.name, m.buffer, amount, (end if m.at_end else start) + m.offset))
    return found


def _take(
    builder: Builder, node: OrderNode, step: str, at: BufferNode, quantity: float, moment: int
) -> list[tuple[BufferNode, float, int, str]]:
    builder.demand = node.data.demand if node.data else ""
    mark = builder.draft.mark()
    when = max(moment, builder.net.now)
    got = builder.ask(at, quantity, when)
    if got is not None and got[1] > when:
        builder.draft.undo(mark)
        got = None
    node.flows.append((step, at, -quantity, moment))
    if got is not None:
        node.pegs += [PegNode(at, lot, q, moment, node, step, "") for lot, q in got[0]]
        return []
    there = builder.from_lots(at, quantity, when, -FAR)
    node.pegs += [PegNode(at, lot, q, moment, node, step, "") for lot, q in there]
    return [(at, quantity - sum(q for _, q in there), moment, node.id)]
