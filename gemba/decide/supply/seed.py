"""What is there before planning: stock on hand, and the orders that are firm or under way."""

from __future__ import annotations

from gemba.decide.supply.builder import Builder
from gemba.decide.supply.draft import EPS
from gemba.decide.supply.network import (
    BufferNode,
    Lot,
    NeedNode,
    Network,
    OptionNode,
    OrderNode,
    PegNode,
    TaskNode,
)
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
    for data, tasks in builder.net.orders:
        node = _existing(builder.net, data, tasks)
        for task in node.tasks:
            _load(builder, task, data)
        for name, at, quantity, moment in _outputs(builder.net, node, data):
            there = max(moment, builder.net.now)
            lot = Lot(
                there, quantity, quantity, node, "", there + at.shelf_life if at.shelf_life < FAR else FAR, data.demand
            )
            node.lots.append(lot)
            node.flows.append((name, at, quantity, moment))
            builder.draft.add_lot(at, lot)
        builder.draft.add_order(node)
        nodes.append(node)
    return nodes


def _existing(net: Network, data: Order, tasks: list[OrderTask]) -> OrderNode:
    option = _option_of(net, data)
    process = net.processes.get(data.process) if data.process else (option.process if option else None)
    lead = option.lead_time if option and not process else 0
    end = seconds(data.end) if data.end else (seconds(data.start) + lead if data.start else net.now)
    start = seconds(data.start) if data.start else end - lead
    kind = process.kind if process else (option.kind if option else "buy")
    node = OrderNode(option, process, kind, data.quantity, start, end, id=data.name, state=data.state, data=data)
    steps = {s.name: s for s in process.steps} if process else {}
    for t in tasks:
        if t.step not in steps or t.state == "done":
            continue
        names = [n.strip() for n in t.resource.split(",") if n.strip()]
        held = [(net.resources[n], _units(steps[t.step].needs, n)) for n in names if n in net.resources]
        step = steps[t.step]
        node.tasks.append(
            TaskNode(
                step,
                seconds(t.start),
                seconds(t.end),
                0,
                held,
                data.quantity * step.scale,
                family=step.family,
                state=t.state,
                order=node,
            )
        )
    return node


def _units(needs: list[NeedNode], name: str) -> float:
    for need in needs:
        if not need.pooled and any(r.name == name for r in need.candidates):
            return float(need.units)
    return 1.0


def _option_of(net: Network, data: Order) -> OptionNode | None:
    at = net.buffers.get((data.item, data.place))
    if at is None:
        return None
    for option in at.options:
        if data.option and option.name == data.option:
            return option
        if not data.option and option.process is not None and option.process.name == data.process:
            return option
    return None


def _load(builder: Builder, task: TaskNode, data: Order) -> None:
    """Reserve what a task of an existing order still takes from now on."""
    if not data.uses_capacity:
        return
    shown = task.start
    if task.end > builder.net.now:
        task.start = max(task.start, builder.net.now)
    builder.draft.reserve(task)
    task.start = shown


def _outputs(net: Network, node: OrderNode, data: Order) -> list[tuple[str, BufferNode, float, int]]:
    """What an existing order puts in stock: (step, buffer, quantity, moment)."""
    if node.process is None:
        return [("", net.buffers[data.item, data.place], data.quantity, node.end)]
    found = []
    for step in node.process.steps:
        for out in step.outputs:
            if out.start <= node.start < out.end:
                found.append((step.name, out.buffer, out.quantity * data.quantity + out.fixed, node.end + out.offset))
    return found


def seed_inputs(builder: Builder, nodes: list[OrderNode]) -> list[tuple[BufferNode, float, int, str]]:
    """Take the inputs of existing orders, first come first served; what is not there in time is returned."""
    missing = []
    for node in sorted(nodes, key=lambda n: n.start):
        for step, at, quantity, moment in inputs_of(builder.net, node):
            missing += _take(builder, node, step, at, quantity, moment)
    return missing


def inputs_of(net: Network, node: OrderNode) -> list[tuple[str, BufferNode, float, int]]:
    """What an existing order still takes from stock: (step, buffer, quantity, moment)."""
    data = node.data
    if data is None or not data.uses_inputs:
        return []
    if node.process is None:
        moves = node.option is not None and node.option.origin is not None
        return [("", node.option.origin, data.quantity, node.start)] if moves else []  # type: ignore[union-attr, list-item]
    by_step = {t.step.name: t for t in node.tasks}
    found = []
    for step in node.process.steps:
        task = by_step.get(step.name)
        start, end = (task.start, task.end) if task else (node.start, node.end)
        for m in [*step.inputs, *(c[0] for c in step.input_choices)]:
            amount = m.quantity * data.quantity + m.fixed
            if m.start <= start < m.end and amount > EPS:
                found.append((step.name, m.buffer, amount, (end if m.at_end else start) + m.offset))
    return found


def _take(
    builder: Builder, node: OrderNode, step: str, at: BufferNode, quantity: float, moment: int
) -> list[tuple[BufferNode, float, int, str]]:
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
