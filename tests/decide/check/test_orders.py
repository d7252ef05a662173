"""Orders as such, their lots, when they may start, and the steps they run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gemba.operation import Settings, SupplyOption
from tests.decide.check.serial import serial
from tests.decide.check.shop import DAY, HOUR, NOW, at, shop
from tests.decide.check.spoil import assert_caught, assert_clean, order, task


def with_option(**more: object) -> tuple[SupplyOption, ...]:
    """The shop's options, and one to make chairs."""
    making = SupplyOption(name="Make", item="Chair", place="Plant", kind="make", process="Make chair", **more)  # type: ignore[arg-type]
    return (*shop().supply_options, making)


def test_a_plan_made_by_hand_passes() -> None:
    assert_clean(shop(), serial(shop()))


def test_a_plan_of_another_operation_or_moment_is_caught() -> None:
    plan = serial(shop())
    plan.operation, plan.now = "Mill", plan.now - 60
    assert_caught(shop(), plan, "operation 'Mill', not for 'Shop'")
    assert_caught(shop(), plan, "2026-11-23T05:59:00", "now is 2026-11-23T06:00:00")


def test_an_id_used_twice_is_caught() -> None:
    plan = serial(shop())
    plan.orders[1].id = plan.orders[0].id
    assert_caught(shop(), plan, f"Order '{plan.orders[0].id}' appears 2 times")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("option", "Steal wood", "supply option 'Steal wood', which does not exist"),
        ("option", "", "names no supply option, although 'Wood' at 'Plant' has some"),
        ("item", "Chair", "is for 'Chair' at 'Plant', but the option supplies 'Wood' at 'Plant'"),
        ("kind", "make", "is of kind 'make'; by what it runs or uses it is 'buy'"),
        ("supplier", "Somebody", "from supplier 'Somebody', but the option's is 'Timber'"),
        ("quantity", 0.0, "has quantity 0.0; it must be more than 0"),
        ("quantity", 10.0, "is for 10; supply option 'Buy wood' allows no fewer than 20"),
        ("quantity", 25.0, "only multiples of 10"),
    ],
)
def test_a_wrong_order_to_buy_is_caught(field: str, value: object, words: str) -> None:
    plan = serial(shop())
    setattr(order(plan, "Wood"), field, value)
    assert_caught(shop(), plan, f"Order '{order_id(plan)}'", words)


def order_id(plan: object) -> str:
    return "P00004"  # the shop's one order for wood


def test_an_order_that_arrives_before_its_lead_time_in_open_hours_is_caught() -> None:
    plan = serial(shop())
    order(plan, "Wood").end -= HOUR
    assert_caught(shop(), plan, "arrives at 2026-11-24T13:00:00", "'Buy wood' it arrives at 2026-11-24T14:00:00")


def test_a_move_that_takes_longer_than_its_lead_time_is_caught() -> None:
    plan = serial(shop())
    order(plan, "Chair", "Store").end += HOUR
    assert_caught(shop(), plan, "lead time of 14400 s of 'Ship'")


def test_a_move_from_another_origin_is_caught() -> None:
    plan = serial(shop())
    order(plan, "Chair", "Store").origin = "Store"
    assert_caught(shop(), plan, "comes from 'Store', but the option's origin is 'Plant'")


def test_an_order_of_a_process_that_does_not_exist_is_caught() -> None:
    plan = serial(shop())
    order(plan, "Chair").process = "Grow chair"
    assert_caught(shop(), plan, "process 'Grow chair', which does not exist")
    assert_caught(shop(), plan, "has no process and no option to buy or move")


def test_an_order_for_what_its_process_does_not_yield_is_caught() -> None:
    plan = serial(shop())
    order(plan, "Chair").place = "Store"
    assert_caught(shop(), plan, "process 'Make chair' does not yield 'Chair' at 'Store'")


def test_an_order_for_a_by_product_passes() -> None:
    plan = serial(shop())
    order(plan, "Chair").item = "Dust"
    assert_clean(shop(), plan)


