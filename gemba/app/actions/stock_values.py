"""The value of stock after standard costs have changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.stock import post_movements
from gemba.app.queries.ledger import costs, stock
from gemba.app.security.permission import require
from gemba.app.security.scope import require_place
from gemba.app.store import clock
from gemba.app.store.locks import lock
from gemba.app.store.records import stored
from gemba.execute.ledger import Maker
from gemba.execute.ledger.revaluation import revaluations
from gemba.execute.ledger.rules import plain
from gemba.operation import Movement
from gemba.operation.records import ZERO


def revalue(user: Any, operation: str, uid: str) -> list[Movement]:
    """Give all stock its value at the standard costs of now; the movements, none where it has it already.

    Raises:
        PermissionDenied: where the user may not see costs or move stock, everywhere.
    """
    require(user, "see_cost")
    require_place(user, "move_stock", operation, "")
    with transaction.atomic():
        lock(operation)
        if stored(operation, "movements").filter(uid=f"{uid}/0out").exists():
            return []
        maker = Maker(costs(operation), clock.now(operation), user.get_username(), document=uid)
        made = revaluations(uid, stock(operation, maker.at), maker)
        added = post_movements(operation, made, user=user)
        if added:
            change = sum((m.value if m.to_kind == "store" else -m.value for m in added), ZERO)
            record(user, "revalue stock", operation, after={"balances": len(added) // 2, "change": plain(change)})
    return added
