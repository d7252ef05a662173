"""Calls for help from a terminal: raised, answered, solved; a call whose kind stops the resource takes it down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.maintenance import report_down, report_up
from gemba.app.queries.calls import call_kinds
from gemba.app.queries.current import current
from gemba.app.queries.work import downs
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read
from gemba.execute.concerns import Standing
from gemba.operation.records import Concern


def call(
    user: Any, operation: str, kind: str, /, *, uid: str, at: datetime | None = None, resource: str = "", **given: Any
) -> Concern:
    """Call for help of a kind. It goes to the kind's first role, and is due when the next one is called too.

    ``given`` are further fields of the concern: place, order, step, person, title.

    Raises:
        NotFoundError: where there is no such kind of call.
        OperationError, PermissionDenied: as for ``raise_concern``.
    """
    found = call_kinds(current(operation)).get(kind)
    if found is None:
        raise NotFoundError(f"there is no kind of call {kind!r}")
    with transaction.atomic():
        begun = at or now(operation)
        made = raise_concern(
            user, operation, "call", uid=uid, at=at, category=kind, owner=found.first, resource=resource,
            due=begun + timedelta(seconds=found.minutes), **given,
        )  # fmt: skip
        if found.stops and resource and resource not in downs(operation):
            report_down(user, operation, resource, kind, uid=_down(uid), at=at, person=given.get("person", ""))
    return made


def change_call(
    user: Any, operation: str, number: str, state: str, /, *, uid: str = "", person: str = "", note: str = ""
) -> Standing:
    """Answer a call (somebody comes), solve it, or withdraw it. With its end its resource is up again.

    Raises:
        NotFoundError, OperationError, RefusedError, PermissionDenied: as for ``change_concern``.
    """
    with transaction.atomic():
        who = person or user.get_username()
        standing = change_concern(user, operation, number, state, uid=uid, person=who, note=note)
        stop = read(operation, "events", uid=_down(standing.concern.uid))
        if standing.closed and stop and stop[0].resource in downs(operation):
            report_up(user, operation, stop[0].resource, uid=f"{_down(standing.concern.uid)}-up"[:200], note=note)
    return standing


def _down(uid: str) -> str:
    return f"{uid}-down"[:200]
