"""Who changed what, latest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gemba.app.queries.operations import text
from gemba.app.queries.page import page
from gemba.app.store.models import Audit

COLUMNS = {n: n for n in ("id", "at", "username", "action", "subject", "before", "after", "digest")}
#: Actions that change nothing and come by themselves or in great number.
VERIFIED = "verify audit trail"


def audit(subject: str = "", **how: Any) -> dict[str, Any]:
    """A page of the audit trail."""
    columns = {n: n for n in COLUMNS if n != "digest"}
    shown: dict[str, Any] = page(
        filtered(subject=subject), columns, sort="-id", convert=lambda r: {**r, "at": text(r["at"])}, **how
    )
    return shown


def filtered(
    *,
    subject: str = "",
    action: str = "",
    username: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Audit]:
    """The rows that have all of what is given; ``since`` counts, ``until`` does not any more."""
    wanted: dict[str, Any] = {"subject": subject, "action": action, "username": username}
    wanted |= {"at__gte": since, "at__lt": until}
    return Audit.objects.filter(**{name: value for name, value in wanted.items() if value})


def choices() -> dict[str, list[str]]:
    """The actions and the accounts there are rows of."""
    return {
        name: list(Audit.objects.order_by(name).values_list(name, flat=True).distinct())
        for name in ("action", "username")
    }


def last_verified() -> dict[str, Any] | None:
    """When the chain was last verified from here, by whom and what came of it; None where it never was."""
    row = Audit.objects.filter(action=VERIFIED).order_by("-at", "-pk").values("at", "username", "after").first()
    return {**row["after"], "at": row["at"], "by": row["username"]} if row else None


def newest() -> int:
    """The number of the last row, 0 where there is none."""
    return Audit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
