"""Inspections: what is due and why so many; results typed in a grid and judged as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gemba.app.actions import RefusedError
from gemba.app.actions.quality import Recorded, Results, record_results
from gemba.app.queries import quality as queries
from gemba.app.security.permission import may
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did
from gemba.app.web.ledger import names
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.execute.quality.findings import limits_text
from gemba.operation import Characteristic

STAGES = {"receipt": "On receipt", "process": "In process", "final": "At the end"}
COLUMNS = [
    Column("characteristic", "Characteristic"),
    Column("when", "When"),
    Column("what", "Of what"),
    Column("units", "Units", number=True),
    Column("left", "To inspect", number=True),
    Column("accept", "Ac / Re", number=True),
    Column("severity", "How severe, and why"),
    Column("since", "Since"),
]
HEADS = [
    ("characteristic", "Characteristic"), ("when", "When"), ("item", "Item"), ("lot", "Lot"), ("order", "Order"),
    ("step", "Step"), ("place", "Place"), ("source", "Supplier or process"), ("units", "Units"), ("size", "Sample"),
    ("left", "To inspect"), ("accept", "Ac"), ("reject", "Re"), ("severity", "Severity"), ("why", "Why"),
    ("since@", "Since"),
]  # fmt: skip
#: Most fields in the grid at once: the rest comes with the next sheet.
GRID = 50


@screen("inspections")
def inspections(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, query = shell.dataset.name, request.GET
    only = {n: query.get(n, "") for n in ("stage", "place")}
    shell.twin = with_query(reverse("api:inspections_due"), operation=operation, **only)
    rows = queries.due(operation, request.user, **only)
    for row in rows:
        row["what"] = row["lot"] or row["order"]
        row["url"] = _address(shell, row)
        row["what_url"] = (
            shell.to.to("lot", row["item"], row["lot"]) if row["lot"] else shell.to.to("work_order", row["order"])
        )
        row["chart_url"] = shell.to.to("control_chart", row["characteristic"])
    found = table(
        query.dict(),
        rows,
        COLUMNS,
        search=("characteristic", "item", "lot", "order", "source", "step"),
        filters=tuple(only),
    )
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Inspections due", HEADS, found.every, shell.zone)
    return shell.page(
        "quality/inspections.html", table=found, rows=found.rows, only=only, stages=STAGES, places=names(shell, "places"),
        exports=sheets.links(request), may_inspect=may(request.user, "inspect"),
        known=len(queries.characteristics(operation)), concerns_url=shell.to.to("concerns", kind="nonconformance"),
    )  # fmt: skip


def _address(shell: Shell, row: Mapping[str, Any]) -> str:
    about = {n: row[n] for n in ("characteristic", "lot", "order", "item")}
    return shell.to.to("inspect", **about)


@screen("inspections")
def inspect(request: HttpRequest, shell: Shell) -> HttpResponse:
    """One characteristic of a lot or order: what it needs, what was found, and the grid."""
    typed = request.POST if request.method == "POST" else request.GET
    operation = shell.dataset.name
    about = {n: typed.get(n, "").strip() for n in ("lot", "order", "item", "resource")}
    try:
        c = queries.find(operation, typed.get("characteristic", ""))
    except NotFoundError as error:
        raise Http404(str(error)) from error
    if not queries.may_see(request.user, operation, about["order"], about["item"] or c.item, about["lot"]):
        raise Http404("there is no such lot or order")
    if request.method == "POST":
        done = did(request, lambda: _posted(request, shell, c, about))
        if done is not None:
            _tell(request, done, c)
            return redirect(shell.to.to("inspect", characteristic=c.name, **about))
    return shell.page("quality/inspect.html", **_sheet(request, shell, c, about, typed))


def _posted(request: HttpRequest, shell: Shell, c: Characteristic, about: dict[str, str]) -> Recorded:
    form = request.POST
    values = [number(v) for v in form.getlist("value") if v.strip()]
    more: dict[str, Any] = dict(about)
    if c.kind != "variable":
        more |= {"count": whole(form.get("count", "")), "size": whole(form.get("size", ""))}
    given = Results(form.get("uid", "") or uuid4().hex, values=values, note=form.get("note", "").strip(), **more)
    try:
        return record_results(request.user, shell.dataset.name, c.name, given)
    except NotFoundError as unknown:
        raise RefusedError(f"{str(unknown)[:1].upper()}{str(unknown)[1:]}.") from None


def number(text: str) -> float:
    """A measured value as it was typed; a decimal comma is fine.

    Raises:
        RefusedError: where it is none.
    """
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise RefusedError(f"{text.strip()!r} is not a value. Type a number, such as 430.1.") from None


def whole(text: str) -> int:
    """A count as it was typed.

    Raises:
        RefusedError: where it is none.
    """
    if not text.strip().isdecimal():
        raise RefusedError(f"{text.strip() or 'Nothing'} is not a count. Type a whole number, such as 3.")
    return int(text)


def _tell(request: HttpRequest, done: Recorded, c: Characteristic) -> None:
    verdict = {True: "The lot is accepted.", False: "The lot is rejected.", None: ""}
    result = done.result
    told = verdict[result.accepted] if result else ""
    if result and result.left:
        told = f"{result.left} more to inspect."
    freed = " It may be used." if done.freed else ""
    if done.concern:
        why = "; ".join(f.text for f in done.findings) or "found before"
        messages.error(request, f"Written down. {why}. See {done.concern}. {told}", extra_tags="late")
    else:
        messages.success(request, f"Written down: {c.name}, nothing wrong. {told}{freed}", extra_tags="good")


def _sheet(
    request: HttpRequest, shell: Shell, c: Characteristic, about: dict[str, str], typed: Mapping[str, Any]
) -> dict[str, Any]:
    operation = shell.dataset.name
    needs, result = queries.of_lot(operation, c, about["lot"], about["order"])
    left = (result.left if result else needs.size) if needs else c.subgroup
    own = {"lot": about["lot"]} if about["lot"] else {"order": about["order"]}
    taken = read(operation, "measurements", characteristic=c.name, **own) if any(own.values()) else []
    step = c.subgroup if not c.level else GRID
    concerns = {**own, "category": c.name, "state": "all"}
    return {
        "c": c, "limits": limits_text(c), "needs": needs, "result": result, "left": left, "about": about,
        "grid": range(1, min(GRID, max(1, left or step)) + 1), "size": left or c.subgroup,
        "uid": uuid4().hex, "typed": typed, "taken": list(reversed(taken))[:100], "may_inspect": may(request.user, "inspect"),
        "resources": names(shell, "resources")[:2000], "due_url": shell.to.to("inspections"),
        "chart_url": shell.to.to("control_chart", c.name), "concerns_url": shell.to.to("concerns", **concerns),
        "stage": STAGES[c.when],
        "what": f"lot {about['lot']}" if about["lot"] else f"order {about['order']}" if about["order"] else "no lot or order",
    }  # fmt: skip
