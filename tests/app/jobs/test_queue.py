"""Who holds a job, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gemba.app import actions
from gemba.app.jobs import queue
from gemba.app.jobs.child import Watch, explained, progress_row
from gemba.app.store.models import Audit, Job, PlanVersion
from gemba.app.store.plans import load_plan
from gemba.operation import Fault, OperationError, Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(planner: Any, close: Any) -> Any:
    return actions.import_operation(planner, close)


@pytest.fixture
def job(planner: Any, stored: Any) -> Job:
    return actions.request_plan(planner, stored.name)


def lapse(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_jobs_are_taken_in_the_order_they_were_asked_for(planner: Any, stored: Any) -> None:
    asked = [actions.request_plan(planner, stored.name).pk for _ in range(3)]
    assert [queue.claim("w").pk for _ in range(3)] == asked
    assert queue.claim("w") is None


def test_a_job_somebody_holds_is_not_given_to_another(job: Job) -> None:
    assert queue.claim("first").pk == job.pk
    assert queue.claim("second") is None


def test_a_job_whose_holder_fell_silent_is_taken_over_with_a_new_token(job: Job) -> None:
    first = queue.claim("first")
    lapse(job)
    second = queue.claim("second")
    assert (second.pk, second.worker, second.attempts) == (job.pk, "second", 2)
    assert second.token > first.token


def test_only_the_last_holder_can_finish(job: Job, stored: Any) -> None:
    first = queue.claim("first")
    lapse(job)
    second = queue.claim("second")
    with pytest.raises(queue.LostJobError):
        queue.finish(job.pk, first.token, Plan(stored.name, 0))
    assert not PlanVersion.objects.exists()
    queue.finish(job.pk, second.token, Plan(stored.name, 0))
    with pytest.raises(queue.LostJobError):
        queue.finish(job.pk, second.token, Plan(stored.name, 0))
    assert PlanVersion.objects.count() == 1


def test_the_former_holder_can_neither_renew_nor_report(job: Job) -> None:
    first = queue.claim("first")
    lapse(job)
    queue.claim("second")
    assert queue.renew(job.pk, first.token) is False
    assert queue.wanted(job.pk, first.token) == "lost"
    queue.report(job.pk, first.token, {"stage": "from the past"})
    job.refresh_from_db()
    assert job.progress == {}


def test_a_renewed_lease_keeps_others_away(job: Job) -> None:
    held = queue.claim("first")
    lapse(job)
    assert queue.renew(job.pk, held.token) is True
    assert queue.claim("second") is None


def test_a_plan_is_saved_in_the_transaction_that_ends_the_job(job: Job, stored: Any, monkeypatch: Any) -> None:
    held = queue.claim("w")
    monkeypatch.setattr("gemba.app.jobs.queue.record", _broken)
    with pytest.raises(ZeroDivisionError):
        queue.finish(job.pk, held.token, Plan(stored.name, 0))
    job.refresh_from_db()
    assert job.state == "running"
    assert not PlanVersion.objects.exists()


def _broken(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError


def test_a_finished_job_names_its_plan_and_who_asked_is_in_the_audit_trail(job: Job, stored: Any) -> None:
    plan = Plan(stored.name, 5, seed=9)
    made = queue.finish(job.pk, queue.claim("w").token, plan)
    job.refresh_from_db()
    assert (job.state, job.plan_id) == ("done", made)
    assert load_plan(made) == plan
    last = Audit.objects.latest("pk")
    assert (last.username, last.action, last.after) == ("planner", "save plan", {"job": job.pk, "plan": 1})


def test_a_cancelled_job_does_not_save_a_plan_that_came_too_late(job: Job, planner: Any, stored: Any) -> None:
    held = queue.claim("w")
    actions.cancel_job(planner, job.pk)
    assert queue.wanted(job.pk, held.token) == "cancel"
    with pytest.raises(queue.LostJobError):
        queue.finish(job.pk, held.token, Plan(stored.name, 0))
    queue.cancelled(job.pk, held.token)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_cancelled_job_of_a_dead_worker_is_not_started_again(job: Job, planner: Any) -> None:
    queue.claim("w")
    actions.cancel_job(planner, job.pk)
    lapse(job)
    assert queue.claim("another") is None
    job.refresh_from_db()
    assert (job.state, job.error) == ("cancelled", "")


def test_a_job_that_kills_its_process_each_time_fails_in_the_end(job: Job) -> None:
    for _ in range(queue.MOST_ATTEMPTS):
        queue.give_back(job.pk, queue.claim("w").token, crashed=True)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "3 times" in job.error


def test_a_job_that_takes_its_worker_down_each_time_fails_in_the_end(job: Job) -> None:
    for _ in range(queue.MOST_ATTEMPTS):
        assert queue.claim("w") is not None
        lapse(job)
    assert queue.claim("w") is None
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_job_given_back_by_a_worker_that_ends_has_not_been_tried(job: Job) -> None:
    queue.give_back(job.pk, queue.claim("w").token, crashed=False)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)


def test_progress_is_written_at_most_twice_a_second(job: Job, django_assert_max_num_queries: Any) -> None:
    watch = Watch(job.pk, queue.claim("w").token)
    with django_assert_max_num_queries(5):
        for i in range(1000):
            watch.progress(SimpleNamespace(stage="search", objective=i, bound=float("-inf"), elapsed=0.5))
            watch.stop()
    job.refresh_from_db()
    assert job.progress == {"stage": "search", "objective": 0.0, "bound": None, "elapsed": 0.5}


def test_a_calculation_stops_when_it_is_asked_to_or_has_lost_its_job(job: Job, planner: Any) -> None:
    held = queue.claim("w")
    assert Watch(job.pk, held.token).stop() is False
    actions.stop_job(planner, job.pk)
    assert Watch(job.pk, held.token).stop() is True
    assert Watch(job.pk, held.token - 1).stop() is True


def test_progress_has_no_number_that_json_lacks() -> None:
    row = progress_row(SimpleNamespace(stage="x", objective=float("inf"), bound=float("nan"), elapsed=1))
    assert row == {"stage": "x", "objective": None, "bound": None, "elapsed": 1.0}


def test_a_failure_is_told_in_words() -> None:
    fault = Fault("items", "A", "cost", -1, "at least 0")
    assert "at least 0" in explained(OperationError([fault]))
    assert "memory" in explained(MemoryError())
    assert "ZeroDivisionError" in explained(ZeroDivisionError("x"))


def test_claims_do_not_wait_for_one_another_where_there_is_more_than_one_writer() -> None:
    assert connection.features.has_select_for_update_skip_locked == (connection.vendor == "postgresql")
