"""The rows the pages show: demands with what the plan gives them."""

from __future__ import annotations

from typing import Any

from gemba.app.web.addresses import Addresses
from gemba.app.web.seen import THIN, Seen
from gemba.measure.service import DemandResult

#: What a cause is called on the pages.
CAUSES = {
    "work": "Work itself",
    "setup": "Set-up",
    "resource": "Waiting for",
    "material": "Waiting for",
    "closed": "Closed",
    "queue": "Queue time",
    "move": "Move time",
    "lead_time": "Lead time",
    "release": "Not released before",
    "short": "Short",
    "other": "Other",
}


def cause_name(cause: str, subject: str = "") -> str:
    """Such as ``Waiting for Saw 1``."""
    name = CAUSES.get(cause, cause.replace("_", " ").capitalize())
    if cause in ("resource", "material"):
        return f"{name} {subject or ('a resource' if cause == 'resource' else 'material')}"
    return f"{name}, {subject}" if subject else name


def demand_row(view: Seen, result: DemandResult, to: Addresses) -> dict[str, Any]:
    """A demand with its result, as the tables and panels show it."""
    cause, _, subject = result.cause.partition(" ")
    end, slack = planned(view, result)
    return {
        "name": result.demand,
        "customer": result.customer,
        "item": result.item,
        "place": result.place,
        "quantity": result.quantity,
        "due": result.due,
        "end": end,
        "lateness": result.lateness,
        "short": result.short,
        "slack": slack,
        "priority": result.priority,
        "state": state(result, slack),
        "cause": cause_name(cause, subject) if result.cause else "",
        "url": to.demand(result.demand),
        "board": to.board(demand=result.demand),
        "order": margin(result, slack),
    }


def planned(view: Seen, result: DemandResult) -> tuple[int | None, int | None]:
    """When the demand is served: the last delivery where that is late, else when all of it is ready; and the slack."""
    if result.last is None:
        return None, None
    ready = result.last if result.lateness else min(result.last, view.ready(result.demand) or result.last)
    return ready, result.due - ready


def margin(result: DemandResult, slack: int | None) -> float:
    """What demands are sorted by, from the worst: short ones first, then by how much too late, then by slack."""
    return -1e12 - result.lateness if result.short else float(slack or 0)


def state(result: DemandResult, slack: int | None) -> str:
    if result.status != "on time":
        return result.status
    return "thin" if (slack or 0) < THIN else "on time"


def worst(view: Seen, to: Addresses, most: int = 0) -> list[dict[str, Any]]:
    """Demands late or short: the short first, then the latest."""
    bad = [demand_row(view, r, to) for r in view.results if r.status != "on time"]
    bad.sort(key=lambda row: (row["order"], row["priority"], row["name"]))
    return bad[:most] if most else bad
