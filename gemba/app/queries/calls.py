"""Open calls for help, and whom each calls now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gemba.app.queries.concerns import concerns
from gemba.app.queries.current import Current, current
from gemba.app.store.clock import now
from gemba.app.store.quick import ask
from gemba.execute.concerns.calls import called_roles
from gemba.operation.safety import CallKind


@dataclass(frozen=True, slots=True)
class Call:
    """An open call: ``roles`` are called now (nobody once it is answered), ``escalated`` where that is the next role too."""

    number: str
    category: str
    place: str
    resource: str
    order: str
    step: str
    person: str
    title: str
    state: str
    owner: str
    at: datetime
    seconds: float
    roles: tuple[str, ...]
    escalated: bool


def open_calls(operation: str, user: Any) -> list[Call]:
    """Calls that are not ended, where the user may see them; the one that waits longest first."""
    moment, kinds = now(operation), call_kinds(current(operation))
    return [_call(row, kinds, moment) for row in reversed(concerns(operation, user, state="open", kind="call"))]


def call_kinds(here: Current) -> dict[str, CallKind]:
    return {kind.name: kind for kind in here.operation.call_kinds}


def calls_for(operation: str, user: Any) -> list[Call]:
    """The open calls that call this user now, by name or by role."""
    if not ask("SELECT 1 FROM concerns WHERE operation = %s AND kind = %s LIMIT 1", operation, "call"):
        return []
    names = {user.get_username(), *user.groups.values_list("name", flat=True)}
    return [call for call in open_calls(operation, user) if names.intersection(call.roles)]


def _call(row: dict[str, Any], kinds: dict[str, CallKind], moment: datetime) -> Call:
    kind = kinds.get(row["category"])
    roles = called_roles(kind, row["owner"], row["state"], row["at"], moment)
    same = ("category", "place", "resource", "order", "step", "person", "title", "state", "owner", "at")
    return Call(
        number=row["concern"], **{name: row[name] for name in same}, roles=roles,
        seconds=max(0.0, (moment - row["at"]).total_seconds()), escalated=len(roles) > 1,
    )  # fmt: skip
