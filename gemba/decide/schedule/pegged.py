"""What serves what: arcs from supplies to the work and the deliveries that use them."""

from __future__ import annotations

from collections import defaultdict

from gemba.decide.schedule.making import Build, Place, moment_node, spots
from gemba.decide.schedule.problem import DELIVERY
from gemba.operation import Delivery, Demand, Peg
from gemba.operation.moments import seconds
from gemba.solvers.search.shop import FROM_START, TO_END

_DAY = 86400.0
_EPS = 1e-9


def add_pegs(b: Build) -> None:
    """Arcs of pegs between orders."""
    for peg in b.plan.pegs:
        if peg.supply and peg.order and not peg.demand:
            for q in needs(b, peg):
                for p in sources(b, peg):
                    b.arcs.append(arc(p, q))


def arc(p: Place, q: Place) -> tuple[int, int, int, int]:
    """What is needed at q waits for what comes at p."""
    return p.node, q.node, p.offset - q.offset, (0 if p.at_end else FROM_START) | (TO_END if q.at_end else 0)


def sources(b: Build, peg: Peg) -> list[Place]:
    """Where the supply of a peg comes from; none for stock."""
    key = (peg.supply, peg.item, peg.place)
    if key not in b.known_sources:
        b.known_sources[key] = _sources(b, *key)
    return b.known_sources[key]


def _sources(b: Build, supply: str, item: str, place: str) -> list[Place]:
    order = b.orders[supply]
    if order.state != "proposed":
        return _moment(b, supply, item, place, True)
    process = b.process(order)
    if supply in b.fetch or process is None:
        return [Place(b.fetch[supply], True, 0)]
    steps = [s for s, i, p, out in process.moments if out and (i, p) == (item, place)] or [""]
    return [spot for s in steps for spot in spots(b, order, s, item, place, True)]


def needs(b: Build, peg: Peg) -> list[Place]:
    """Where the order of a peg takes what it is pegged to."""
    order = b.orders[peg.order]
    if order.state != "proposed":
        return _moment(b, peg.order, peg.item, peg.place, False)
    found = spots(b, order, peg.step, peg.item, peg.place, False)
    process = b.process(order)
    if found or process is None:
        return found
    steps = [s for s, i, p, out in process.moments if not out and (i, p) == (peg.item, peg.place)]
    return [spot for s in steps for spot in spots(b, order, s, peg.item, peg.place, False)]


def _moment(b: Build, order: str, item: str, place: str, out: bool) -> list[Place]:
    """When an existing order yields (the last) or takes (the first) something."""
    if not b.existing_flows:
        for f in b.plan.flows:
            if b.orders[f.order].state != "proposed":
                b.existing_flows[f.order, f.item, f.place, f.quantity > 0].append(f.at)
    at = b.existing_flows.get((order, item, place, out))
    return [Place(moment_node(b, order, max(at) if out else min(at)), True, 0)] if at else []


def add_deliveries(b: Build) -> None:
    """A node for each delivery (one for all of a whole demand), waiting for what it is pegged to."""
    pegs: dict[str, list[Peg]] = defaultdict(list)
    for peg in b.plan.pegs:
        if peg.demand:
            pegs[peg.demand].append(peg)
    deliveries: dict[str, list[int]] = defaultdict(list)
    for i, d in enumerate(b.plan.deliveries):
        deliveries[d.demand].append(i)
    for name, parts in deliveries.items():
        demand = b.facts.demands[name]
        if demand.whole or len(parts) == 1:
            node = _delivery(b, demand, parts)
            _wait_for(b, node, pegs[name])
        else:
            _in_parts(b, demand, parts, pegs[name])


def _delivery(b: Build, demand: Demand, parts: list[int]) -> int:
    rows = [b.plan.deliveries[i] for i in parts]
    date, due = max(r.date for r in rows), seconds(demand.due)
    first = max(b.facts.now, seconds(demand.earliest) if demand.earliest else b.facts.now)
    release = first if demand.item in b.facts.services or date < due else max(first, due)
    fixed = b.facts.perishes(demand.item, demand.place)
    node = b.nodes.add(DELIVERY, len(b.parts), date, date, release=min(release, date), fixed=fixed)
    b.parts.append(parts)
    weight = 1.0 / demand.priority if demand.weight is None else demand.weight
    b.nodes.due[node] = due
    b.nodes.weight[node] = weight * sum(r.quantity for r in rows) / demand.quantity / _DAY
    latest = b.facts.horizon if demand.maximum_lateness is None else due + int(demand.maximum_lateness)
    b.nodes.deadline[node] = max(date, latest)
    return node


def _wait_for(b: Build, node: int, pegs: list[Peg]) -> None:
    for peg in pegs:
        for p in sources(b, peg) if peg.supply else ():
            b.arcs.append(arc(p, Place(node, False, 0)))


def _in_parts(b: Build, demand: Demand, parts: list[int], pegs: list[Peg]) -> None:
    """Parts in the order of their dates use pegs in the order in which these come; a small one stays the last."""
    parts = sorted(parts, key=lambda i: b.plan.deliveries[i].date)
    waiting = sorted(((_comes(b, p), k) for k, p in enumerate(pegs)), reverse=True)
    left = {k: pegs[k].quantity for _, k in waiting}
    nodes = []
    for i in parts:
        delivery = b.plan.deliveries[i]
        node = _delivery(b, demand, [i])
        missing = delivery.quantity
        while missing > _EPS * max(1.0, delivery.quantity) and waiting:
            k = waiting[-1][1]
            used = min(missing, left[k])
            _wait_for(b, node, [pegs[k]])
            left[k] -= used
            missing -= used
            if left[k] <= _EPS * max(1.0, pegs[k].quantity):
                waiting.pop()
        nodes.append((node, delivery))
    _small_last(b, demand, nodes)


def _small_last(b: Build, demand: Demand, nodes: list[tuple[int, Delivery]]) -> None:
    """A delivery below the demand's smallest may only be the rest: it comes after the others."""
    for node, delivery in nodes:
        if delivery.quantity < demand.minimum_delivery:
            b.arcs += [(other, node, 0, 0) for other, _ in nodes if other != node]


def _comes(b: Build, peg: Peg) -> int:
    """When the supply of a peg is there in the plan."""
    found = [b.facts.now]
    for p in sources(b, peg) if peg.supply else ():
        found.append((b.nodes.end[p.node] if p.at_end else b.nodes.start[p.node]) + p.offset)
    return max(found)
