"""Safety: incidents and their rates, documents and who knows them, waste and energy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions import RefusedError
from gemba.app.actions.safety import acknowledge as confirm
from gemba.app.actions.safety import check, record_waste
from gemba.app.queries import concerns
from gemba.app.queries import safety as queries
from gemba.app.queries.current import current
from gemba.app.security.permission import may
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did, given
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.execute.safety import check_lines
from gemba.measure.energy import Charge
from gemba.measure.waste import recovered
from gemba.operation import RECORDS, Movement

SOON = timedelta(days=30)
PERIODS = {"30": "30 days", "90": "90 days", "365": "A year"}
INCIDENTS = [
    Column("concern", "Number", order="at"), Column("title", "What"), Column("kind", "Kind"),
    Column("severity", "Severity"), Column("place", "Where"), Column("at", "When"), Column("state", "State"),
]  # fmt: skip
INCIDENT_HEADS = [
    ("concern", "Number"), ("kind", "Kind"), ("title", "What"), ("severity", "Severity"), ("place", "Place"),
    ("at@", "When"), ("state", "State"), ("owner", "Owner"),
]  # fmt: skip
DOCUMENTS = [
    Column("name", "Document"), Column("kind", "Kind"), Column("applies", "For"), Column("end", "Valid until"),
    Column("state", "State"), Column("known", "Known by", number=True), Column("mine", "Known by me"),
]  # fmt: skip
DOCUMENT_HEADS = [
    ("name", "Document"), ("version", "Version"), ("kind", "Kind"), ("applies", "For"), ("start@", "Valid from"),
    ("end@", "Valid until"), ("state", "State"), ("known", "Known by"), ("mine@", "Known by me since"),
]  # fmt: skip
WASTE_HEADS = [
    ("stream", "Stream"), ("code", "Code"), ("destination", "Destination"), ("hazardous", "Hazardous"),
    ("quantity", "Quantity"), ("unit", "Unit"), ("per_unit", "For each unit produced"), ("value", "Value"),
    ("disposal", "Cost of disposal"),
]  # fmt: skip
ENERGY_HEADS = [
    ("order", "Order"), ("meter", "Meter"), ("media", "Medium"), ("amount", "Amount"), ("unit", "Unit"), ("cost", "Cost"),
    ("emissions", "kg CO2e"),
]  # fmt: skip
TONES = {"valid": "good", "expires soon": "thin", "expired": "late", "not yet valid": "plain"}


def _period(request: HttpRequest, moment: datetime, default: str = "365") -> tuple[str, datetime, datetime]:
    days = request.GET.get("days", "") if request.GET.get("days", "") in PERIODS else default
    return days, moment - timedelta(days=int(days)), moment + timedelta(seconds=1)


@screen("incidents")
def incidents(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, moment = shell.dataset.name, now(shell.dataset.name)
    days, low, high = _period(request, moment)
    shell.twin = with_query(reverse("api:safety_rates"), operation=operation, days=days)
    kind, severity = request.GET.get("kind", ""), request.GET.get("severity", "")
    rows = concerns.concerns(operation, request.user, kinds=queries.INCIDENTS, kind=kind, severity=severity)
    rows = [{**r, "url": shell.to.to("concern", r["concern"])} for r in rows if low <= r["at"] < high]
    found = table(
        request.GET.dict(), rows, INCIDENTS, search=("concern", "title", "place"), filters=("days", "kind", "severity")
    )
    if wanted := sheets.wanted(request):
        return sheets.download(wanted, "Incidents", INCIDENT_HEADS, found.every, shell.zone)
    rates = queries.rates(operation, request.user, low, high)
    return shell.page(
        "incidents.html",
        table=found,
        rows=found.rows,
        rates=rates,
        pyramid=_pyramid(shell, rates.pyramid, days),
        periods=PERIODS,
        days=days,
        incident_url=shell.to.to("incidents", days=days, kind="incident"),
        near_url=shell.to.to("incidents", days=days, kind="near miss"),
        since=(moment - rates.last).days if rates.last else None,
        exports=sheets.links(request),
        raise_urls=[(k.capitalize(), shell.to.to("new_concern", kind=k)) for k in queries.INCIDENTS],
    )


def _pyramid(shell: Shell, levels: Sequence[tuple[str, int]], days: str) -> list[dict[str, Any]]:
    """From the top, which should be empty, down to the base."""
    most, rows = max((count for _, count in levels), default=0) or 1, []
    for level, count in reversed(levels):
        by = "kind" if level in ("hazard", "near miss") else "severity"
        tone = "action" if by == "kind" else "thin" if level == "first aid" else "late"
        url = shell.to.to("incidents", days=days, **{by: level})
        rows.append({"name": level, "count": count, "share": f"{100 * count / most:.1f}", "tone": tone, "url": url})
    return rows


@screen("documents")
def documents(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, moment, query = shell.dataset.name, now(shell.dataset.name), request.GET
    shell.twin = with_query(reverse("api:list_documents"), operation=operation)
    state = query.get("state", "")
    rows = [_document(shell, k, moment) for k in queries.documents(operation, request.user)]
    todo = sum(r["todo"] for r in rows)
    chosen = [r for r in rows if state in ("", r["state"]) or (state == "to confirm" and r["todo"])]
    found = table(query.dict(), chosen, DOCUMENTS, search=("name", "kind", "applies"), filters=("state",))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Documents", DOCUMENT_HEADS, found.every, shell.zone)
    return shell.page(
        "documents.html", table=found, rows=found.rows, todo=todo, states=["to confirm", *TONES],
        exports=sheets.links(request),
    )  # fmt: skip


def _document(shell: Shell, known: queries.Known, moment: datetime) -> dict[str, Any]:
    d = known.document
    parts = (d.place, d.resource, d.process, d.step, d.item)
    state = "valid" if known.valid else "not yet valid" if d.start and d.start > moment else "expired"
    if state == "valid" and d.end and d.end - moment <= SOON:
        state = "expires soon"
    return {
        "name": d.name, "version": d.version, "kind": d.kind, "applies": ", ".join(p for p in parts if p) or "everything",
        "start": d.start, "end": d.end, "state": state, "tone": TONES[state], "known": known.known, "people": known.people,
        "mine": known.mine,
        "check_url": shell.to.to("checklist", d.name, d.version) if d.kind == "checklist" and known.valid else "",
        "required": d.required, "text": d.text, "todo": d.acknowledged and known.valid and known.mine is None,
        "url": shell.to.to("acknowledge", d.name, d.version),
    }  # fmt: skip


@screen("documents")
@require_POST
def acknowledge(request: HttpRequest, shell: Shell, name: str, version: str) -> HttpResponse:
    try:
        did(
            request,
            lambda: confirm(request.user, shell.dataset.name, name, version),
            f"You know {name}, version {version}.",
        )
    except NotFoundError as error:
        raise Http404(str(error)) from error
    return redirect(shell.to.to("documents"))


@screen("documents")
def checklist(request: HttpRequest, shell: Shell, name: str, version: str) -> HttpResponse:
    """A checklist gone through line by line, and how it was found the last times."""
    operation, form = shell.dataset.name, request.POST
    every = [k.document for k in queries.documents(operation, request.user)]
    of = next((d for d in every if (d.name, d.version) == (name, version)), None)
    if of is None:
        raise Http404(f"there is no document {name}, version {version}")
    lines = [{"number": i, "text": t} for i, t in enumerate(check_lines(of), 1)]
    if request.method == "POST":
        results = {i: form[f"line-{i}"] == "right" for i in range(1, len(lines) + 1) if form.get(f"line-{i}")}
        notes = {i: form[f"note-{i}"] for i in results if form.get(f"note-{i}")}
        work = {n: form.get(n, "") for n in ("order", "step", "resource", "uid")}
        if (
            did(
                request, lambda: check(request.user, operation, name, version, results, notes=notes, **work), "Checked."
            )
            is not None
        ):
            return redirect(shell.to.to("checklist", name, version))
    return shell.page(
        "checklist.html",
        document=of,
        lines=[
            {**row, "value": form.get(f"line-{row['number']}", ""), "note": form.get(f"note-{row['number']}", "")}
            for row in lines
        ],
        given={n: (form or request.GET).get(n, "") for n in ("order", "step", "resource")},
        uid=form.get("uid", "") or uuid4().hex,
        checks=queries.checks(operation, of),
        may_check=may(request.user, "report_work"),
        all_url=shell.to.to("documents"),
    )


@screen("waste_energy")
def waste_energy(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, moment = shell.dataset.name, now(shell.dataset.name)
    if request.method == "POST":
        did(request, lambda: _record(request, shell), "Written down.")
        return redirect(shell.to.to("waste_energy"))
    days, low, high = _period(request, moment, "30")
    shell.twin = with_query(reverse("api:waste_energy"), operation=operation, days=days)
    costs = may(request.user, "see_cost")
    found = queries.waste_rows(operation, low, high)
    waste = [
        {
            "stream": r.stream.name, "code": r.stream.code, "destination": r.stream.destination, "unit": r.stream.unit,
            "hazardous": "yes" if r.stream.hazardous else "", "quantity": r.quantity, "per_unit": r.per_unit,
            "value": r.value if costs else None, "disposal": r.disposal if costs else None,
        }
        for r in found
    ]  # fmt: skip
    energy = by_order(shell, queries.energy(operation, low, high), costs)
    if kind := sheets.wanted(request):
        which = request.GET.get("table", "")
        rows, heads = (energy, ENERGY_HEADS) if which == "energy" else (waste, WASTE_HEADS)
        return sheets.download(kind, "Energy" if which == "energy" else "Waste", heads, rows, shell.zone)
    units = {r.stream.unit for r in found if r.quantity}
    return shell.page(
        "waste_energy.html", may_move=may(request.user, "move_stock"), uid=uuid4().hex,
        items=[i.name for i in current(operation).operation.items], places=[p.name for p in current(operation).operation.places],
        waste=waste, energy=energy, costs=costs, periods=PERIODS, days=days,
        recovered=recovered(found) if len(units) == 1 else None,
        emissions=sum((Decimal(str(e["emissions"])) for e in energy), Decimal(0)),
        exports=[*sheets.links(request), *_energy_links(request)],
    )  # fmt: skip


def _record(request: HttpRequest, shell: Shell) -> Movement:
    form = request.POST
    quantity = given(form, RECORDS["movements"], ["quantity"], shell.zone).get("quantity", 0)
    names = ("place", "order", "reason", "document", "uid")
    try:
        return record_waste(
            request.user, shell.dataset.name, form.get("stream", ""), form.get("item", ""), quantity,
            **{n: form.get(n, "") for n in names},
        )  # fmt: skip
    except NotFoundError as error:
        raise RefusedError(f"Choose a stream: {error}.") from error


def _energy_links(request: HttpRequest) -> Iterable[dict[str, str]]:
    for link in sheets.links(request):
        yield {"name": f"{link['name']}: energy".replace("Export to ", ""), "url": f"{link['url']}&table=energy"}


def by_order(shell: Shell, found: Iterable[Charge], costs: bool) -> list[dict[str, Any]]:
    """Energy by order and meter, the largest first; what no work used stands beside them."""
    meters = {m.name: m for m in current(shell.dataset.name).operation.meters}
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for c in found:
        row = sums.setdefault((c.order, c.meter), [Decimal(0)] * 3)
        for i, part in enumerate((c.amount, c.cost, c.emissions)):
            row[i] += part
    rows = [
        {
            "order": order, "meter": meter, "media": meters[meter].media, "unit": meters[meter].unit, "amount": amount,
            "cost": cost if costs else None, "emissions": emissions,
            "url": shell.to.to("work_order", order) if order else "",
        }
        for (order, meter), (amount, cost, emissions) in sums.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (r["meter"], -r["amount"]))
