"""Maintenance: the assets, one asset with its history, what is due, and where the time is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from math import inf
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions.maintenance import order_due, read_meter, report_down, report_up
from gemba.app.queries import maintenance as queries
from gemba.app.queries import work
from gemba.app.queries.current import current
from gemba.app.security.permission import may
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did, given
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.execute.maintenance import Due
from gemba.execute.maintenance.stops import by_reason
from gemba.measure.reliability.replacement import best_age
from gemba.measure.reliability.weibull import WeibullFit, fit
from gemba.operation import RECORDS

HOUR = 3600
ASSETS = [
    Column("name", "Asset"), Column("place", "Place"), Column("state", "State"),
    Column("availability", "Availability", number=True), Column("failures", "Failures", number=True),
    Column("mtbf", "MTBF", number=True), Column("mttr", "MTTR", number=True), Column("due", "Next due"),
]  # fmt: skip
ASSET_HEADS = [
    ("name", "Asset"), ("kind", "Kind"), ("place", "Place"), ("state", "State"), ("availability", "Availability"),
    ("failures", "Failures"), ("mtbf_hours", "MTBF (h)"), ("mttr_hours", "MTTR (h)"), ("plan", "Plan"), ("due@", "Next due"),
]  # fmt: skip
DUE = [
    Column("plan", "Plan"), Column("resource", "Asset"), Column("why", "Why"), Column("earliest", "From"),
    Column("due", "Due"), Column("latest", "Overdue after"), Column("state", "State"), Column("order", "Order"),
]  # fmt: skip
DUE_HEADS = [
    ("plan", "Plan"), ("resource", "Asset"), ("process", "Process"), ("why", "Why"), ("earliest@", "From"),
    ("due@", "Due"), ("latest@", "Overdue after"), ("state", "State"), ("order", "Order"),
]  # fmt: skip
STOPS = [
    Column("resource", "Asset"), Column("reason", "Reason"), Column("start", "From"), Column("end", "To"),
    Column("seconds", "Working hours lost", number=True), Column("note", "Note"),
]  # fmt: skip
STOP_HEADS = [
    ("resource", "Asset"), ("reason", "Reason"), ("start@", "From"), ("end@", "To"), ("hours", "Working hours lost"),
    ("planned", "Planned"), ("note", "Note"),
]  # fmt: skip
PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}
TONES = {"overdue": "late", "due": "thin", "later": "good", "not foreseen": "plain"}


@screen("assets")
def assets(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, place = shell.dataset.name, request.GET.get("place", "")
    shell.twin = with_query(reverse("api:list_assets"), operation=name, place=place)
    moment = now(name)
    rows = [_asset(shell, a, moment) for a in queries.assets(name, request.user, place=place)]
    places = sorted({r["place"] for r in rows if r["place"]})
    found = table(request.GET.dict(), rows, ASSETS, search=("name", "place"), filters=("place",))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Assets", ASSET_HEADS, found.every, shell.zone)
    return shell.page("assets.html", table=found, rows=found.rows, places=places, exports=sheets.links(request))


def _asset(shell: Shell, found: queries.Asset, moment: datetime) -> dict[str, Any]:
    record, due = found.record, found.due
    return {
        "name": found.resource.name,
        "kind": found.resource.kind,
        "place": found.resource.place,
        "state": "down" if found.down else "up",
        "reason": found.down.reason if found.down else "",
        "availability": record.availability,
        "failures": record.failures,
        "mtbf": record.mtbf,
        "mttr": record.mttr,
        "mtbf_hours": None if record.mtbf is None else round(record.mtbf / HOUR, 2),
        "mttr_hours": None if record.mttr is None else round(record.mttr / HOUR, 2),
        "plan": due.plan.name if due else "",
        "due": due.due if due else None,
        "due_state": due.state(moment) if due else "",
        "tone": TONES[due.state(moment)] if due else "",
        "url": shell.to.to("asset", found.resource.name),
        "stops_url": shell.to.to("downtime", resource=found.resource.name, days="365"),
    }


@screen("assets")
def asset(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    operation, here = shell.dataset.name, current(shell.dataset.name)
    try:
        found = queries.asset(operation, request.user, name)
    except NotFoundError as error:
        raise Http404(str(error)) from error
    shell.twin = with_query(reverse("api:asset", args=[name]), operation=operation)
    moment = now(operation)
    due, ordered = [d for d in queries.due(operation) if d.plan.resource == name], queries.ordered(operation)
    return shell.page(
        "asset.html",
        row=_asset(shell, found, moment),
        record=found.record,
        down=found.down,
        stops=[
            {"stop": s, "seconds": here.worked(s.start, s.end or moment, name)} for s in reversed(found.stops[-20:])
        ],
        meters=[
            {"meter": m, "readings": queries.readings(operation, m.name, 8)}
            for m in here.operation.meters
            if m.resource == name
        ],
        due=[_due(shell, d, ordered, moment) for d in due],
        spares=_spares(shell, {d.plan.process for d in due}),
        life=_life(request, found),
        reasons=sorted({r.name for r in here.operation.reason_codes if r.kind == "down"}),
        may_report=may(request.user, "report_work"),
        may_read=may(request.user, "inspect"),
        act_url=shell.to.to("asset_act", name),
        request_url=shell.to.to("new_concern", kind="maintenance request", resource=name),
        history_url=shell.to.to("concerns", resource=name, state="all"),
        due_url=shell.to.to("due_work"),
        uid=uuid4().hex,
    )


def _spares(shell: Shell, processes: set[str]) -> list[dict[str, Any]]:
    """What the asset's maintenance uses, beside what is on hand."""
    operation = current(shell.dataset.name).operation
    needs = [r for r in operation.step_items if r.process in processes and r.direction == "in"]
    on_hand: dict[str, Decimal] = {}
    for lot in work.stock(shell.dataset.name, {r.item for r in needs}, now(shell.dataset.name)) if needs else ():
        on_hand[lot.item] = on_hand.get(lot.item, Decimal(0)) + lot.available
    return [
        {
            "item": r.item,
            "process": r.process,
            "quantity": r.quantity + r.fixed_quantity,
            "on_hand": on_hand.get(r.item, Decimal(0)),
        }
        for r in needs
    ]


