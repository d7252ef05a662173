"""Concerns are raised, and dealt with step by step as the table of their kind allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.dispositions import carry_out
from gemba.app.actions.made import made, unknown
from gemba.app.actions.refused import RefusedError
from gemba.app.security.permission import may
from gemba.app.security.roles import PERMISSIONS
from gemba.app.security.scope import require_place, resource_places
from gemba.app.store import operations
from gemba.app.store.locks import lock
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read, stored
from gemba.execute.concerns import KINDS, Standing, faults, fold, missing, next_number, refusal, transition
from gemba.operation import Fault, OperationError
from gemba.operation.records import Concern, ConcernChange

_REFERS = {"place": "places", "resource": "resources", "item": "items"}


def raise_concern(
    user: Any, operation: str, kind: str, /, *, uid: str = "", at: datetime | None = None, **given: Any
) -> Concern:
    """Raise a concern; it gets the next number of its kind. Sent again with the same ``uid`` it is the first one.

    ``given`` are the fields of ``Concern``; without a place it is at its resource's place.

    Raises:
        NotFoundError: where there is no such operation, or no such concern as the parent.
        OperationError: with everything that is missing or wrong.
        PermissionDenied: where the user may not raise one there.
    """
    if kind not in KINDS:
        raise OperationError([Fault("concerns", "", "kind", kind, "one of " + ", ".join(KINDS))])
    with transaction.atomic():
        dataset = operations.find(operation)
        if given.get("resource") and not given.get("place"):
            given["place"] = resource_places(operation).get(given["resource"], "")
        require_any(user, KINDS[kind].raised_by, operation, given.get("place", ""))
        lock(operation)
        if uid and (before := read(operation, "concerns", uid=uid)):
            return before[0]
        number = next_number(kind, _taken(operation, kind))
        concern = made(Concern, operation, uid=uid, at=at, concern=number, kind=kind, **_known(Concern, given))
        found = missing(concern) + unknown(dataset, "concerns", concern, **_REFERS)
        if found:
            raise OperationError(found)
        if concern.parent:
            _find(operation, concern.parent)
        append(operation, [concern], user=user)
        told = {"concern": number, "kind": kind, "title": concern.title, "place": concern.place}
        record(user, "raise concern", operation, after=told)
    return concern


def change_concern(
    user: Any, operation: str, number: str, state: str, /, *, uid: str = "", at: datetime | None = None, **given: Any
) -> Standing:
    """Take a concern to its next state, or note something where ``state`` is the one it has; where it stands then.

    ``given`` are the fields of ``ConcernChange``. The same ``uid`` is taken once. What is decided on a nonconformance is
    carried out with it: its lot is freed, scrapped, sent back or reworked.

    Raises:
        NotFoundError: where there is no such concern.
        OperationError: with every field that is missing, wrong or does not belong to this step.
        RefusedError: where the table of states or one of its rules does not allow it.
        PermissionDenied: where the user may not do this step there.
    """
    with transaction.atomic():
        operations.find(operation)
        lock(operation)
        before = _find(operation, number)
        change = made(
            ConcernChange, operation, uid=uid, at=at, concern=number, state=state, **_known(ConcernChange, given)
        )
        if any(c.uid == change.uid for c in before.changes):
            return before
        against = refusal(before, change, _children(operation, number))
        if against:
            raise RefusedError(against)
        require_any(user, permissions(before, state), operation, before.concern.place)
        _complete(before, change)
        if change.decision and before.concern.kind == "nonconformance":
            change = carry_out(user, operation, before, change)
        if not append(operation, [change], user=user):
            raise RefusedError(f"The uid {change.uid} is of a change of another concern. Give this one its own.")
        told = {"concern": number, "state": state, "decision": change.decision, "owner": change.owner}
        record(user, "change concern", operation, before={"concern": number, "state": before.state}, after=told)
    return fold(before.concern, [*before.changes, change])


def permissions(standing: Standing, state: str) -> tuple[str, ...]:
    """The permissions of which one is needed to take a concern to a state."""
    row = transition(standing, state)
    return row.may if row else standing.kind.dealt_by


def require_any(user: Any, wanted: Sequence[str], operation: str, place: str) -> None:
    """Refuse whoever has none of these permissions at the place.

    Raises:
        PermissionDenied: which the pages and the API answer with 403.
    """
    held = next((p for p in wanted if may(user, p)), None)
    if held is None:
        words = " or ".join(PERMISSIONS[p][1][0].lower() + PERMISSIONS[p][1][1:] for p in wanted)
        raise PermissionDenied(f"Your role does not allow this. It needs: {words}.")
    require_place(user, held, operation, place)


def _complete(standing: Standing, change: ConcernChange) -> None:
    found = faults(standing, change)
    if change.at < standing.concern.at:
        raised = f"not before it was raised, {standing.concern.at:%Y-%m-%d %H:%M} UTC"
        found.append(Fault("concern_changes", standing.concern.concern, "at", change.at, raised))
    if found:
        raise OperationError(found)


def _known(kind: type[Any], given: dict[str, Any]) -> dict[str, Any]:
    names = {f.name for f in fields(kind)} - {"uid", "at", "concern", "kind", "state"}
    wrong = [Fault(kind._table.name, "", n, v, "one of its fields") for n, v in given.items() if n not in names]
    if wrong:
        raise OperationError(wrong)
    return given


def _taken(operation: str, kind: str) -> list[str]:
    """The numbers of the kind's latest concerns; one of them is the largest unless numbers were brought in unsorted."""
    prefix = f"{KINDS[kind].prefix}-"
    every = stored(operation, "concerns").filter(concern__startswith=prefix)
    latest = list(every.order_by("-row").values_list("concern", flat=True)[:1])
    taken = next_number(kind, latest)
    return list(every.values_list("concern", flat=True)) if every.filter(concern=taken).exists() else latest


def _find(operation: str, number: str) -> Standing:
    found = read(operation, "concerns", concern=number)
    if not found:
        raise NotFoundError(f"there is no concern {number!r}")
    return fold(found[0], read(operation, "concern_changes", concern=number))


def _children(operation: str, number: str) -> list[Standing]:
    found = read(operation, "concerns", parent=number)
    return [fold(c, read(operation, "concern_changes", concern=c.concern)) for c in found]
