"""Changes to stored plans."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.security.permission import require
from gemba.app.store import plans
from gemba.app.store.locks import lock
from gemba.app.store.models import PlanVersion
from gemba.app.store.models.plan import PROPOSED, PUBLISHED, REPLACED


def publish_plan(user: Any, plan_id: int, *, though_older: bool = False) -> PlanVersion:
    """Make a plan the one that is carried out; the one published before is replaced.

    Raises:
        NotFoundError: where there is no such plan.
        RefusedError: where it breaks a rule, or was made from older data (``though_older`` allows that).
    """
    require(user, "publish_plan")
    with transaction.atomic():
        plan = plans.find_plan(plan_id)
        lock(plan.operation)
        plan.refresh_from_db()
        _may_publish(plan, though_older)
        before = PlanVersion.objects.filter(operation=plan.operation, state=PUBLISHED).first()
        if before is not None:
            PlanVersion.objects.filter(pk=before.pk).update(state=REPLACED)
        plan.state, plan.published_at, plan.published_by = PUBLISHED, timezone.now(), user
        plan.save(update_fields=["state", "published_at", "published_by"])
        was = {"plan": before.number} if before else None
        record(user, "publish plan", plan.operation, before=was, after={"plan": plan.number})
    return plan


def _may_publish(plan: PlanVersion, though_older: bool) -> None:
    if plan.state == PUBLISHED:
        raise RefusedError("This plan is published already.")
    if plan.violations:
        raise RefusedError(f"This plan breaks {len(plan.violations)} rules and cannot be published.")
    if not plan.dataset.is_current and not though_older:
        raise RefusedError("The operation has changed since this plan was made. Plan again, or say to publish anyway.")


def delete_plan(user: Any, plan_id: int) -> None:
    """Remove a plan.

    Raises:
        NotFoundError: where there is no such plan.
        RefusedError: where it is the published one.
    """
    require(user, "delete_plan")
    with transaction.atomic():
        plan = plans.find_plan(plan_id)
        lock(plan.operation)
        plan.refresh_from_db()
        if plan.state == PUBLISHED:
            raise RefusedError("The published plan cannot be deleted. Publish another one first.")
        figures = {"plan": plan.number, "state": plan.state, "objective": plan.value, "policy": plan.policy}
        plans.delete_plan(plan)
        record(user, "delete plan", plan.operation, before=figures)


#: A plan's states, in the order it goes through them.
STATES = (PROPOSED, PUBLISHED, REPLACED)
