"""Assets go down and up, meters are read, due work becomes orders, and the planner knows of all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from gemba.app import actions
from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.maintenance import order_due, order_repair, read_meter, report_down, report_up
from gemba.app.actions.work import Report, report
from gemba.app.queries import maintenance as queries
from gemba.app.queries.work import as_it_stands, expected_up
from gemba.app.store.clock import now, set_now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.plans import save_plan
from gemba.app.store.records import read
from gemba.decide import cycle
from gemba.execute.maintenance import demand_name
from gemba.operation import OperationError
from gemba.operation.item import Item
from gemba.operation.maintenance import MaintenancePlan, Meter
from gemba.operation.process import Process, Step, StepResource

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def serviced(factory: Any) -> Any:
    """The factory with a service of Saw 1 every 10 days and one of the router every 100 h."""
    made = replace(
        factory,
        items=(*factory.items, Item(name="Service", kind="service")),
        processes=(*factory.processes, Process(name="Service a machine", item="Service", place="North Mill", kind="maintenance")),
        steps=(*factory.steps, Step(process="Service a machine", name="Service", time=5 * 3600)),
        step_resources=(*factory.step_resources, StepResource(process="Service a machine", step="Service", resource="Saw 1")),
        meters=(Meter(name="Hours", resource="Router"),),
        maintenance_plans=(
            MaintenancePlan(
                name="Saw", resource="Saw 1", process="Service a machine", interval=10 * 86400, tolerance=86400,
                last=factory.now - 9 * DAY,
            ),
            MaintenancePlan(
                name="Router", resource="Router", process="Service a machine", trigger="meter", meter="Hours", use=100
            ),
        ),
    )  # fmt: skip
    return replace(made, checked=False)


@pytest.fixture
def dataset(planner: Any, serviced: Any) -> Any:
    stored = actions.import_operation(planner, serviced)
    set_now(stored.name, serviced.now)
    return stored


@pytest.fixture
def plant(dataset: Any) -> str:
    return str(dataset.name)


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


def test_a_stop_carries_its_working_hours(operator: Any, plant: str, serviced: Any) -> None:
    begun = now(plant)
    report_down(operator, plant, "Saw 1", "Belt", uid="d", at=begun - 30 * timedelta(hours=1))
    assert report_down(operator, plant, "Saw 1", "Belt", uid="d").at == begun - 30 * timedelta(hours=1)
    with pytest.raises(actions.RefusedError, match="down already"):
        report_down(operator, plant, "Saw 1", "Belt")
    up = report_up(operator, plant, "Saw 1", at=begun)
    # from Sunday 02:00 to Monday 08:00 local; the saw works from 06:00 on Monday
    assert (up.seconds, up.reason, up.place) == (2 * 3600, "Belt", "North Mill")
    assert up.start == begun - 30 * timedelta(hours=1)
    with pytest.raises(actions.RefusedError, match="not down"):
        report_up(operator, plant, "Saw 1")
    with pytest.raises(actions.RefusedError, match="cannot be added"):
        report_down(operator, plant, "Saw 1", "Belt", at=begun - DAY)


def test_a_breakdown_may_raise_a_request_which_becomes_an_order(operator: Any, planner: Any, plant: str) -> None:
    until = now(plant) + 2 * DAY
    report_down(operator, plant, "Saw 1", "Belt", uid="d", request="Belt torn", until=until)
    assert expected_up(plant, now(plant)) == {"Saw 1": until}
    with pytest.raises(actions.RefusedError, match="Accept it first"):
        order_repair(planner, plant, "MR-1")
    change_concern(planner, plant, "MR-1", "accepted")
    number = order_repair(planner, plant, "MR-1")
    (task,) = read(plant, "released_tasks", order=number)
    assert (task.step, task.resource) == ("Repair", "Saw 1")
    (ordered,) = [c for c in read(plant, "concern_changes", concern="MR-1") if c.state == "ordered"]
    assert ordered.order == number


def test_due_work_becomes_one_order_and_is_due_again_when_it_is_done(
    operator: Any, planner: Any, plant: str, serviced: Any
) -> None:
    with pytest.raises(PermissionDenied):
        order_due(operator, plant, ["Saw"])
    (number,) = order_due(planner, plant, ["Saw"])
    (head,) = read(plant, "released_orders", order=number)
    assert (head.kind, head.maintenance_plan, head.due) == ("maintenance", "Saw", serviced.now + 2 * DAY)
    with pytest.raises(actions.RefusedError, match=number):
        order_due(planner, plant, ["Saw"])
    with pytest.raises(NotFoundError):
        order_due(planner, plant, ["Nothing"])
    report(operator, plant, Report(uid="s", kind="started", order=number, step="Service"))
    done = now(plant)
    report(operator, plant, Report(uid="f", kind="finished", order=number, step="Service", at=done))
    assert queries.ordered(plant) == {}
    assert next(d for d in queries.due(plant) if d.plan.name == "Saw").due == done + 10 * DAY


def test_the_order_takes_its_time_and_resources_from_the_published_plan(planner: Any, plant: str, dataset: Any) -> None:
    planned, changed = as_it_stands(dataset.pk, plant)
    assert changed
    version = save_plan(dataset, cycle.plan(planned, seconds=None, steps=2), user=planner)
    actions.publish_plan(planner, version.pk)
    (number,) = order_due(planner, plant, ["Saw"])
    (head,), (task,) = read(plant, "released_orders", order=number), read(plant, "released_tasks", order=number)
    assert (head.plan, head.demand) == (version.number, demand_name("Saw"))
    assert task.resource == "Saw 1"
    assert task.start == head.start
    assert head.start is not None
    assert head.end is not None


def test_the_planner_gets_what_is_due_and_what_is_down_but_nothing_twice(
    operator: Any, planner: Any, plant: str, dataset: Any
) -> None:
    planned, _ = as_it_stands(dataset.pk, plant)
    assert demand_name("Saw") in {d.name for d in planned.demands}
    order_due(planner, plant, ["Saw"])
    report_down(operator, plant, "Router", "Spindle")
    planned, _ = as_it_stands(dataset.pk, plant)
    assert demand_name("Saw") not in {d.name for d in planned.demands}
    assert next(r for r in planned.resources if r.name == "Router").calendar == "Router, down"


def test_meters_are_read_and_a_counter_does_not_go_back_unsaid(operator: Any, plant: str) -> None:
    at = now(plant)
    read_meter(operator, plant, "Hours", 1000, at=at - 10 * DAY)
    first = read_meter(operator, plant, "Hours", 1080, uid="r", at=at)
    assert read_meter(operator, plant, "Hours", 1, uid="r") == first
    assert next(d for d in queries.due(plant) if d.plan.name == "Router").due == at + 2.5 * DAY
    with pytest.raises(OperationError, match="at least 1080"):
        read_meter(operator, plant, "Hours", 20, at=at)
    read_meter(operator, plant, "Hours", 20, at=at, note="new counter")
    with pytest.raises(NotFoundError):
        read_meter(operator, plant, "Minutes", 1)


def test_assets_have_their_figures_and_are_seen_by_those_who_may(
    operator: Any, make_user: Any, plant: str, planner: Any
) -> None:
    from gemba.app.store.models import PlaceScope

    moment = now(plant)
    report_down(operator, plant, "Saw 1", "Belt", at=moment - 4 * DAY)
    report_up(operator, plant, "Saw 1", at=moment - 3 * DAY)
    found = {a.resource.name: a for a in queries.assets(plant, planner)}
    assert "Joiners" not in found  # a group
    saw = found["Saw 1"].record
    assert (saw.failures, saw.repair) == (1, 16 * 3600)
    # nothing is known of the time before the first event; since then the saw was open 14 h, 16 h and 2 h
    assert saw.operating == 16 * 3600
    assert saw.availability == 0.5
    kept = make_user("supervisor")
    PlaceScope.objects.create(user=kept, operation=plant, place="South Works")
    assert "Saw 1" not in {a.resource.name for a in queries.assets(plant, kept)}
    raise_concern(planner, plant, "maintenance request", title="Noise", resource="Router")
