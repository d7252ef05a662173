"""Changes to operations as a whole."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.analytics import forget
from gemba.app.security.permission import require
from gemba.app.store.locks import lock
from gemba.app.store.models import Dataset, Job
from gemba.app.store.models.job import RUNNING
from gemba.app.store.operations import NotFoundError, delete_dataset
from gemba.app.store.records import delete_records


def delete_operation(user: Any, name: str) -> None:
    """Remove an operation: every version, plan, job and record of it, and its files of facts.

    Raises:
        NotFoundError: where there is none of this name.
        RefusedError: while a job on it runs.
    """
    require(user, "delete_operation")
    with transaction.atomic():
        lock(name)
        versions = list(Dataset.objects.filter(name=name).order_by("version"))
        if not versions:
            raise NotFoundError(f"there is no operation {name!r}")
        if Job.objects.filter(dataset__in=versions, state=RUNNING).exists():
            raise RefusedError(f"A calculation on {name} is running. Cancel it first.")
        plans = sum(version.plans.count() for version in versions)
        for version in versions:
            delete_dataset(version)
        delete_records(name)
        transaction.on_commit(lambda: forget(name))
        record(user, "delete operation", name, before={"versions": len(versions), "plans": plans})
