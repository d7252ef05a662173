"""Calls for help: whose they are. Nobody has to watch the clock; who is called follows from it."""

from __future__ import annotations

from datetime import datetime

from gemba.execute.concerns.states import KINDS
from gemba.operation.safety import CallKind


def called_roles(kind: CallKind | None, owner: str, state: str, at: datetime, now: datetime) -> tuple[str, ...]:
    """The roles (or accounts) that are called now: the owner, else the kind's first role; and from ``kind.minutes``
    seconds after the call on the kind's next role too. None once somebody has answered.

    ``at`` is when help was called for; ``kind`` None is a call of no (known) kind: it stays with its owner.
    """
    if state != KINDS["call"].first:
        return ()
    found = [owner or (kind.first if kind else "")]
    if kind is not None and kind.next and (now - at).total_seconds() >= kind.minutes:
        found.append(kind.next)
    return tuple(dict.fromkeys(name for name in found if name))
