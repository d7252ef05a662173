"""Verifying the audit trail from a page: what was found is written down like everything else."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.seals import last_seal
from gemba.app.queries.audit import VERIFIED, newest
from gemba.app.queries.proof import Verdict, verify
from gemba.app.security.permission import require

#: Most rows and sealed records that are looked at while somebody waits for the page: some seconds' worth.
MOST_ROWS, MOST_RECORDS = 200_000, 300_000


def verify_trail(user: Any) -> Verdict:
    """Follow the chain, or the latest part of a very long one, and write down what was found.

    Raises:
        PermissionDenied: for whoever may not see the trail.
    """
    require(user, "see_audit")
    start = max(1, newest() - MOST_ROWS + 1)
    verdict = verify(start, records=_records() <= MOST_RECORDS)
    found = {
        "from": start,
        "rows": verdict.rows,
        "records": verdict.records,
        "through": verdict.number,
        "digest": verdict.last,
        "broken": verdict.broken,
        "what": verdict.what,
    }
    with transaction.atomic():
        record(user, VERIFIED, "audit trail", after=found)
    return verdict


def _records() -> int:
    """About how many records are sealed."""
    seal = last_seal()
    return sum(seal.after["through"].values()) if seal else 0
