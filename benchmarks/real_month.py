"""A finite plan of one month's real sales: whether it stands up to the checker, how punctual it is, who is how busy."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import gemba
from benchmarks.real_facts import Fact, equal
from gemba.exchange import adapters
from gemba.operation import Operation, Plan
from gemba.operation.hours import Hours

ADAPTER = "adventureworks"


def month(folder: Path, seconds: float) -> tuple[list[Fact], list[str]]:
    """The facts of the plan, and lines that describe it: punctuality, and the load of each work centre."""
    operation = adapters.load(ADAPTER, folder)
    begin = time.perf_counter()
    plan = gemba.plan(operation, seconds=seconds)
    spent = time.perf_counter() - begin
    facts = [
        equal("rules that the plan breaks", [], plan.violations[:3]),
        equal("demands with an outcome", len(operation.demands), _outcomes(plan)),
        Fact("time to plan", f"within {10 * seconds + 60:.0f} s", f"{spent:.1f} s", spent < 10 * seconds + 60),
    ]
    return facts, [*_described(operation, plan), *_load(operation, plan)]


def _outcomes(plan: Plan) -> int:
    return plan.objective.on_time + plan.objective.late + plan.objective.short


def _described(operation: Operation, plan: Plan) -> list[str]:
    o = plan.objective
    kinds = defaultdict(int)
    for order in plan.orders:
        kinds[order.kind] += order.state == "proposed"
    made = ", ".join(f"{n:,} {kind}" for kind, n in sorted(kinds.items()))
    return [
        f"{operation.name}, planned at {operation.now:%Y-%m-%d}: {len(operation.demands):,} demands: "
        f"{o.on_time:,} on time, {o.late:,} late, {o.short:,} short; {o.tardiness:,.0f} days late in all",
        f"{made} orders, {len(plan.tasks):,} tasks; objective {o.value:,.2f}, bound {o.bound:,.2f}",
    ]


def _load(operation: Operation, plan: Plan) -> list[str]:
    """Hours of work and hours there are, from the first task to the last, by work centre."""
    if not plan.tasks:
        return []
    first, last = min(t.start for t in plan.tasks), max(t.end for t in plan.tasks)
    busy: dict[str, float] = defaultdict(float)
    worked = {(s.process, s.name): s.time for s in operation.steps}
    process = {o.id: o.process for o in plan.orders}
    for task in plan.tasks:
        for resource, units in task.resources:
            busy[resource] += units * worked[process[task.order], task.step] / 3600
    hours = Hours(operation)
    days = " to ".join(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (first, last))
    found = [f"load by work centre, {days}:"]
    for resource in sorted(r.name for r in operation.resources):
        there = _capacity(hours, resource, first, last)
        found.append(f"  {resource:24} {busy[resource]:9,.0f} h of {there:9,.0f} h  {busy[resource] / there:6.1%}")
    return found


def _capacity(hours: Hours, resource: str, first: int, last: int) -> float:
    """Unit-hours of a resource between two moments."""
    profile = hours.capacity(resource)
    edges = [first, *(s for s in profile.starts if first < s < last), last]
    return sum(profile.at(a) * (b - a) for a, b in pairwise(edges)) / 3600
