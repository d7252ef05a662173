"""On any operation: a plan that a plain scheduler makes is clean, and any plan at all is checked without a crash."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba.decide.check import check, inherited_problems
from gemba.decide.cycle import plan as engine
from gemba.operation import Operation, Plan
from tests.decide.check.random_operation import operations
from tests.decide.check.serial import serial

SETTINGS = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def shaken(plan: Plan, seed: int) -> Plan:
    """The plan with some of its numbers and names changed at random."""
    chance = random.Random(seed)
    for group in (plan.orders, plan.tasks, plan.flows, plan.pegs, plan.deliveries):
        for row in group:
            for field in ("start", "end", "at", "date", "quantity", "setup"):
                if hasattr(row, field) and chance.random() < 0.1:
                    setattr(row, field, type(getattr(row, field))(getattr(row, field) + chance.randint(-90000, 90000)))
    for field in ("supply", "order", "demand"):
        names = [getattr(p, field) for p in plan.pegs]
        if chance.random() < 0.3:
            chance.shuffle(names)
        for peg, name in zip(plan.pegs, names, strict=True):
            setattr(peg, field, name)
    return plan


@SETTINGS
@given(operations())
def test_a_plan_made_step_by_step_is_clean(operation: Operation) -> None:
    assert check(operation, serial(operation)) == []


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(operations())
def test_the_engines_plan_is_clean(operation: Operation) -> None:
    assert check(operation, engine(operation, seconds=None, steps=3)) == []


@SETTINGS
@given(operations(), st.integers(0, 10**6))
def test_any_plan_is_checked_without_a_crash(operation: Operation, seed: int) -> None:
    plan = shaken(serial(operation), seed)
    assert check(operation, plan) == check(operation, plan)
    inherited_problems(operation)


@SETTINGS
@given(operations())
def test_a_plan_that_does_nothing_only_fails_its_figures_and_existing_orders(operation: Operation) -> None:
    found = check(operation, Plan(operation.name, serial(operation).now))
    assert all("The plan claims" in v or "is missing from the plan" in v for v in found)
