"""On any operation: after any event the plan is repaired, and looking at what changed finds what looking at all of it finds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gemba.decide.check import check
from gemba.decide.cycle import plan as engine
from gemba.decide.cycle.events import Breakdown, Cancellation, Disruption, LateSupply, QuantityChange, RushOrder
from gemba.decide.cycle.replan import replan
from gemba.operation import Operation, Plan
from gemba.operation.moments import moment
from tests.decide.check.random_operation import operations


def event(operation: Operation, made: Plan, seed: int) -> Disruption | None:
    """Something that may happen to the plan; None where nothing can."""
    chance = random.Random(seed)
    bought = [o for o in made.orders if o.kind in ("buy", "move") and o.state == "proposed"]
    demands = [d for d in operation.demands if d.status == "open"]
    kinds = (
        ["breakdown"] * 3 * bool(made.tasks)
        + ["late"] * bool(bought)
        + ["rush", "cancel", "more", "less"] * bool(demands)
    )
    what = chance.choice(kinds) if kinds else ""
    if what == "breakdown":
        task = chance.choice(made.tasks)
        names = [name for name, _ in task.resources] or [r.name for r in operation.resources[:1]]
        start = moment(task.start) + timedelta(seconds=chance.randint(-20000, 20000))
        return Breakdown(chance.choice(names), start, start + timedelta(hours=chance.randint(1, 60))) if names else None
    if what == "late":
        order = chance.choice(bought)
        return LateSupply(order.id, moment(order.end) + timedelta(hours=chance.randint(1, 200)))
    if not what:
        return None
    demand = chance.choice(demands)
    if what == "rush":
        return RushOrder(replace(demand, name="Rush", due=demand.due - timedelta(hours=chance.randint(0, 60))))
    if what == "cancel":
        return Cancellation(demand.name)
    return QuantityChange(demand.name, demand.quantity * (2 if what == "more" else 0.5))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations(), st.integers(0, 10**6))
def test_after_any_event_there_is_a_plan_and_its_changes_are_checked_as_all_of_it_is(
    operation: Operation, seed: int
) -> None:
    made = engine(operation, seconds=None, steps=3)
    happened = event(operation, made, seed)
    assume(happened is not None and not made.violations)
    assert happened is not None
    found = replan(operation, made, happened, seconds=None, tries=20)
    assert sorted(check(found.operation, found.plan)) == sorted(found.plan.violations)
    whole = replan(operation, made, happened, seconds=None, tries=20, whole_check=True)
    assert replace(whole.plan, seconds=0.0) == replace(found.plan, seconds=0.0)
