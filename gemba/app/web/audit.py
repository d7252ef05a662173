"""The audit trail: who changed what, and whether it is as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions.proofs import MOST_ROWS, verify_trail
from gemba.app.queries import audit as queries
from gemba.app.queries.page import page as page_of
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.differences import differences
from gemba.app.web.shell import Shell
from gemba.operation import moments

PAGE, MOST_EXPORTED = 50, 50_000
FILTERS = ("subject", "action", "username", "since", "until")
HEADS = [
    ("id", "Row"),
    ("at@", "When"),
    ("username", "Who"),
    ("action", "What"),
    ("subject", "Subject"),
    ("changed", "Before and after"),
    ("digest", "Digest"),
]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows, as the paging part of the templates wants it."""

    page: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.page * PAGE, self.total)

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def _may(view: Any) -> Any:
    return login_required(permission_required("store.see_audit", raise_exception=True)(view))


@_may
def audit(request: HttpRequest) -> HttpResponse:
    shell = Shell(request, "audit")
    chosen = {name: request.GET.get(name, "").strip() for name in FILTERS}
    found = queries.filtered(**_wanted(chosen, shell.zone))
    if kind := sheets.wanted(request):
        rows = map(_told, found.order_by("-pk").values(*queries.COLUMNS)[:MOST_EXPORTED])
        return sheets.download(kind, "Audit trail", HEADS, rows, shell.zone)
    number = request.GET.get("page", "")
    shown = page_of(found, queries.COLUMNS, sort="-id", page=int(number) if number.isdigit() else 1, size=PAGE)
    shell.twin = with_query(reverse("api:audit"), subject=chosen["subject"])
    return shell.page(
        "audit.html",
        table=Listing(shown["page"], shown["count"]),
        rows=[{**row, "changes": differences(row["before"], row["after"])} for row in shown["rows"]],
        chosen=chosen,
        filtered=any(chosen.values()),
        exports=sheets.links(request),
        choices=queries.choices(),
        state=_state(),
    )


@_may
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    verdict = verify_trail(request.user)
    say = messages.success if verdict.unbroken else messages.error
    say(request, f"{verdict}"[:1000], extra_tags="good" if verdict.unbroken else "late")
    return redirect("web:audit")


def _state() -> dict[str, Any]:
    """How far the chain was verified, and what came since."""
    newest, last = queries.newest(), queries.last_verified()
    return {"newest": newest, "last": last, "since": newest - last["through"] if last else newest, "most": MOST_ROWS}


def _wanted(chosen: dict[str, str], zone: str) -> dict[str, Any]:
    """The filters in the database's terms; days are those of the operation's zone, the last one included."""
    texts = {name: chosen[name] for name in ("subject", "action", "username")}
    return {**texts, "since": _day(chosen["since"], zone), "until": _day(chosen["until"], zone, 1)}


def _day(text: str, zone: str, later: int = 0) -> datetime | None:
    try:
        begins = datetime.combine(date.fromisoformat(text) + timedelta(days=later), datetime.min.time())
    except (ValueError, OverflowError):
        return None
    return begins.replace(tzinfo=moments.zone(zone))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    changes = [f"{c.name}: {c.before or '–'} → {c.after or '–'}" for c in differences(row["before"], row["after"])]
    return {**row, "changed": "\n".join(changes)}
