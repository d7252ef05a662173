"""Spoil one thing of a clean plan, and see that the checker says so."""

from __future__ import annotations

from gemba.decide.check import check
from gemba.operation import Flow, Operation, Plan, PlannedOrder, PlannedTask


def order(plan: Plan, item: str, place: str = "Plant") -> PlannedOrder:
    """The first proposed order for an item at a place."""
    return next(o for o in plan.orders if (o.item, o.place, o.state) == (item, place, "proposed"))


def task(plan: Plan, step: str) -> PlannedTask:
    """The first task of a step."""
    return next(t for t in plan.tasks if t.step == step)


def flow(plan: Plan, item: str, sign: int) -> Flow:
    """The first flow of an item in (1) or out (-1) of stock."""
    return next(f for f in plan.flows if f.item == item and f.quantity * sign > 0)


def assert_clean(operation: Operation, plan: Plan) -> None:
    """The checker finds nothing."""
    assert check(operation, plan) == []


def assert_caught(operation: Operation, plan: Plan, *words: str) -> None:
    """One of the checker's sentences has all these words."""
    found = check(operation, plan)
    assert any(all(w in sentence for w in words) for sentence in found), "\n".join(found) or "nothing was found"
