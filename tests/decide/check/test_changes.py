"""A plan that differs little from one without faults: looking at the difference finds what looking at all of it finds."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba.decide.check import changes, check, check_changes, checker
from gemba.operation import Operation, Plan
from gemba.operation.closing import close
from tests.decide.check.random_operation import operations
from tests.decide.check.serial import serial
from tests.decide.check.test_doubts import nudged

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
GROUPS = ("orders", "tasks", "flows", "pegs", "deliveries")


def altered(plan: Plan, seed: int) -> Plan:
    """A plan with a few rows of another one changed, doubled, or left out; the other rows are the same objects."""
    chance = random.Random(seed)
    found = replace(plan, **{g: list(getattr(plan, g)) for g in GROUPS}, objective=deepcopy(plan.objective))
    for _ in range(chance.randint(1, 4)):
        rows = getattr(found, chance.choice(GROUPS))
        if rows:
            i, what = chance.randrange(len(rows)), chance.random()
            if what < 0.15:
                del rows[i]
            elif what < 0.25:
                rows.append(deepcopy(rows[i]))
            else:
                rows[i] = deepcopy(rows[i])
                alter(rows[i], chance, [r for g in GROUPS for r in getattr(plan, g) if type(r) is type(rows[i])])
    return found


def alter(row: object, chance: random.Random, others: list[object]) -> None:
    """Change one field of a row: a number a little or much, a name to that of another row."""
    field = chance.choice([f for f in row.__slots__ if hasattr(row, f)])  # type: ignore[attr-defined]
    value = getattr(row, field)
    if isinstance(value, int | float) and not isinstance(value, bool):
        near, far = chance.choice([-2, -1, 1, 2]), chance.randint(-90000, 90000)
        setattr(row, field, type(value)(value + chance.choice([near, far])))
    else:
        setattr(row, field, getattr(chance.choice(others), field))


def changed(operation: Operation, seed: int) -> Operation:
    """The operation with a resource closed for a time, a demand cancelled or asked for more, or nothing changed."""
    chance = random.Random(seed)
    what = chance.randrange(4)
    if what == 0 and operation.resources:
        start = operation.now + timedelta(hours=chance.randint(0, 100))
        return close(operation, chance.choice(operation.resources), start, start + timedelta(hours=20), "closed")
    if what == 1 and operation.demands:
        i = chance.randrange(len(operation.demands))
        other = chance.choice([{"status": "cancelled"}, {"quantity": operation.demands[i].quantity + 1}])
        demands = (*operation.demands[:i], replace(operation.demands[i], **other), *operation.demands[i + 1 :])
        return replace(operation, demands=demands, checked=True)
    if what == 2 and operation.orders:
        return replace(operation, orders=operation.orders[1:], order_tasks=operation.order_tasks[1:], checked=True)
    return operation


@SETTINGS
@given(operations(), st.integers(0, 10**6))
def test_the_look_at_changes_hides_no_fault(operation: Operation, seed: int) -> None:
    published = serial(operation)
    after, plan = changed(operation, seed), altered(published, seed)
    with patch.object(changes, "_MOST", 1.0):
        assert sorted(check_changes(operation, published, after, plan)) == sorted(check(after, plan))


@SETTINGS
@given(operations(), st.integers(0, 10**6))
def test_a_plan_of_other_objects_is_read_as_a_whole(operation: Operation, seed: int) -> None:
    published = serial(operation)
    plan = nudged(deepcopy(published), seed)
    assert sorted(check_changes(operation, published, operation, plan)) == sorted(check(operation, plan))


def test_where_nothing_differs_no_order_is_read() -> None:
    from tests.decide.cycle.small_shop import shop

    operation = shop()
    published = serial(operation)
    plan = replace(published, tasks=list(published.tasks))
    with patch.object(checker, "clear", side_effect=AssertionError):
        assert check_changes(operation, published, operation, plan) == []
