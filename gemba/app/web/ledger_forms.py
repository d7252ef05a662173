"""Forms with which stock is moved: receive, issue, ship, transfer, scrap, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gemba.app.actions import RefusedError, stock_moves
from gemba.app.queries.current import current
from gemba.app.queries.ledger import all_delivered
from gemba.app.store.operations import NotFoundError
from gemba.app.web.given import did
from gemba.app.web.ledger import moment, names
from gemba.app.web.shell import Shell, screen
from gemba.operation.records import ZERO


@dataclass(frozen=True)
class Form:
    """A form: its title, what it does, its fields, and what a person must know."""

    title: str
    act: Callable[..., Any]
    fields: tuple[str, ...]
    needs: frozenset[str]
    hint: str


_LOTS = "Without a lot, what expires first is taken."
FORMS: Mapping[str, Form] = {
    "receive": Form(
        "Receive", stock_moves.receive,
        ("item", "quantity", "place", "supplier", "lot", "expires", "order", "document"),
        frozenset({"item", "quantity"}), "Several serial numbers with commas.",
    ),
    "ship": Form(
        "Ship", stock_moves.ship, ("demand", "quantity", "lot", "document", "documents_right", "condition_right"),
        frozenset({"demand", "quantity"}), f"A part is a partial delivery. {_LOTS}",
    ),
    "issue": Form(
        "Issue", stock_moves.issue, ("item", "quantity", "place", "order", "lot"),
        frozenset({"item", "quantity", "order"}), _LOTS,
    ),
    "transfer": Form(
        "Transfer", stock_moves.transfer, ("item", "quantity", "place", "to", "lot"),
        frozenset({"item", "quantity"}), _LOTS,
    ),
    "scrap": Form(
        "Scrap", stock_moves.scrap, ("item", "quantity", "place", "reason", "lot"),
        frozenset({"item", "quantity", "reason"}), "",
    ),
    "return": Form(
        "Take back", stock_moves.take_back, ("item", "quantity", "place", "customer", "demand", "reason", "lot"),
        frozenset({"item", "quantity"}), "A customer gives back what was shipped.",
    ),
}  # fmt: skip
LABELS = {
    "item": "Item", "quantity": "Quantity", "place": "Place", "supplier": "Supplier", "lot": "Lot or serial number",
    "expires": "Expires", "order": "Order", "document": "Delivery note", "demand": "Demand", "to": "To place",
    "reason": "Reason", "customer": "Customer", "documents_right": "Papers right", "condition_right": "In perfect condition",
}  # fmt: skip
_LISTS = {"item": "items", "supplier": "suppliers", "customer": "customers", "reason": "reason_codes"}
_CHECKS = frozenset({"documents_right", "condition_right"})


@screen("on_hand", may="move_stock")
def move_stock(request: HttpRequest, shell: Shell, kind: str) -> HttpResponse:
    form = FORMS.get(kind)
    if form is None:
        raise Http404(f"stock is not moved by {kind}")
    if request.method == "POST" and _posted(request, shell, form):
        return redirect(shell.to.to("move_stock", kind))
    typed = request.POST if request.method == "POST" else request.GET
    links = [{"name": f.title, "url": shell.to.to("move_stock", k), "on": k == kind} for k, f in FORMS.items()]
    return shell.page(
        "ledger/move.html", form=form, kind=kind, links=links, uid=typed.get("uid", "") or uuid4().hex,
        fields=[_field(shell, form, name, typed) for name in form.fields if name not in _CHECKS],
        checks=[{"name": n, "label": LABELS[n]} for n in form.fields if n in _CHECKS],
        stock_url=shell.to.to("on_hand", item=typed.get("item")), demands=_demands(shell) if kind == "ship" else [],
    )  # fmt: skip


def _posted(request: HttpRequest, shell: Shell, form: Form) -> bool:
    typed = request.POST

    def act() -> Any:
        try:
            uid = typed.get("uid", "") or uuid4().hex
            return form.act(request.user, shell.dataset.name, uid, **_values(form, typed, shell.zone))
        except NotFoundError as unknown:
            raise RefusedError(f"{str(unknown)[:1].upper()}{str(unknown)[1:]}.") from None

    what = typed.get("item") or typed.get("demand", "")
    return did(request, act, f"{form.title}: {typed.get('quantity')} of {what} is written down.") is not None


def _values(form: Form, typed: Mapping[str, Any], zone: str) -> dict[str, Any]:
    found: dict[str, Any] = {name: str(typed.get(name, "")).strip() for name in form.fields if name not in _CHECKS}
    found.update((name, name in typed) for name in form.fields if name in _CHECKS)
    found["quantity"] = amount(found["quantity"])
    if "expires" in found:
        found["expires"] = moment(found["expires"], zone)
    return found


def amount(text: str) -> Decimal:
    """A quantity as it was typed.

    Raises:
        RefusedError: where it is no number, or below 0.
    """
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise RefusedError(f"{text or 'Nothing'} is not a quantity. Type a number, such as 12 or 2.5.") from None
    if not found.is_finite() or found < 0 or found > 10**12:
        raise RefusedError("A quantity must be from 0 to 1,000,000,000,000.")
    return found


def _field(shell: Shell, form: Form, name: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"quantity": "number", "expires": "datetime-local"}.get(name, "text")
    choices = names(shell, "places") if name in ("place", "to") else ()
    needed, value = name in form.needs or bool(choices), typed.get(name, "")
    listed = (
        names(shell, _LISTS[name])
        if name in _LISTS
        else [d["name"] for d in _demands(shell)]
        if name == "demand"
        else ()
    )
    return {
        "name": name, "label": LABELS[name], "help": LABELS[name], "type": kind, "value": value, "needed": needed,
        "choices": choices, "list": listed[:2000], "long": False,
    }  # fmt: skip


def _demands(shell: Shell) -> list[dict[str, Any]]:
    """Open demands that are not delivered whole, the most urgent first."""
    operation = shell.dataset.name
    found = sorted((d for d in current(operation).operation.demands if d.status == "open"), key=lambda d: d.due)
    given = all_delivered(operation, [d.name for d in found])
    left = [(d, Decimal(str(d.quantity)) - given.get(d.name, ZERO)) for d in found]
    return [
        {"name": d.name, "item": d.item, "place": d.place, "customer": d.customer, "due": d.due, "left": rest,
         "url": shell.to.to("move_stock", "ship", demand=d.name, quantity=f"{float(rest):g}")}
        for d, rest in left
        if rest > 0
    ][:200]  # fmt: skip
