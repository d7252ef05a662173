"""Reports as terminals send them: a list, each report in a transaction of its own and answered by its uid.

A terminal keeps a report until the answer says taken or again, so nothing is lost and nothing counted twice. A
report that is refused stays with the person who made it; so that nobody has to find it there, it can be told to the
supervisor as a call for help, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.app.actions.concerns import raise_concern
from gemba.app.actions.maintenance import report_down, report_up
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.safety import acknowledge
from gemba.app.actions.work import Outcome, Report, report
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import stored
from gemba.execute.orders.states import TASK_CHANGES
from gemba.operation import OperationError

#: What a terminal reports: events of tasks, stops of a resource, documents that somebody knows.
KINDS = (*TASK_CHANGES, "down", "up", "acknowledged")
#: The category of a call about a report that was refused.
REFUSED_CALL = "Report refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a report: ``taken``, ``again`` (it had been taken before) or ``refused`` for a ``reason``."""

    uid: str
    answer: str
    reason: str = ""
    outcome: Outcome | None = None


def take(user: Any, operation: str, reports: Sequence[Report], *, call: bool = False) -> list[Answer]:
    """Take reports in their order, each for itself; what became of each.

    ``call``: a report that is refused is told to the supervisor as a call for help, once.

    Raises:
        PermissionDenied: where the user may report no work at all.
    """
    answers = []
    for given in reports:
        try:
            answers.append(_take(user, operation, given))
        except (RefusedError, NotFoundError, PermissionDenied, OperationError) as error:
            answers.append(Answer(given.uid, "refused", _words(error)))
            if call:
                _call(user, operation, given, answers[-1].reason)
    return answers


def _take(user: Any, operation: str, given: Report) -> Answer:
    if given.kind in TASK_CHANGES:
        outcome = report(user, operation, given)
        return Answer(given.uid, "again" if outcome.again else "taken", outcome=outcome)
    with transaction.atomic():
        if stored(operation, "events").filter(uid=given.uid).exists():
            return Answer(given.uid, "again")
        _other(user, operation, given)
    return Answer(given.uid, "taken")


def _other(user: Any, operation: str, given: Report) -> None:
    """Events that belong to no task."""
    more: dict[str, Any] = {"uid": given.uid, "at": given.at, "person": given.person}
    if given.kind == "acknowledged":
        name, _, version = given.subject.rpartition("/")
        acknowledge(user, operation, name, version, **more)
    elif given.kind == "down":
        report_down(user, operation, given.resource, given.reason, note=given.note, **more)
    elif given.kind == "up":
        report_up(user, operation, given.resource, note=given.note, **more)
    else:
        raise RefusedError(f"{given.kind!r} is not reported here; possible are {', '.join(KINDS)}.")


def _words(error: Exception) -> str:
    if isinstance(error, OperationError):
        return " ".join(str(fault) for fault in error.faults[:8])
    return str(error)


def _call(user: Any, operation: str, given: Report, reason: str) -> None:
    """Tell the supervisor; where the order is unknown or nobody may be called from here, the terminal alone keeps it."""
    head = stored(operation, "released_orders").filter(order=given.order).order_by().values("place").first()
    figures = f"good {given.good:f}, scrap {given.scrap:f}, rework {given.rework:f}"
    told = f"{given.kind} {given.step} of {given.order} by {given.person or user.get_username()}, {figures}: {reason}"
    with suppress(RefusedError, NotFoundError, PermissionDenied, OperationError):
        raise_concern(
            user, operation, "call", uid=f"refused-{given.uid}"[:200], category=REFUSED_CALL, title=reason[:200],
            description=told, place=head["place"] if head else "", order=given.order if head else "",
            step=given.step if head else "", owner="supervisor",
        )  # fmt: skip
