"""Who holds a job: claims, leases, and the ways a job ends. The token tells each holder from those before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from gemba.app.actions.audit import record
from gemba.app.store.models import STANDS, Job
from gemba.app.store.models.job import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from gemba.app.store.operations import save_operation
from gemba.app.store.plans import save_plan
from gemba.operation import Operation, Plan

MOST_ATTEMPTS = 3
GIVEN_UP = f"The calculation ended unexpectedly {MOST_ATTEMPTS} times (out of memory?). See the server's log."


class LostJobError(RuntimeError):
    """Somebody else holds the job now, or it has ended."""


def _lease() -> Any:
    return timezone.now() + timedelta(seconds=settings.GEMBA_LEASE_SECONDS)


def claim(worker: str) -> Job | None:
    """Take the oldest job that waits, or whose holder has fallen silent; None where there is none."""
    free = Q(state=QUEUED) | Q(state=RUNNING, lease_until__lt=timezone.now())
    if not Job.objects.filter(free).exists():  # no write lock for a look
        return None
    with transaction.atomic():
        job = _locked(Job.objects.filter(free)).order_by("requested_at", "pk").first()
        if job is None:
            return None
        if job.cancel_requested or job.attempts >= MOST_ATTEMPTS:
            _end(job, CANCELLED if job.cancel_requested else FAILED, GIVEN_UP)
            return claim(worker)
        job.state, job.worker, job.token, job.attempts = RUNNING, worker, job.token + 1, job.attempts + 1
        job.lease_until, job.started_at, job.progress = _lease(), timezone.now(), {}
        job.save()
    return job


def _locked(jobs: Any) -> Any:
    """Rows nobody else is claiming; SQLite's write transaction is alone anyway."""
    return jobs.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else jobs


def _held(job_id: int, token: int) -> Any:
    return Job.objects.filter(pk=job_id, token=token, state=RUNNING)


def renew(job_id: int, token: int) -> bool:
    """Hold on to a job for another lease; whether it is still ours."""
    with transaction.atomic():
        return bool(_held(job_id, token).update(lease_until=_lease()))


def wanted(job_id: int, token: int) -> str:
    """What its holder should do: go on (blank), ``stop`` with the best so far, ``cancel``, or the job is ``lost``."""
    found = _held(job_id, token).values_list("cancel_requested", "stop_requested").first()
    if found is None:
        return "lost"
    return "cancel" if found[0] else "stop" if found[1] else ""


def report(job_id: int, token: int, progress: dict[str, Any]) -> None:
    """Say how far a job is."""
    with transaction.atomic():
        _held(job_id, token).update(progress=progress)


@contextmanager
def holding(job_id: int, token: int) -> Iterator[Job]:
    """A transaction that ends a job, if it is still ours; otherwise nothing of it happens.

    Raises:
        LostJobError: where the job is no longer ours.
    """
    with transaction.atomic():
        job = _held(job_id, token).select_for_update(of=("self",)).select_related("dataset", "requested_by").first()
        if job is None:
            raise LostJobError(f"job {job_id} is no longer held with token {token}")
        yield job


def finish(job_id: int, token: int, plan: Plan, stands: Operation | None = None) -> int:
    """Save the plan and end the job in one transaction; the plan's id.

    ``stands`` is the operation with the work done since its data were read, where there was any: what the plan is of.

    Raises:
        LostJobError: where the job is no longer ours; then no plan is saved either.
    """
    with holding(job_id, token) as job:
        if job.cancel_requested:
            raise LostJobError(f"job {job_id} is being cancelled")
        dataset = job.dataset
        if stands is not None:
            source = f"as it stood at {stands.settings.now:%Y-%m-%d %H:%M} UTC"
            dataset = save_operation(stands, state=STANDS, source=source, user=job.requested_by, base=dataset.pk)
        version = save_plan(dataset, plan, user=job.requested_by)
        job.plan = version
        _end(job, DONE)
        record(job.requested_by, "save plan", job.dataset.name, after={"job": job.pk, "plan": version.number})
    return int(version.pk)


def conclude(job_id: int, token: int, result: dict[str, Any]) -> None:
    """End a job whose result is a few figures, which are kept in its progress.

    Raises:
        LostJobError: where the job is no longer ours.
    """
    with holding(job_id, token) as job:
        if job.cancel_requested:
            raise LostJobError(f"job {job_id} is being cancelled")
        job.progress = {"stage": "done", "result": result}
        _end(job, DONE)


def fail(job_id: int, token: int, error: str) -> None:
    """End a job that cannot be done, with what to tell the person who asked for it."""
    with holding(job_id, token) as job:
        _end(job, FAILED, error[:4000])


def cancelled(job_id: int, token: int) -> None:
    """End a job whose calculation has been killed."""
    with holding(job_id, token) as job:
        _end(job, CANCELLED)


def give_back(job_id: int, token: int, *, crashed: bool) -> None:
    """Let somebody else try; a crash counts, and after too many of them the job has failed."""
    with holding(job_id, token) as job:
        if crashed and job.attempts >= MOST_ATTEMPTS:
            _end(job, FAILED, GIVEN_UP)
            return
        job.attempts -= 0 if crashed else 1
        job.state, job.lease_until, job.worker = QUEUED, None, ""
        job.save()


def _end(job: Job, state: str, error: str = "") -> None:
    job.state, job.finished_at, job.lease_until = state, timezone.now(), None
    job.error = error if state == FAILED else ""
    job.save()
