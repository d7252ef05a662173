"""Stock on hand at any moment, and the movements behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions.stock_moves import reverse as reverse_movement
from gemba.app.queries import ledger_rows as queries
from gemba.app.queries.ledger import is_open
from gemba.app.security.permission import may
from gemba.app.store.models import MODELS
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.operation.records import CAUSES

STATES = {"": "Every state", "held": "Held", "expired": "Expired", "negative": "Below zero"}
BY = {"place": "By item and place", "lot": "By lot", "item": "By item"}
_COLUMNS = [
    Column("item", "Item"), Column("place", "Place"), Column("lot", "Lot"), Column("on_hand", "On hand", number=True),
    Column("reserved", "Reserved", number=True), Column("unusable", "Held or expired", number=True),
    Column("available", "Available", number=True), Column("value", "Value", number=True),
    Column("expires", "Expires first"), Column("state", "State"),
]  # fmt: skip
_HEADS = [
    ("item", "Item"), ("place", "Place"), ("lot", "Lot"), ("unit", "Unit"), ("on_hand", "On hand"),
    ("reserved", "Reserved"), ("held", "Held"), ("expired", "Expired"), ("available", "Available"), ("value", "Value"),
    ("expires@", "Expires first"), ("state", "State"),
]  # fmt: skip
MOVED = [
    Column("at", "When"), Column("cause", "Cause"), Column("item", "Item"), Column("lot", "Lot"),
    Column("quantity", "Quantity", number=True), Column("source", "From"), Column("target", "To"),
    Column("order", "Order"), Column("value", "Value", number=True), Column("person", "By"),
]  # fmt: skip
MOVED_HEADS = [
    ("uid", "Uid"), ("at@", "When"), ("cause", "Cause"), ("item", "Item"), ("lot", "Lot"), ("quantity", "Quantity"),
    ("source", "From"), ("target", "To"), ("order", "Order"), ("demand", "Demand"), ("reason", "Reason"),
    ("value", "Value"), ("person", "By"), ("document", "Document"), ("corrects", "Reverses"),
]  # fmt: skip


@screen("on_hand")
def on_hand(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, query = shell.dataset.name, request.GET
    by, at = query.get("by", "") if query.get("by") in BY else "place", moment(query.get("at", ""), shell.zone)
    only = {f: query.get(f, "") for f in ("item", "place", "lot")}
    shell.twin = with_query(reverse("api:ledger_stock"), operation=name, by=by, at=at and at.isoformat(), **only)
    rows = queries.stock_rows(name, request.user, at=at, by=by, **only)
    state, costs = query.get("state", ""), may(request.user, "see_cost")
    rows = [r for r in rows if state in ("", r["state"])]
    for row in rows:
        row["unusable"] = row["held"] + row["expired"]
        row["moves_url"] = shell.to.to("movements", item=row["item"], place=row.get("place"), lot=row.get("lot"))
        row["lot_url"] = shell.to.to("lot", row["item"], row["lot"]) if row.get("lot") else ""
    hidden = {*(set() if by == "lot" else {"lot"}), *({"place"} if by == "item" else ()), *(() if costs else {"value"})}
    columns = [c for c in _COLUMNS if c.key not in hidden]
    found = table(
        query.dict(), rows, columns, search=("item", "place", "lot", "family"), filters=("state", "at", *only)
    )
    if kind := sheets.wanted(request):
        heads = [h for h in _HEADS if h[0] not in hidden]
        return sheets.download(kind, "Stock on hand", heads, found.every, shell.zone)
    return shell.page(
        "ledger/on_hand.html", table=found, rows=found.rows, exports=sheets.links(request), by=by, only=only, at=at,
        at_text=query.get("at", ""), choices=_choices(shell, by, state, only["place"]), show=hidden, costs=costs,
        total=sum(r["value"] for r in found.every), is_open=is_open(name), moves=_moves(request, shell),
        movements_url=shell.to.to("movements", **only), counting_url=shell.to.to("counting"),
    )  # fmt: skip


def _choices(shell: Shell, by: str, state: str, place: str) -> list[dict[str, Any]]:
    of = {
        "by": ("Added up", BY, by),
        "state": ("State", STATES, state),
        "place": ("Place", {"": "Every place", **{p: p for p in names(shell, "places")}}, place),
    }
    return [
        {"name": n, "label": label, "options": [{"value": v, "text": t, "on": v == on} for v, t in values.items()]}
        for n, (label, values, on) in of.items()
    ]


def _moves(request: HttpRequest, shell: Shell) -> list[dict[str, str]]:
    """The forms with which stock is moved, for who may."""
    if not may(request.user, "move_stock"):
        return []
    from gemba.app.web.ledger_forms import FORMS

    return [{"name": form.title, "url": shell.to.to("move_stock", kind)} for kind, form in FORMS.items()]


@screen("on_hand")
def movements(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, query = shell.dataset.name, request.GET
    only = {f: query.get(f, "") for f in queries.FILTERS}
    start, end = moment(query.get("from", ""), shell.zone), moment(query.get("until", ""), shell.zone)
    shell.twin = with_query(reverse("api:ledger_movements"), operation=name, **only)
    kind = sheets.wanted(request)
    most = queries.EXPORTED if kind else queries.SHOWN
    rows = queries.movement_rows(name, request.user, start=start, end=end, most=most, **only)
    for row in rows:
        row["lot_url"] = shell.to.to("lot", row["item"], row["lot"]) if row["lot"] else ""
        row["order_url"] = shell.to.to("work_order", row["order"]) if row["order"] else ""
    costs, corrects = may(request.user, "see_cost"), may(request.user, "correct_event")
    columns = [c for c in MOVED if costs or c.key != "value"]
    found = table(
        query.dict(),
        rows,
        columns,
        search=("item", "lot", "order", "source", "target", "document"),
        filters=tuple(only),
    )
    if kind:
        return sheets.download(kind, "Movements", MOVED_HEADS, found.every, shell.zone)
    return shell.page(
        "ledger/movements.html", table=found, rows=found.rows, exports=sheets.links(request), only=only, costs=costs,
        causes=CAUSES, corrects=corrects, reverse_url=shell.to.to("reverse_movement"), uid=uuid4().hex,
        from_text=query.get("from", ""), until_text=query.get("until", ""), all_shown=len(rows) < queries.SHOWN,
        stock_url=shell.to.to("on_hand", item=only["item"], place=only["place"], lot=only["lot"], by="lot"),
    )  # fmt: skip


@screen("on_hand")
@require_POST
def reverse_one(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Reverse a movement and go back to the list."""
    form, operation = request.POST, shell.dataset.name
    act = {"movement": form.get("movement", ""), "reason": form.get("reason", "")}
    done = "The movement is reversed."
    did(request, lambda: reverse_movement(request.user, operation, form.get("uid", "") or uuid4().hex, **act), done)
    return redirect(shell.to.to("movements", item=form.get("item"), lot=form.get("lot")))


def moment(text: str, zone: str) -> datetime | None:
    """What an address or a form says of a moment, on the operation's clocks; None where it says none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return found.astimezone(UTC) if 1950 <= found.year < 2200 else None


def names(shell: Shell, kind: str) -> list[str]:
    """The names of a table of the current version, such as its places."""
    of = MODELS[kind].objects.filter(dataset_id=shell.dataset.pk)
    return sorted(of.values_list("name", flat=True))
