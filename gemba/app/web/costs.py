"""Standard costs by version and where they come from; what orders cost and why it was not what it should have been."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions import RefusedError
from gemba.app.actions.costs import roll_up_costs
from gemba.app.queries import costs as queries
from gemba.app.queries.current import current
from gemba.app.security.permission import may
from gemba.app.security.scope import places_of
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import PAGE, Column, table
from gemba.measure.cost import VARIANCES, roll_up
from gemba.operation import OperationError
from gemba.operation.moments import from_local, moment

COLUMNS = [
    Column("item", "Item"),
    Column("place", "Place"),
    Column("family", "Family"),
    Column("material", "Material", number=True),
    Column("labour", "Labour", number=True),
    Column("machine", "Machine", number=True),
    Column("overhead", "Overhead", number=True),
    Column("total", "Cost of a unit", number=True),
    Column("change", "Change", number=True),
]
HEADS = [
    ("item", "Item"), ("place", "Place"), ("family", "Family"), ("unit", "Unit"), ("version", "Version"),
    ("material", "Material"), ("labour", "Labour"), ("machine", "Machine"), ("overhead", "Overhead"),
    ("total", "Cost of a unit"), ("other", "Compared with"), ("change", "Change"),
]  # fmt: skip
ORDER_COLUMNS = [
    Column("order", "Order", order="at"),
    Column("item", "Item"),
    Column("place", "Place"),
    Column("output", "Output", number=True),
    Column("standard", "Standard", number=True),
    Column("actual", "Actual", number=True),
    Column("variance", "Variance", number=True),
]
ORDER_HEADS = [
    ("order", "Order"), ("item", "Item"), ("place", "Place"), ("customer", "Customer"), ("state", "State"),
    ("at@", "Done"), ("output", "Output"), ("standard", "Standard"), ("actual", "Actual"), ("variance", "Variance"),
    *((name, name.capitalize()) for name in VARIANCES),
]  # fmt: skip
#: Orders that are costed for a page of a period; more are to be asked for by shorter periods.
MOST_ORDERS = 2000


@screen("costs", may="see_cost")
def costs(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, version, other = shell.dataset.name, request.GET.get("version", ""), request.GET.get("compare", "")
    shell.twin = with_query(reverse("api:standard_costs"), operation=name, version=version, other=other)
    known = queries.versions(name)
    rows = queries.standard_costs(name, version, other, places_of(request.user, name))
    for row in rows:
        row["url"] = shell.to.to("cost_item", item=row["item"], place=row["place"], version=row["version"])
    found = table(request.GET.dict(), rows, COLUMNS, search=("item", "place", "family"), filters=("version", "compare"))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Standard costs", HEADS, found.every, shell.zone)
    return shell.page(
        "costs.html", table=found, rows=found.rows, exports=sheets.links(request), versions=known,
        version=version or (known[0]["version"] if known else ""), other=other,
        may_change=may(request.user, "change_setup"), roll_url=shell.to.to("roll_up"),
        orders_url=shell.to.to("cost_orders"), doubts=_doubts(name) if not known else (),
    )  # fmt: skip


def _doubts(name: str) -> tuple[str, ...]:
    """What would probably lack a cost if costs were rolled up now."""
    here = current(name).operation
    try:
        return roll_up(here, here.now).doubts[:10]
    except OperationError as wrong:
        return tuple(str(f) for f in wrong.faults[:10])


@require_POST
@screen("costs", may="see_cost")
def roll(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, version, at = shell.dataset.name, request.POST.get("version", ""), request.POST.get("at", "")
    try:
        start = moment(from_local(_date(at), shell.zone)) if at else None
        count = roll_up_costs(request.user, name, version, at=start)
        messages.success(request, f"Version {version} has the standard costs of {count} items and places.")
    except (RefusedError, OperationError, ValueError) as wrong:
        messages.error(request, str(wrong), extra_tags="late")
        return redirect(shell.to.to("costs"))
    return redirect(shell.to.to("costs", version=version.strip()))


def _date(text: str) -> Any:
    from datetime import datetime

    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise ValueError(f"The day is {text[:20]!r}; it must be written like 2026-01-31.") from None


@screen("costs", may="see_cost")
def cost_item(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, item, place = shell.dataset.name, request.GET.get("item", ""), request.GET.get("place", "")
    version, scope = request.GET.get("version", ""), places_of(request.user, name)
    if scope is not None and place and place not in scope:
        raise PermissionDenied(f"Your role holds at some places of {name} only.")
    shell.twin = with_query(reverse("api:item_cost"), operation=name, item=item, place=place, version=version)
    try:
        told = queries.explained(name, item, place, version)
    except NotFoundError as missing:
        raise Http404(str(missing)) from None
    for source in told["sources"]:
        for line in source["lines"]:
            if line["kind"] == "material":
                line["url"] = shell.to.to("cost_item", item=line["subject"], place=line["place"], version=version)
        if source["origin"]:
            source["origin_url"] = shell.to.to("cost_item", version=version, **source["origin"])
    return shell.page("cost_item.html", told=told, costs_url=shell.to.to("costs", version=version))


@screen("costs", may="see_cost")
def cost_orders(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, scope = shell.dataset.name, places_of(request.user, shell.dataset.name)
    try:
        first, last, low, high = queries.period(name, request.GET.get("from", ""), request.GET.get("to", ""))
    except ValueError as wrong:
        raise Http404(str(wrong)) from None
    only = {k: request.GET[k] for k in ("place", "item", "customer", "kind") if k in request.GET}
    shell.twin = with_query(reverse("api:order_costs"), operation=name, first=first, last=last)
    states = queries.done_orders(name, low, high, scope, **only)
    count, rows, exact = states.count(), [], {}
    for state, cost in queries.order_costs(name, states[:MOST_ORDERS]):
        exact[state.order] = cost
        row = queries.order_row(state, cost)
        rows.append({**row, **row["variances"], "url": shell.to.to("cost_order", row["order"])})
    found = table(
        request.GET.dict(), rows, ORDER_COLUMNS, search=("order", "item", "place", "customer"),
        filters=("place", "item", "customer", "kind"),
    )  # fmt: skip
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Costs of orders", ORDER_HEADS, found.every, shell.zone)
    together = queries.sums(exact[row["order"]] for row in found.every)
    return shell.page(
        "cost_orders.html", table=found, rows=found.rows, exports=sheets.links(request), first=first, last=last,
        totals=[(v, together[v]) for v in VARIANCES if together[v]],
        variance=together["variance"], closing=together["closing"], only=only, left=max(0, count - MOST_ORDERS), page_size=PAGE,
        most=MOST_ORDERS, costs_url=shell.to.to("costs"), profit_url=shell.to.to("profit"),
    )  # fmt: skip


@screen("costs", may="see_cost")
def cost_order(request: HttpRequest, shell: Shell, order: str) -> HttpResponse:
    name = shell.dataset.name
    try:
        found = queries.order_cost(name, order, places_of(request.user, name))
    except NotFoundError as missing:
        raise Http404(str(missing)) from None
    shell.twin = with_query(reverse("api:order_cost", args=[order]), operation=name)
    if kind := sheets.wanted(request):
        heads = [(k, k.replace("_", " ").capitalize()) for k in found["lines"][0]] if found["lines"] else []
        return sheets.download(kind, f"Cost of {order}", heads or [("kind", "Kind")], found["lines"], shell.zone)
    variances = [{"name": n, "amount": a} for n, a in found["variances"].items() if a]
    return shell.page(
        "cost_order.html", found=found, variances=variances, exports=sheets.links(request),
        work_url=shell.to.to("work_order", order), orders_url=shell.to.to("cost_orders"),
    )  # fmt: skip
