"""Asking for long work, and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.security.permission import require
from gemba.app.store.models import CURRENT, Dataset, Job
from gemba.app.store.models.job import CANCELLED, QUEUED, RUNNING
from gemba.app.store.operations import NotFoundError, find

POLICIES = ("on_time", "makespan", "least_cost", "least_stock")
LONGEST = 24 * 3600.0
DEFAULT_SECONDS = 20.0
LARGEST_SEED = 2**31 - 1


def request_plan(user: Any, operation: str | int, options: Mapping[str, Any] | None = None) -> Job:
    """Queue the planning of an operation. Options: ``seconds``, ``steps``, ``seed``, ``policy``.

    Raises:
        NotFoundError: where there is no such operation.
        RefusedError: where an option is not possible.
    """
    require(user, "request_plan")
    chosen = plan_options(options or {})
    with transaction.atomic():
        dataset: Dataset = find(operation)
        if dataset.state != CURRENT:
            raise RefusedError("Only the current version of an operation is planned.")
        job = Job.objects.create(dataset=dataset, options=chosen, requested_by=user, requested_at=timezone.now())
        record(user, "request plan", dataset.name, after={"job": job.pk, **chosen})
    return job


def plan_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a planning job, complete and checked.

    Raises:
        RefusedError: where one is not possible.
    """
    unknown = sorted(set(options) - {"seconds", "steps", "seed", "policy"})
    if unknown:
        raise RefusedError(f"There is no option {', '.join(unknown)}.")
    policy = options.get("policy") or "on_time"
    if policy not in POLICIES:
        raise RefusedError(f"The policy must be one of {', '.join(POLICIES)}.")
    chosen: dict[str, Any] = {"policy": policy}
    chosen["seconds"] = _number(options.get("seconds"), "time", float, 0, LONGEST, DEFAULT_SECONDS)
    chosen["seed"] = _number(options.get("seed"), "seed", int, 0, LARGEST_SEED, 0)
    chosen["steps"] = _number(options.get("steps"), "number of steps", int, 1, 10**12, None)
    return chosen


def _number(value: Any, what: str, kind: type, low: float, high: float, default: Any) -> Any:
    if value is None or value == "":
        return default
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError):
        raise RefusedError(f"The {what} must be a number.") from None
    if not low <= number <= high:
        raise RefusedError(f"The {what} must be from {low:g} to {high:g}.")
    return number


def cancel_job(user: Any, job_id: int) -> Job:
    """End a job and throw its result away: one that waits at once, one that runs as soon as its worker sees it.

    Raises:
        NotFoundError: where there is no such job.
        RefusedError: where it has ended already.
    """
    require(user, "request_plan")
    with transaction.atomic():
        job = _unfinished(job_id)
        if job.state == QUEUED:
            job.state, job.finished_at = CANCELLED, timezone.now()
        job.cancel_requested = True
        job.save(update_fields=["state", "finished_at", "cancel_requested"])
        record(user, "cancel job", job.dataset.name, after={"job": job.pk})
    return job


def stop_job(user: Any, job_id: int) -> Job:
    """Ask a running job to end now and keep the best it has found.

    Raises:
        NotFoundError: where there is no such job.
        RefusedError: where it does not run.
    """
    require(user, "request_plan")
    with transaction.atomic():
        job = _unfinished(job_id)
        if job.state != RUNNING:
            raise RefusedError("This calculation has not started yet.")
        job.stop_requested = True
        job.save(update_fields=["stop_requested"])
        record(user, "stop job", job.dataset.name, after={"job": job.pk})
    return job


def _unfinished(job_id: int) -> Job:
    job = Job.objects.select_for_update(of=("self",)).select_related("dataset").filter(pk=job_id).first()
    if job is None:
        raise NotFoundError(f"there is no job {job_id}")
    if job.state not in (QUEUED, RUNNING):
        raise RefusedError(f"This calculation has ended already ({job.state}).")
    return job
