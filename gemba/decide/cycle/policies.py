"""What a manager may ask a plan for: policies as data, and the variants of an operation that are planned to serve them.

A policy is a list of objectives, the most important first: of several plans the ones that are best in the first count, within
its tolerance; among those the best in the second, and so on (lexicographic goal programming: Ignizio 1976). The engines look for
little tardiness; what a policy wants besides comes from planning variants of the operation (lots as needed, cheap ways first)
side by side, and from choosing among their plans as the policy says. Every plan is checked with the operation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from gemba.decide.cycle.lot_sizes import economic_lots
from gemba.operation import Objective, Operation, Plan


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective (a field of ``Objective``, or 'disturbance'), and by how much it may be missed for those that follow."""

    objective: str
    share: float = 0.0  # of the best value
    amount: float = 1e-6  # in the objective's unit


@dataclass(frozen=True, slots=True)
class Policy:
    """What to minimise, the most important first."""

    name: str
    says: str
    goals: tuple[Goal, ...]
    variants: tuple[str, ...] = ("as it is",)


POLICIES = {
    p.name: p
    for p in (
        Policy("on_time", "least weighted tardiness", (Goal("weighted_tardiness"),)),
        Policy("makespan", "everything done soonest", (Goal("makespan"),)),
        Policy(
            "least_cost",
            "least cost of resources, set-ups, purchases and orders, nothing left undelivered; then least tardiness",
            (Goal("short_quantity"), Goal("cost", 0.001), Goal("weighted_tardiness"), Goal("stock")),
            (
                *("as it is", "economic lots", "cheapest ways", "only the cheapest ways"),
                *("only the cheapest ways, economic lots", "only the cheapest ways, joint orders"),
            ),
        ),
        Policy(
            "least_stock",
            "least stock at the least tardiness: lots as needed, as late as they may be",
            (Goal("weighted_tardiness", 0.001), Goal("stock", 0.001), Goal("cost")),
            ("as it is", "lot for lot", "just in time"),
        ),
        Policy(
            "stable",
            "least change of the published plan, then least tardiness",
            (Goal("short_quantity"), Goal("disturbance", 0.0, 0.01), Goal("weighted_tardiness")),
        ),
    )
}

_DAY = 86400.0


def _lot_for_lot(operation: Operation) -> Operation:
    """No need shares an order with another."""
    return replace(
        operation,
        stock_policies=tuple(replace(p, period=0.0) for p in operation.stock_policies),
        supply_options=tuple(replace(o, batch_window=0.0) for o in operation.supply_options),
        checked=True,
    )


def _just_in_time(operation: Operation) -> Operation:
    """Lot for lot, and complete when it is due, not before."""
    found = _lot_for_lot(operation)
    return replace(found, settings=replace(found.settings, safety_time=0.0), checked=True)


def _joint_orders(operation: Operation) -> Operation:
    """Needs of two weeks share an order where orders cost something."""
    options = tuple(
        replace(o, batch_window=max(o.batch_window, 14 * _DAY)) if o.order_cost else o for o in operation.supply_options
    )
    return replace(operation, supply_options=options, checked=True)


def _cheapest_ways(operation: Operation) -> Operation:
    """Options and alternative resources in the order of their cost, whatever their priority; those never used stay so."""
    from gemba.decide.cycle.unit_cost import UnitCost

    cost = UnitCost(operation)
    options = _ranked(operation.supply_options, lambda o: (o.item, o.place), cost.option, lambda o: o.priority > 0)
    needs = _ranked(
        operation.step_resources, lambda n: (n.process, n.step, n.alternative), cost.need, lambda n: bool(n.alternative)
    )
    return replace(operation, supply_options=options, step_resources=needs, checked=True)


def _only_cheapest(operation: Operation) -> Operation:
    """Of several options for an item the cheapest alone, even where that is late."""
    found = _cheapest_ways(operation)
    options = tuple(replace(o, priority=0) if o.priority > 1 else o for o in found.supply_options)
    return replace(found, supply_options=options, checked=True)


def _ranked(
    rows: Iterable[Any], key: Callable[[Any], object], cost: Callable[[Any], float], counts: Callable[[Any], bool]
) -> tuple[Any, ...]:
    """Rows of the same key with priorities 1, 2, ... by their cost."""
    groups: dict[object, list[float]] = {}
    for row in rows:
        if counts(row):
            groups.setdefault(key(row), []).append(cost(row))
    ranks = {k: sorted(set(costs)) for k, costs in groups.items()}
    return tuple(replace(r, priority=1 + ranks[key(r)].index(cost(r))) if counts(r) else r for r in rows)


VARIANTS: dict[str, Callable[[Operation], Operation]] = {
    "as it is": lambda operation: operation,
    "lot for lot": _lot_for_lot,
    "just in time": _just_in_time,
    "joint orders": _joint_orders,
    "economic lots": economic_lots,
    "cheapest ways": _cheapest_ways,
    "only the cheapest ways": _only_cheapest,
    "only the cheapest ways, economic lots": lambda operation: economic_lots(_only_cheapest(operation)),
    "only the cheapest ways, joint orders": lambda operation: _joint_orders(_only_cheapest(operation)),
}


def value_of(objective: Objective, goal: str, disturbance: float = 0.0) -> float:
    return disturbance if goal == "disturbance" else float(getattr(objective, goal))


def best(policy: Policy, plans: Iterable[tuple[Plan, float]]) -> Plan:
    """The plan that the policy prefers, of plans with their disturbance; clean ones before others."""
    left = list(plans)
    fewest = min(len(p.violations) for p, _ in left)
    left = [(p, d) for p, d in left if len(p.violations) == fewest]
    for goal in policy.goals:
        values = [value_of(p.objective, goal.objective, d) for p, d in left]
        limit = min(values) * (1 + goal.share) + goal.amount
        left = [row for row, value in zip(left, values, strict=True) if value <= limit]
    return left[0][0]
