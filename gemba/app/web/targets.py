"""Targets: the cascade with where each stands, setting one, breaking it down to the places below, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions import targets as actions
from gemba.app.actions.release import uid
from gemba.app.queries import kpi_course as courses
from gemba.app.queries import targets as queries
from gemba.app.queries.kpis import Filters
from gemba.app.security.permission import may
from gemba.app.security.scope import places_of
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.formats import when
from gemba.app.web.given import did
from gemba.app.web.kpi_parts import TONES, line_chart, unit_of, with_unit
from gemba.app.web.kpis import place_tree
from gemba.app.web.shell import Shell, screen
from gemba.measure.kpi import Definition
from gemba.measure.targets import Branch
from gemba.operation import Fault, OperationError, Target
from gemba.operation.moments import from_local, moment

PERIODS = ("shift", "day", "week", "month", "quarter", "year")
STATES = {
    "": "Every state",
    "alarming": "Off track or missed",
    "at risk": "At risk",
    "on track": "On track",
    "no data": "No data",
}
HEADS = [
    ("kpi", "KPI"), ("place", "Place"), ("item", "Item"), ("period", "Period"), ("value", "Value"), ("goal", "Goal"),
    ("alert", "Alert"), ("unit", "Unit"), ("forecast", "Forecast"), ("state", "State"), ("trend", "Trend"),
    ("misses", "Periods missed in a row"), ("owner", "Owner"), ("told_text", "Told"),
]  # fmt: skip


@screen("targets")
def targets(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, query = shell.dataset.name, request.GET
    shell.twin = with_query(reverse("api:targets"), operation=name)
    trees, measures = queries.cascade(name, request.user)
    every = queries.flat(trees)
    rows = [_dress(shell, queries.as_row(measures, b)) for b in every]
    names = {request.user.get_username(), *request.user.groups.values_list("name", flat=True)}
    state, mine = query.get("state", ""), query.get("mine", "") == "1"
    shown = [r for r in rows if _fits(r, state) and (not mine or names & {r["owner"], *r["told"]})]
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Targets", HEADS, shown, shell.zone)
    return shell.page(
        "targets.html", rows=shown, count=len(rows), alarming=sum(_fits(r, "alarming") for r in rows), state=state,
        states=STATES.items(), mine=mine, exports=sheets.links(request), may_set=may(request.user, "set_target"),
        set_url=shell.to.to("set_target"), kpis_url=shell.to.to("kpis"),
    )  # fmt: skip


def _fits(row: Mapping[str, Any], state: str) -> bool:
    return state in ("", row["state"]) or (state == "alarming" and row["state"] in queries.ALARMING)


def _dress(shell: Shell, row: dict[str, Any]) -> dict[str, Any]:
    """Texts and addresses of a target."""
    money, unit = shell.operation.currency, row["unit"]
    row["url"] = shell.to.to("target", row["uid"])
    period = row["period"] if row["period"] != "shift" else "day"
    row["kpi_url"] = shell.to.to("kpi", row["kpi"], place=row["place"], item=row["item"], period=period)
    for name in ("value", "goal", "alert", "forecast"):
        row[f"{name}_text"] = with_unit(row[name], unit, money)
    row["tone"], row["told_text"] = TONES[row["state"]], ", ".join(row["told"])
    row["trend_text"] = {"better": "↗ better", "worse": "↘ worse", "level": "→ level"}[row["trend"]]
    return row


def _found(request: HttpRequest, shell: Shell, target_uid: str) -> tuple[Branch, list[Branch], courses.Measures]:
    try:
        return queries.find(shell.dataset.name, request.user, target_uid)
    except NotFoundError as missing:
        raise Http404(str(missing)) from None


@screen("targets")
def target(request: HttpRequest, shell: Shell, target_uid: str) -> HttpResponse:
    branch, every, measures = _found(request, shell, target_uid)
    t, row = branch.target, _dress(shell, queries.as_row(measures, branch))
    shell.twin = with_query(reverse("api:target"), operation=shell.dataset.name, uid=t.uid)
    kpi = measures.known.kpis.get(t.kpi)
    past = queries.history(shell.dataset.name, t)
    for one in past:
        for name in ("goal", "alert"):
            one[f"{name}_text"] = with_unit(one[name], row["unit"], shell.operation.currency)
    above = next((b for b in every if b.target.uid == t.parent), None)
    can = may(request.user, "set_target") and _holds(request, shell, t.place)
    return shell.page(
        "target.html", row=row, past=past, chart=_chart(shell, measures, t, kpi) if kpi else {}, target=t,
        below=[_dress(shell, queries.as_row(measures, b)) for b in branch.below], may_set=can,
        above=_dress(shell, queries.as_row(measures, above)) if above else None, formula=kpi.formula if kpi else "",
        change_url=shell.to.to("set_target", uid=t.uid), below_url=shell.to.to("break_down", t.uid),
        withdraw_url=shell.to.to("withdraw_target", t.uid), targets_url=shell.to.to("targets"),
    )  # fmt: skip


def _holds(request: HttpRequest, shell: Shell, place: str) -> bool:
    scope = places_of(request.user, shell.dataset.name)
    return scope is None or place in scope


def _chart(shell: Shell, measures: courses.Measures, t: Target, kpi: Definition) -> dict[str, Any]:
    if t.period == "shift" or (t.place and t.place not in {p.name for p in measures.operation.places}):
        return {}
    over = courses.span(t.period, measures.today)
    course = measures.courses([t.kpi], over, Filters(t.place, t.item))[t.kpi]
    points = courses.row(measures, kpi, over, course, ())["course"]
    for i, point in enumerate(points):
        at = min(over.until(i) - timedelta(days=1), measures.today).isoformat()
        point["url"] = shell.to.to("kpi", t.kpi, place=t.place, item=t.item, period=t.period, at=at)
    return line_chart(points, t.period, kpi.unit, t.goal, t.alert)


@screen("targets", may="set_target")
def set_target(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, form = shell.dataset.name, request.POST if request.method == "POST" else request.GET
    trees, measures = queries.cascade(name, request.user)
    every = queries.flat(trees)
    if request.method == "POST":
        made = did(
            request, lambda: actions.set_target(request.user, name, _given(shell, measures, form)), "The target is set."
        )
        if made is not None:
            return redirect(shell.to.to("target", made.uid))
    known = next((b.target for b in every if b.target.uid == form.get("uid", "")), None)
    of = {
        f: form.get(f, "") or (getattr(known, f) if known else "") for f in ("kpi", "place", "item", "period", "parent")
    }
    kpi = measures.known.kpis.get(of["kpi"])
    same = known or next((b.target for b in every if _key(b.target) == tuple(of[f] for f in KEY)), None)
    scope = places_of(request.user, name)
    return shell.page(
        "target_form.html", of=of, kpi=kpi, unit=unit_of(kpi.unit, shell.operation.currency) if kpi else "",
        values=_values(shell, form if request.method == "POST" else {}, same, kpi), new_uid=uid(), replaces=same,
        kpis=sorted(k.name for k in courses.visible(measures, request.user, of["place"])), periods=PERIODS,
        places=([("", "Whole operation")] if scope is None else [])
        + [(n, "\u2003" * d + n) for n, d in place_tree(measures.operation, scope)],
        items=[i.name for i in measures.operation.items[:500]], owners=queries.owners(),
        parents=_parents(shell, measures, every, of["kpi"], same), targets_url=shell.to.to("targets"),
        now=_now(shell, measures, of, kpi, _holds(request, shell, of["place"])),
    )  # fmt: skip


KEY = ("kpi", "place", "item", "period")


def _key(t: Target) -> tuple[str, ...]:
    return tuple(getattr(t, f) for f in KEY)


def _values(shell: Shell, form: Mapping[str, str], same: Target | None, kpi: Definition | None) -> dict[str, Any]:
    """What the fields hold: what was typed, else the target that would be replaced."""
    if form:
        return {f: form.get(f, "") for f in ("goal", "alert", "owner", "start", "end", "note")}
    if same is None:
        return {"owner": "supervisor"}
    unit = kpi.unit if kpi else ""
    days = {f: _local_day(shell, getattr(same, f)) for f in ("start", "end")}
    return {"goal": _typed(same.goal, unit), "alert": _typed(same.alert, unit), "owner": same.owner, **days, "note": ""}


def _typed(value: float | None, unit: str) -> str:
    """A number as a field takes it."""
    return "" if value is None else f"{round(value * (100 if unit == '%' else 1), 9):g}"


def _local_day(shell: Shell, at: datetime | None) -> str:
    return when(at, shell.zone, "%Y-%m-%d") if at else ""


def _parents(
    shell: Shell, measures: courses.Measures, every: list[Branch], kpi: str, same: Target | None
) -> list[tuple[str, str]]:
    """The targets of the same KPI that this one may be part of."""
    unit, money = measures.known.kpis[kpi].unit if kpi in measures.known.kpis else "", shell.operation.currency

    def words(t: Target) -> str:
        at = ", ".join(name for name in (t.place or "Whole operation", t.item) if name)
        return f"{at}, {t.period}: {with_unit(t.goal, unit, money)}"

    found = [b.target for b in every if b.target.kpi == kpi and (same is None or b.target.uid != same.uid)]
    return [(t.uid, words(t)) for t in found]


def _now(shell: Shell, measures: courses.Measures, of: Mapping[str, str], kpi: Definition | None, may_see: bool) -> str:
    """The KPI in the last whole period: what a goal is held against."""
    known = {"", *(p.name for p in measures.operation.places)}
    if kpi is None or of["period"] not in PERIODS[1:] or of["place"] not in known or not may_see:
        return ""
    over = courses.span(of["period"], measures.today, 2)
    found = measures.courses([kpi.name], over, Filters(of["place"], of["item"]))[kpi.name][0]
    return "" if found is None or found.value is None else with_unit(found.value, kpi.unit, shell.operation.currency)


def _given(shell: Shell, measures: courses.Measures, form: Mapping[str, str], at: str = "") -> Target:
    """The target that a form gives; ``at`` comes after its fields' names (a row of a table).

    Raises:
        OperationError: with every field that cannot be read.
    """
    kpi = measures.known.kpis.get(form.get("kpi", ""))
    faults: list[Fault] = []

    def read(name: str, needed: bool) -> float | None:
        typed = form.get(name + at, "").strip()
        try:
            value = float(typed) if typed or needed else None
        except ValueError:
            value = float("nan")
        if value is not None and not abs(value) < 1e15:
            faults.append(Fault("targets", form.get("kpi", ""), name, typed, "a number"))
            return None
        return value / 100 if value is not None and kpi is not None and kpi.unit == "%" else value

    def day(name: str) -> datetime | None:
        typed = form.get(name, "").strip()
        try:
            found = datetime.strptime(typed, "%Y-%m-%d") if typed else None
        except ValueError:
            faults.append(Fault("targets", form.get("kpi", ""), name, typed, "a day such as 2026-01-31"))
            return None
        return moment(from_local(found, shell.zone)) if found else None

    if kpi is None:
        faults.append(Fault("targets", "", "kpi", form.get("kpi", ""), "one of the KPIs there are"))
    if form.get("period", "") not in PERIODS:
        faults.append(Fault("targets", "", "period", form.get("period", ""), f"one of {', '.join(PERIODS)}"))
    goal, alert, start, end = read("goal", True), read("alert", False), day("start"), day("end")
    sign = -1 if kpi is not None and kpi.better == "lower" else 1
    if goal is not None and alert is not None and sign * alert > sign * goal:
        faults.append(Fault("targets", form["kpi"], "alert", form.get("alert" + at), "no better than the goal"))
    if start and end and end <= start:
        faults.append(Fault("targets", form.get("kpi", ""), "end", form.get("end"), "after the start"))
    if faults or goal is None:
        raise OperationError(faults)
    return Target(
        uid=form.get("new_uid" + at) or uid(), at=measures.now, kpi=form["kpi"], place=form.get("place" + at, ""),
        item=form.get("item", ""), period=form["period"], start=start, end=end, goal=goal, alert=alert,
        owner=form.get("owner" + at, "").strip(), parent=form.get("parent", ""), note=form.get("note", "").strip(),
    )  # fmt: skip


@screen("targets", may="set_target")
def break_down(request: HttpRequest, shell: Shell, target_uid: str) -> HttpResponse:
    """One row for each place directly below, prefilled; those that are ticked are set together."""
    branch, every, measures = _found(request, shell, target_uid)
    t, name = branch.target, shell.dataset.name
    if request.method == "POST":
        made = did(request, lambda: _break_down(request, shell, measures, t), "{0} targets are set.")
        if made is not None:
            return redirect(shell.to.to("target", t.uid))
    row, kpi = _dress(shell, queries.as_row(measures, branch)), measures.known.kpis.get(t.kpi)
    goals = queries.proposed(measures, t)
    stands = {
        b.target.place: b.target
        for b in every
        if _key(b.target)[0::2] == (t.kpi, t.item) and b.target.period == t.period
    }
    rows: list[dict[str, Any]] = []
    for i, (place, value, goal, alert) in enumerate(goals):
        same, typed = stands.get(place), request.POST
        unit = kpi.unit if kpi else ""
        rows.append(
            {
                "i": i, "place": place, "value": with_unit(value, unit, shell.operation.currency), "uid": uid(),
                "goal": typed.get(f"goal-{i}") or _typed(same.goal if same else goal, unit),
                "alert": typed.get(f"alert-{i}") or _typed(same.alert if same else alert, unit),
                "owner": typed.get(f"owner-{i}") or (same.owner if same else "supervisor"),
                "chosen": f"choose-{i}" in typed if typed else True, "replaces": same is not None,
            }
        )  # fmt: skip
    return shell.page(
        "target_break_down.html", row=row, rows=rows, owners=queries.owners(), back=row["url"],
        unit=unit_of(kpi.unit, shell.operation.currency) if kpi else "", operation_name=name,
        additive=kpi is not None and queries.adds_up(measures, t.kpi),
    )  # fmt: skip


def _break_down(request: HttpRequest, shell: Shell, measures: courses.Measures, t: Target) -> int:
    form = {
        **request.POST.dict(),
        "kpi": t.kpi,
        "item": t.item,
        "period": t.period,
        "parent": t.uid,
        "start": "",
        "end": "",
    }
    places = [place for place, *_ in queries.proposed(measures, t)]
    wanted: list[Target] = []
    faults: list[Fault] = []
    for i, place in enumerate(places):
        if f"choose-{i}" in form:
            try:
                wanted.append(_given(shell, measures, {**form, f"place-{i}": place}, f"-{i}"))
            except OperationError as wrong:
                faults += wrong.faults
    if faults:
        raise OperationError(faults)
    if not wanted:
        raise OperationError([Fault("targets", t.kpi, "places", "", "at least one of those below")])
    return len(actions.break_down(request.user, shell.dataset.name, wanted))


@require_POST
@screen("targets", may="set_target")
def withdraw(request: HttpRequest, shell: Shell, target_uid: str) -> HttpResponse:
    note = request.POST.get("note", "").strip()[:1000]

    def act() -> bool:
        actions.withdraw_target(request.user, shell.dataset.name, target_uid, note)
        return True

    try:
        done = did(request, act, "The target is taken back.")
    except NotFoundError as missing:
        raise Http404(str(missing)) from None
    return redirect(shell.to.to("targets") if done else shell.to.to("target", target_uid))
