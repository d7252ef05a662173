"""Why a demand is late: where the time is lost, and the chain of work, latest first."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from gemba.app.web.addresses import Addresses
from gemba.app.web.rows import cause_name, demand_row
from gemba.app.web.seen import Seen
from gemba.app.web.shell import Shell, screen
from gemba.operation import Part, Reason

WAITS = ("resource", "material", "release", "short", "lead_time")


@screen("orders", "Orders")
def demand(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    result = shell.seen.result.get(name)
    if result is None:
        raise Http404(f"plan {shell.version.number} has no demand {name}")
    shell.json("why", name)
    serving = [order_row(shell.seen, shell.to, o.id) for o in shell.seen.orders_for(name)]
    return shell.page(
        "why.html", demand=demand_row(shell.seen, result, shell.to), why=why(shell.seen, shell.to, name), orders=serving
    )


def why(view: Seen, to: Addresses, demand_name: str) -> dict[str, Any] | None:
    """The explanation of a demand as the page shows it; None where nothing is late or short."""
    reason = view.reasons.get(demand_name)
    if reason is None or (reason.lateness <= 0 and reason.short <= 0):
        return None
    return {
        "summary": reason.summary,
        "lateness": reason.lateness,
        "bars": _bars(reason),
        "chain": [_link(view, to, part) for part in reason.chain or reason.parts],
    }


def _bars(reason: Reason) -> list[dict[str, Any]]:
    """The parts by cause and subject, the longest first; they add up to the lateness."""
    spent: dict[tuple[str, str], int] = {}
    for part in reason.parts:
        key = (part.cause, part.subject if part.cause in ("resource", "material", "closed", "lead_time") else "")
        spent[key] = spent.get(key, 0) + part.seconds
    most = max(spent.values(), default=1) or 1
    return [
        {
            "name": cause_name(*key),
            "seconds": value,
            "share": round(100 * max(value, 0) / most, 2),
            "tone": _tone(key[0]),
        }
        for key, value in sorted(spent.items(), key=lambda entry: -entry[1])
        if value
    ]


def _tone(cause: str) -> str:
    if cause in ("resource", "material", "short"):
        return "late"
    return "thin" if cause in ("setup", "queue", "move", "lead_time", "release") else "plain"


def _link(view: Seen, to: Addresses, part: Part) -> dict[str, Any]:
    return {
        "name": cause_name(part.cause, part.subject),
        "waits": part.cause in WAITS,
        "order": part.order,
        "step": part.step,
        "start": part.start,
        "end": part.end,
        "seconds": part.seconds,
        "board": to.board(part.order, step=part.step) if part.order in view.tasks else "",
        "behind": [{"name": one, "url": _behind(view, to, one)} for one in part.behind],
    }


def _behind(view: Seen, to: Addresses, name: str) -> str:
    """Where to look at what was waited for: an order on the board, or a demand."""
    if name in view.tasks:
        return to.board(name)
    return to.demand(name) if name in view.result else ""


def order_row(view: Seen, to: Addresses, order_id: str) -> dict[str, Any]:
    """A planned order as tables and panels show it."""
    order = view.orders[order_id]
    names = ("id", "kind", "item", "place", "quantity", "start", "end", "process", "supplier", "state")
    row = {name: getattr(order, name) for name in names}
    return {**row, "board": to.board(order.id) if order.id in view.tasks else ""}
