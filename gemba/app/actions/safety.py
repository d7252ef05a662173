"""People confirm what they know and what they checked; waste leaves by its stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from gemba.app.actions.made import made
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.stock import post
from gemba.app.queries.current import current
from gemba.app.queries.ledger import costs
from gemba.app.security.permission import require
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read
from gemba.execute.ledger.movements import Maker
from gemba.execute.safety import check_lines, subject_of, valid
from gemba.operation import Fault, OperationError
from gemba.operation.records import Event, Movement
from gemba.operation.safety import Document

#: Reason of a check that was not as it should be.
FAILED = "not as it should be"


def acknowledge(
    user: Any, operation: str, name: str, version: str, *, person: str = "", uid: str = "", at: datetime | None = None
) -> Event:
    """Somebody confirms to know a version of a document; once is enough. For another person (``person``) this is for
    those who may report work: they share a screen.

    Raises:
        NotFoundError: where there is no such version.
        RefusedError: where it is not valid now.
    """
    require(user, "report_work" if person and person != user.get_username() else "see_operations")
    with transaction.atomic():
        document = _document(operation, name, version)
        who, subject = person or user.get_username(), subject_of(document)
        before = read(operation, "events", kind="acknowledged", person=who, subject=subject)
        voided = {e.corrects for e in before}
        earlier = [e for e in before if not e.corrects and e.uid not in voided]
        if earlier:
            return earlier[0]
        if not valid(document, now(operation)):
            raise RefusedError(f"{name}, version {version}, is not valid now. Confirm the version that is.")
        event = made(
            Event, operation, uid=uid, at=at, kind="acknowledged", person=who, subject=subject, place=document.place
        )
        append(operation, [event], user=user)
    return event


def check(
    user: Any, operation: str, name: str, version: str, results: Mapping[int, bool], *, notes: Mapping[int, str] = {},
    order: str = "", step: str = "", resource: str = "", uid: str = "", at: datetime | None = None,
) -> list[Event]:  # fmt: skip
    """Write down the checks of a checklist, an event for each line (from 1): as it should be or not. A line that is not
    needs a note.

    Raises:
        NotFoundError: where there is no such checklist.
        OperationError: where a line is left out or unknown, or a note is missing.
    """
    require(user, "report_work")
    with transaction.atomic():
        document = _document(operation, name, version)
        lines = check_lines(document)
        faults = [
            Fault("events", name, f"line {i}", None, "checked") for i in range(1, len(lines) + 1) if i not in results
        ]
        faults += [
            Fault("events", name, f"line {i}", i, f"from 1 to {len(lines)}")
            for i in results
            if not 1 <= i <= len(lines)
        ]
        faults += [
            Fault("events", name, f"note of line {i}", None, "given: what was found")
            for i, right in results.items() if not right and not notes.get(i)
        ]  # fmt: skip
        if faults:
            raise OperationError(faults)
        here, once = current(operation), uid or uuid4().hex
        events = [
            made(
                Event, operation, uid=f"{once[:180]}-{i}", at=at, kind="checked", person=user.get_username(),
                subject=subject_of(document, i), order=order, step=step, resource=resource,
                place=here.place_of(resource) or document.place, reason="" if right else FAILED,
                note=notes.get(i, "") or lines[i - 1],
            )
            for i, right in sorted(results.items())
        ]  # fmt: skip
        append(operation, events, user=user)
    return events


def record_waste(
    user: Any, operation: str, stream: str, item: str, quantity: Decimal | float, *, place: str = "", order: str = "",
    step: str = "", reason: str = "", document: str = "", uid: str = "",
) -> Movement:  # fmt: skip
    """Waste leaves an order (where one is given), else a place, by its stream, as a movement of the ledger.

    Raises:
        NotFoundError: where there is no such stream.
        OperationError: where the movement cannot be.
    """
    here = current(operation)
    if stream not in {s.name for s in here.operation.waste_streams}:
        raise NotFoundError(f"there is no waste stream {stream!r}")
    maker = Maker(costs(operation), now(operation), user.get_username(), document)
    moved = maker.waste(uid or uuid4().hex, item, quantity, stream, place=place, order=order, step=step, reason=reason)
    post(user, operation, [moved])
    return moved


def _document(operation: str, name: str, version: str) -> Document:
    for d in current(operation).operation.documents:
        if (d.name, d.version) == (name, version):
            return d
    raise NotFoundError(f"there is no document {name!r}, version {version!r}")
