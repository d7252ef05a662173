"""Many people at once: nothing fails, nothing is lost, and what may be there once is there once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from gemba.app import actions
from gemba.app.store.models import CURRENT, Audit, Dataset, Job, PlanVersion
from gemba.app.store.plans import save_plan
from gemba.operation import Plan, PlannedTask

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def at_once(do: Callable[[int], Any], times: int) -> list[Any]:
    """Do something many times in threads with connections of their own."""

    def alone(i: int) -> Any:
        try:
            return do(i)
        except actions.RefusedError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(alone, range(times)))


def test_every_request_is_written_with_its_audit_row(planner: Any, close: Any) -> None:
    stored = actions.import_operation(planner, close)
    jobs = at_once(lambda i: actions.request_plan(planner, stored.pk, {"seed": i}), 40)
    assert {job.options["seed"] for job in jobs} == set(range(40))
    assert Job.objects.count() == Audit.objects.filter(action="request plan").count() == 40


def test_plans_saved_at_once_have_numbers_of_their_own(planner: Any, close: Any) -> None:
    stored = actions.import_operation(planner, close)
    tasks = [PlannedTask("O", "S", i, i + 1) for i in range(200)]
    at_once(lambda i: save_plan(stored, Plan(close.name, 0, tasks=tasks, seed=i)), 16)
    assert sorted(PlanVersion.objects.values_list("number", flat=True)) == list(range(1, 17))


def test_of_plans_published_at_once_one_is_published(planner: Any, close: Any) -> None:
    stored = actions.import_operation(planner, close)
    plans = [save_plan(stored, Plan(close.name, 0)).pk for _ in range(8)]
    at_once(lambda i: actions.publish_plan(planner, plans[i]), 8)
    assert PlanVersion.objects.filter(state="published").count() == 1
    assert PlanVersion.objects.filter(state="replaced").count() == 7
    assert Audit.objects.filter(action="publish plan").count() == 8


def test_of_imports_confirmed_at_once_the_latest_is_current(planner: Any, close: Any) -> None:
    drafts = [actions.preview_import(planner, close).pk for _ in range(6)]
    results = at_once(lambda i: actions.confirm_import(planner, drafts[i]), 6)
    assert Dataset.objects.get(state=CURRENT).pk == drafts[-1]
    confirmed = [r for r in results if isinstance(r, Dataset)]
    assert Audit.objects.filter(action="import operation").count() == len(confirmed)


def test_a_preview_confirmed_by_two_is_confirmed_once(planner: Any, close: Any) -> None:
    draft = actions.preview_import(planner, close).pk

    def confirm(_: int) -> Any:
        try:
            return actions.confirm_import(planner, draft)
        except LookupError:
            return None

    assert sum(found is not None for found in at_once(confirm, 6)) == 1
