"""Records of other systems, taken over as they are: whole or not at all, each uid once, with one audit row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.release import rebuild_states
from gemba.app.actions.stock import post_movements
from gemba.app.security.permission import require
from gemba.app.store import operations
from gemba.app.store.locks import lock
from gemba.app.store.records import LONGEST_UID, append
from gemba.operation import RECORDS, Fault, OperationError
from gemba.operation.noun import Noun

#: Records after which it is derived anew where orders and tasks stand.
OF_ORDERS = ("released_orders", "released_tasks", "events")


@dataclass(frozen=True, slots=True)
class Taken:
    """How many records of each table were new, and how many had been taken before."""

    added: Mapping[str, int]
    known: Mapping[str, int]


def import_records(user: Any, operation: str, records: Iterable[Sequence[Noun]], source: str = "") -> Taken:
    """Add records to an operation: all of them or, where one cannot be taken, none.

    Records that it has already (by uid) are left as they are. Movements are taken as they are, without the rules
    for new ones: they are a history. Names that the operation does not know are no obstacle.

    Args:
        records: lists of records, each list of one table; they may come one by one from a file.
        source: where they come from, for the audit trail.

    Raises:
        NotFoundError: where there is no such operation.
        OperationError: where a record cannot be taken, or what gives the records raises it; nothing is written then.
        PermissionDenied: where the user may not import, or only at some places.
    """
    require(user, "import_operation")
    name = operations.find(operation).name
    _require_everywhere(user, name)
    added: dict[str, int] = {}
    known: dict[str, int] = {}
    with transaction.atomic():
        lock(name)
        for some in records:
            if some:
                table = type(some[0])._table.name
                new = _append(user, name, table, some)
                added[table] = added.get(table, 0) + len(new)
                known[table] = known.get(table, 0) + len(some) - len(new)
        if any(added.get(table) for table in OF_ORDERS):
            rebuild_states(name)
        if any(added.values()):
            after = {"source": source, "added": {t: added[t] for t in RECORDS if added.get(t)}}
            record(user, "import records", name, after=after)
    return Taken(added, known)


def _require_everywhere(user: Any, operation: str) -> None:
    """Records name any place: whoever is kept to some places imports none."""
    from django.core.exceptions import PermissionDenied

    from gemba.app.security.scope import inside, places_of

    if not inside(places_of(user, operation), ""):
        raise PermissionDenied("Your role holds at some places only. You may not import records.")


def _append(user: Any, operation: str, table: str, some: Sequence[Any]) -> Sequence[Any]:
    wrong = [
        Fault(table, r.uid[:60], "uid", r.uid, f"at most {LONGEST_UID} characters long")
        for r in some
        if len(r.uid) > LONGEST_UID
    ]
    if wrong:
        raise OperationError(wrong)
    if table == "movements":
        return post_movements(operation, some, user=user, check=False)
    return append(operation, some, user=user)
