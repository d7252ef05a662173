"""Learning: ask what proposals would do to the plan, and make them the next version of the model, or go back to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.actions.audit import record
from gemba.app.actions.imports import preview_import
from gemba.app.actions.jobs import plan_options
from gemba.app.actions.refused import RefusedError
from gemba.app.queries.learning import LEARN, USUAL_PERIOD, as_proposals, effect_job, proposed
from gemba.app.security.permission import require
from gemba.app.security.scope import places_of, require_place
from gemba.app.store.models import CURRENT, PAST, Dataset, Job
from gemba.app.store.operations import NotFoundError, find, load
from gemba.improve.learn import Proposal, apply

#: Each of the two plans is searched for this long, unless something else is asked for.
EFFECT_SECONDS = 10.0


def request_effect(
    user: Any,
    operation: str,
    chosen: Iterable[str],
    options: Mapping[str, Any] | None = None,
    *,
    days: int = USUAL_PERIOD,
) -> Job:
    """Queue the comparison of two plans of an operation as it stands: as its model is, and with the chosen proposals.

    ``chosen`` are identities of proposals (``queries.learning.proposed``); options are those of ``request_plan``, for
    each of the two plans.

    Raises:
        NotFoundError: where there is no such operation.
        RefusedError: where nothing is chosen, a choice is no proposal (any more), or an option is not possible.
    """
    require(user, "request_plan")
    asked = plan_options(
        {"seconds": EFFECT_SECONDS, **{k: v for k, v in (options or {}).items() if v not in (None, "")}}
    )
    with transaction.atomic():
        dataset: Dataset = find(operation)
        wanted = [p for p, _ in _chosen(user, dataset.name, chosen, days)]
        kept = {**asked, "days": days, "proposals": [asdict(p) for p in wanted]}
        job = Job.objects.create(
            kind=LEARN, dataset=dataset, options=kept, requested_by=user, requested_at=timezone.now()
        )
        record(user, "request effect", dataset.name, after={"job": job.pk, **asked, "proposals": _named(wanted)})
    return job


def propose_update(user: Any, operation: str, chosen: Iterable[str], *, days: int = USUAL_PERIOD) -> Dataset:
    """A draft of the next version of the operation with the chosen proposals, to be looked at and confirmed.

    Raises:
        NotFoundError: where there is no such operation.
        OperationError: where a proposal does not fit the operation.
        PermissionDenied: where the user may not change the set-up at a place that a proposal belongs to.
        RefusedError: where nothing is chosen, or a choice is no proposal (any more).
    """
    require(user, "change_setup")
    with transaction.atomic():
        dataset = find(operation)
        found = _chosen(user, dataset.name, chosen, days)
        for _, place in found:
            require_place(user, "change_setup", dataset.name, place)
        return _draft(user, dataset, [p for p, _ in found], f"what was learned ({_many(len(found))})")


def update_as_computed(user: Any, operation: str, number: int) -> Dataset:
    """The same with the proposals of a calculation of their effect.

    Raises:
        NotFoundError: where there is no such calculation.
        OperationError: where the operation has changed since, so that a proposal does not fit any more.
        PermissionDenied: where the user may not change the set-up of the whole operation.
    """
    require_place(user, "change_setup", operation, "")
    with transaction.atomic():
        job = effect_job(operation, number)
        wanted = as_proposals(job.options["proposals"])
        return _draft(user, find(operation), wanted, f"what was learned ({_many(len(wanted))}, calculation {job.pk})")


def restore_version(user: Any, operation: str, version: int) -> Dataset:
    """A draft with the data of an earlier version, to be looked at and confirmed.

    Raises:
        NotFoundError: where there is no such version.
        PermissionDenied: where the user may not change the set-up of the whole operation.
    """
    require_place(user, "change_setup", operation, "")
    with transaction.atomic():
        earlier = Dataset.objects.filter(name=operation, version=version, state=PAST).first()
        if earlier is None:
            raise NotFoundError(f"{operation} has no earlier version {version}")
        draft = preview_import(user, load(earlier.pk), f"version {version} of {operation}")
        record(user, "propose earlier version", operation, after={"draft": draft.pk, "version": version})
    return draft


def _chosen(user: Any, operation: str, chosen: Iterable[str], days: int) -> list[tuple[Proposal, str]]:
    names = list(dict.fromkeys(chosen))
    if not names:
        raise RefusedError("Choose at least one proposal.")
    known = proposed(operation, days, places_of(user, operation))
    gone = [name for name in names if name not in known]
    if gone:
        raise RefusedError(f"No longer proposed: {', '.join(gone[:5])}. Look at the proposals again.")
    return [known[name] for name in names]


def _draft(user: Any, dataset: Dataset, wanted: Sequence[Proposal], source: str) -> Dataset:
    if dataset.state != CURRENT:
        raise RefusedError("Only the current version of an operation learns.")
    changed = apply(load(dataset.pk), wanted)
    draft = preview_import(user, changed, source)
    record(user, "propose model update", dataset.name, after={"draft": draft.pk, "proposals": _named(wanted)})
    return draft


def _named(wanted: Iterable[Proposal]) -> list[dict[str, Any]]:
    """The proposals as the audit trail keeps them."""
    names = ("table", "field", "now", "proposed", "low", "high", "n")
    return [{"key": list(p.key), **{n: getattr(p, n) for n in names}} for p in wanted]


def _many(count: int) -> str:
    return f"{count} proposal{'s' if count != 1 else ''}"
