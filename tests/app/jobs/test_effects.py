"""The effect of proposals, computed by a worker as a process; it is cancelled like any calculation."""

from __future__ import annotations

from typing import Any

import pytest

from gemba.app import actions
from gemba.app.actions.learning import request_effect
from gemba.app.store.models import PlanVersion
from tests.app.jobs.helpers import state, until, worker_process
from tests.app.learning_facts import CUT, slow_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ready")]


def test_a_worker_compares_two_plans_and_saves_neither(worker_environment: Any, person: Any) -> None:
    slow_shop(person)
    job = request_effect(person, "Shop", [CUT], {"seed": 5})
    with worker_process(worker_environment, "quick"):
        until(lambda: state(job) == "done")
    result = job.progress["result"]
    assert (result["objective_before"], result["objective_after"], result["demands_count"]) == (2.0, 2.0, 0)
    assert not PlanVersion.objects.exists()


def test_the_calculation_says_which_plan_it_is_at_and_is_cancelled(worker_environment: Any, person: Any) -> None:
    slow_shop(person)
    job = request_effect(person, "Shop", [CUT])
    with worker_process(worker_environment, "slow"):
        until(lambda: state(job) == "running" and job.progress)
        assert job.progress["stage"] == "search, as the model is"
        actions.cancel_job(person, job.pk)
        until(lambda: state(job) == "cancelled", 10)
    assert "result" not in job.progress
