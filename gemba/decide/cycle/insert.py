"""What a published plan lacks is planned into its gaps: the engine plans the new demands, with all other work as it stands.

The engine is given an operation in little: what the demands can be made from, stock and yields that nothing is pegged to, and
the published work on the resources that they may need, as work that exists already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from gemba.decide.cycle.reach import Reach, reach
from gemba.operation import (
    Delivery,
    Demand,
    Item,
    Operation,
    Order,
    OrderTask,
    Plan,
    PlannedTask,
    Process,
    Resource,
    Step,
    Stock,
)
from gemba.operation.moments import moment, seconds

_EPS = 1e-9
_OTHER = "(work that is there already)"  # its item, process, step and demand
_NOTHING = "(nothing)"  # what that demand is for: nobody can have it

#: Makes a plan of an operation.
Planner = Callable[[Operation], Plan]


def inserted(operation: Operation, plan: Plan, wanted: list[Demand], planner: Planner) -> tuple[Plan, set[str]]:
    """The plan with new orders, pegs and deliveries for these demands, and the names of its new orders."""
    if not wanted:
        return plan, set()
    found = planner(in_little(operation, plan, wanted))
    names = _names(plan, (o.id for o in found.orders if o.state == "proposed"))
    orders = [replace(o, id=names[o.id]) for o in found.orders if o.id in names]
    tasks = [replace(t, order=names[t.order]) for t in found.tasks if t.order in names]
    flows = [replace(f, order=names[f.order]) for f in found.flows if f.order in names]
    pegs = [
        replace(p, order=names.get(p.order, ""), supply=names.get(p.supply, p.supply))
        for p in found.pegs
        if (p.order in names and not p.demand) or (p.demand and p.demand != _OTHER)
    ]
    deliveries = _together(operation, [*plan.deliveries, *(d for d in found.deliveries if d.demand != _OTHER)])
    merged = replace(
        plan, orders=[*plan.orders, *orders], tasks=[*plan.tasks, *tasks], flows=[*plan.flows, *flows],
        pegs=[*plan.pegs, *pegs], deliveries=deliveries,
    )  # fmt: skip
    return merged, set(names.values())


def _names(plan: Plan, orders: Iterable[str]) -> dict[str, str]:
    """New names for orders of the same prefixes, none of which the plan has."""
    last: dict[str, int] = defaultdict(int)
    for o in plan.orders:
        prefix, _, number = o.id.rpartition("-")
        if number.isdigit():
            last[prefix] = max(last[prefix], int(number))
    found = {}
    for name in orders:
        prefix, _, number = name.rpartition("-")
        last[prefix] += 1
        found[name] = f"{prefix}-{last[prefix]:0{len(number)}}"
    return found


def _together(operation: Operation, deliveries: list[Delivery]) -> list[Delivery]:
    """Parts of a demand that is delivered whole, as one delivery."""
    whole = {d.name for d in operation.demands if d.whole}
    count: dict[str, list[Delivery]] = defaultdict(list)
    for d in deliveries:
        count[d.demand].append(d)
    found = []
    for name, parts in count.items():
        if name in whole and len(parts) > 1:
            parts = [Delivery(name, sum(p.quantity for p in parts), max(p.date for p in parts))]
        found += parts
    return found


def in_little(operation: Operation, plan: Plan, wanted: list[Demand]) -> Operation:
    """What planning these demands depends on."""
    found = reach(operation, {(d.item, d.place) for d in wanted})
    orders, tasks = _work(plan, found, operation)
    free = list(_free_yields(plan, found.buffers))
    at = operation.settings.now
    nothing = Demand(name=_OTHER, item=_NOTHING, quantity=1, due=at, weight=0.0, maximum_lateness=0.0)
    return replace(
        operation,
        items=(*operation.items, Item(name=_OTHER), Item(name=_NOTHING)),
        processes=(*(p for p in operation.processes if p.name in found.processes), Process(name=_OTHER, item=_OTHER)),
        steps=(*(s for s in operation.steps if s.process in found.processes), Step(process=_OTHER, name=_OTHER)),
        step_links=tuple(k for k in operation.step_links if k.process in found.processes),
        step_resources=tuple(n for n in operation.step_resources if n.process in found.processes),
        step_items=tuple(i for i in operation.step_items if i.process in found.processes),
        supply_options=tuple(o for o in operation.supply_options if o.name in found.options),
        stocks=tuple(_free_stock(operation, plan, found.buffers)),
        stock_policies=tuple(p for p in operation.stock_policies if p.supply == "unlimited"),
        demands=(*wanted, nothing),
        orders=(*orders, *free),
        order_tasks=tuple(tasks),
        checked=True,
    )


def _free_stock(operation: Operation, plan: Plan, buffers: set[tuple[str, str]]) -> Iterator[Stock]:
    """Stock on hand that nothing is pegged to."""
    taken: dict[tuple[str, str, str], float] = defaultdict(float)
    for p in plan.pegs:
        if not p.supply:
            taken[p.item, p.place, p.lot] += p.quantity
    for s in operation.stocks:
        if (s.item, s.place) in buffers:
            used = min(s.quantity, taken[s.item, s.place, s.lot])
            taken[s.item, s.place, s.lot] -= used
            if s.quantity - used > _EPS:
                yield replace(s, quantity=s.quantity - used)


def _free_yields(plan: Plan, buffers: set[tuple[str, str]]) -> Iterator[Order]:
    """What orders of the plan yield and nothing is pegged to, as orders of its own with the same names."""
    left: dict[tuple[str, str, str], float] = defaultdict(float)
    last: dict[tuple[str, str, str], int] = {}
    for f in plan.flows:
        key = (f.order, f.item, f.place)
        if f.quantity > 0 and key[1:] in buffers:
            left[key] += f.quantity
            last[key] = max(f.at, last.get(key, f.at))
    for p in plan.pegs:
        if p.supply and (p.supply, p.item, p.place) in left:
            left[p.supply, p.item, p.place] -= p.quantity
    for (order, item, place), quantity in left.items():
        if quantity > _EPS * 1000:
            yield Order(
                name=order, item=item, place=place, quantity=quantity, end=moment(last[order, item, place]),
                uses_inputs=False, uses_capacity=False,
            )  # fmt: skip


def _work(plan: Plan, found: Reach, operation: Operation) -> tuple[list[Order], list[OrderTask]]:
    """The plan's work on the resources as orders that exist: side by side on a resource that does one thing at a time as one."""
    resources = {r.name: r for r in operation.resources}
    now = seconds(operation.settings.now)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    whole: dict[str, list[PlannedTask]] = defaultdict(list)
    for t in plan.tasks:
        own = [name for name, _ in t.resources if name in found.resources]
        if not own or t.end <= now or t.end <= t.start:
            continue
        if all(_simple(resources[name], units) for name, units in t.resources):
            for name in own:
                spans[name].append((t.start, t.end))
        else:
            whole[t.order].append(t)
    orders, tasks = [], []
    for k, (name, start, end) in enumerate(_blocks(spans)):
        orders.append(_order(f"{_OTHER} {k}", _OTHER, 1.0, start, end))
        tasks.append(_existing_task(orders[-1].name, _OTHER, name, start, end))
    ids = {o.id: o for o in plan.orders}
    options = {o.name: o.process for o in operation.supply_options}
    for order, own_tasks in whole.items():
        o = ids[order]
        process = o.process or options.get(o.option, "")
        found.processes.add(process)  # it says what set-up the work leaves behind
        head = _order(f"{_OTHER} {order}", process, o.quantity, o.start, o.end)
        orders.append(head)
        for t in own_tasks:
            names = ", ".join(n for n, _ in t.resources if n in found.resources)
            tasks.append(_existing_task(head.name, t.step, names, t.start, t.end))
    return orders, tasks


def _simple(resource: Resource, units: float) -> bool:
    """Whether it does one thing at a time, whatever was before."""
    plain = not (resource.bucket or resource.setup_matrix or resource.capacity_calendar)
    return resource.limited != "finite" or (plain and units == resource.capacity == 1)


def _blocks(spans: dict[str, list[tuple[int, int]]]) -> Iterator[tuple[str, int, int]]:
    """Times at which a resource is taken, those that touch as one."""
    for name, own in spans.items():
        own.sort()
        start, end = own[0]
        for a, b in own[1:]:
            if a > end:
                yield name, start, end
                start = a
            end = max(end, b)
        yield name, start, end


def _order(name: str, process: str, quantity: float, start: int, end: int) -> Order:
    return Order(
        name=name, process=process, item=_OTHER, quantity=quantity, start=moment(start), end=moment(max(start, end)),
        demand=_OTHER, uses_inputs=False,
    )  # fmt: skip


def _existing_task(order: str, step: str, resource: str, start: int, end: int) -> OrderTask:
    return OrderTask(order=order, step=step, resource=resource, start=moment(start), end=moment(end))
