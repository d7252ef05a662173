"""Whatever the operation: a plan comes, the checker finds it clean, what is not delivered is named, and it comes again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from gemba.decide.cycle import plan
from gemba.operation import Operation
from tests.decide.supply.wild import operations

_FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@_FEW
@given(operations())
def test_every_plan_is_clean_and_names_what_is_short(operation: Operation) -> None:
    found = plan(operation, seconds=None, steps=2)
    assert found.violations == []
    got: dict[str, float] = {}
    for d in found.deliveries:
        got[d.demand] = got.get(d.demand, 0.0) + d.quantity
    short = {p.subject for p in found.problems if p.kind == "short"}
    for d in operation.demands:
        if d.status == "open":
            assert (d.name in short) == (got.get(d.name, 0.0) < d.quantity * (1 - 1e-6)), d.name


@_FEW
@given(operations())
def test_no_plan_is_better_than_its_bound(operation: Operation) -> None:
    objective = plan(operation, seconds=None, steps=2).objective
    assert objective.bound <= objective.value + 1e-6


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations())
def test_the_same_seed_and_steps_give_the_same_plan(operation: Operation) -> None:
    first, second = (plan(operation, seconds=None, steps=3, seed=7) for _ in range(2))
    assert first.orders == second.orders
    assert first.tasks == second.tasks
    assert first.deliveries == second.deliveries
    assert first.objective.value == pytest.approx(second.objective.value)
