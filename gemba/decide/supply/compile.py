"""From an Operation to its supply network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from gemba.decide.supply.buckets import buckets
from gemba.decide.supply.compile_steps import compile_process
from gemba.decide.supply.network import (
    BufferNode,
    Network,
    OptionNode,
    ProcessNode,
    ResourceNode,
)
from gemba.decide.supply.timeline import Timeline
from gemba.operation import Operation, Order, OrderTask, Process, Resource, SupplyOption
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR, OpenHours, Profile, combine


def compile_network(operation: Operation) -> Network:
    """Link the nouns of an operation to a fresh network with nothing planned on it."""
    settings = operation.settings
    hours = Hours(operation)
    resources = _resources(operation, hours)
    net = Network(
        now=hours.now,
        horizon=hours.high,
        frozen=hours.now + int(settings.frozen),
        safety_time=int(settings.safety_time),
        hours=hours,
        buffers={},
        resources=resources,
        processes={},
        demands=[d for d in operation.demands if d.status == "open"],
        orders=_orders(operation),
    )
    _processes(operation, net)
    _options(operation, net)
    _stock(operation, net)
    for d in net.demands:
        buffer(net, d.item, d.place)
    services = {i.name for i in operation.items if i.kind == "service"}
    pieces = {i.name for i in operation.items if i.unit == "pc"}
    for node in net.buffers.values():
        node.options.sort(key=lambda o: o.priority)
        node.service = node.item in services
        node.pieces = node.item in pieces
    return net


def buffer(net: Network, item: str, place: str) -> BufferNode:
    """The buffer of an item at a place, made where it is new."""
    key = (item, place)
    if key not in net.buffers:
        net.buffers[key] = BufferNode(item, place, len(net.buffers))
    return net.buffers[key]


def _resources(operation: Operation, hours: Hours) -> dict[str, ResourceNode]:
    matrices: dict[str, list[tuple[str, str, int, float, int]]] = defaultdict(list)
    for c in operation.setup_changes:
        matrices[c.matrix].append((c.before, c.after, int(c.time), c.cost, c.priority))
    nodes = {}
    for index, r in enumerate(operation.resources):
        capacity = hours.capacity(r.name)
        node = ResourceNode(
            r.name,
            r,
            index,
            capacity,
            hours.resource_calendars(r.name),
            Timeline(_usable(capacity, r, hours)) if r.limited == "finite" and not r.bucket else None,
            buckets(r, hours, operation.settings.zone) if r.bucket and r.limited == "finite" else None,
            r.efficiency,
            setup=r.setup,
        )
        if r.efficiency_calendar:
            node.efficiency_profile = hours.profile(r.efficiency_calendar)
        if r.setup_matrix and max(capacity.values) == 1:
            node.has_matrix, node.matrix = True, matrices[r.setup_matrix]
        nodes[r.name] = node
    for s in operation.resource_skills:
        start = seconds(s.start) if s.start else -FAR
        end = seconds(s.end) if s.end else FAR
        nodes[s.resource].skills.setdefault(s.skill, []).append((s.level, start, end, s.priority))
    return nodes


def _usable(capacity: Profile, r: Resource, hours: Hours) -> Profile:
    """Units of a resource over time; in its closed hours, when nobody works, its capacity does not matter."""
    calendars = sorted(hours.resource_calendars(r.name))
    if capacity.is_constant() or not calendars:
        return capacity
    most = max(capacity.values)
    opening = combine([hours.profile(c) for c in calendars], min)
    return combine([capacity, opening], lambda v: v[0] if v[1] > 0 else most)


def _processes(operation: Operation, net: Network) -> None:
    tables: dict[str, dict[str, list[Any]]] = {}
    for name in ("steps", "step_links", "step_resources", "step_items"):
        rows: dict[str, list[Any]] = defaultdict(list)
        for row in getattr(operation, name):
            rows[row.process].append(row)
        tables[name] = rows
    members = group_members(operation, net.resources)
    for p in operation.processes:
        rows = {name: table.get(p.name, []) for name, table in tables.items()}
        net.processes[p.name] = compile_process(p, rows, net, members, lambda i, at: buffer(net, i, at))


def group_members(operation: Operation, nodes: dict[str, ResourceNode]) -> dict[str, list[ResourceNode]]:
    """The members of every group, those of groups within it included; a resource that is no group is not a key."""
    children: dict[str, list[str]] = defaultdict(list)
    for r in operation.resources:
        if r.group:
            children[r.group].append(r.name)

    def leaves(name: str) -> list[ResourceNode]:
        return [leaf for c in children[name] for leaf in (leaves(c) if c in children else [nodes[c]])]

    return {name: leaves(name) for name in list(children)}


def _options(operation: Operation, net: Network) -> None:
    suppliers = {s.name: s for s in operation.suppliers}
    for o in operation.supply_options:
        calendar = suppliers[o.supplier].calendar if o.supplier else ""
        hours = net.hours.open(frozenset({calendar} - {""})) if o.kind == "buy" else OpenHours(None)
        at = buffer(net, o.item, o.place)
        at.options += by_period(_option(o, at, hours, net))
    stated = {(o.item, o.place) for o in operation.supply_options}
    for p in operation.processes:
        for item, place in outputs(net.processes[p.name]):
            at = buffer(net, item, place)
            if (item, place) not in stated:
                at.options += by_period(_implied(p, at, net))


def _option(o: SupplyOption, at: BufferNode, hours: OpenHours, net: Network) -> OptionNode:
    process = net.processes[o.process] if o.kind == "make" else None
    earliest = max(net.frozen, net.now + int(o.fence))
    node = OptionNode(
        o.name,
        o.kind,
        at,
        process,
        buffer(net, o.item, o.origin) if o.kind == "move" else None,
        o.supplier,
        int(o.lead_time),
        hours,
        o.minimum,
        o.multiple,
        o.maximum if o.maximum is not None else float("inf"),
        o.cost,
        o.order_cost,
        o.priority,
        o.share,
        earliest,
        _start(o),
        _end(o),
        net.resources[o.resource] if o.resource else None,
        o.resource_quantity,
        int(o.batch_window),
    )
    return node


def _implied(p: Process, at: BufferNode, net: Network) -> OptionNode:
    """The option that a process is by itself, where an item and place has none stated."""
    node = OptionNode(
        "",
        "make",
        at,
        net.processes[p.name],
        None,
        "",
        0,
        OpenHours(None),
        0.0,
        0.0,
        float("inf"),
        0.0,
        0.0,
        1,
        0.0,
        net.frozen,
        -FAR,
        FAR,
        None,
        1.0,
        0,
        by_product=(at.item, at.place) != (p.item, p.place),
    )
    return node


def by_period(node: OptionNode) -> list[OptionNode]:
    """The option with its yield; where that differs between periods, one option for each of them."""
    if node.process is None:
        return [node]
    key = (node.buffer.item, node.buffer.place)
    rows = [m for s in node.process.steps for m in s.outputs if (m.buffer.item, m.buffer.place) == key]
    edges = sorted({node.start, *(e for m in rows for e in (m.start, m.end) if node.start < e < node.end)})
    found = []
    for start, end in zip(edges, [*edges[1:], node.end], strict=True):
        valid = [m for m in rows if m.start <= start and end <= m.end]
        if valid or not rows:
            unit, fixed = (sum(m.quantity for m in valid), sum(m.fixed for m in valid)) if valid else (1.0, 0.0)
            found.append(replace(node, start=start, end=end, per_unit=unit, fixed_yield=fixed))
    return found


def outputs(process: ProcessNode) -> dict[tuple[str, str], tuple[float, float]]:
    """What the process yields: (item, place) -> (for each unit, for each order)."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for step in process.steps:
        for out in step.outputs:
            key = (out.buffer.item, out.buffer.place)
            unit, fixed = found.get(key, (0.0, 0.0))
            found[key] = (max(unit, out.quantity), max(fixed, out.fixed))
    return found


def _start(row: Any) -> int:
    return seconds(row.start) if row.start else -FAR


def _end(row: Any) -> int:
    return seconds(row.end) if row.end else FAR


def _stock(operation: Operation, net: Network) -> None:
    lives = {i.name: int(i.shelf_life) for i in operation.items if i.shelf_life is not None}
    for s in operation.stocks:
        buffer(net, s.item, s.place).stocks.append(s)
    for p in operation.stock_policies:
        node = buffer(net, p.item, p.place)
        node.unlimited = p.supply == "unlimited"
        node.period = int(p.period)
        node.maximum = p.maximum or 0.0
        if p.safety_calendar:
            node.safety = net.hours.profile(p.safety_calendar)
        elif p.safety_stock > 0:
            node.safety = Profile([net.now], [p.safety_stock])
    for node in net.buffers.values():
        node.shelf_life = lives.get(node.item, FAR)


def _orders(operation: Operation) -> list[tuple[Order, list[OrderTask]]]:
    tasks: dict[str, list[OrderTask]] = defaultdict(list)
    for t in operation.order_tasks:
        tasks[t.order].append(t)
    return [(o, tasks[o.name]) for o in operation.orders if o.state in ("firm", "started")]
