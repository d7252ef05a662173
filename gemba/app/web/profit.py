"""Profit and loss: by month, place, product family or customer; every amount leads to what it is made of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.app.queries import costs as queries
from gemba.app.queries.current import current
from gemba.app.security.scope import places_of
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.measure.cost import GROUPS, LINES

FILTERS = ("place", "family", "customer")
COLUMNS = [
    Column("month", "Month"),
    Column("place", "Place"),
    Column("item", "Item"),
    Column("customer", "Customer"),
    Column("amount", "Amount", number=True),
]
HEADS = [(c.key, c.name) for c in COLUMNS]
NONE = "-"  # in an address: those of no place, family or customer
OF_ORDERS = ("production variances", "maintenance")
MOST_RECORDS = 1000


def _asked(request: HttpRequest, shell: Shell) -> tuple[dict[str, str], dict[str, str], Any, Any]:
    """What the address asks for: the months with their grouping, the filters, and the moments of the period."""
    try:
        first, last, low, high = queries.period(
            shell.dataset.name, request.GET.get("from", ""), request.GET.get("to", "")
        )
    except ValueError as wrong:
        raise Http404(str(wrong)) from None
    by = request.GET.get("by", "") or "month"
    if by not in GROUPS:
        raise Http404(f"by is one of {', '.join(GROUPS)}")
    only = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return {"from": first, "to": last, "by": by}, only, low, high


@screen("profit", may="see_cost")
def profit(request: HttpRequest, shell: Shell) -> HttpResponse:
    name = shell.dataset.name
    asked, only, low, high = _asked(request, shell)
    shell.twin = with_query(
        reverse("api:profit"), operation=name, first=asked["from"], last=asked["to"], by=asked["by"], **only
    )
    found, cells = queries.profit(name, low, high, asked["by"], only, places_of(request.user, name))
    heads = [{"name": g or "(none)", "url": _into(shell, asked, only, g)} for g in found.groups]
    rows = [_row(shell, asked, only, row, found.groups) for row in found.rows]
    if kind := sheets.wanted(request):
        titles = [("line", "Line"), *((g, g or "(none)") for g in found.groups), ("total", "Total")]
        sheet = [
            {"line": r.line, **dict(zip(found.groups, r.amounts, strict=True)), "total": r.total} for r in found.rows
        ]
        return sheets.download(kind, "Profit and loss", titles, sheet, shell.zone)
    return shell.page(
        "profit.html", heads=heads, rows=rows, asked=asked, only=only, exports=sheets.links(request),
        empty=not cells, groups=GROUPS, choices=_choices(shell, only), orders_url=shell.to.to("cost_orders"),
    )  # fmt: skip


def _into(shell: Shell, asked: dict[str, str], only: dict[str, str], group: str) -> str:
    """Where a column leads: the same statement of that month, place, family or customer alone."""
    if asked["by"] == "month":
        return shell.to.to("profit", **{**asked, "from": group, "to": group, "by": "place"}, **only)
    deeper = "family" if asked["by"] == "customer" else "customer"
    if asked["by"] == "place" and group and group != only.get("place"):
        deeper = "place"
    return shell.to.to("profit", **{**asked, "by": deeper}, **{**only, asked["by"]: group or NONE})


def _row(
    shell: Shell, asked: dict[str, str], only: dict[str, str], row: Any, groups: tuple[str, ...]
) -> dict[str, Any]:
    def to(group: str | None) -> str:
        if row.subtotal:
            return ""
        query = {"from": asked["from"], "to": asked["to"], **only, "line": row.line}
        if group is not None and asked["by"] == "month":
            query |= {"from": group, "to": group}
        elif group is not None:
            query |= {asked["by"]: group or NONE}
        return shell.to.to("profit_line", **query)

    amounts = [{"amount": a, "url": to(g)} for a, g in zip(row.amounts, groups, strict=True)]
    words = row.line.capitalize()
    return {"name": words, "amounts": amounts, "total": row.total, "url": to(None), "subtotal": row.subtotal}


def _choices(shell: Shell, only: dict[str, str]) -> list[dict[str, Any]]:
    here = current(shell.dataset.name).operation
    of = {
        "place": ("Every place", [p.name for p in here.places]),
        "family": ("Every family", sorted({i.family for i in here.items if i.family})),
        "customer": ("Every customer", [c.name for c in here.customers]),
    }
    return [
        {"name": n, "every": every, "chosen": only.get(n, ""), "options": [(v, v) for v in names] + [(NONE, "(none)")]}
        for n, (every, names) in of.items()
    ]


@screen("profit", may="see_cost")
def line(request: HttpRequest, shell: Shell) -> HttpResponse:
    """What a line is made of: its cells by month, place, item and customer."""
    name, wanted = shell.dataset.name, request.GET.get("line", "")
    asked, only, low, high = _asked(request, shell)
    if wanted not in LINES:
        raise Http404(f"there is no line {wanted[:60]!r}")
    scope = places_of(request.user, name)
    _, cells = queries.profit(name, low, high, "month", {**only, "line": wanted}, scope)
    rows = [{**cell._asdict(), "url": _behind(shell, cell._asdict())} for cell in cells]
    found = table(request.GET.dict(), rows, COLUMNS, search=("month", "place", "item", "customer"))
    if kind := sheets.wanted(request):
        return sheets.download(kind, wanted.capitalize(), HEADS, found.every, shell.zone)
    return shell.page(
        "profit_line.html", table=found, rows=found.rows, exports=sheets.links(request), line=wanted.capitalize(),
        total=sum((r["amount"] for r in found.every), 0), asked=asked, only=only,
        keep=[(k, v) for k, v in {**asked, **only, "line": wanted}.items()],
        back=shell.to.to("profit", **asked, **only),
    )  # fmt: skip


def _behind(shell: Shell, cell: dict[str, Any]) -> str:
    month, of = {"from": cell["month"], "to": cell["month"]}, {k: cell[k] for k in ("place", "item", "customer")}
    if cell["line"] in OF_ORDERS:
        kind = "maintenance" if cell["line"] == "maintenance" else "work"
        return f"{shell.to.to('cost_orders')}?{urlencode({**month, **of, 'kind': kind})}"
    if cell["line"] in queries.RECORDS_OF:
        return shell.to.to("profit_records", line=cell["line"], **month, **of)
    return ""


@screen("profit", may="see_cost")
def records(request: HttpRequest, shell: Shell) -> HttpResponse:
    """The records that a cell of a line is made of."""
    asked, _, low, high = _asked(request, shell)
    cell = {k: request.GET.get(k, "") for k in ("line", "place", "item", "customer")}
    scope = places_of(request.user, shell.dataset.name)
    if cell["line"] not in queries.RECORDS_OF or (scope is not None and cell["place"] not in scope):
        raise Http404(f"there are no records of {cell['line'][:60]!r}")
    found = queries.behind(shell.dataset.name, cell, low, high)
    count, of_deliveries = found.count(), queries.RECORDS_OF[cell["line"]] == "deliveries"
    return shell.page(
        "profit_records.html", cell=cell, asked=asked, rows=list(found[:MOST_RECORDS]), deliveries=of_deliveries,
        left=max(0, count - MOST_RECORDS), line=cell["line"].capitalize(),
        back=shell.to.to("profit_line", line=cell["line"], **{"from": asked["from"], "to": asked["to"]}),
    )  # fmt: skip
