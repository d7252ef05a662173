"""A published plan after an event: repaired, checked, and changed as little as can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba.decide.check import check
from gemba.decide.cycle import plan
from gemba.decide.cycle.events import Absence, Breakdown, Cancellation, LateSupply, QuantityChange, RushOrder
from gemba.decide.cycle.replan import Replan, replan
from gemba.operation import Demand, Operation, OperationError, Plan
from gemba.operation.moments import moment
from tests.decide.cycle.small_shop import HOUR, NOW, shop


def published(operation: Operation) -> Plan:
    return plan(operation, seconds=None, steps=8)


def again(operation: Operation, made: Plan, *events: object, **how: object) -> Replan:
    found = replan(operation, made, events, **{"seconds": None, "tries": 300, **how})  # type: ignore[arg-type]
    assert check(found.operation, found.plan) == [] == found.plan.violations
    return found


def sawing(made: Plan, order: str):  # type: ignore[no-untyped-def]
    return next(t for t in made.tasks if t.order == order and t.step == "saw")


def test_a_breakdown_sends_the_work_to_the_other_saw_and_moves_nothing_else() -> None:
    operation = shop()
    made = published(operation)
    task = max((t for t in made.tasks if t.step == "saw"), key=lambda t: t.start)
    name = task.resources[0][0]
    found = again(operation, made, Breakdown(name, moment(task.start), moment(task.end)))
    other = next(t for t in found.plan.tasks if (t.order, t.step) == (task.order, "saw"))
    assert other.resources[0][0] != name
    assert all(m.elsewhere for m in found.moved if m.order == task.order and m.step == "saw")
    assert found.plan.objective.weighted_tardiness == made.objective.weighted_tardiness
    assert found.how == "repaired"


def test_without_another_saw_work_waits_until_it_is_up_and_says_what_it_waits_for() -> None:
    operation = shop(saws=1)
    made = published(operation)
    first = min((t for t in made.tasks if t.step == "saw"), key=lambda t: t.start)
    found = again(operation, made, Breakdown("Saw 1", moment(first.start), moment(first.start) + 20 * HOUR))
    assert sawing(found.plan, first.order).start >= first.start
    assert found.effects
    assert found.effects[0].worse
    assert any(m.pushed_by for m in found.moved)
    assert all(m.why for m in found.moved)


def test_a_breakdown_when_nothing_is_planned_changes_nothing() -> None:
    operation = shop()
    made = published(operation)
    found = again(operation, made, Breakdown("Bench", NOW + timedelta(days=20), NOW + timedelta(days=21)))
    assert (found.how, found.moved, found.effects) == ("kept", [], [])


def test_late_boards_delay_only_the_orders_that_need_them() -> None:
    operation = shop()
    made = published(operation)
    board = next(o for o in made.orders if o.kind == "buy")
    needs = {p.order for p in made.pegs if p.supply == board.id}
    found = again(operation, made, LateSupply(board.id, moment(board.end) + 1 * HOUR))
    assert {m.order for m in found.moved} >= {board.id} & {m.order for m in found.moved}
    for order in needs:
        assert sawing(found.plan, order).start >= board.end + 3600
    assert next(o for o in found.plan.orders if o.id == board.id).state == "firm"


def test_a_rush_order_is_planned_and_keeps_the_work_of_the_others() -> None:
    operation = shop()
    made = published(operation)
    rush = Demand(name="Rush", item="Table", quantity=1, due=NOW + 60 * HOUR, whole=True)
    found = again(operation, made, RushOrder(rush))
    assert found.new
    assert not found.moved
    assert sum(d.quantity for d in found.plan.deliveries if d.demand == "Rush") == 1
    assert [e.demand for e in found.effects] == ["Rush"]


def test_a_rush_order_that_counts_much_pushes_in_where_there_is_no_gap() -> None:
    operation = shop(demands=8, saws=1)
    made = published(operation)
    rush = Demand(name="Rush", item="Table", quantity=1, due=NOW + 13 * HOUR, weight=50.0, whole=True)
    found = again(operation, made, RushOrder(rush), exchange=0.0)
    delivered = max(d.date for d in found.plan.deliveries if d.demand == "Rush")
    assert delivered <= min(t.end for t in made.tasks if t.step == "join") + 6 * 3600


def test_a_cancelled_demand_takes_its_orders_along() -> None:
    operation = shop()
    made = published(operation)
    found = again(operation, made, Cancellation("D1"))
    assert found.gone
    assert not found.moved
    assert not [d for d in found.plan.deliveries if d.demand == "D1"]


def test_more_of_a_demand_is_added_and_less_of_it_left_out() -> None:
    operation = shop()
    made = published(operation)
    more = again(operation, made, QuantityChange("D2", 3))
    assert sum(d.quantity for d in more.plan.deliveries if d.demand == "D2") == 3
    less = again(more.operation, more.plan, QuantityChange("D2", 1))
    assert sum(d.quantity for d in less.plan.deliveries if d.demand == "D2") == 1


def test_firm_work_stays_where_it_is() -> None:
    operation = shop()
    made = published(operation)
    found = again(operation, made, LateSupply(next(o.id for o in made.orders if o.kind == "buy"), NOW + 40 * HOUR))
    firm = [o for o in found.plan.orders if o.state == "firm"]
    later = again(found.operation, found.plan, Breakdown("Saw 1", NOW + 10 * HOUR, NOW + 14 * HOUR))
    assert [o for o in later.plan.orders if o.state == "firm"] == firm


@pytest.mark.parametrize("event", [Breakdown("Nobody", NOW, NOW + HOUR), Absence("Saw 1", NOW, NOW), Cancellation("D99"),
                                   LateSupply("PO-9", NOW)])  # fmt: skip
def test_an_event_about_nothing_is_refused(event: object) -> None:
    operation = shop()
    with pytest.raises(OperationError):
        again(operation, published(operation), event)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(3, 9), st.integers(1, 2), st.integers(0, 40), st.integers(1, 30), st.sampled_from(["Saw 1", "Bench"])
)
def test_any_breakdown_leaves_a_clean_plan_that_is_the_same_each_time(
    demands: int, saws: int, start: int, length: int, resource: str
) -> None:
    operation = shop(demands, saws)
    made = published(operation)
    event = Breakdown(resource, NOW + start * HOUR, NOW + (start + length) * HOUR)
    one, two = (again(operation, made, event, tries=60) for _ in range(2))
    assert replace(one.plan, seconds=0.0) == replace(two.plan, seconds=0.0)
    tasks = {(t.order, t.step): t for t in made.tasks}
    moved = {(m.order, m.step) for m in one.moved}
    for t in one.plan.tasks:
        assert (t.order, t.step) in moved or t == tasks[t.order, t.step]
