"""Who changed what, latest first."""

from __future__ import annotations

from typing import Any

from gemba.app.queries.operations import text
from gemba.app.queries.page import page
from gemba.app.store.models import Audit

COLUMNS = {n: n for n in ("id", "at", "username", "action", "subject", "before", "after")}


def audit(subject: str = "", **how: Any) -> dict[str, Any]:
    """A page of the audit trail."""
    rows = Audit.objects.filter(subject=subject) if subject else Audit.objects.all()
    shown: dict[str, Any] = page(rows, COLUMNS, sort="-id", convert=lambda r: {**r, "at": text(r["at"])}, **how)
    return shown
