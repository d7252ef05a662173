"""The repaired part goes back into the plan, with the figures and problems that follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from gemba.decide.cycle.anchor import Anchored
from gemba.decide.cycle.plan_cost import cost_of
from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.result import figures, moved_plan
from gemba.operation import Operation, Plan, PlannedTask, Problem
from gemba.operation.moments import seconds

T = TypeVar("T")


def merged(plan: Plan, shop: Anchored) -> Plan:
    """The plan with the times and resources of the shop; what is as it was is the same object as before."""
    part = shop.problem.plan
    new = moved_plan(shop.problem, shop.times)
    tasks = list(new.tasks)
    for node in np.flatnonzero(shop.match.way).tolist():
        i, way = shop.task_of[node], shop.swapped(node)
        tasks[i] = _elsewhere(tasks[i], {before: (after, units) for before, after, units in way.swaps} if way else {})
    return replace(
        plan,
        orders=_back(plan.orders, part.orders, new.orders),
        tasks=_back(plan.tasks, part.tasks, tasks),
        flows=_back(plan.flows, part.flows, new.flows),
        deliveries=_back(plan.deliveries, part.deliveries, new.deliveries),
    )


def _elsewhere(task: PlannedTask, other: dict[str, tuple[str, float]]) -> PlannedTask:
    return replace(task, resources=tuple(other.get(name, (name, units)) for name, units in task.resources))


def _back(whole: list[T], before: list[T], after: list[T]) -> list[T]:
    """The list with members of it replaced, by identity."""
    other = {id(b): a for b, a in zip(before, after, strict=True) if a is not b}
    return [other.get(id(x), x) for x in whole] if other else list(whole)


def settled(facts: Facts, published: Plan, plan: Plan) -> None:
    """Set the figures of a repaired plan, in place: no bound is known for it."""
    plan.objective = figures(facts, plan, published.policy)
    o = plan.objective
    given: dict[str, float] = {}
    for d in plan.deliveries:
        given[d.demand] = given.get(d.demand, 0.0) + d.quantity
    lacks = [d.quantity - given.get(d.name, 0.0) for d in facts.operation.demands if d.status == "open"]
    o.short_quantity = sum(q for q in lacks if q > 1e-6)
    o.cost = cost_of(facts.operation, plan)
    o.bound, o.proven = 0.0, o.value <= 0
    plan.violations, plan.reasons = [], []


def problems(operation: Operation, published: Plan, plan: Plan) -> list[Problem]:
    """The published plan's problems, with those of late and short demands as they are now."""
    kept = [p for p in published.problems if p.kind not in ("late", "short")]
    last: dict[str, int] = {}
    given: dict[str, float] = {}
    for d in plan.deliveries:
        last[d.demand] = max(d.date, last.get(d.demand, d.date))
        given[d.demand] = given.get(d.demand, 0.0) + d.quantity
    found: list[Problem] = []
    for demand in operation.demands:
        if demand.status != "open":
            continue
        name, due, left = demand.name, seconds(demand.due), demand.quantity - given.get(demand.name, 0.0)
        if left > 1e-6 * max(1.0, demand.quantity):
            words = f"{left:g} of {demand.quantity:g} of demand {name} cannot be delivered"
            found.append(Problem("short", name, words, left))
        if name in last and last[name] > due:
            words = f"Demand {name} is {(last[name] - due) / 86400:.1f} days late"
            found.append(Problem("late", name, words, demand.quantity, due, last[name]))
    return [*found, *kept]
