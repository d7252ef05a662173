"""Orders: what customers want, when the plan delivers it, and what makes it late."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.app.web import sheets
from gemba.app.web.rows import demand_row
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table

COLUMNS = [
    Column("name", "Order"),
    Column("customer", "Customer"),
    Column("item", "Item"),
    Column("quantity", "Qty", number=True),
    Column("due", "Due"),
    Column("end", "Planned end"),
    Column("order", "Slack or lateness"),
    Column("cause", "Main cause"),
]
HEADS = [
    ("name", "Order"),
    ("customer", "Customer"),
    ("item", "Item"),
    ("place", "Place"),
    ("quantity", "Quantity"),
    ("due@", "Due"),
    ("end@", "Planned end"),
    ("state", "State"),
    ("late_hours", "Lateness (h)"),
    ("slack_hours", "Slack (h)"),
    ("short", "Short"),
    ("cause", "Main cause"),
]
STATES = {
    "": "Every state",
    "late": "Late",
    "short": "Short",
    "bad": "Late or short",
    "thin": "Thin slack",
    "on time": "On time",
}


@screen("orders", "Orders")
def orders(request: HttpRequest, shell: Shell) -> HttpResponse:
    shell.json("demands")
    every = [demand_row(shell.seen, result, shell.to) for result in shell.seen.results]
    state, customer = request.GET.get("state", ""), request.GET.get("customer", "")
    rows = [r for r in every if _fits(r, state, customer)]
    found = table(
        request.GET.dict(),
        rows,
        COLUMNS,
        search=("name", "customer", "item"),
        sort="order",
        filters=("state", "customer"),
    )
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Orders", HEADS, map(_in_hours, found.every), shell.zone)
    return shell.page(
        "orders.html",
        table=found,
        rows=found.rows,
        exports=sheets.links(request),
        states=[{"value": value, "text": text} for value, text in STATES.items()],
        customers=sorted({r["customer"] for r in every if r["customer"]}),
    )


def _fits(row: dict[str, Any], state: str, customer: str) -> bool:
    if customer and row["customer"] != customer:
        return False
    return not state or row["state"] == state or (state == "bad" and row["state"] in ("late", "short"))


def _in_hours(row: dict[str, Any]) -> dict[str, Any]:
    slack = row["slack"]
    return {
        **row,
        "late_hours": round(row["lateness"] / 3600, 2),
        "slack_hours": round(slack / 3600, 2) if slack is not None and slack >= 0 else None,
    }