def _life(request: HttpRequest, found: queries.Asset) -> dict[str, Any]:
    """The Weibull fit of the times between failures, and the age to replace at for costs in the address."""
    costs = {}
    for name, default in (("planned", 1.0), ("failure", 5.0)):
        try:
            costs[name] = float(request.GET.get(name, "") or default)
        except ValueError:
            costs[name] = default
        costs[name] = costs[name] if 0 < costs[name] < inf else default
    made: dict[str, Any] = {"costs": costs, "failures": found.record.failures, "fit": None}
    try:
        fitted: WeibullFit = fit(
            [t for t in found.record.lives if t > 0], [found.record.running] if found.record.running > 0 else []
        )
    except ValueError:
        return made
    best = best_age(fitted.life, costs["planned"], costs["failure"])
    shape = fitted.life.shape
    kind = (
        "wear: preventive work helps"
        if shape > 1.2
        else "early failures"
        if shape < 0.8
        else "chance: no age is better than another"
    )
    return {
        **made, "fit": fitted, "kind": kind, "scale": fitted.life.scale, "b10": fitted.life.life(0.1),
        "age": best.age if best.age < inf else None, "saving": best.saving,
    }  # fmt: skip


@screen("assets")
@require_POST
def act(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    """Report an asset down or up, or what a meter of it shows."""
    operation, form, user = shell.dataset.name, request.POST, request.user
    uid, note = form.get("uid", ""), form.get("note", "")

    def go() -> Any:
        what = form.get("what", "")
        if what == "down":
            until = given(form, RECORDS["concerns"], ["due"], shell.zone).get("due")
            report_down(
                user,
                operation,
                name,
                form.get("reason", ""),
                uid=uid,
                note=note,
                request=form.get("request", ""),
                until=until,
            )
        elif what == "up":
            report_up(user, operation, name, uid=uid, note=note)
        else:
            value = given(form, RECORDS["measurements"], ["value"], shell.zone).get("value", 0.0)
            read_meter(user, operation, form.get("meter", ""), value, uid=uid, note=note)
        return what

    try:
        did(request, go, "Written down.")
    except NotFoundError as error:
        raise Http404(str(error)) from error
    return redirect(shell.to.to("asset", name))


@screen("due_work")
def due_work(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, moment = shell.dataset.name, now(shell.dataset.name)
    if request.method == "POST":
        chosen = request.POST.getlist("plan")
        did(request, lambda: ", ".join(order_due(request.user, operation, chosen)), "Made: {0}.")
        return redirect(shell.to.to("due_work"))
    shell.twin = with_query(reverse("api:list_due"), operation=operation)
    ordered = queries.ordered(operation)
    seen = {a.resource.name for a in queries.assets(operation, request.user)}
    rows = [_due(shell, d, ordered, moment) for d in queries.due(operation) if d.plan.resource in seen]
    state = request.GET.get("state", "")
    found = table(
        request.GET.dict(),
        [r for r in rows if state in ("", r["state"])],
        DUE,
        search=("plan", "resource"),
        filters=("state",),
    )
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Due work", DUE_HEADS, found.every, shell.zone)
    return shell.page(
        "due_work.html", table=found, rows=found.rows, states=list(TONES), may_order=may(request.user, "maintain"),
        exports=sheets.links(request),
    )  # fmt: skip


def _due(shell: Shell, d: Due, ordered: dict[str, str], moment: datetime) -> dict[str, Any]:
    order = ordered.get(d.plan.name, "")
    return {
        "plan": d.plan.name, "resource": d.plan.resource, "process": d.plan.process, "why": d.why, "last": d.last,
        "earliest": d.earliest, "due": d.due, "latest": d.latest, "state": d.state(moment),
        "tone": TONES[d.state(moment)], "order": order, "url": shell.to.to("asset", d.plan.resource),
        "order_url": shell.to.to("work_order", order) if order else "", "reached": d.reached,
    }  # fmt: skip


@screen("downtime")
def downtime(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, query = shell.dataset.name, request.GET
    days = query.get("days", "") if query.get("days", "") in PERIODS else "30"
    chosen = {name: query.get(name, "") for name in ("place", "resource", "reason")}
    high = now(operation)
    shell.twin = with_query(reverse("api:downtime"), operation=operation, days=days, **chosen)
    found = queries.downtime(operation, request.user, high - timedelta(days=int(days)), high, **chosen)
    seconds = {id(s): lost for s, lost in found}
    pareto = by_reason([s for s, _ in found], lambda s: seconds[id(s)])
    most = max((s for _, _, s, _ in pareto), default=0.0)
    rows = [_stop(shell, s, lost) for s, lost in found]
    listed = table(
        query.dict(), rows, STOPS, search=("resource", "reason", "note"), sort="-start", filters=("days", *chosen)
    )
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Downtime", STOP_HEADS, listed.every, shell.zone)
    bars = [
        {
            "name": reason or "no reason", "count": count, "seconds": s, "until": share,
            "share": f"{100 * s / most if most else 0:.1f}",
            "url": shell.to.to("downtime", **{**chosen, "reason": reason, "days": days}),
        }
        for reason, count, s, share in pareto
    ]  # fmt: skip
    return shell.page(
        "downtime.html", table=listed, rows=listed.rows, bars=bars, total=sum(s for _, s in found), periods=PERIODS,
        days=days, chosen=chosen, exports=sheets.links(request), assets_url=shell.to.to("assets"),
    )  # fmt: skip


def _stop(shell: Shell, stop: Any, lost: float) -> dict[str, Any]:
    return {
        "resource": stop.resource, "reason": stop.reason, "start": stop.start, "end": stop.end, "seconds": lost,
        "hours": round(lost / HOUR, 2), "planned": "yes" if stop.planned else "", "note": stop.note,
        "url": shell.to.to("asset", stop.resource),
    }  # fmt: skip
