"""Load of resources."""

from __future__ import annotations

import pytest

from gemba.measure.load import load
from gemba.operation import Order, Plan, Resource
from tests.measure.facts import at, local, plan, shop


def by_day(found: list) -> dict[str, list[tuple[float, float]]]:
    rows: dict[str, list[tuple[float, float]]] = {}
    for row in found:
        rows.setdefault(row.resource, []).append((row.hours, row.available))
    return rows


def test_a_task_over_night_loads_each_day_with_its_open_hours_times_its_units() -> None:
    assert by_day(load(shop(), plan()))["Saw"] == [(4.0, 16.0), (4.0, 16.0)]


def test_a_bought_order_loads_the_resource_of_its_option_for_its_lead_time() -> None:
    assert by_day(load(shop(), plan()))["Oven"] == [(180.0, 24.0), (60.0 + 2.0, 24.0)]


def test_an_idle_resource_has_no_load_but_its_hours() -> None:
    assert by_day(load(shop(), plan()))["Idle"] == [(0.0, 24.0), (0.0, 24.0)]


def test_days_begin_at_midnight_of_the_zone() -> None:
    assert [(r.start, r.end) for r in load(shop(), plan()) if r.resource == "Saw"] == [
        (at(23), at(24)),
        (at(24), at(25)),
    ]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    (week,) = [r for r in load(shop(), plan(), "week") if r.resource == "Saw"]
    assert (week.start, week.end, week.hours, week.available) == (at(23), at(30), 8.0, 80.0)
    (month,) = [r for r in load(shop(), plan(), "month") if r.resource == "Saw"]
    assert (month.start, month.hours, month.available) == (at(1), 8.0, 21 * 16.0)


def test_another_period_is_refused() -> None:
    with pytest.raises(ValueError, match="one of day, week, month"):
        load(shop(), plan(), "hour")


def test_a_group_without_work_of_its_own_is_left_out() -> None:
    operation = shop(resources=(Resource(name="Saws"), Resource(name="Saw", group="Saws"), Resource(name="Oven")))
    assert {r.resource for r in load(operation, plan())} == {"Saw", "Oven"}


def test_an_order_that_takes_no_capacity_loads_nothing() -> None:
    order = Order(name="MO-1", item="Chair", process="Make", quantity=10, start=local(23, 12), uses_capacity=False)
    assert by_day(load(shop(orders=(order,)), plan()))["Saw"] == [(0.0, 16.0), (0.0, 16.0)]


def test_without_work_there_is_one_period_and_no_load() -> None:
    assert by_day(load(shop(), Plan("Shop", at(23, 6))))["Saw"] == [(0.0, 16.0)]


def test_the_share_is_the_work_over_the_hours_there_are() -> None:
    saw = next(r for r in load(shop(), plan()) if r.resource == "Saw")
    assert saw.share == 0.25
