"""Two plans side by side: what a change of the model does, worked out by hand."""

from __future__ import annotations

import pytest

import gemba
from gemba.improve.learn import Proposal, apply, effect
from gemba.operation import Demand
from tests.execute.orders.facts import at, shop

SLOWER = Proposal("steps", ("Make chair", "Assemble"), "time_per_unit", 360.0, 720.0, 700.0, 740.0, 9, "")


def test_slower_work_makes_the_order_late_by_what_it_takes_longer() -> None:
    # Cut takes 600 + 10 * 60 s, assemble 10 * 360 s: planned to be ready when it is due, at 8:00. With 10 * 720 s to
    # assemble it is ready at 6:00 + 20 min + 2 h = 8:20 at the soonest.
    operation = shop(demands=(Demand(name="SO-1", item="Chair", place="Shop", quantity=10.0, due=at(2)),))
    changed = apply(operation, [SLOWER])
    plans = [gemba.plan(o, seconds=None, steps=5) for o in (operation, changed)]
    found = effect(operation, plans[0], changed, plans[1])
    (demand,) = found.demands
    assert (demand.demand, demand.later, demand.status_before, demand.status_after) == ("SO-1", 1200, "on time", "late")
    assert (demand.lateness_before, demand.lateness_after) == (0, 1200)
    assert (found.late_before, found.late_after, found.on_time_before, found.on_time_after) == (0, 1, 1, 0)
    assert (found.makespan_before, found.makespan_after) == (7200, 8400)
    assert found.objective_after > found.objective_before == 0
    assert {r.resource: (r.hours_before, r.hours_after) for r in found.resources} == {
        "Bench": (pytest.approx(1.0), pytest.approx(2.0)), "Saw": (pytest.approx(1 / 3), pytest.approx(1 / 3)),
    }  # fmt: skip
    # until 8:20 there are 8400 s of the bench: 2 of 2.33 h
    assert found.bottleneck_after == "Bench"
    assert next(r for r in found.resources if r.resource == "Bench").share_after == pytest.approx(7200 / 8400)


def test_the_same_plan_twice_has_no_effect() -> None:
    operation = shop()
    plan = gemba.plan(operation, seconds=None, steps=5)
    found = effect(operation, plan, operation, plan)
    assert found.demands == ()
    assert found.objective_before == found.objective_after


def test_plans_from_different_moments_are_not_compared() -> None:
    operation = shop()
    plan, other = (gemba.plan(operation, seconds=None, steps=5) for _ in range(2))
    other.now += 60
    with pytest.raises(ValueError, match="one moment"):
        effect(operation, plan, operation, other)