def test_a_missing_a_second_and_a_strange_task_are_caught() -> None:
    plan = serial(shop())
    missing, twice, strange = plan.tasks[0], plan.tasks[1], plan.tasks[2]
    plan.tasks = [*plan.tasks[1:], replace(twice), replace(strange, order="X"), replace(strange, step="Polish")]
    assert_caught(shop(), plan, f"Order '{missing.order}', step 'Saw': has no task in the plan")
    assert_caught(shop(), plan, f"Order '{twice.order}', step 'Assemble': has 2 tasks")
    assert_caught(shop(), plan, "Order 'X' has tasks in the plan, but is not among the plan's orders")
    assert_caught(shop(), plan, "step 'Polish': is not a step of process 'Make chair'")


def test_an_order_that_does_not_span_its_tasks_is_caught() -> None:
    plan = serial(shop())
    made = order(plan, "Chair")
    made.start, made.end = made.start + HOUR, made.end + HOUR
    assert_caught(shop(), plan, "starts at 2026-11-23T07:00:00, but its first task at 2026-11-23T06:00:00")
    assert_caught(shop(), plan, "ends at 2026-11-23T10:30:00, but its last task at 2026-11-23T09:30:00")


def test_an_option_of_priority_0_is_never_proposed() -> None:
    plan = serial(shop(supply_options=with_option()))
    assert_clean(shop(supply_options=with_option()), plan)
    assert_caught(shop(supply_options=with_option(priority=0)), plan, "has priority 0 and is never used by itself")


def test_a_larger_order_than_the_maximum_is_caught() -> None:
    plan = serial(shop(supply_options=with_option(maximum=10)))
    assert_clean(shop(supply_options=with_option(maximum=10)), plan)
    assert_caught(
        shop(supply_options=with_option(maximum=9)), plan, "is for 10; supply option 'Make' allows no more than 9"
    )


def test_work_before_now_in_frozen_time_or_before_a_fence_is_caught() -> None:
    plan = serial(shop())
    for o in plan.orders:
        o.start -= DAY
    plan.tasks[0].start -= DAY
    assert_caught(shop(), plan, "Order 'P00004': starts at 2026-11-22T06:00:00, before now (2026-11-23T06:00:00)")
    assert_caught(shop(), plan, "step 'Saw': starts at 2026-11-22", "before now")
    frozen = shop(settings=Settings(name="Shop", now=NOW, horizon=60 * DAY, frozen=2 * HOUR))
    assert_caught(frozen, serial(shop()), "step 'Saw'", "in the frozen time, which lasts until 2026-11-23T08:00:00")
    assert_clean(frozen, serial(frozen))


def test_a_fence_of_a_step_or_an_option_holds_for_it_alone() -> None:
    steps = tuple(replace(s, fence=2 * HOUR) if s.name == "Assemble" else s for s in shop().steps)
    assert_caught(
        shop(steps=steps), serial(shop()), "step 'Assemble'", "before the fence of the step at 2026-11-23T08:00"
    )
    assert_clean(shop(steps=steps), serial(shop(steps=steps)))
    options = tuple(replace(o, fence=HOUR) for o in shop().supply_options)
    assert_caught(shop(supply_options=options), serial(shop()), "Order 'P00004'", "fence of supply option 'Buy wood'")
    assert_clean(shop(supply_options=options), serial(shop(supply_options=options)))


def test_options_and_processes_are_used_in_their_periods_only() -> None:
    options = tuple(replace(o, end=NOW) for o in shop().supply_options)
    assert_caught(
        shop(supply_options=options), serial(shop()), "supply option 'Buy wood' is valid until 2026-11-23T06:00"
    )
    processes = tuple(replace(p, start=NOW + timedelta(hours=1)) for p in shop().processes)
    assert_caught(shop(processes=processes), serial(shop()), "process 'Make chair' is valid from 2026-11-23T07:00:00")
    assert_clean(shop(processes=tuple(replace(p, end=at(26)) for p in shop().processes)), serial(shop()))


def test_a_step_may_be_any_length_only_if_its_work_is() -> None:
    plan = serial(shop())
    task(plan, "Paint").end += HOUR
    assert_caught(shop(), plan, "step 'Paint': lasts from 2026-11-23T08:20", "7800 s", "set-up 600 s and run 3600 s")
