"""Changes of standard costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.stock_values import revalue
from gemba.app.queries.current import current
from gemba.app.queries.ledger import is_open
from gemba.app.security.scope import require_place
from gemba.app.store.clock import now
from gemba.app.store.locks import lock
from gemba.app.store.records import append, stored
from gemba.measure.cost import roll_up

LONGEST_VERSION = 100


def roll_up_costs(
    user: Any,
    operation: str,
    version: str,
    *,
    at: datetime | None = None,
    lots: Mapping[tuple[str, str], float | Decimal] | None = None,
) -> int:
    """Roll up the standard costs of every item of the current version of an operation; how many there are.

    They hold from ``at`` (blank: now), with which the operation's rows are chosen too; where that is not in the future,
    stock on hand gets its value at the new costs at once. ``lots`` are costing lots by (item, place) where they differ
    from the usual order quantity.

    Raises:
        NotFoundError: where there is no such operation.
        OperationError: where items are made of themselves.
        PermissionDenied: where the user may not change the set-up of the whole operation.
        RefusedError: where the version has a wrong name or exists, or would hold before the one that is there.
    """
    require_place(user, "change_setup", operation, "")
    version = version.strip()
    if not version or len(version) > LONGEST_VERSION:
        raise RefusedError(f"Give the version a name of at most {LONGEST_VERSION} characters, such as 2026.")
    with transaction.atomic():
        lock(operation)
        before = stored(operation, "standard_costs")
        if before.filter(version=version).exists():
            raise RefusedError(f"Version {version} exists already. Standard costs are not changed: give another name.")
        moment = at or now(operation)
        latest = before.order_by("-at").values_list("version", "at").first()
        if latest and moment <= latest[1]:
            raise RefusedError(
                f"Version {latest[0]} holds from {latest[1]:%Y-%m-%d %H:%M} UTC. Begin the new one later."
            )
        made = append(
            operation, roll_up(current(operation).operation, moment, lots).records(version, moment), user=user
        )
        if not made:
            raise RefusedError("There is nothing to cost: the operation has no supply options, processes or stock.")
        if moment <= now(operation) and is_open(operation):
            revalue(user, operation, f"revalue {version}")
        after = {"version": version, "at": moment.isoformat(), "items": len(made)}
        record(user, "roll up costs", operation, before={"version": latest[0]} if latest else None, after=after)
    return len(made)
