"""Who changed what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.paging import AuditListing
from gemba.app.api.schemas import AuditRow, page_of
from gemba.app.queries.audit import audit as trail
from gemba.app.security.permission import require

router = Router(tags=["audit"])


@router.get("/audit", response={200: page_of(AuditRow), **ERRORS}, summary="The audit trail, latest first")
def audit(request: HttpRequest, only: Query[AuditListing]) -> Any:
    require(request.user, "see_audit")
    return answer(trail(only.subject, page=only.page, size=only.size))
