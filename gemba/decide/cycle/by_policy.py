"""Plans by a policy: variants of the operation are planned and measured by the operation itself; the best one is taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gemba.decide.check import check
from gemba.decide.cycle.events import Cancellation, Disruption, QuantityChange, RushOrder
from gemba.decide.cycle.merge import problems
from gemba.decide.cycle.plan_cost import cost_of
from gemba.decide.cycle.policies import POLICIES, VARIANTS, Policy, best, value_of
from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.result import figures
from gemba.operation import Operation, Plan

#: ``cycle.plan``.
Planner = Callable[..., Plan]


def by_policy(
    operation: Operation, planner: Planner, policy: str, published: Plan | None, seconds: float | None, **rest: Any
) -> Plan:
    """The plan of a policy that the engines do not know themselves.

    Raises:
        ValueError: for a policy that does not exist.
    """
    if policy not in POLICIES:
        raise ValueError(f"the policy must be one of {', '.join(POLICIES)}")
    chosen, begun = POLICIES[policy], time.monotonic()
    if policy == "stable" and published is not None:
        return _stable(operation, published, chosen, seconds)
    share = None if seconds is None else seconds / len(chosen.variants)
    plans = [variant_plan(operation, name, planner, seconds=share, **rest) for name in chosen.variants]
    found = best(chosen, [(p, 0.0) for p in plans])
    return _named(found, chosen, begun)


def variant_plan(operation: Operation, variant: str, planner: Planner, **rest: Any) -> Plan:
    """The plan of a variant of the operation, checked and measured by the operation itself."""
    changed = VARIANTS[variant](operation)
    found = planner(changed, policy="on_time", **rest)
    if changed is not operation:
        found.violations = check(operation, found)
        found.problems = problems(operation, found, found)
        found.objective.bound, found.objective.proven = 0.0, False
    return measured(operation, found)


def measured(operation: Operation, plan: Plan) -> Plan:
    """Set the figures that plans are compared by, in place."""
    o = figures(Facts(operation), plan, "on_time")
    o.cost, o.short_quantity = cost_of(operation, plan), plan.objective.short_quantity
    plan.objective = o
    return plan


def _named(plan: Plan, policy: Policy, begun: float) -> Plan:
    """The plan under its policy; its value is that of the first objective that is not 0 in every sensible plan."""
    main = next(g for g in policy.goals if g.objective not in ("short_quantity", "disturbance"))
    plan.policy = policy.name
    plan.objective.value = value_of(plan.objective, main.objective)
    if main.objective != "weighted_tardiness":
        plan.objective.bound, plan.objective.proven = 0.0, False
    plan.seconds = time.monotonic() - begun
    return plan


def _stable(operation: Operation, published: Plan, policy: Policy, seconds: float | None) -> Plan:
    """The published plan, with nothing changed but what the operation's demands ask for now."""
    from gemba.decide.cycle.replan import replan

    begun = time.monotonic()
    before, events = differences(operation, published)
    found = replan(before, published, events, seconds=seconds, exchange=1e6)
    return _named(found.plan, policy, begun)


def differences(operation: Operation, published: Plan) -> tuple[Operation, list[Disruption]]:
    """What is wanted otherwise than the published plan delivers: the operation as it was then, and the events since."""
    given: dict[str, float] = {}
    for part in published.deliveries:
        given[part.demand] = given.get(part.demand, 0.0) + part.quantity
    short = {p.subject: p.quantity for p in published.problems if p.kind == "short"}
    demands, events = [], list[Disruption]()
    for d in operation.demands:
        planned = given.get(d.name, 0.0) + short.get(d.name, 0.0)
        if d.status != "open":
            if d.name in given:
                events.append(Cancellation(d.name))
                d = replace(d, status="open")
            demands.append(d)
        elif planned <= 0:
            events.append(RushOrder(d))
        else:
            if abs(planned - d.quantity) > 1e-6 * max(1.0, d.quantity):
                events.append(QuantityChange(d.name, d.quantity))
                d = replace(d, quantity=planned)
            demands.append(d)
    return replace(operation, demands=tuple(demands), checked=True), events
