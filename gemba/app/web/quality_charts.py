"""Control charts: the list with capability and state, and one chart with its points, limits and indices."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions import RefusedError
from gemba.app.actions.chart_limits import correct_value, fix_limits, leave_out, withdraw_limits
from gemba.app.queries import quality, spc
from gemba.app.security.permission import may
from gemba.app.store.operations import NotFoundError
from gemba.app.web import quality_svg, sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did, given
from gemba.app.web.quality import number
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.execute.quality.findings import limits_text
from gemba.measure.quality.capability import histogram
from gemba.measure.quality.control import RULE_SETS
from gemba.operation import RECORDS, Characteristic

COLUMNS = [
    Column("name", "Characteristic"),
    Column("chart", "Chart"),
    Column("state", "State", order="rank"),
    Column("points", "Points", number=True),
    Column("ppk", "Ppk", number=True),
    Column("latest", "Latest point"),
]
HEADS = [
    ("name", "Characteristic"), ("item", "Item"), ("process", "Process"), ("step", "Step"), ("chart", "Chart"),
    ("phase", "Phase"), ("state", "State"), ("points", "Points"), ("cpk", "Cpk"), ("ppk", "Ppk"), ("ppk_low", "Ppk from"),
    ("ppk_high", "Ppk to"), ("latest@", "Latest point"),
]  # fmt: skip
POINT_HEADS = [
    ("at@", "When"), ("value", "Value"), ("lower", "Lower limit"), ("centre", "Centre"), ("upper", "Upper limit"),
    ("broken", "Rules broken"), ("cause", "Left out for"), ("order", "Order"), ("lot", "Lot"), ("resource", "Resource"),
]  # fmt: skip
CHARTS = {
    "xbar_r": "X̄ and R", "xbar_s": "X̄ and s", "i_mr": "Individuals and moving range", "p": "p", "np": "np", "c": "c",
    "u": "u", "ewma": "EWMA", "cusum": "CUSUM",
}  # fmt: skip
#: What a state is shown as, and how urgent it is.
TONES = {"signal": ("late", 0), "signals": ("thin", 1), "too few points": ("plain", 2), "in control": ("good", 3)}
#: Most points drawn at once.
DRAWN = 120
CHOICES = ("base", "rules", "resource", "start", "end")


@screen("control_charts")
def control_charts(request: HttpRequest, shell: Shell) -> HttpResponse:
    operation, state = shell.dataset.name, request.GET.get("state", "")
    shell.twin = with_query(reverse("api:control_charts"), operation=operation)
    every = [listed(shell, c) for c in quality.characteristics(operation) if c.chart]
    rows = [r for r in every if state in ("", r["state"])]
    found = table(request.GET.dict(), rows, COLUMNS, search=("name", "item", "process", "step"), filters=("state",))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Control charts", HEADS, found.every, shell.zone)
    return shell.page(
        "quality/charts.html", table=found, rows=found.rows, states=list(TONES), state=state,
        exports=sheets.links(request), due_url=shell.to.to("inspections"),
    )  # fmt: skip


def listed(shell: Shell, c: Characteristic) -> dict[str, Any]:
    seen = spc.view(shell.dataset.name, c, taken=quality.measured_for(shell.request.user, shell.dataset.name, c.name))
    found, _ = spc.capability_of(seen)
    of = found.of if found else None
    tone, rank = TONES[seen.state]
    return {
        "name": c.name, "item": c.item, "process": c.process, "step": c.step, "chart": CHARTS[c.chart],
        "phase": seen.phase, "state": seen.state, "tone": tone, "rank": rank, "points": len(seen.points),
        "latest": seen.points[-1].at if seen.points else None, "cpk": of.cpk if of else None, "ppk": of.ppk if of else None,
        "ppk_low": of.ppk_interval.low if of else None, "ppk_high": of.ppk_interval.high if of else None,
        "broken": ", ".join(seen.control.broken(-1)) if seen.control else "",
        "url": shell.to.to("control_chart", c.name),
    }  # fmt: skip


@screen("control_charts")
def control_chart(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    operation, query = shell.dataset.name, request.GET
    c = _find(operation, name)
    chosen = {n: query.get(n, "") for n in CHOICES}
    seen = spc.view(operation, c, taken=quality.measured_for(request.user, operation, name), **_how(request, shell))
    shell.twin = with_query(reverse("api:control_chart", args=[name]), operation=operation, **chosen)
    rows = _points(shell, seen, query.get("point", ""), chosen)
    if kind := sheets.wanted(request):
        return sheets.download(kind, name, POINT_HEADS, rows, shell.zone)
    point = next((p for p in seen.points if p.key == query.get("point", "")), None)
    return shell.page(
        "quality/chart.html", c=c, seen=seen, chosen=chosen, tone=TONES[seen.state][0], kind=CHARTS.get(c.chart, "none"),
        limits=limits_text(c), bases={k: v for k, v in spc.BASES.items() if k != "fixed" or seen.fixed},
        rules=list(RULE_SETS), resources=sorted({r.measurement.resource for p in seen.points for r in p.readings} - {""}),
        panels=_panels(seen, rows), signals=[r for r in rows if r["broken"]],
        drawn=min(DRAWN, len(rows)), point=point, point_row=next((r for r in rows if r["chosen"]), None),
        exports=sheets.links(request), may_decide=may(request.user, "dispose"), uid=uuid4().hex,
        may_correct=may(request.user, "correct_event"),
        act_url=shell.to.to("control_chart_act", name), inspect_url=shell.to.to("inspect", characteristic=name),
        list_url=shell.to.to("control_charts"), gauge_url=shell.to.to("gauge_studies", characteristic=name),
        orders=_orders(shell, point), **_capability(seen),
    )  # fmt: skip


def _how(request: HttpRequest, shell: Shell) -> dict[str, Any]:
    """What the address says of the view; a wrong moment is said and left out."""
    query = request.POST if request.method == "POST" else request.GET
    bounds = did(request, lambda: given(query, RECORDS["chart_limits"], ("start", "end"), shell.zone)) or {}
    rules = query.get("rules", "")
    return {
        "base": query.get("base", ""), "rules": rules if rules in RULE_SETS else "", "resource": query.get("resource", ""),
        **bounds,
    }  # fmt: skip


def _find(operation: str, name: str) -> Characteristic:
    try:
        return quality.find(operation, name)
    except NotFoundError as error:
        raise Http404(str(error)) from error


def _points(shell: Shell, seen: spc.View, chosen: str, how: dict[str, str]) -> list[dict[str, Any]]:
    """A row for each point, with what is broken there."""
    chart = seen.control.location if seen.control else None
    rows = []
    for i, p in enumerate(seen.points):
        m = p.readings[0].measurement
        figures = {n: float(getattr(chart, n)[i]) for n in ("lower", "centre", "upper")} if chart else {}
        value = float(chart.points[i]) if chart else p.count / p.size
        broken = "; ".join(seen.control.broken(i)) if seen.control else ""
        rows.append({
            "number": i + 1, "at": p.at, "value": value, "broken": broken, "cause": p.cause, "order": m.order, "lot": m.lot,
            "resource": m.resource, "chosen": p.key == chosen, "key": p.key,
            "url": shell.to.to("control_chart", seen.characteristic.name, **{**how, "point": p.key}) + "#point",
            "title": _title(i, value, broken, p.cause),
            **figures,
        })  # fmt: skip
    return rows


def _title(i: int, value: float, broken: str, cause: str) -> str:
    told = [f"point {i + 1}: {value:.5g}", *([broken] if broken else []), *([f"left out: {cause}"] if cause else [])]
    return ", ".join(told)


def _panels(seen: spc.View, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if seen.control is None:
        return []
    first = max(0, len(rows) - DRAWN)
    fixed = seen.fixed.at if seen.fixed and seen.base == "fixed" else None
    divide = next((i for i, r in enumerate(rows[first:]) if fixed and r["at"] > fixed), -1)
    memory = seen.characteristic.chart in ("ewma", "cusum")
    spread, shift = seen.control.spread, seen.control.shift
    main = {s.point for s in seen.control.location.signals}
    words = [{**r, "broken": r["broken"] if r["number"] - 1 in main else ""} for r in rows[first:]]
    found = [quality_svg.panel(seen.control.location, words, first=first, zones=not memory, divide=divide)]
    if spread is not None:
        beyond = set(seen.control.spread_signals)
        below = [{**r, "broken": r["broken"] if r["number"] - 1 in beyond else ""} for r in rows[max(first, shift) :]]
        start = max(first, shift) - shift
        found.append(quality_svg.panel(spread, below, first=start, zones=False, height=quality_svg.LOW))
    return found


def _capability(seen: spc.View) -> dict[str, Any]:
    found, problem = spc.capability_of(seen)
    if found is None:
        return {"indices": None, "no_indices": problem, "histogram": None}
    c, of = seen.characteristic, found.of
    rows = [
        ("Cp", of.cp, found.cp_interval, "spread within subgroups against the limits"),
        ("Cpk", of.cpk, found.cpk_interval, "the same, with the mean where it is"),
        ("Pp", of.pp, of.pp_interval, "spread of all values against the limits"),
        ("Ppk", of.ppk, of.ppk_interval, "the same, with the mean where it is"),
    ]
    values = [v for p in seen.points if not p.cause for v in p.values]
    lines = [("LSL", c.lower), ("target", c.target), ("USL", c.upper), ("mean", of.mean)]
    return {
        "indices": rows, "of": of, "no_indices": "", "histogram": quality_svg.histogram(histogram(values), lines),
    }  # fmt: skip


def _orders(shell: Shell, point: Any) -> dict[str, str]:
    orders = {r.measurement.order for r in point.readings if r.measurement.order} if point else set()
    return {o: shell.to.to("work_order", o) for o in sorted(orders)}


@screen("control_charts")
@require_POST
def control_chart_act(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    """Fix the limits of what is seen, take them back, leave a point out or put it back."""
    operation, form, user = shell.dataset.name, request.POST, request.user
    _find(operation, name)
    what, uid = form.get("what", ""), form.get("uid", "") or uuid4().hex
    kept = {n: form.get(n, "") for n in CHOICES}

    def act() -> Any:
        try:
            if what == "fix":
                how = _how(request, shell)
                rules = how.pop("rules") or spc.RULES
                fix_limits(user, operation, name, uid=uid, rules=rules, note=form.get("note", ""), **how)
                kept["base"] = "fixed"
                return "The limits are fixed. New points are judged by them."
            if what == "withdraw":
                withdraw_limits(user, operation, name, uid=uid, resource=form.get("resource", ""))
                kept["base"] = ""
                return "The limits are taken back."
            if what == "correct":
                right, why = number(form.get("value", "")), form.get("reason", "")
                correct_value(user, operation, form.get("measurement", ""), right, why, uid=uid)
                return "The value is corrected. Nothing is judged anew."
            if what == "leave_out" and not form.get("cause", "").strip():
                raise RefusedError("Say the cause for which the point is left out.")
            leave_out(user, operation, name, form.get("point", ""), form.get("cause", ""), uid=uid)
            return "Written down."
        except NotFoundError as unknown:
            raise RefusedError(str(unknown)) from None

    did(request, act, "{0}")
    return redirect(shell.to.to("control_chart", name, **kept))
