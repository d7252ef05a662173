"""The schedule board's page and its side panel. The tasks themselves come as JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.app.web.rows import demand_row, worst
from gemba.app.web.shell import Shell, screen
from gemba.app.web.why import order_row, why

LATE_SHOWN = 12


@screen("board", "Schedule board")
def board(request: HttpRequest, shell: Shell) -> HttpResponse:
    shell.json("board")
    return shell.page("board.html", panel=shell.to.to("panel"), **_late(shell))


@screen("board", "Schedule board")
def panel(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Details of the selected order and why its demand is late; without a selection, the late orders."""
    view, to, chosen = shell.seen, shell.to, request.GET.get("order", "")
    if not chosen:
        return shell.page("parts/late_list.html", **_late(shell))
    if chosen not in view.orders:
        return shell.page("parts/order_panel.html", order=None)
    serves = view.demands_of(chosen)
    result = view.result.get(serves[0]) if serves else None
    return shell.page(
        "parts/order_panel.html",
        order=order_row(view, to, chosen),
        step=request.GET.get("step", ""),
        demand=demand_row(view, result, to) if result else None,
        why=why(view, to, serves[0]) if serves else None,
        serves=[{"name": name, "url": to.demand(name)} for name in serves[:12]],
        tasks=[_task(task) for task in view.tasks.get(chosen, ())],
    )


def _late(shell: Shell) -> dict[str, Any]:
    return {"late": worst(shell.seen, shell.to, LATE_SHOWN), "late_url": shell.to.to("orders", state="bad")}


def _task(task: Any) -> dict[str, Any]:
    names = ", ".join(name for name, _ in task.resources)
    return {"step": task.step, "resources": names, "start": task.start, "end": task.end}
