"""Asking for plans, publishing and deleting them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from gemba.app import actions
from gemba.app.actions.jobs import plan_options
from gemba.app.store.models import Audit, Job, PlanVersion
from gemba.app.store.models.job import CANCELLED, DONE, QUEUED, RUNNING
from gemba.app.store.operations import NotFoundError
from gemba.app.store.plans import save_plan
from gemba.operation import Objective, Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(planner: Any, close: Any) -> Any:
    return actions.import_operation(planner, close)


def plan_of(dataset: Any, **fields: Any) -> PlanVersion:
    return save_plan(dataset, Plan(dataset.name, 0, **fields))


def test_a_plan_is_asked_for_by_the_name_of_the_operation(planner: Any, stored: Any) -> None:
    job = actions.request_plan(planner, stored.name, {"seconds": "5", "seed": 7, "policy": "makespan"})
    assert (job.state, job.dataset, job.requested_by) == (QUEUED, stored, planner)
    assert job.options == {"policy": "makespan", "seconds": 5.0, "seed": 7, "steps": None}
    assert Audit.objects.latest("pk").after["job"] == job.pk


@pytest.mark.parametrize(
    "options",
    [
        {"policy": "magic"},
        {"seconds": -1},
        {"seconds": "soon"},
        {"seconds": float("nan")},
        {"seed": 2**40},
        {"steps": 0},
        {"colour": "blue"},
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(actions.RefusedError):
        plan_options(options)


def test_an_older_version_of_an_operation_is_not_planned(planner: Any, stored: Any, close: Any) -> None:
    actions.import_operation(planner, close)
    with pytest.raises(actions.RefusedError, match="current version"):
        actions.request_plan(planner, stored.pk)
    with pytest.raises(NotFoundError):
        actions.request_plan(planner, "nowhere")


def test_whoever_may_only_look_cannot_ask_for_a_plan(viewer: Any, stored: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.request_plan(viewer, stored.name)
    assert not Job.objects.exists()


def test_a_waiting_job_is_cancelled_at_once(planner: Any, stored: Any) -> None:
    job = actions.cancel_job(planner, actions.request_plan(planner, stored.name).pk)
    job.refresh_from_db()
    assert job.state == CANCELLED
    assert job.finished_at is not None
    with pytest.raises(actions.RefusedError, match="ended already"):
        actions.cancel_job(planner, job.pk)


def test_only_a_running_job_can_be_stopped(planner: Any, stored: Any) -> None:
    job = actions.request_plan(planner, stored.name)
    with pytest.raises(actions.RefusedError, match="not started"):
        actions.stop_job(planner, job.pk)
    Job.objects.filter(pk=job.pk).update(state=RUNNING)
    assert actions.stop_job(planner, job.pk).stop_requested
    Job.objects.filter(pk=job.pk).update(state=DONE)
    with pytest.raises(actions.RefusedError, match="ended already"):
        actions.stop_job(planner, job.pk)
    with pytest.raises(NotFoundError):
        actions.stop_job(planner, 999)


def test_publishing_a_plan_replaces_the_one_published_before(planner: Any, stored: Any) -> None:
    first, second = plan_of(stored), plan_of(stored)
    actions.publish_plan(planner, first.pk)
    actions.publish_plan(planner, second.pk)
    states = dict(PlanVersion.objects.values_list("number", "state"))
    assert states == {1: "replaced", 2: "published"}
    last = Audit.objects.latest("pk")
    assert (last.action, last.before, last.after) == ("publish plan", {"plan": 1}, {"plan": 2})


def test_the_database_itself_allows_one_published_plan(stored: Any) -> None:
    plan_of(stored), plan_of(stored)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.update(state="published")


def test_a_plan_that_breaks_a_rule_is_not_published(planner: Any, stored: Any) -> None:
    with pytest.raises(actions.RefusedError, match="breaks 1 rule"):
        actions.publish_plan(planner, plan_of(stored, violations=["stock below zero"]).pk)


def test_a_plan_of_older_data_is_published_only_on_purpose(planner: Any, stored: Any, close: Any) -> None:
    plan = plan_of(stored)
    actions.import_operation(planner, close)
    with pytest.raises(actions.RefusedError, match="has changed since"):
        actions.publish_plan(planner, plan.pk)
    assert actions.publish_plan(planner, plan.pk, though_older=True).state == "published"


def test_a_published_plan_is_neither_published_again_nor_deleted(planner: Any, stored: Any) -> None:
    plan = actions.publish_plan(planner, plan_of(stored).pk)
    with pytest.raises(actions.RefusedError):
        actions.publish_plan(planner, plan.pk)
    with pytest.raises(actions.RefusedError):
        actions.delete_plan(planner, plan.pk)


def test_a_deleted_plan_leaves_its_figures_in_the_audit_trail(planner: Any, stored: Any) -> None:
    plan = plan_of(stored, objective=Objective(value=12.5))
    actions.delete_plan(planner, plan.pk)
    assert not PlanVersion.objects.exists()
    assert Audit.objects.latest("pk").before["objective"] == 12.5
    with pytest.raises(NotFoundError):
        actions.delete_plan(planner, plan.pk)


def test_a_supervisor_may_ask_for_a_plan_but_not_publish_it(make_user: Any, stored: Any) -> None:
    supervisor = make_user("supervisor")
    actions.request_plan(supervisor, stored.name)
    with pytest.raises(PermissionDenied):
        actions.publish_plan(supervisor, plan_of(stored).pk)


def test_an_operation_is_not_deleted_under_a_running_job(manager: Any, stored: Any) -> None:
    job = actions.request_plan(manager, stored.name)
    Job.objects.filter(pk=job.pk).update(state=RUNNING)
    with pytest.raises(actions.RefusedError, match="Cancel it first"):
        actions.delete_operation(manager, stored.name)
