"""Work: releasing what is planned, what is to be done next, and every released order with what happened to it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gemba.app.actions import RefusedError
from gemba.app.actions import release as releasing
from gemba.app.actions.split import split_order
from gemba.app.actions.work import void
from gemba.app.queries import work as queries
from gemba.app.queries.current import current
from gemba.app.security.permission import may
from gemba.app.store.clock import now
from gemba.app.store.models import PlanVersion
from gemba.app.store.models.plan import PUBLISHED
from gemba.app.store.records import read
from gemba.app.web import sheets
from gemba.app.web.given import did
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.execute.orders import LiveOrder
from gemba.execute.orders.booking import exactly
from gemba.execute.orders.states import ORDER_STATES, TASK_STATES

TONES = {"released": "plain", "waiting": "plain", "started": "info", "paused": "thin", "done": "good", "closed": "good"}
NEXT = [
    Column("order", "Order"), Column("step", "Step"), Column("item", "Item"), Column("quantity", "Left", number=True),
    Column("resources", "Resource"), Column("start", "Planned start"), Column("end", "Planned end"),
    Column("state", "State"),
]  # fmt: skip
NEXT_HEADS = [
    ("order", "Order"), ("step", "Step"), ("item", "Item"), ("quantity", "Left"), ("resources", "Resource"),
    ("place", "Work centre"), ("start@", "Planned start"), ("end@", "Planned end"), ("state", "State"),
    ("waits", "Waits for"), ("demand", "Demand"),
]  # fmt: skip
ORDERS = [
    Column("order", "Order"), Column("item", "Item"), Column("quantity", "Qty", number=True),
    Column("good", "Good", number=True), Column("scrap", "Scrap", number=True), Column("demand", "For"),
    Column("start", "Start"), Column("end", "End"), Column("due", "Due"), Column("state", "State"),
]  # fmt: skip
ORDER_HEADS = [
    ("order", "Order"), ("kind", "Kind"), ("item", "Item"), ("place", "Place"), ("quantity", "Quantity"),
    ("good", "Good"), ("scrap", "Scrap"), ("demand", "Demand"), ("customer", "Customer"), ("start@", "Start"),
    ("end@", "End"), ("due@", "Due"), ("state", "State"),
]  # fmt: skip
PLANNED = [
    Column("id", "Planned order"), Column("kind", "Kind"), Column("item", "Item"), Column("demand", "For"),
    Column("quantity", "Qty", number=True), Column("start", "Start"), Column("end", "End"), Column("place", "Place"),
]  # fmt: skip


@screen("dispatch")
def dispatch(request: HttpRequest, shell: Shell) -> HttpResponse:
    """What is to be done next, by work centre, machine or person."""
    name, query = shell.dataset.name, request.GET
    place, resource = query.get("place", ""), query.get("resource", "")
    rows = [_next(shell, d) for d in queries.dispatch(name, request.user, place=place, resource=resource)]
    found = table(
        query.dict(), rows, NEXT, search=("order", "step", "item", "resources"), filters=("place", "resource")
    )
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Dispatch list", NEXT_HEADS, found.every, shell.zone)
    operation = current(name).operation
    return shell.page(
        "dispatch.html", table=found, rows=found.rows, exports=sheets.links(request),
        places=[p.name for p in operation.places], resources=[r.name for r in operation.resources],
        may_report=may(request.user, "report_work"),
    )  # fmt: skip


def _next(shell: Shell, d: queries.Dispatched) -> dict[str, Any]:
    task, order = d.task, d.live.order
    return {
        "order": order.order, "step": task.task.step or order.kind, "item": order.item, "quantity": d.quantity,
        "resources": ", ".join(d.names), "place": task.task.place, "start": task.task.start, "end": task.task.end,
        "state": task.progress.state, "tone": TONES[task.progress.state], "late": d.late, "demand": order.demand,
        "waits": ", ".join(d.waits_for), "url": shell.to.to("work_order", order.order),
    }  # fmt: skip


@screen("work_orders")
def work_orders(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Every released order: its state, what it has yielded, when it is due."""
    name, state = shell.dataset.name, request.GET.get("state", "open")
    wanted = {"open": {"state__in": queries.OPEN}, "all": {}}.get(state, {"state": state})
    moment = now(name)
    rows = [_order(shell, o, moment) for o in queries.seen_orders(name, request.user, **wanted)]
    found = table(
        request.GET.dict(), rows, ORDERS, search=("order", "item", "demand", "customer"), sort="due", filters=("state",)
    )
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Released orders", ORDER_HEADS, found.every, shell.zone)
    return shell.page(
        "work_orders.html", table=found, rows=found.rows, exports=sheets.links(request), state=state,
        states=["open", *ORDER_STATES, "all"], release_url=shell.to.to("release"),
    )  # fmt: skip


