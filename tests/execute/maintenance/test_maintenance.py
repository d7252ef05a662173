"""Maintenance is due by calendar, use or condition, and the plan keeps the asset free for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba import check, demonstrations
from gemba.decide import cycle
from gemba.execute.maintenance import (
    Due,
    due_list,
    last_done,
    open_stops,
    plan_of,
    stops,
    usage,
    with_breakdowns,
    with_maintenance,
)
from gemba.execute.maintenance.stops import by_reason
from gemba.operation import Operation, Plan, moments
from gemba.operation.item import Item
from gemba.operation.maintenance import MaintenancePlan, Meter
from gemba.operation.process import Process, Step, StepResource
from gemba.operation.records import Event, Measurement, ReleasedOrder

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def factory() -> Operation:
    """The factory with a service of Saw 1 that takes five hours of the saw."""
    op = demonstrations.load("factory")
    plan = plan_by(trigger="calendar", interval=10 * 86400, last=op.now - 9 * DAY, tolerance=86400)
    return replace(
        op,
        items=(*op.items, Item(name="Saw service", kind="service")),
        processes=(
            *op.processes,
            Process(name="Service saw", item="Saw service", place="North Mill", kind="maintenance"),
        ),
        steps=(*op.steps, Step(process="Service saw", name="Service", time=5 * 3600)),
        step_resources=(*op.step_resources, StepResource(process="Service saw", step="Service", resource="Saw 1")),
        maintenance_plans=(plan,),
        meters=(Meter(name="Hours", resource="Saw 1"),),
    )


def plan_by(**given: Any) -> MaintenancePlan:
    return MaintenancePlan(name="Service", resource="Saw 1", process="Service saw", **given)


def reading(days: float, value: float, **given: Any) -> Measurement:
    return Measurement(uid=f"{days}/{value}", at=NOW + days * DAY, meter="Hours", value=value, **given)


def due(op: Operation, plan: MaintenancePlan, measured: Any = (), done: Any = None, now: datetime = NOW) -> Due:
    (found,) = due_list(replace(op, maintenance_plans=(plan,)), list(measured), done or {}, now)
    return found


def test_a_calendar_plan_is_due_an_interval_after_it_was_last_done(factory: Operation) -> None:
    plan = plan_by(interval=10 * 86400, last=NOW - 4 * DAY, tolerance=86400)
    found = due(factory, plan)
    assert found.due == NOW + 6 * DAY
    assert (found.earliest, found.latest) == (NOW + 5 * DAY, NOW + 7 * DAY)
    assert due(factory, plan, done={"Service": NOW - DAY}).due == NOW + 9 * DAY
    assert due(factory, plan_by(interval=86400)).due == NOW  # never done


@pytest.mark.parametrize(("days", "state"), [(4, "later"), (5, "due"), (7, "due"), (7.1, "overdue")])
def test_within_its_tolerance_a_plan_is_due_and_after_it_overdue(factory: Operation, days: float, state: str) -> None:
    found = due(factory, plan_by(interval=10 * 86400, last=NOW - 4 * DAY, tolerance=86400))
    assert found.state(NOW + days * DAY) == state


def test_a_plan_by_use_is_forecast_at_the_rate_of_the_meter(factory: Operation) -> None:
    # 100 h were used in 10 days, 10 h a day; 500 − 100 = 400 h are left: due 40 days after the last reading
    plan = plan_by(trigger="meter", meter="Hours", use=500)
    found = due(factory, plan, [reading(-10, 1000), reading(0, 1100)])
    assert found.due == NOW + 40 * DAY
    assert found.why.startswith("100 of 500 h used, 10 a day")


def test_use_counts_from_the_last_time_it_was_done_and_through_a_new_counter(factory: Operation) -> None:
    plan = plan_by(trigger="meter", meter="Hours", use=100, last=NOW - 5 * DAY)
    # at −5 d the counter is half way between 1000 and 1100; then it is changed for a new one that begins at 0
    found = due(factory, plan, [reading(-10, 1000), reading(0, 1100), reading(2, 20)])
    assert found.reached == pytest.approx(0.7)


def test_use_beyond_the_interval_makes_it_due_when_that_was_reached(factory: Operation) -> None:
    plan = plan_by(trigger="meter", meter="Hours", use=50)
    assert due(factory, plan, [reading(-10, 1000), reading(0, 1100)]).due == NOW - 5 * DAY
    assert due(factory, plan, [reading(-10, 1000)]).due is None
    assert due(factory, plan).why == "no reading of Hours yet"


def test_a_corrected_reading_does_not_count(factory: Operation) -> None:
    plan = plan_by(trigger="meter", meter="Hours", use=50)
    wrong, right = reading(0, 9000), reading(0, 1010, corrects="0/9000")
    assert due(factory, plan, [reading(-10, 1000), wrong, right]).reached == pytest.approx(0.2)


def test_a_condition_is_due_at_the_first_reading_beyond_its_limit(factory: Operation) -> None:
    plan = plan_by(trigger="condition", meter="Hours", upper=80)
    found = [reading(-3, 70), reading(-2, 81), reading(-1, 90)]
    assert due(factory, plan, found).due == NOW - 2 * DAY
    assert due(factory, plan, found, {"Service": NOW - 1.5 * DAY}).due == NOW - DAY
    assert due(factory, plan, found, {"Service": NOW}).due is None


@given(st.lists(st.floats(0, 1000), min_size=2, max_size=8), st.floats(1, 5000), st.floats(0, 500))
def test_more_use_between_two_services_never_makes_one_due_sooner(steps: list[float], use: float, more: float) -> None:
    measured = [reading(i - len(steps), sum(steps[: i + 1])) for i in range(len(steps))]
    op = empty()
    sooner = due(op, plan_by(trigger="meter", meter="Hours", use=use), measured)
    later = due(op, plan_by(trigger="meter", meter="Hours", use=use + more), measured)
    assert later.due is None or (sooner.due is not None and sooner.due <= later.due + timedelta(seconds=1))


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=8), st.floats(-12, 4), st.floats(-12, 4))
def test_use_never_goes_down(values: list[float], one: float, other: float) -> None:
    used = usage([reading(i - len(values), v) for i, v in enumerate(values)])
    early, late = sorted((one, other))
    assert used.until(NOW + early * DAY) <= used.until(NOW + late * DAY) + 1e-9


def empty() -> Operation:
    from gemba.operation.settings import Settings

    return Operation(settings=Settings(name="x", now=NOW), checked=True)


def test_a_plan_was_last_done_when_its_order_was_finished() -> None:
    order = ReleasedOrder(uid="o", at=NOW, order="WO-1", kind="maintenance", maintenance_plan="Service")
    events = [
        Event(uid="a", at=NOW, kind="finished", order="WO-1"),
        Event(uid="b", at=NOW + DAY, kind="finished", order="WO-1"),
        Event(uid="c", at=NOW + 2 * DAY, kind="finished", order="WO-1", corrects="b"),
        Event(uid="d", at=NOW + 3 * DAY, kind="finished", order="MO-1"),
    ]
    assert last_done([order], events) == {"Service": NOW}


def tasks_on(plan: Plan, resource: str) -> list[tuple[int, int, str]]:
    return sorted((t.start, t.end, t.order) for t in plan.tasks if any(r == resource for r, _ in t.resources))


def test_the_plan_keeps_the_asset_free_for_maintenance_within_its_tolerance(factory: Operation) -> None:
    listed = due_list(factory, [], {}, factory.now)
    with_it = with_maintenance(factory, listed)
    wanted = with_it.demands[-1]
    assert plan_of(wanted.name) == "Service"
    assert wanted.due == listed[0].latest
    plan = cycle.plan(with_it, seconds=None, steps=3)
    assert not check(with_it, plan)
    (order,) = [p.supply for p in plan.pegs if p.demand == wanted.name]
    busy = tasks_on(plan, "Saw 1")
    assert [o for _, _, o in busy].count(order) == 1
    assert len(busy) > 5
    assert all(a[1] <= b[0] for a, b in pairwise(busy)), "two things at once on Saw 1"
    start, end = next((s, e) for s, e, o in busy if o == order)
    assert moments.seconds(wanted.earliest or NOW) <= start
    assert end <= moments.seconds(wanted.due)


def test_a_process_that_names_only_the_group_is_copied_for_the_asset(factory: Operation) -> None:
    rows = tuple(replace(r, resource="Saws") if r.process == "Service saw" else r for r in factory.step_resources)
    with_it = with_maintenance(replace(factory, step_resources=rows), due_list(factory, [], {}, factory.now))
    assert [(r.step, r.resource) for r in with_it.step_resources if r.process == "Service saw on Saw 1"] == [
        ("Service", "Saw 1")
    ]
    replace(with_it, checked=False)  # every reference holds


def test_work_that_is_ordered_or_beyond_the_horizon_is_not_planned_again(factory: Operation) -> None:
    listed = due_list(factory, [], {}, factory.now)
    assert with_maintenance(factory, listed, ["Service"]) == factory
    far = due_list(replace(factory, maintenance_plans=(plan_by(interval=400 * 86400, last=NOW),)), [], {}, NOW)
    assert with_maintenance(factory, far) == factory


def test_a_resource_that_is_down_does_nothing_until_it_is_expected_up(factory: Operation) -> None:
    until = factory.now + 2 * DAY
    broken = with_breakdowns(factory, {"Saw 1": until}, factory.now)
    replace(broken, checked=False)
    plan = cycle.plan(broken, seconds=None, steps=2)
    assert not check(broken, plan)
    first = tasks_on(plan, "Saw 1")[0][0]
    assert first >= moments.seconds(until)
    assert tasks_on(cycle.plan(factory, seconds=None, steps=2), "Saw 1")[0][0] < moments.seconds(until)
    assert with_breakdowns(factory, {"Saw 1": factory.now - DAY}, factory.now) == factory


def test_down_and_up_make_stops_and_a_voided_one_does_not_count() -> None:
    def event(uid: str, kind: str, hours: float, **given: Any) -> Event:
        return Event(uid=uid, at=NOW + timedelta(hours=hours), kind=kind, resource="Saw 1", **given)

    events = [
        event("1", "down", 0, reason="Belt"),
        event("2", "up", 2, start=NOW, seconds=7200),
        event("3", "down", 3, reason="Belt"),
        event("4", "down", 4, reason="Belt", corrects="3"),
        event("5", "down", 5, reason="Clean"),
        event("6", "up", 6),
        event("7", "down", 8, reason="Motor"),
    ]
    found = stops(events, {"Clean": True})
    assert [(s.reason, s.planned, s.end is None) for s in found] == [
        ("Belt", False, False), ("Clean", True, False), ("Motor", False, True),
    ]  # fmt: skip
    assert set(open_stops(events)) == {"Saw 1"}
    pareto = by_reason(found, lambda s: s.seconds(NOW + timedelta(hours=9)))
    assert [(r, n, s) for r, n, s, _ in pareto] == [("Belt", 1, 7200), ("Clean", 1, 3600), ("Motor", 1, 3600)]
    assert pareto[-1][3] == 1
