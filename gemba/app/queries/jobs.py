"""How far jobs are."""

from __future__ import annotations

from typing import Any

from gemba.app.queries.operations import text
from gemba.app.store.models import Job
from gemba.app.store.operations import NotFoundError


def job(job_id: int) -> dict[str, Any]:
    """A job with its progress.

    Raises:
        NotFoundError: where there is none.
    """
    found = Job.objects.filter(pk=job_id).select_related("dataset", "requested_by").first()
    if found is None:
        raise NotFoundError(f"there is no job {job_id}")
    return _described(found)


def jobs(operation: str = "", state: str = "", most: int = 50) -> list[dict[str, Any]]:
    """The latest jobs, newest first."""
    found = Job.objects.select_related("dataset", "requested_by").order_by("-pk")
    found = found.filter(dataset__name=operation) if operation else found
    found = found.filter(state=state) if state else found
    return [_described(one) for one in found[:most]]


def _described(found: Job) -> dict[str, Any]:
    return {
        "id": found.pk,
        "kind": found.kind,
        "state": found.state,
        "operation": found.dataset.name,
        "dataset": found.dataset_id,
        "options": found.options,
        "progress": found.progress or None,
        "error": found.error,
        "plan": found.plan_id,
        "stopping": found.cancel_requested or found.stop_requested,
        "requested_by": found.requested_by.get_username() if found.requested_by else "",
        "requested_at": text(found.requested_at),
        "started_at": text(found.started_at),
        "finished_at": text(found.finished_at),
    }
