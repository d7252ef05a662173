"""What time it is in an operation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from gemba.app.store.models import OperationClock


def now(operation: str) -> datetime:
    """The moment it is by the operation's clock, in whole seconds UTC."""
    offset = OperationClock.objects.filter(operation=operation).values_list("offset", flat=True).first() or 0
    return (datetime.now(UTC) + timedelta(seconds=offset)).replace(microsecond=0)


def set_now(operation: str, moment: datetime | None) -> None:
    """Let the operation's clock show this moment from now on and go on from there; None: the real time."""
    offset = 0 if moment is None else round((moment - datetime.now(UTC)).total_seconds())
    with transaction.atomic():
        OperationClock.objects.update_or_create(operation=operation, defaults={"offset": offset})
