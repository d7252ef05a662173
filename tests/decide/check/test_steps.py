"""Tasks: their length and hours, their resources and skills, the steps before them, their set-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gemba.operation import Operation, ResourceSkill, SetupChange
from tests.decide.check.serial import serial
from tests.decide.check.shop import DAY, HOUR, NOW, at, links, shop
from tests.decide.check.spoil import assert_caught, assert_clean, order, task


def with_step(name: str, **fields: Any) -> Operation:
    return shop(steps=tuple(replace(s, **fields) if s.name == name else s for s in shop().steps))


def with_need(step: str, **fields: Any) -> Operation:
    rows = shop().step_resources
    return shop(step_resources=tuple(replace(r, **fields) if r.step == step else r for r in rows))


@pytest.mark.parametrize(
    "operation",
    [
        with_step("Saw", batch_size=2),
        with_step("Saw", yield_rate=0.9),
        with_step("Paint", yield_rate=0.8),
        with_step("Assemble", pausable=False, time_per_unit=2000),
        with_step("Assemble", time_per_unit=20000),
        with_need("Saw", speed=2),
        with_need("Assemble", quantity=2),
        shop(step_links=links(("Saw", "Paint"), ("Assemble", "Paint"), minimum_lag=600)),
        shop(resources=tuple(replace(r, efficiency=0.8) for r in shop().resources)),
    ],
)
def test_plans_with_other_steps_pass_too(operation: Operation) -> None:
    assert_clean(operation, serial(operation))


@pytest.mark.parametrize(
    "operation",
    [
        with_step("Saw", batch_size=2),
        with_step("Saw", time=60),
        with_need("Saw", speed=2),
        shop(resources=tuple(replace(r, efficiency=0.8) for r in shop().resources)),
    ],
)
def test_a_plan_for_other_times_or_speeds_is_caught(operation: Operation) -> None:
    assert_caught(
        operation, serial(shop()), "step 'Saw': lasts from 2026-11-23T06:00:00 to 2026-11-23T06:40:00, 2400 s"
    )


def test_units_include_the_scrap_of_the_step_and_of_all_that_follow() -> None:
    operation = shop(steps=tuple(replace(s, yield_rate=0.5) for s in shop().steps))
    plan = serial(operation)
    assert [t.quantity for t in plan.tasks[:3]] == [40, 20, 10]
    task(plan, "Saw").quantity = 5
    assert_caught(operation, plan, "step 'Saw': works on 5 units; with the yields to come it is 40")


def test_work_while_closed_is_caught() -> None:
    plan = serial(shop())
    saw = task(plan, "Saw")
    saw.start, saw.end = saw.start - HOUR, saw.start + 2400
    assert_caught(shop(), plan, "step 'Saw': starts at 2026-11-23T05:00:00, while its hours are closed on 'Saw'")
    saw.start, saw.end = saw.start + HOUR, saw.start + 2400
    night = serial(shop())
    late = task(night, "Assemble")
    late.start, late.end = late.start + 12 * HOUR, late.end + 12 * HOUR
    assert_caught(shop(), night, "step 'Assemble'", "0 s of open time")


def test_an_end_in_closed_hours_is_caught() -> None:
    operation = with_step("Assemble", time_per_unit=(6 * HOUR + 40 * 60) / 5)
    plan = serial(operation)
    assemble = task(plan, "Assemble")
    assert assemble.end == order(plan, "Chair").start + 8 * HOUR
    assert_clean(operation, plan)
    assemble.end += HOUR
    assert_caught(operation, plan, "step 'Assemble': ends at 2026-11-23T15:00:00, while its hours are closed on 'Ann'")


def test_a_pause_of_a_step_that_may_not_pause_is_caught() -> None:
    fields: dict[str, Any] = {"time_per_unit": 5400}
    plan = serial(with_step("Assemble", **fields))
    assert_clean(with_step("Assemble", **fields), plan)
    assert_caught(
        with_step("Assemble", pausable=False, **fields), plan, "step 'Assemble': may not pause, but is closed"
    )


def test_a_resource_the_step_does_not_ask_for_is_caught() -> None:
    plan = serial(shop())
    task(plan, "Assemble").resources = (("Saw", 1.0),)
    assert_caught(
        shop(), plan, "step 'Assemble': takes 1 of 'Saw'", "needs 1 of 'Assemblers' with skill 'Glue' at level 1"
    )


@pytest.mark.parametrize("taken", [(), (("Ann", 2.0),), (("Ann", 1.0), ("Bob", 1.0)), (("Assemblers", 1.0),)])
def test_other_than_one_member_of_a_group_is_caught(taken: tuple[tuple[str, float], ...]) -> None:
    plan = serial(shop())
    task(plan, "Assemble").resources = taken
    assert_caught(shop(), plan, "step 'Assemble': takes", "needs 1 of 'Assemblers'")


def test_two_members_of_a_group_must_be_distinct() -> None:
    operation = with_need("Assemble", quantity=2)
    plan = serial(operation)
    assert task(plan, "Assemble").resources == (("Ann", 1.0), ("Bob", 1.0))
    task(plan, "Assemble").resources = (("Ann", 2.0),)
    assert_caught(operation, plan, "step 'Assemble': takes 2 of 'Ann'")


def test_a_skill_too_low_or_expired_before_the_end_is_caught() -> None:
    plan = serial(shop())
    assert_caught(
        with_need("Assemble", level=3), plan, "at level 3 or higher from start to end (none of them has 'Glue' so)"
    )
    held = tuple(ResourceSkill(resource=n, skill="Glue", level=2, end=at(23, 8)) for n in ("Ann", "Bob"))
    assert_caught(shop(resource_skills=held), plan, "step 'Assemble'", "none of them has 'Glue' so")
    renewed = tuple(replace(h, start=at(23, 8), end=None) for h in held)
    assert_clean(shop(resource_skills=held + renewed), plan)


def test_anybody_with_the_skill_will_do_where_no_resource_is_named() -> None:
    operation = with_need("Assemble", resource="")
    assert_clean(operation, serial(operation))
    plan = serial(operation)
    task(plan, "Assemble").resources = (("Saw", 1.0),)
    assert_caught(operation, plan, "needs 1 of anybody with skill 'Glue'")


def test_one_of_the_alternatives_is_used_with_its_speed() -> None:
    rows = shop().step_resources
    slow = replace(rows[0], resource="Paint", speed=0.5, alternative="A", priority=2)
    operation = shop(step_resources=(replace(rows[0], alternative="A"), slow, *rows[1:]))
    plan = serial(operation)
    assert_clean(operation, plan)
    saw = task(plan, "Saw")
    saw.resources = (("Paint", 1.0),)
    assert_caught(operation, plan, "step 'Saw': lasts from", "set-up 600 s and run 3600 s on 'Paint'")
    saw.resources = (("Paint", 1.0), ("Saw", 1.0))
    assert_caught(operation, plan, "needs 1 of 'Saw' or 1 of 'Paint'")


def test_a_row_counts_only_for_tasks_that_start_in_its_period() -> None:
    rows = shop().step_resources
    later = shop(step_resources=(replace(rows[0], start=at(23, 7)), *rows[1:]))
    assert_caught(later, serial(shop()), "step 'Saw': takes 1 of 'Saw' at 2026-11-23T06:00:00, but needs nothing")


def test_a_step_that_starts_too_soon_after_another_is_caught() -> None:
    plan = serial(shop())
    assemble = task(plan, "Assemble")
    assemble.start, assemble.end = assemble.start - 60, assemble.end - 60
    assert_caught(
        shop(), plan, "step 'Assemble': starts at 2026-11-23T07:19:00, but step 'Saw' ends at 2026-11-23T06:40:00"
    )
    assert_caught(shop(), plan, "and it waits 2400 s")


def test_links_replace_the_sequence() -> None:
    assert_clean(shop(step_links=links(("Saw", "Assemble"), ("Assemble", "Paint"))), serial(shop()))
    turned = shop(step_links=links(("Paint", "Saw"), ("Saw", "Assemble")))
    assert_caught(turned, serial(shop()), "step 'Saw': starts at 2026-11-23T06:00:00, but step 'Paint' ends")
    assert_clean(turned, serial(turned))


def test_a_step_that_starts_too_late_after_another_is_caught() -> None:
    tight = shop(step_links=links(("Saw", "Assemble"), ("Assemble", "Paint"), maximum_lag=0))
    assert_caught(tight, serial(shop()), "step 'Assemble'", "later than 0 s after step 'Saw' ended at 2026-11-23T06:40")


def test_a_transfer_lot_lets_the_next_step_start_but_not_end_sooner() -> None:
    operation = with_step("Saw", transfer_lot=1, move_time=0)
    plan = serial(operation)
    assemble = task(plan, "Assemble")
    lot_done = order(plan, "Chair").start + 600 + 360
    assemble.start, assemble.end = lot_done + 600, lot_done + 600 + 3600
    assert_clean(operation, plan)
    assemble.start, assemble.end = assemble.start - 60, assemble.end - 60
    assert_caught(operation, plan, "step 'Assemble'", "1 units of step 'Saw' are done at 2026-11-23T06:16:00")
    fast = shop(
        steps=tuple(replace(s, transfer_lot=1, time_per_unit=60) if s.sequence < 30 else s for s in operation.steps)
    )
    early = serial(fast)
    task(early, "Assemble").end = task(early, "Saw").end
    assert_caught(fast, early, "step 'Assemble': ends at", "the last 1 units take until")


def test_a_change_over_is_part_of_the_set_up() -> None:
    plan = serial(shop())
    paint = task(plan, "Paint")
    assert paint.setup == 600
    paint.setup, paint.end = 0, paint.end - 600
    assert_caught(shop(), plan, "has 0 s of set-up", "needs 600 s to change 'Paint' from '' to 'red'")


def test_no_change_over_is_needed_between_equal_families_unless_a_row_says_so() -> None:
    own = SetupChange(matrix="Colours", before="red", after="red", time=60)
    operation = shop(setup_changes=(*shop().setup_changes, own))
    assert_caught(operation, serial(shop()), "has 0 s of set-up", "needs 60 s to change 'Paint' from 'red' to 'red'")
    assert_clean(operation, serial(operation))


def test_the_lowest_priority_number_then_the_most_specific_row_counts() -> None:
    rows = (
        SetupChange(matrix="Colours", before="*", after="*", time=1800),
        SetupChange(matrix="Colours", before="", after="red", time=300, priority=1),
        SetupChange(matrix="Colours", before="*", after="red", time=1200),
    )
    operation = shop(setup_changes=rows)
    assert task(serial(operation), "Paint").setup == 1200
    assert_caught(operation, serial(shop()), "needs 1200 s")


def test_overlapping_days_of_a_task_do_not_excuse_its_hours() -> None:
    plan = serial(shop())
    paint = task(plan, "Paint")
    paint.start, paint.end = paint.start + DAY, paint.end + DAY
    assert_caught(shop(), plan, "Order 'P00001' ends at 2026-11-23T09:30:00, but its last task at 2026-11-24T09:30:00")
    assert NOW.day == 23
