"""A stored plan with its operation, loaded once. Neither ever changes, so the last few are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from gemba.app.store.operations import load
from gemba.app.store.plans import find_plan, load_plan
from gemba.operation import Operation, Plan


@dataclass(frozen=True, slots=True, eq=False)  # itself, and so a key of what is derived from it
class Loaded:
    """What derived figures are made from."""

    operation: Operation
    plan: Plan

    @property
    def zone(self) -> str:
        return self.operation.settings.zone


def loaded(plan_id: int) -> Loaded:
    """The plan and the version of the operation it was made from.

    Raises:
        NotFoundError: where there is none (any more).
    """
    return _loaded(*identity(plan_id))


def identity(plan_id: int) -> tuple[int, int, datetime]:
    """What tells a plan from every other, even one of a database put back from a backup that had the same id.

    Raises:
        NotFoundError: where there is no such plan (any more).
    """
    version = find_plan(plan_id)
    return version.pk, version.dataset_id, version.created_at


@lru_cache(maxsize=4)
def _loaded(plan_id: int, dataset_id: int, made: datetime) -> Loaded:
    return Loaded(load(dataset_id), load_plan(plan_id))
