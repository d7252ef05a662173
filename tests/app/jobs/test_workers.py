"""Workers as processes: they plan, are cancelled, killed and replaced; no job is lost or done twice."""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gemba.app import actions
from gemba.app.jobs.worker import Worker
from gemba.app.store.models import Audit, Job, PlanVersion
from gemba.app.store.plans import load_plan
from tests.app.jobs.helpers import kill_hard, state, until, worker_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ready")]


def test_a_worker_plans_what_is_asked_for(worker_environment: Any, person: Any, stored: Any) -> None:
    job = actions.request_plan(person, stored.name, {"seed": 5, "policy": "makespan"})
    with worker_process(worker_environment, "quick"):
        until(lambda: state(job) == "done")
    plan = load_plan(job.plan_id)
    assert (plan.seed, plan.policy, plan.objective.value, len(plan.tasks)) == (5, "makespan", 2.0, 1)


def test_a_running_job_says_how_far_it_is_and_can_be_stopped_with_the_best_so_far(
    worker_environment: Any, person: Any, stored: Any
) -> None:
    job = actions.request_plan(person, stored.name)
    with worker_process(worker_environment, "slow"):
        until(lambda: state(job) == "running" and job.progress)
        assert job.progress["stage"] == "search"
        actions.stop_job(person, job.pk)
        until(lambda: state(job) == "done", 10)
    assert job.plan_id is not None


def test_a_running_job_is_cancelled_with_its_process(worker_environment: Any, person: Any, stored: Any) -> None:
    job = actions.request_plan(person, stored.name)
    with worker_process(worker_environment, "slow"):
        until(lambda: state(job) == "running" and job.progress)
        actions.cancel_job(person, job.pk)
        until(lambda: state(job) == "cancelled", 10)
        assert not calculations(job)
    assert not PlanVersion.objects.exists()


def test_a_job_that_fails_says_why(worker_environment: Any, person: Any, stored: Any) -> None:
    job = actions.request_plan(person, stored.name)
    with worker_process(worker_environment, "failing"):
        until(lambda: state(job) == "failed")
    assert "the sky is falling" in job.error


def test_a_calculation_that_dies_is_tried_again_and_then_given_up(
    worker_environment: Any, person: Any, stored: Any
) -> None:
    job = actions.request_plan(person, stored.name)
    with worker_process(worker_environment, "dying"):
        until(lambda: state(job) == "failed", 60)
    assert job.attempts == 3
    assert "unexpectedly" in job.error


def test_a_job_of_a_killed_worker_is_taken_over_and_its_calculation_dies_with_it(
    worker_environment: Any, person: Any, stored: Any
) -> None:
    job = actions.request_plan(person, stored.name)
    with worker_process(worker_environment, "slow") as worker:
        until(lambda: state(job) == "running" and job.progress)
        kill_hard(worker)
        until(lambda: not calculations(job), 5)
    with worker_process(worker_environment, "quick"):
        until(lambda: state(job) == "done")
    assert (job.attempts, PlanVersion.objects.count()) == (2, 1)


def test_a_worker_that_is_told_to_end_gives_its_job_back(worker_environment: Any, person: Any, stored: Any) -> None:
    job = actions.request_plan(person, stored.name)
    with worker_process(worker_environment, "slow") as worker:
        until(lambda: state(job) == "running" and job.progress)
        worker.terminate()
        worker.wait(10)
    assert state(job) == "queued"
    assert (job.attempts, worker.returncode) == (0, 0)


def test_a_worker_beside_a_server_ends_with_it(worker_environment: Any) -> None:
    with worker_process(worker_environment, "quick") as worker:
        time.sleep(1)
        worker.stdin.close()
        assert worker.wait(10) == 0


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_killed_workers_neither_lose_nor_double_a_job(worker_environment: Any, person: Any, stored: Any) -> None:
    """Three workers at once; one after another is killed (-9) in its work and replaced."""
    jobs = [actions.request_plan(person, stored.name, {"seed": i}) for i in range(12)]
    with ExitStack() as stack:
        workers = [stack.enter_context(worker_process(worker_environment, "short")) for _ in range(3)]
        for kill in range(6):
            until(lambda: Job.objects.filter(state="running").exists())
            time.sleep(0.35 * (kill % 3))
            kill_hard(workers.pop(0))
            workers.append(stack.enter_context(worker_process(worker_environment, "short")))
        until(lambda: not Job.objects.filter(state__in=("queued", "running")).exists(), 150)
    assert Counter(Job.objects.values_list("state", flat=True)) == {"done": len(jobs)}
    plans = Counter(PlanVersion.objects.values_list("seed", flat=True))
    assert plans == dict.fromkeys(range(len(jobs)), 1), "each job has one plan"
    assert Audit.objects.filter(action="save plan").count() == len(jobs)
    numbers = sorted(PlanVersion.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(jobs) + 1))


def test_a_worker_with_nothing_to_do_ends_when_it_is_to_run_once() -> None:
    assert Worker().run(once=True) == 0


def calculations(job: Job) -> list[int]:
    """The processes that work on a job."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                alive = (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
            except OSError:
                continue
            if b"gemba.app.jobs.child" in words and str(job.pk).encode() in words and alive and _ours(folder):
                found.append(int(folder.name))
    return found


def _ours(folder: Path) -> bool:
    """Whether a process works on this test's database: other tests may run at the same time."""
    from django.db import connection

    try:
        return str(connection.settings_dict["NAME"]).encode() in (folder / "environ").read_bytes()
    except OSError:
        return False
