"""What happened flows into the next plan, and the plan respects it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import gemba
from gemba.execute.orders import TaskProgress, carried
from gemba.operation import Delivered
from gemba.operation.moments import seconds
from tests.execute.orders.facts import NOW, at, live, shop


def test_a_released_order_keeps_its_planned_times() -> None:
    stands = carried(shop(), [live(start=2)], now=NOW)
    assert [(t.step, t.start, t.state) for t in stands.order_tasks] == [
        ("Cut", at(2), "firm"), ("Assemble", at(2 + 1 / 3), "firm"),
    ]  # fmt: skip
    (order,) = stands.orders
    assert (order.name, order.state, order.quantity, order.option) == ("MO-1", "firm", 10, "Chair")


def test_what_should_have_started_and_has_not_starts_now() -> None:
    stands = carried(shop(), [live()], now=at(2))
    assert stands.settings.now == at(2)
    cut, assemble = stands.order_tasks
    assert (cut.start, assemble.start) == (at(2), cut.end)


def test_two_released_orders_follow_each_other_on_their_resource() -> None:
    stands = carried(shop(), [live(), live(order="MO-2")], now=NOW)
    first, second = (t for t in stands.order_tasks if t.step == "Cut")
    assert second.start == first.end


def test_work_done_is_not_planned_again_and_its_material_is_not_taken_again() -> None:
    cut = TaskProgress("MO-1", "Cut", at(1), "done", NOW, at(1), 1200.0, Decimal(10))
    half = TaskProgress("MO-1", "Assemble", at(2), "started", at(1), None, 3600.0, Decimal(4))
    stands = carried(shop(), [live({"Cut": cut, "Assemble": half}, state="started")], now=at(2))
    (task,) = stands.order_tasks
    assert (task.step, task.start, task.end, task.state) == (
        "Assemble",
        at(2),
        at(3.5),
        "started",
    )  # 6 left, 15 min each
    (order,) = stands.orders
    assert (order.quantity, order.state, order.process) == (6, "started", "Rest of MO-1")
    assert [i for i in stands.step_items if i.process == "Rest of MO-1"] == []


def test_material_of_a_step_half_done_is_taken_for_the_other_half() -> None:
    cut = TaskProgress("MO-1", "Cut", at(0.5), "started", NOW, None, 900.0, Decimal(5))
    stands = carried(shop(), [live({"Cut": cut}, state="started")], now=at(0.5))
    (item,) = [i for i in stands.step_items if i.process == "Rest of MO-1"]
    assert (item.item, item.quantity, item.fixed_quantity) == ("Leg", 0, 20)


def test_a_finished_or_cancelled_order_takes_no_more_capacity() -> None:
    done = replace(live(), progress=replace(live().progress, state="done"))
    cancelled = live(order="MO-2", state="cancelled")
    stands = carried(shop(), [done, cancelled], now=NOW)
    assert (stands.orders, stands.order_tasks) == ((), ())


def test_what_was_delivered_is_no_longer_wanted() -> None:
    def given(quantity: int, **more: str) -> Delivered:
        return Delivered(
            uid=str(quantity),
            at=NOW,
            demand="SO-1",
            item="Chair",
            quantity=Decimal(quantity),
            ordered=Decimal(10),
            **more,
        )

    assert carried(shop(), [], [given(4)], now=NOW).demands[0].quantity == 6
    assert carried(shop(), [], [given(4), given(6)], now=NOW).demands[0].status == "closed"
    assert carried(shop(), [], [given(4), given(4, corrects="4")], now=NOW).demands[0].quantity == 10


def test_a_plan_of_what_stands_is_clean_and_leaves_the_released_work_where_it_is() -> None:
    cut = TaskProgress("MO-1", "Cut", at(0.5), "started", NOW, None, 900.0, Decimal(5))
    stands = carried(shop(), [live({"Cut": cut}, state="started"), live(order="MO-2", quantity=3)], now=at(0.5))
    plan = gemba.plan(stands, seconds=None, steps=20)
    assert plan.violations == []
    kept = {(t.order, t.step): t.start for t in plan.tasks if t.state != "proposed"}
    assert kept == {(t.order, t.step): seconds(t.start) for t in stands.order_tasks}
    assert plan.objective.short == 0
    assert sum(o.quantity for o in plan.orders if o.item == "Chair") == 13  # all that is wanted is under way