def _order(shell: Shell, live: LiveOrder, moment: Any) -> dict[str, Any]:
    order, progress = live.order, live.progress
    ended = progress.end or (moment if progress.state in queries.OPEN else None)
    return {
        "order": order.order, "kind": order.kind, "item": order.item, "place": order.place,
        "quantity": order.quantity, "good": progress.good, "scrap": progress.scrap, "demand": order.demand,
        "customer": order.customer, "start": progress.start or order.start, "end": progress.end or order.end,
        "due": order.due, "state": progress.state, "tone": TONES.get(progress.state, "plain"),
        "late": bool(order.due and ended and ended > order.due), "url": shell.to.to("work_order", order.order),
    }  # fmt: skip


@screen("work_orders")
def work_order(request: HttpRequest, shell: Shell, order: str) -> HttpResponse:
    """One order: its tasks, what was reported and moved, and what can be done with it."""
    name = shell.dataset.name
    live = next(iter(queries.seen_orders(name, request.user, order=order)), None)
    if live is None:
        raise Http404(f"there is no released order {order}")
    return shell.page(
        "work_order.html", live=live, row=_order(shell, live, now(name)), tasks=[_task(t) for t in live.tasks],
        events=queries.events_of(name, order), moves=read(name, "movements", order=order),
        demand_url=shell.to.demand(live.order.demand) if live.order.demand and shell.version else "",
        children=[shell.to.to("work_order", c.order.order) for c in queries.seen_orders(name, request.user, parent=order)],
        actions=_actions(live, request.user), states=TASK_STATES, may_correct=may(request.user, "correct_event"),
        change_url=shell.to.to("change_order", order), void_url=shell.to.to("void_report", order),
        split_url=shell.to.to("split_order", order) if _can_split(live, request.user) else "",
    )  # fmt: skip


def _can_split(live: LiveOrder, user: Any) -> bool:
    return live.progress.state == "released" and live.order.quantity > 1 and may(user, "release_order")


def _task(t: Any) -> dict[str, Any]:
    return {"task": t.task, "progress": t.progress, "tone": TONES.get(t.progress.state, "plain")}


def _actions(live: LiveOrder, user: Any) -> list[tuple[str, str]]:
    if not may(user, "release_order"):
        return []
    state = live.progress.state
    found = [("released", "Release")] if state == "draft" else []
    found += [("closed", "Close")] if state == "done" else []
    return found + ([("cancelled", "Cancel the order")] if state in ("draft", "released", "started", "paused") else [])


@screen("work_orders", may="release_order")
def change_order(request: HttpRequest, shell: Shell, order: str) -> HttpResponse:
    """Release a draft, close or cancel an order."""
    if request.method == "POST":
        kind, note = request.POST.get("kind", ""), request.POST.get("note", "")
        did(
            request,
            lambda: releasing.change_state(request.user, shell.dataset.name, order, kind, note=note),
            f"{order} is {kind}.",
        )
    return redirect(shell.to.to("work_order", order))


@screen("work_orders", may="release_order")
def split(request: HttpRequest, shell: Shell, order: str) -> HttpResponse:
    """Split a part off an order on which no work has begun."""
    made = (
        did(request, lambda: split_order(request.user, shell.dataset.name, order, _amount(request)))
        if (request.method == "POST")
        else None
    )
    if made:
        messages.success(request, f"{order} is split into {' and '.join(made)}.", extra_tags="good")
    return redirect(shell.to.to("work_order", made[0] if made else order))


def _amount(request: HttpRequest) -> Decimal:
    try:
        return exactly(Decimal(request.POST.get("part", "").strip().replace(",", ".")))
    except InvalidOperation:
        raise RefusedError("The part to split off must be a number.") from None


@screen("work_orders", may="correct_event")
def void_report(request: HttpRequest, shell: Shell, order: str) -> HttpResponse:
    """Take a report back."""
    if request.method == "POST":
        uid, note = request.POST.get("uid", ""), request.POST.get("note", "")
        did(request, lambda: void(request.user, shell.dataset.name, uid, note), "The report is taken back.")
    return redirect(shell.to.to("work_order", order))


@screen("release", may="release_order")
def release(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Planned orders of the published plan that can be released, with what would keep them from it."""
    name = shell.dataset.name
    if request.method == "POST":
        return _release(request, shell, name)
    planned = releasing.releasable_for(name)
    rows = [
        {"id": o.id, "kind": o.kind, "item": o.item, "quantity": o.quantity, "start": o.start, "end": o.end,
         "place": o.place, "demand": demand, "late": o.start < now(name).timestamp(), "wrong": []}
        for o, demand in planned
    ]  # fmt: skip
    found = table(request.GET.dict(), rows, PLANNED, search=("id", "item", "place", "kind", "demand"), sort="start")
    return shell.page("release.html", table=found, rows=found.rows, published=bool(planned) or _is_published(name))


def _is_published(name: str) -> bool:
    return PlanVersion.objects.filter(operation=name, state=PUBLISHED).exists()


def _release(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    chosen, though = request.POST.getlist("order"), request.POST.get("though") == "yes"
    numbers = did(request, lambda: releasing.release_orders(request.user, name, chosen, though=though))
    if numbers:
        messages.success(
            request, f"Released: {', '.join(numbers[:12])}{' …' if len(numbers) > 12 else ''}.", extra_tags="good"
        )
        return redirect(shell.to.to("work_orders"))
    return redirect(shell.to.to("release"))
