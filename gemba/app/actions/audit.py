"""Who did what: a row in the transaction of the change itself, chained to the row before it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.store.chain import FIELDS, START, digest, plain
from gemba.app.store.locks import lock
from gemba.app.store.models import Audit

#: Who holds this lock is the only one to add to the chain, until its transaction ends.
CHAIN = "the chain of the audit trail"


def record(user: Any, action: str, subject: str, *, before: Any = None, after: Any = None) -> Audit:
    """Write down a change, with what there was before and after it where that says more than the action.

    Must be called in the change's transaction, so that there is never one without the other; and as the last thing
    in it, because everybody else's change waits from here until the transaction ends. What comes many times a second
    is no audit row but an event: see ``gemba.app.actions.seals``.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of its change")
    lock(CHAIN)
    last = Audit.objects.order_by("-pk").values_list("pk", "digest").first()
    number, previous = last or (0, START)
    row = Audit(
        id=number + 1,  # not the database's own count, which leaves a gap where a transaction is undone
        at=timezone.now(),
        account=user.pk if user is not None else None,
        username=plain(user.get_username()) if user is not None else "",
        action=plain(action),
        subject=plain(subject),
        before=plain(before),
        after=plain(after),
        previous=previous,
    )
    row.digest = digest(previous, [getattr(row, name) for name in FIELDS])
    row.save(force_insert=True)
    return row
