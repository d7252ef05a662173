"""Counting: what is due, the counts as they are entered, and how right the ledger is."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions.stock_counts import Counted, count
from gemba.app.queries import ledger_rows as queries
from gemba.app.security.permission import may
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did
from gemba.app.web.ledger import names
from gemba.app.web.ledger_forms import amount
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table

_COLUMNS = [
    Column("abc", "Class"), Column("item", "Item"), Column("place", "Place"), Column("lot", "Lot"),
    Column("last", "Counted last"),
]  # fmt: skip
_HEADS = [
    ("abc", "Class"), ("item", "Item"), ("place", "Place"), ("lot", "Lot"), ("unit", "Unit"), ("last@", "Counted last"),
    ("counted", "Counted"),
]  # fmt: skip
WORDS = {"right": "right", "adjusted": "adjusted", "again": "count it again"}
_MOST = 50  # rows of a form


@screen("counting")
def counting(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, query = shell.dataset.name, request.GET
    only = {"place": query.get("place", ""), "abc_class": query.get("abc", "")}
    shell.twin = with_query(reverse("api:ledger_due"), operation=name, **only)
    due = queries.due_rows(name, request.user, **only)
    found = table(query.dict(), due, _COLUMNS, search=("item", "lot"), filters=("place", "abc"))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Count list", _HEADS, found.every, shell.zone)
    for row in found.rows:
        row["uid"] = uuid4().hex
    counts = queries.count_rows(name, request.user)[:_MOST]
    for row in counts:
        row["url"] = shell.to.to("movements", item=row["item"], place=row["place"], lot=row["lot"])
    return shell.page(
        "ledger/counting.html", table=found, rows=found.rows, exports=sheets.links(request), counts=counts,
        accuracies=[{"name": n or "All", "value": v, "count": c} for n, (v, c) in _accuracies(name, request).items()],
        places=names(shell, "places"), only=only, may_count=may(request.user, "move_stock"),
        count_url=shell.to.to("count_stock"),
    )  # fmt: skip


def _accuracies(name: str, request: HttpRequest) -> dict[str, tuple[float | None, int]]:
    return queries.accuracies(name, request.user)


@screen("counting")
@require_POST
def count_stock(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Write down the counts that were filled in; each by itself, so that a wrong one keeps no other back."""
    form = request.POST
    columns = [form.getlist(n) for n in ("uid", "item", "place", "lot", "counted")]
    done: dict[str, list[str]] = {}
    for uid, item, place, lot, counted in zip(*columns, strict=False):
        if counted.strip():
            made = _one(request, shell, uid, item, place, lot, counted)
            if made is not None:
                done.setdefault(made.outcome, []).append(f"{item} {lot}".strip())
    for outcome, items in done.items():
        tone = "thin" if outcome == "again" else "good"
        messages.info(request, f"{WORDS[outcome].capitalize()}: {', '.join(items)}.", extra_tags=tone)
    return redirect(shell.to.to("counting", place=form.get("at_place"), abc=form.get("of_class")))


def _one(request: HttpRequest, shell: Shell, uid: str, item: str, place: str, lot: str, counted: str) -> Counted | None:
    def act() -> Any:
        given: dict[str, Any] = {"item": item, "place": place, "lot": lot, "counted": amount(counted)}
        return count(request.user, shell.dataset.name, uid or uuid4().hex, **given)

    made: Counted | None = did(request, act)
    return made
