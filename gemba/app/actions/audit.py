"""Who did what: a row in the transaction of the change itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.store.models import Audit


def record(user: Any, action: str, subject: str, *, before: Any = None, after: Any = None) -> None:
    """Write down a change. Must be called in its transaction, so that there is never one without the other."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of its change")
    Audit.objects.create(
        at=timezone.now(),
        user=user,
        username=user.get_username() if user is not None else "",
        action=action,
        subject=subject,
        before=before,
        after=after,
    )
