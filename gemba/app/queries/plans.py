"""Stored plans: their figures, and pages of their orders, tasks and problems."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any, get_type_hints

from django.db.models import Q

from gemba.app.queries.operations import text
from gemba.app.queries.page import containing, page
from gemba.app.security.scope import Scope, in_scope
from gemba.app.store.fields import attribute
from gemba.app.store.models import MODELS, PLAN_TABLES, PlanVersion
from gemba.app.store.models.plan import OBJECTIVE
from gemba.app.store.plans import find_plan
from gemba.operation import PlannedOrder, PlannedTask, Problem
from gemba.operation.moments import iso

#: The fields of the plan's lists, and what each is called in the store.
ORDER_COLUMNS, TASK_COLUMNS, PROBLEM_COLUMNS = (
    {name: attribute(name) for name in get_type_hints(cls)} for cls in (PlannedOrder, PlannedTask, Problem)
)


def plans(operation: str = "", most: int = 100) -> list[dict[str, Any]]:
    """The latest plans, newest first."""
    found = PlanVersion.objects.select_related("created_by", "published_by", "dataset").order_by("-pk")
    found = found.filter(operation=operation) if operation else found
    return [described(version) for version in found[:most]]


def plan(plan_id: int) -> dict[str, Any]:
    """A plan's figures, and what the checker found.

    Raises:
        NotFoundError: where there is none.
    """
    version = find_plan(plan_id)
    return {**described(version), "violations": version.violations}


def described(version: PlanVersion) -> dict[str, Any]:
    """A plan's head, with the objective's figures and the gap to what no plan can beat."""
    goal = {name: _finite(getattr(version, name)) for name in OBJECTIVE}
    value, bound = version.value, version.bound
    known = isfinite(value) and isfinite(bound)
    return {
        "id": version.pk,
        "operation": version.operation,
        "dataset": version.dataset_id,
        "dataset_state": version.dataset.state,
        "number": version.number,
        "state": version.state,
        "created_at": text(version.created_at),
        "created_by": version.created_by.get_username() if version.created_by else "",
        "published_at": text(version.published_at),
        "published_by": version.published_by.get_username() if version.published_by else "",
        "now": iso(version.now, zone_of(version)),
        "policy": version.policy,
        "seed": version.seed,
        "seconds": version.seconds,
        "counts": version.counts,
        "broken_rules": len(version.violations),
        "objective": {**goal, "gap": (0.0 if value <= bound else (value - bound) / value) if known else None},
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


def zone_of(version: PlanVersion) -> str:
    """The time zone in which a plan's moments are shown."""
    return MODELS["settings"].objects.filter(dataset_id=version.dataset_id).values_list("zone", flat=True).first() or ""


def orders(plan_id: int, *, scope: Scope = None, **how: Any) -> dict[str, Any]:
    """A page of a plan's orders; ``filters`` by kind, item, place, state, process or supplier."""
    return _listed("orders", plan_id, ORDER_COLUMNS, ("name", "item", "process", "supplier"), in_scope(scope), **how)


def tasks(plan_id: int, *, scope: Scope = None, **how: Any) -> dict[str, Any]:
    """A page of a plan's tasks; ``filters`` by order, step or state."""
    own = Q() if scope is None else Q(order__in=_names(PLAN_TABLES["orders"], scope, plan=plan_id))
    return _listed("tasks", plan_id, TASK_COLUMNS, ("order", "step"), own, **how)


def problems(plan_id: int, *, scope: Scope = None, **how: Any) -> dict[str, Any]:
    """A page of a plan's problems; ``filters`` by kind or subject."""
    own = Q() if scope is None else _own_problems(plan_id, scope)
    return _listed("problems", plan_id, PROBLEM_COLUMNS, ("subject", "message"), own, **how)


def _own_problems(plan_id: int, scope: frozenset[str]) -> Q:
    """Problems of what is at a place within the scope: a demand, a resource, an order, or an item there."""
    dataset = find_plan(plan_id).dataset_id
    own = Q(subject__in=_names(PLAN_TABLES["orders"], scope, plan=plan_id))
    for name in ("demands", "resources"):
        own |= Q(subject__in=_names(MODELS[name], scope, dataset=dataset))
    for place in scope:
        own |= Q(subject__endswith=f" at {place}")
    return own


def _names(model: Any, scope: frozenset[str], **of: Any) -> Any:
    return model.objects.filter(in_scope(scope), **of).values("name")


def _listed(
    name: str, plan_id: int, columns: dict[str, str], texts: tuple[str, ...], own: Q, *, q: str = "",
    filters: dict[str, str] | None = None, **how: Any,
) -> dict[str, Any]:  # fmt: skip
    version = find_plan(plan_id)
    rows = PLAN_TABLES[name].objects.filter(containing(q, texts), own, plan=version)
    rows = rows.filter(**{columns[key]: value for key, value in (filters or {}).items() if value})
    return page(rows, columns, convert=_with_moments(zone_of(version)), **how)


def _with_moments(zone: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def convert(row: dict[str, Any]) -> dict[str, Any]:
        return {k: iso(v, zone) if k in ("start", "end") and v is not None else v for k, v in row.items()}

    return convert
