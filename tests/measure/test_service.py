"""What each demand gets."""

from __future__ import annotations

from gemba.measure.service import DemandResult, demand_results
from gemba.operation import Plan
from tests.measure.facts import at, plan, shop

HOUR, DAY = 3600, 86400


def results() -> dict[str, DemandResult]:
    return {r.demand: r for r in demand_results(shop(), plan())}


def test_a_demand_delivered_by_its_due_date_is_on_time_with_slack() -> None:
    early = results()["Early"]
    assert (early.status, early.last, early.slack, early.lateness) == ("on time", at(24, 11), HOUR, 0)


def test_a_demand_is_late_where_its_last_part_is() -> None:
    late = results()["Late"]
    assert (late.status, late.last, late.lateness, late.late_quantity, late.slack) == ("late", at(25, 12), DAY, 4, 0)


def test_the_main_cause_is_what_most_of_the_lateness_is_spent_on() -> None:
    late = results()["Late"]
    assert (late.cause, late.reason) == ("closed Shift", "Late waits for the saw.")


def test_a_demand_not_delivered_in_full_is_short() -> None:
    short = results()["Short"]
    assert (short.status, short.short, short.cause, short.slack) == ("short", 3, "short", 0)


def test_demands_that_are_not_open_have_no_result() -> None:
    assert list(results()) == ["Early", "Late", "Short"]


def test_without_a_delivery_everything_is_short() -> None:
    found = demand_results(shop(), Plan("Shop", at(23, 6)))
    assert [(r.status, r.short, r.last) for r in found] == [("short", 4, None), ("short", 6, None), ("short", 5, None)]


def test_parts_that_add_up_but_for_rounding_noise_are_complete() -> None:
    found = plan()
    found.deliveries[0].quantity = 4 - 1e-9
    assert demand_results(shop(), found)[0].status == "on time"
