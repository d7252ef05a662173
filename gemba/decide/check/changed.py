"""What differs between a plan and one that was found clean: the rules for one order alone need no second look at the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from gemba.operation import Plan


@dataclass(frozen=True, slots=True)
class Clean:
    """A plan in which a full check found nothing.

    It was checked with an operation that differs from the present one in nothing but the hours of ``resources``, its demands
    and its existing orders.
    """

    plan: Plan
    resources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """Orders and demands that the clean plan says nothing about any more.

    An order is one of them where it, a task or a flow of it is not the very same object as in the clean plan, where one of
    those is gone, or where a task of it is on a resource whose hours are others; a demand where that is so of its deliveries
    or pegs.
    """

    orders: frozenset[str]
    needs: frozenset[tuple[str, str]]  # ('order' or 'demand', name) whose uses, pegs or supplies differ


def changed(plan: Plan, clean: Clean) -> Changed:
    """What of a plan must be looked at again."""
    before = clean.plan
    orders = {o.id for o in _other(plan.orders, before.orders)}
    orders |= {t.order for t in _other(plan.tasks, before.tasks)} | {f.order for f in _other(plan.flows, before.flows)}
    if clean.resources:
        orders |= {t.order for t in plan.tasks if any(name in clean.resources for name, _ in t.resources)}
    needs = {("order", o) for o in orders} | {("demand", d.demand) for d in _other(plan.deliveries, before.deliveries)}
    touched = chain(_other(plan.pegs, before.pegs), (p for p in plan.pegs if p.supply in orders))
    needs |= {("demand", p.demand) if p.demand else ("order", p.order) for p in touched}
    return Changed(frozenset(orders), frozenset(needs))


def _other(now: Iterable[Any], before: Iterable[Any]) -> list[Any]:
    """Objects that only one of the two has."""
    ours, theirs = {id(x) for x in now}, {id(x) for x in before}
    return [x for x in now if id(x) not in theirs] + [x for x in before if id(x) not in ours]
