"""What time it is in an operation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import transaction

from gemba.app.store.models import OperationClock
from gemba.app.store.quick import ask, moment_out


def now(operation: str) -> datetime:
    """The moment it is by the operation's clock, in whole seconds UTC."""
    found = ask('SELECT "offset", stands FROM operation_clocks WHERE operation = %s', operation)
    offset, stands = found[0] if found else (0, None)
    return moment_out(stands) or (datetime.now(UTC) + timedelta(seconds=offset)).replace(microsecond=0)


def set_now(operation: str, moment: datetime | None, *, stands: bool = False) -> None:
    """Let the operation's clock show this moment and go on from there, or stand there; None: the real time."""
    offset = 0 if moment is None else ceil((moment - datetime.now(UTC)).total_seconds())
    shown = {"offset": offset, "stands": moment if stands else None}
    with transaction.atomic():
        OperationClock.objects.update_or_create(operation=operation, defaults=shown)


def stands(operation: str) -> bool:
    """Whether the operation's clock stands still (for training and tests)."""
    return bool(OperationClock.objects.filter(operation=operation, stands__isnull=False).exists())
