"""Capacity at every moment and in buckets, what options take, and what existing work already took."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from gemba.decide.check import check, inherited_problems
from gemba.operation import Calendar, CalendarRule, Operation, Order, OrderTask, Resource
from tests.decide.check.serial import serial
from tests.decide.check.shop import at, shop
from tests.decide.check.spoil import assert_caught, assert_clean, order, task


def altered(name: str, **fields: Any) -> tuple[Resource, ...]:
    return tuple(replace(r, **fields) if r.name == name else r for r in shop().resources)


def with_resource(name: str, **fields: Any) -> Operation:
    return shop(resources=altered(name, **fields))


def with_saw(**fields: Any) -> Operation:
    return with_resource("Saw", **fields)


def booked(*hours: tuple[float, float], **fields: Any) -> dict[str, Any]:
    """Existing orders on the saw, one for each span of hours of Monday."""
    names = [f"MO-{i}" for i, _ in enumerate(hours)]
    orders = tuple(
        Order(name=n, process="Make chair", item="Chair", place="Plant", quantity=1, start=at(23, a), end=at(23, b),
              uses_inputs=False, **fields) for n, (a, b) in zip(names, hours, strict=True)
    )  # fmt: skip
    tasks = tuple(
        OrderTask(order=n, step="Saw", resource="Saw", start=at(23, a), end=at(23, b))
        for n, (a, b) in zip(names, hours, strict=True)
    )
    return {"orders": orders, "order_tasks": tasks}


def test_two_tasks_at_once_on_one_machine_are_caught() -> None:
    plan = serial(shop())
    first, second = (t for t in plan.tasks if t.step == "Paint")
    first.start, first.end = second.start + 60, second.start + 4260
    assert_caught(
        shop(), plan, "Resource 'Paint' has 1, but 2 are taken from 2026-11-25T09:51:00 to 2026-11-25T10:50:00"
    )
    assert_caught(shop(), plan, "order 'P00001' step 'Paint', order 'P00003' step 'Paint'")


def test_more_units_than_a_pool_has_are_caught() -> None:
    rows = tuple(replace(r, quantity=3) if r.step == "Saw" else r for r in shop().step_resources)
    plan = serial(shop(step_resources=rows, resources=altered("Saw", capacity=3)))
    assert_clean(shop(step_resources=rows, resources=altered("Saw", capacity=3)), plan)
    assert_caught(shop(step_resources=rows, resources=altered("Saw", capacity=2)), plan, "has 2, but 3 are taken")


def test_capacity_may_change_over_time() -> None:
    pool = Calendar(name="Pool", value=1)
    less = CalendarRule(calendar="Pool", rule=1, value=0, start_time=time(6, 30), end_time=time(7))
    calendars = {"calendars": (*shop().calendars, pool), "calendar_rules": (*shop().calendar_rules, less)}
    resources = altered("Saw", capacity_calendar="Pool")
    assert_caught(
        shop(resources=resources, **calendars),
        serial(shop()),
        "Resource 'Saw' has 0, but 1 are taken from 2026-11-23T06:30",
    )


def test_capacity_in_closed_hours_does_not_matter_to_a_task_that_pauses() -> None:
    pool = Calendar(name="Pool", value=1)
    none_at_night = CalendarRule(calendar="Pool", rule=1, value=0, start_time=time(14), end_time=time(6))
    calendars = {"calendars": (*shop().calendars, pool), "calendar_rules": (*shop().calendar_rules, none_at_night)}
    steps = tuple(replace(s, time_per_unit=6000) if s.name == "Saw" else s for s in shop().steps)
    operation = shop(resources=altered("Saw", capacity_calendar="Pool"), steps=steps, **calendars)
    plan = serial(shop(steps=steps))
    assert task(plan, "Saw").end > task(plan, "Saw").start + 16 * 3600
    assert_clean(operation, plan)


def test_an_infinite_resource_is_never_overloaded() -> None:
    operation = with_resource("Paint", limited="infinite", setup_matrix="")
    plan = serial(operation)
    assert_clean(operation, plan)
    first, second = (t for t in plan.tasks if t.step == "Paint")
    first.resources = second.resources
    assert not [v for v in check(with_resource("Paint", limited="infinite", setup_matrix=""), plan) if "taken" in v]


def test_existing_work_takes_capacity() -> None:
    operation = shop(**booked((6, 8)))
    assert_clean(operation, serial(operation))
    plan = serial(operation)
    saw = next(t for t in plan.tasks if t.step == "Saw" and t.state == "proposed")
    saw.start, saw.end = saw.start - 7200, saw.end - 7200
    assert_caught(operation, plan, "Resource 'Saw' has 1, but 2 are taken", "order 'MO-0' step 'Saw'")
    freed = shop(**booked((6, 8), uses_capacity=False))
    assert not [v for v in check(freed, plan) if "taken" in v]


def test_an_overload_by_existing_work_alone_is_a_problem_and_no_violation() -> None:
    operation = shop(**booked((6, 8), (7, 9)))
    assert_clean(operation, serial(operation))
    (problem,) = inherited_problems(operation)
    assert (problem.kind, problem.subject, problem.quantity) == ("overload", "Saw", 1)
    assert (
        "Existing orders (MO-0, MO-1) overload 'Saw' by 1 units from 2026-11-23T07:00:00 to 2026-11-23T08:00:00"
        in problem.message
    )
    worse = serial(operation)
    saw = next(t for t in worse.tasks if t.step == "Saw" and t.state == "proposed")
    saw.start, saw.end = saw.start - 7200, saw.end - 7200
    assert_caught(operation, worse, "Resource 'Saw' has 1, but 3 are taken")


@pytest.mark.parametrize(
    ("bucket", "span"), [("day", "2026-11-25T00:00:00"), ("week", "2026-11-23T00:00:00"), ("month", "2026-11-01")]
)
def test_hours_of_a_bucket_are_limited(bucket: str, span: str) -> None:
    tiny = with_saw(bucket=bucket, capacity=0.001)
    assert_caught(tiny, serial(shop()), "Resource 'Saw' has", f"in the period from {span}", "h starts in it")
    assert_clean(with_saw(bucket=bucket), serial(shop()))


def test_a_bucket_lets_work_overlap_within_its_hours() -> None:
    plan = serial(shop())
    first, second = (t for t in plan.tasks if t.step == "Paint")
    first.start, first.end = second.start, second.start + 4200
    assert any("Resource 'Paint'" in v for v in check(shop(), plan))
    assert not any("Resource 'Paint'" in v for v in check(with_resource("Paint", bucket="day"), plan))


def test_a_bucket_may_be_units_for_each_piece_of_a_calendar() -> None:
    """Worked example: (2 fixed + 1 x 5 pieces) / efficiency 0.5 = 14 units start on Monday between 6 and 7."""
    pool = Calendar(name="Pool", value=24)
    hour = CalendarRule(calendar="Pool", rule=1, value=14, start_time=time(6), end_time=time(7))
    rows = tuple(replace(r, fixed_quantity=2) if r.step == "Saw" else r for r in shop().step_resources)
    saw = altered("Saw", bucket="calendar", capacity_calendar="Pool", efficiency=0.5)
    one = shop().demands[:1]

    def with_units(value: float) -> Operation:
        rules = (*shop().calendar_rules, replace(hour, value=value))
        return shop(
            resources=saw, step_resources=rows, calendars=(*shop().calendars, pool), calendar_rules=rules, demands=one
        )

    assert_clean(with_units(14), serial(shop(demands=one)))
    span = "in the period from 2026-11-23T06:00:00 to 2026-11-23T07:00:00"
    assert_caught(
        with_units(13), serial(shop(demands=one)), f"'Saw' has 13 units {span}, but work of 14 units starts in it"
    )


def test_bucket_hours_that_existing_work_exceeds_are_a_problem() -> None:
    operation = shop(resources=altered("Saw", bucket="day", capacity=0.1), **booked((6, 8)))
    (problem,) = inherited_problems(operation)
    assert "Existing orders overload 'Saw' by 1.2 h from 2026-11-23T00:00:00" in problem.message
    assert problem.quantity == pytest.approx(1.2)


def test_an_option_takes_its_resource_for_its_lead_time() -> None:
    options = tuple(
        replace(o, resource="Van", resource_quantity=0.2) if o.name == "Ship" else o for o in shop().supply_options
    )
    resources = (*shop().resources, Resource(name="Van", capacity=2))
    operation = shop(supply_options=options, resources=resources)
    assert_clean(operation, serial(shop()))
    small = shop(supply_options=options, resources=(*shop().resources, Resource(name="Van", capacity=1)))
    plan = serial(shop())
    moved = order(plan, "Chair", "Store")
    assert_caught(
        small,
        plan,
        f"Resource 'Van' has 1, but 2 are taken from 2026-11-25T10:50:00 to 2026-11-25T14:50:00: order '{moved.id}'",
    )
