"""From a finished draft to a Plan, and the plan's figures."""

from __future__ import annotations

from collections import defaultdict

from gemba.decide.supply.changeover import change_cost
from gemba.decide.supply.draft import Draft
from gemba.decide.supply.network import Network, OrderNode, PegNode, TaskNode
from gemba.operation import Delivery, Flow, Peg, Plan, PlannedOrder, PlannedTask

_PREFIX = {"make": "MO", "service": "SO", "maintenance": "WO", "inspection": "IO", "buy": "PO", "move": "TO"}


def to_plan(draft: Draft, name: str) -> Plan:
    """The draft as plain records, orders numbered by their start."""
    plan = Plan(operation=name, now=draft.net.now)
    orders = sorted(draft.orders, key=lambda o: (o.start, o.end, o.option.name if o.option else ""))
    _number(orders)
    for o in orders:
        plan.orders.append(_order(o))
        plan.tasks += [_task(o, t) for t in o.tasks]
        plan.flows += [Flow(o.id, step, at.item, at.place, q, moment) for step, at, q, moment in o.flows]
        plan.pegs += [_peg(p, o.id) for p in o.pegs]
    together: dict[tuple[str, int], Delivery] = {}
    for demand, quantity, at, pegs in draft.deliveries:
        if (demand, at) in together:
            together[demand, at].quantity += quantity
        else:
            together[demand, at] = Delivery(demand, quantity, at)
        plan.pegs += [_peg(p, "") for p in pegs]
    plan.deliveries = list(together.values())
    return plan


def _number(orders: list[OrderNode]) -> None:
    taken = {o.id for o in orders if o.data is not None}
    counts: dict[str, int] = defaultdict(int)
    width = max(4, len(str(len(orders))))
    for o in orders:
        if o.data is None:
            prefix = _PREFIX[o.kind]
            while True:
                counts[prefix] += 1
                o.id = f"{prefix}-{counts[prefix]:0{width}}"
                if o.id not in taken:
                    break


def _order(o: OrderNode) -> PlannedOrder:
    option = o.option
    item, place = (option.buffer.item, option.buffer.place) if option else ("", "")
    if o.data is not None:
        item, place = o.data.item, o.data.place
    return PlannedOrder(
        o.id,
        o.kind,
        item,
        place,
        o.quantity,
        o.start,
        o.end,
        option.name if option else "",
        o.process.name if o.process else "",
        option.supplier if option else "",
        option.origin.place if option and option.origin else "",
        o.state,
    )


def _task(o: OrderNode, t: TaskNode) -> PlannedTask:
    held = tuple((r.name, units) for r, units in t.resources)
    return PlannedTask(o.id, t.step.name, t.start, t.end, held, t.setup, t.quantity, t.state)


def _peg(p: PegNode, order: str) -> Peg:
    supply = p.lot.order.id if p.lot.order else ""
    return Peg(p.buffer.item, p.buffer.place, p.quantity, supply, order, p.demand, p.step, p.lot.lot)


def costs(draft: Draft) -> float:
    """Currency: resource hours, set-up changes, alternatives, steps, purchases and orders of what is proposed."""
    total = 0.0
    hours = draft.net.hours
    for o in draft.orders:
        if o.data is not None:
            continue
        if o.option:
            total += o.option.order_cost + o.option.cost * o.quantity
        for t in o.tasks:
            total += t.cost + t.step.cost * o.quantity + change_cost(t)
            for r, units in t.resources:
                if r.data.cost_per_hour:
                    worked = hours.open(t.step.calendars | r.calendars).between(t.start, t.end)
                    total += r.data.cost_per_hour * units * worked / 3600.0
    return total


def stock_held(plan: Plan, net: Network) -> float:
    """Unit-days of stock between now and the last movement of each item and place."""
    moves: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for key, at in net.buffers.items():
        for s in at.stocks:
            moves[key].append((net.now, s.quantity))
    for f in plan.flows:
        moves[f.item, f.place].append((max(f.at, net.now), f.quantity))
    places = {d.name: (d.item, d.place) for d in net.demands}
    for d in plan.deliveries:
        moves[places[d.demand]].append((d.date, -d.quantity))
    total = 0.0
    for rows in moves.values():
        end = max(at for at, _ in rows)
        total += sum(q * (end - at) for at, q in rows)
    return total / 86400.0


def makespan(plan: Plan) -> int:
    """Seconds from now to the end of the last proposed task (of deliveries where nothing is made)."""
    ends = [t.end for t in plan.tasks] or [d.date for d in plan.deliveries]
    return max(ends, default=plan.now) - plan.now
