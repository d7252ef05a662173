"""Records made from what somebody gave: each fault is found before anything is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import uuid4

from gemba.app.store import clock
from gemba.app.store.models import MODELS
from gemba.app.store.records import LONGEST_UID
from gemba.operation import Fault, OperationError
from gemba.operation.noun import Column, Noun

#: Longer names cannot be looked up in every database; longer notes are documents; larger numbers have no column.
LONGEST_NAME, LONGEST_NOTE, LARGEST = 500, 20_000, 10**12
LONG = ("note", "description", "title")
#: How far a report may be ahead of the operation's clock: clocks differ.
AHEAD = timedelta(minutes=5)

Made = TypeVar("Made", bound=Noun)


def made(of: type[Made], operation: str, /, *, uid: str = "", at: datetime | None = None, **given: Any) -> Made:
    """A record of this kind that the store can keep; without ``uid`` it gets one, without ``at`` the time it is.

    Raises:
        OperationError: with every fault.
    """
    now = clock.now(operation)
    given |= {"uid": uid or uuid4().hex, "at": at or now}
    record: Any = of(**given)
    table = of._table
    faults = [f for c in table.columns if (f := _unfit(table.name, record, c))]
    if record.at > now + AHEAD:
        faults.append(Fault(table.name, "", "at", record.at, f"not later than now, {now:%Y-%m-%d %H:%M} UTC"))
    if faults:
        raise OperationError(faults)
    return cast(Made, record)


def _unfit(table: str, record: Any, column: Column) -> Fault | None:
    value = getattr(record, column.name)
    if column.kind == "text":
        most = LONGEST_NOTE if column.name in LONG else LONGEST_UID if column.name == "uid" else LONGEST_NAME
        allowed, fits = f"at most {most} characters of Unicode text", len(value) <= most and _is_unicode(value)
    elif column.kind in ("exact", "number", "whole", "duration") and value is not None:
        allowed, fits = f"at most {LARGEST}", abs(value) <= LARGEST
    else:
        return None
    shown = str(value)[:80].encode(errors="replace").decode()
    return None if fits else Fault(table, "", column.name, shown, allowed)


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def unknown(operation: Any, table: str, record: Any, **refers: str) -> list[Fault]:
    """Faults where a field (by name) names nothing in a table of the operation's current version; blank is fine.

    ``operation`` is the dataset. ``refers`` says for each field which table it names.
    """
    faults = []
    for name, of in refers.items():
        value = getattr(record, name)
        if value and not MODELS[of].objects.filter(dataset=operation, name=value).exists():
            faults.append(Fault(table, "", name, value, f"the name of one of the {of}"))
    return faults
