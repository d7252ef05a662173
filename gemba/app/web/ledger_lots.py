"""A lot: where it is, what it went into and came from, the recall list; and holding it."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions import stock_holds
from gemba.app.queries import ledger_rows as queries
from gemba.app.security.permission import may
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did
from gemba.app.web.shell import Shell, screen
from gemba.execute.ledger.genealogy import Lot

_HEADS = [("kind", "Where"), ("name", "Which"), ("item", "Item"), ("lot", "Lot"), ("quantity", "Quantity")]


@screen("on_hand")
def lot(request: HttpRequest, shell: Shell, item: str, number: str) -> HttpResponse:
    name = shell.dataset.name
    found = queries.lot_page(name, request.user, Lot(item, number))
    if found is None:
        raise Http404(f"{name} has no lot {number} of {item}")
    if kind := sheets.wanted(request):
        return sheets.download(kind, f"Recall of {number}", _HEADS, found["recall"], shell.zone)
    shell.twin = with_query(reverse("api:ledger_lot"), operation=name, item=item, lot=number)
    for row in (*found["forward"], *found["back"], *found["recall"]):
        row["url"] = shell.to.to("lot", row["item"], row["lot"]) if row["lot"] else ""
        row["moves_url"] = shell.to.to("movements", item=row["item"], lot=row["lot"])
    return shell.page(
        "ledger/lot.html", found=found, exports=sheets.links(request), uid=uuid4().hex,
        may_hold=may(request.user, "move_stock") and not found["held"],
        may_free=may(request.user, "dispose") and found["held"],
        hold_url=shell.to.to("hold_lot", item, number), moves_url=shell.to.to("movements", item=item, lot=number),
        stock_url=shell.to.to("on_hand", item=item, lot=number, by="lot"),
    )  # fmt: skip


@screen("on_hand")
@require_POST
def hold(request: HttpRequest, shell: Shell, item: str, number: str) -> HttpResponse:
    """Hold the lot, or free it."""
    form = request.POST
    act = stock_holds.free if form.get("how") == "free" else stock_holds.hold
    uid, reason = form.get("uid", "") or uuid4().hex, form.get("reason", "")
    done = "The lot may be used again." if form.get("how") == "free" else "The lot is held. Nobody may use it."
    did(request, lambda: act(request.user, shell.dataset.name, uid, item=item, lot=number, reason=reason), done)
    return redirect(shell.to.to("lot", item, number))
