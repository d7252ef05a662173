"""What a little more of one objective buys of another: plans of many variants, and the ones that none beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gemba.decide.cycle.by_policy import variant_plan
from gemba.decide.cycle.policies import VARIANTS, value_of
from gemba.operation import Operation, Plan
from gemba.solvers.fanout import fan_out

#: Objectives that can be traded: fields of ``Objective``, smaller is better.
OBJECTIVES = ("weighted_tardiness", "tardiness", "makespan", "stock", "cost")


@dataclass(frozen=True, slots=True)
class Point:
    """A plan on the curve, its values of the two objectives, and the variant of the operation that it is for."""

    plan: Plan
    first: float
    second: float
    variant: str


def trade_off(
    operation: Operation,
    first: str = "weighted_tardiness",
    second: str = "stock",
    points: int = 5,
    *,
    seconds: float | None = 30.0,
    steps: int | None = None,
    seed: int = 0,
    workers: int = 2,
) -> list[Point]:
    """Plans that no other one found beats in both objectives, by the first one: a curve of at most so many points.

    Variants of the operation are planned on all cores; of the plans without violations the non-dominated ones are kept (Pareto),
    and of these, where there are too many, the best in each objective and those that lie most evenly between them.

    Args:
        seconds: all in all, about.
        steps: for each plan; with ``seconds=None`` the result is the same on any machine.

    Raises:
        ValueError: for an objective that is none.
    """
    for name in (first, second):
        if name not in OBJECTIVES:
            raise ValueError(f"an objective must be one of {', '.join(OBJECTIVES)}; '{name}' is none")
    tasks = [_Task(operation, name, None, steps, seed) for name in VARIANTS]
    plans = _plans(tasks, seconds, workers)
    found = [
        Point(p, value_of(p.objective, first), value_of(p.objective, second), t.variant)
        for t, p in zip(tasks, plans, strict=True)
        if not p.violations
    ]
    return spread(front(found), points)


def plan_scenarios(
    operations: Sequence[Operation],
    *,
    seconds: float | None = 30.0,
    steps: int | None = None,
    seed: int = 0,
    policy: str = "on_time",
    workers: int = 2,
) -> list[Plan]:
    """A plan for each operation (what if there were another machine?), worked out side by side, in ``seconds`` all in all."""
    return _plans([_Task(o, "", policy, steps, seed) for o in operations], seconds, workers)


@dataclass(frozen=True, slots=True)
class _Task:
    """One plan to be made: of a variant, or by a policy."""

    operation: Operation
    variant: str
    policy: str | None
    steps: int | None
    seed: int
    seconds: float | None = None


def _plans(tasks: list[_Task], seconds: float | None, workers: int) -> list[Plan]:
    rounds = -(-len(tasks) // max(1, workers))
    share = None if seconds is None else seconds / max(1, rounds)
    timed = [_Task(t.operation, t.variant, t.policy, t.steps, t.seed, share) for t in tasks]
    return fan_out(_plan, timed, workers=workers, name=lambda t: t.variant or t.operation.name)


def _plan(task: _Task) -> Plan:
    from gemba.decide.cycle import plan

    how: dict[str, Any] = {"seconds": task.seconds, "steps": task.steps, "seed": task.seed}
    if task.policy is not None:
        return plan(task.operation, policy=task.policy, **how)
    return variant_plan(task.operation, task.variant, plan, **how)


def front(found: Sequence[Point]) -> list[Point]:
    """The points that no other one beats in both, by the first objective; equal ones once."""
    kept: list[Point] = []
    for p in sorted(found, key=lambda p: (p.first, p.second)):
        if not kept or p.second < kept[-1].second - 1e-9 * max(1.0, abs(kept[-1].second)):
            kept.append(p)
    return kept


def spread(curve: list[Point], count: int) -> list[Point]:
    """At most so many points, both ends among them."""
    if len(curve) <= count:
        return curve
    if count <= 1:
        return curve[:count]
    return [curve[round(i * (len(curve) - 1) / (count - 1))] for i in range(count)]
