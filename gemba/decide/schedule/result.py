"""From new times back to a plan: orders, tasks, flows and deliveries, and the figures that they change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.operation import Objective, Plan
from gemba.operation.moments import seconds
from gemba.solvers.search.shop import Longs

_DAY = 86400.0
_EPS = 1e-6


def rewrite(p: Problem, times: Longs, policy: str) -> Plan:
    """The plan with new times and the figures that follow from them."""
    found = moved_plan(p, times)
    found.objective = figures(p.facts, found, policy)
    return found


def moved_plan(p: Problem, times: Longs) -> Plan:
    """The plan with new times; what did not move is the same object as before."""
    plan, rows = p.plan, times.tolist()
    moved = np.any(times != p.times, axis=1).tolist()
    tasks = [
        replace(t, start=rows[n][0], end=rows[n][1]) if moved[n] else t
        for t, n in zip(plan.tasks, p.task_node, strict=True)
    ]
    spans: dict[str, list[int]] = {}
    for t in tasks:
        span = spans.setdefault(t.order, [t.start, t.end])
        span[0], span[1] = min(span[0], t.start), max(span[1], t.end)
    orders = []
    for i, o in enumerate(plan.orders):
        start, end = rows[p.fetch_node[i]] if i in p.fetch_node else spans[o.id]
        same = o.state != "proposed" or (start, end) == (o.start, o.end)
        orders.append(o if same else replace(o, start=start, end=end))
    flows = []
    for f, nodes, (at_end, offset) in zip(plan.flows, p.flow_at, p.flow_how, strict=True):
        at = max(rows[n][at_end] for n in nodes) + offset if any(moved[n] for n in nodes) else f.at
        flows.append(f if at == f.at else replace(f, at=at))
    deliveries = list(plan.deliveries)
    for n in np.flatnonzero(p.kind == DELIVERY).tolist():
        for i in p.parts[p.ref[n]]:
            if deliveries[i].date != rows[n][0]:
                deliveries[i] = replace(deliveries[i], date=rows[n][0])
    return replace(plan, orders=orders, tasks=tasks, flows=flows, deliveries=deliveries)


def figures(facts: Facts, plan: Plan, policy: str) -> Objective:
    """Value, weighted tardiness (days), service, makespan and stock by deliveries, tasks and flows as they are now."""
    o, ends = replace(plan.objective), defaultdict(list)
    for d in plan.deliveries:
        ends[d.demand].append((d.date, d.quantity))
    o.weighted_tardiness = o.tardiness = 0.0
    o.on_time = o.late = o.short = 0
    for demand in facts.operation.demands:
        if demand.status != "open":
            continue
        due, parts = seconds(demand.due), ends[demand.name]
        missing = max(0.0, 1.0 - sum(q for _, q in parts) / demand.quantity)
        longest = facts.horizon - due if demand.maximum_lateness is None else demand.maximum_lateness
        days = (sum(max(0, at - due) * q / demand.quantity for at, q in parts) + missing * max(0, longest)) / _DAY
        o.tardiness += days
        o.weighted_tardiness += days * (1.0 / demand.priority if demand.weight is None else demand.weight)
        late = any(at > due for at, _ in parts)
        if missing > _EPS:
            o.short += 1
        elif late:
            o.late += 1
        else:
            o.on_time += 1
    o.makespan = (
        max((t.end for t in plan.tasks), default=max((d.date for d in plan.deliveries), default=plan.now)) - plan.now
    )
    o.stock = stock_held(facts, plan)
    o.value = float(o.makespan) if policy == "makespan" else o.weighted_tardiness
    return o


def stock_held(facts: Facts, plan: Plan) -> float:
    """Unit-days of stock between now and the last movement of each item and place."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(
        lambda: [0.0, 0.0, plan.now]
    )  # quantity, quantity x moment, last
    moves = [(s.item, s.place, s.quantity, plan.now) for s in facts.operation.stocks]
    moves += [(f.item, f.place, f.quantity, max(f.at, plan.now)) for f in plan.flows]
    for d in plan.deliveries:
        demand = facts.demands[d.demand]
        moves.append((demand.item, demand.place, -d.quantity, d.date))
    for item, place, quantity, at in moves:
        row = sums[item, place]
        row[0] += quantity
        row[1] += quantity * (at - plan.now)
        row[2] = max(row[2], at)
    return sum(quantity * (last - plan.now) - moment for quantity, moment, last in sums.values()) / _DAY
