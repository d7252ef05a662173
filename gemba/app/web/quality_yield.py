"""First-pass yield with what was wrong, and gauge studies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gemba.app.actions import RefusedError
from gemba.app.actions.quality import record_study
from gemba.app.queries import quality, spc
from gemba.app.security.permission import may
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did
from gemba.app.web.quality import number
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.measure.quality.study import Study, study, study_names
from gemba.measure.quality.yields import pareto, rolled
from gemba.operation import Event

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "a year"}
BY = {"reason": "By reason", "characteristic": "By characteristic"}
COLUMNS = [
    Column("item", "Item"),
    Column("step", "Step"),
    Column("inspected", "Made", number=True),
    Column("good", "Good at once", number=True),
    Column("scrap", "Scrap", number=True),
    Column("rework", "Rework", number=True),
    Column("first_pass", "First-pass yield", number=True),
]
HEADS = [(c.key, c.name) for c in COLUMNS]
#: Reports shown one by one below what was clicked on.
SHOWN = 100


@screen("quality_yield")
def quality_yield(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, query = shell.dataset.name, request.GET
    days = query.get("days", "") if query.get("days", "") in PERIODS else "30"
    by = query.get("by", "") if query.get("by", "") in BY else "reason"
    only = {n: query.get(n, "") for n in ("item", "step", "reason")}
    shell.twin = with_query(reverse("api:yields"), operation=operation, days=days, by=by, **only)
    end = now(operation)
    start = end - timedelta(days=int(days))
    events = spc.reported(operation, request.user, start, end, item=only["item"], step=only["step"])
    made = spc.yields(operation, events)
    rows = [
        {
            "item": y.item, "step": y.step, "inspected": float(y.inspected), "good": float(y.good), "scrap": float(y.scrap),
            "rework": float(y.rework), "first_pass": y.first_pass,
            "url": shell.to.to("quality_yield", days=days, by=by, item=y.item, step=y.step),
        }
        for y in made
    ]  # fmt: skip
    found = table(query.dict(), rows, COLUMNS, search=("item", "step"), sort="first_pass", filters=tuple(only))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "First-pass yield", HEADS, found.every, shell.zone)
    bars = pareto(spc.defects(operation, request.user, events, start, end, by))
    shown = [e for e in events if (e.scrap or e.rework) and only["reason"] in ("", e.reason or "no reason")]
    return shell.page(
        "quality/yield.html", table=found, rows=found.rows, days=days, periods=PERIODS, by=by, ways=BY, only=only,
        exports=sheets.links(request), bars=_bars(shell, bars, days, by, only),
        rolled=[{"item": i, "value": v} for i, v in sorted(rolled(made).items(), key=lambda e: e[1])][:8],
        events=[_event(shell, e) for e in reversed(shown)][:SHOWN], count=len(shown), work_url=shell.to.to("work_orders"),
    )  # fmt: skip


def _bars(shell: Shell, bars: Any, days: str, by: str, only: dict[str, str]) -> list[dict[str, Any]]:
    most = bars[0].amount if bars else 1.0
    return [
        {
            "name": b.name, "amount": b.amount, "until": b.until, "share": f"{100 * b.amount / most:.1f}",
            "url": shell.to.to("control_chart", b.name) if by == "characteristic"
            else shell.to.to("quality_yield", **{**only, "days": days, "by": by, "reason": b.name}),
        }
        for b in bars
    ]  # fmt: skip


def _event(shell: Shell, e: Event) -> dict[str, Any]:
    return {
        "at": e.at, "order": e.order, "step": e.step, "item": e.item, "scrap": e.scrap, "rework": e.rework,
        "reason": e.reason, "person": e.person, "url": shell.to.to("work_order", e.order),
    }  # fmt: skip


@screen("gauge_studies")
def gauge_studies(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Studies of a characteristic: one of them worked out, and a form for a new one."""
    operation = shell.dataset.name
    typed = request.POST if request.method == "POST" else request.GET
    known = [c for c in quality.characteristics(operation) if c.kind == "variable"]
    c = next((c for c in known if c.name == typed.get("characteristic", "")), known[0] if known else None)
    if c is None:
        return shell.page("quality/gauge.html", c=None)
    if request.method == "POST":
        name = typed.get("study", "").strip()
        done = did(request, lambda: _posted(request, operation, c.name, name), "{0} values are written down.")
        if done is not None:
            return redirect(shell.to.to("gauge_studies", characteristic=c.name, study=name))
    own = quality.measured_for(request.user, operation, c.name)
    names = study_names(own)
    name = typed.get("study", "") if typed.get("study", "") in names else next(iter(names), "")
    shell.twin = with_query(reverse("api:gauge_study", args=[c.name]), operation=operation, study=name)
    found, problem = None, ""
    try:
        found = study(c, own, name) if name else None
    except ValueError as error:
        problem = str(error)
    rows = _components(found) if found else []
    if kind := sheets.wanted(request):
        return sheets.download(kind, f"Gauge study {name}", _HEADS, rows, shell.zone)
    return shell.page(
        "quality/gauge.html", c=c, known=known, names=names, name=name, found=found, problem=problem, rows=rows,
        typed=typed.get("rows", "") if request.method == "POST" else "", uid=uuid4().hex, exports=sheets.links(request),
        may_inspect=may(request.user, "inspect"), verdict=_verdict(found) if found else None,
        grid=[(p, [found.means[p, o] for o in found.operators]) for p in found.parts] if found else [],
    )  # fmt: skip


_HEADS = [("name", "Source"), ("variance", "Variance"), ("sigma", "Standard deviation"), ("share", "% of total"),
          ("by_ranges", "% of total by ranges")]  # fmt: skip


def _posted(request: HttpRequest, operation: str, characteristic: str, name: str) -> int:
    form = request.POST
    try:
        rows = parsed(form.get("rows", ""))
        return record_study(request.user, operation, characteristic, name, rows, uid=form.get("uid", "") or uuid4().hex)
    except NotFoundError as unknown:
        raise RefusedError(str(unknown)) from None


def parsed(text: str) -> list[tuple[str, str, float]]:
    """Lines ``part; person; value`` (a tab does as well) in the order of measuring.

    Raises:
        RefusedError: with the first line that is none.
    """
    found = []
    for n, line in enumerate(text.splitlines(), 1):
        parts = [p.strip() for p in line.replace("\t", ";").split(";")]
        if not any(parts):
            continue
        if len(parts) != 3 or not all(parts):
            raise RefusedError(f"Line {n} must be part; person; value, such as 3; Anna; 430.1. It is {line.strip()!r}.")
        found.append((parts[0], parts[1], number(parts[2])))
    return found


def _components(found: Study) -> list[dict[str, Any]]:
    a, r = found.anova, found.ranges
    each = (
        ("Gauge (R&R)", a.gauge, r.gauge), ("Repeatability", a.repeatability, r.repeatability),
        ("Reproducibility", a.reproducibility, r.reproducibility), ("Parts", a.part, r.part), ("Total", a.total, r.total),
    )  # fmt: skip
    return [
        {"name": n, "variance": v, "sigma": v**0.5, "share": a.share(v), "by_ranges": r.share(w)} for n, v, w in each
    ]


def _verdict(found: Study) -> tuple[str, str]:
    """How good the gauge is (AIAG): the tone, and the words."""
    grr = found.anova.grr
    if grr < 10:
        return "good", "The gauge is good: below 10 % of the spread is its own."
    if grr <= 30:
        return "thin", "The gauge may do, if the application is not important: 10 to 30 % of the spread is its own."
    return "late", "The gauge is not good enough: more than 30 % of the spread is its own."
