"""KPIs: every one with its value, course, target and formula; and each of them told apart down to its records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.app.queries import kpi_course as queries
from gemba.app.queries.current import current
from gemba.app.queries.targets import standing, statuses
from gemba.app.security.permission import may
from gemba.app.security.scope import places_of
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.kpi_parts import TONES, change, line_chart, mark, number, period_name, spark, unit_of, with_unit
from gemba.app.web.shell import Shell, screen
from gemba.measure.kpi.ask import DIMENSIONS, PERIODS
from gemba.measure.targets import Status

#: The most records of a figure on a page; an export has all that are read.
SHOWN = 200
GROUPS = ("ISO 22400-2", "SCOR", "Service", "Inventory", "Productivity", "Own")
HEADS = [
    ("group", "Group"), ("kpi", "KPI"), ("value", "Value"), ("unit", "Unit"), ("before", "Period before"),
    ("change", "Change"), ("goal", "Goal"), ("state", "State"), ("formula", "Formula"), ("why", "No value because"),
]  # fmt: skip
MOST_CHOICES = 500


@screen("kpis")
def kpis(request: HttpRequest, shell: Shell) -> HttpResponse:
    name = shell.dataset.name
    try:
        what, rows, measures = queries.overview(name, request.user, request.GET.dict())
    except ValueError as wrong:
        raise Http404(str(wrong)) from None
    shell.twin = with_query(reverse("api:kpis"), operation=name, **what.query())
    stands = _targets(measures, what)
    for row in rows:
        _dress(shell, what, row, stands.get(row["kpi"]))
    q = request.GET.get("q", "").strip()
    if q:
        rows = [
            r for r in rows if all(w in f"{r['kpi']} {r['formula']} {r['group']}".lower() for w in q.lower().split())
        ]
    if kind := sheets.wanted(request):
        return sheets.download(kind, "KPIs", HEADS, rows, shell.zone)
    only = request.GET.get("only", "") == "values"
    shown = [r for r in rows if r["value"] is not None] if only else rows
    groups = [{"name": g, "rows": [r for r in shown if r["group"] == g]} for g in _groups(rows)]
    return shell.page(
        "kpis.html", what=what, groups=[g for g in groups if g["rows"]], q=q, only=only, exports=sheets.links(request),
        empty=not any(_is_recorded(r) for r in rows), period_text=_period_text(measures, what),
        choices=_choices(request, measures, what), targets_url=shell.to.to("targets"),
    )  # fmt: skip


def _is_recorded(row: dict[str, Any]) -> bool:
    """Whether any record adds to a KPI: open hours and days are there without."""
    return any(e["value"] and not e["formula"] and e["source"] not in ("calendar", "days") for e in row["elements"])


def _groups(rows: list[dict[str, Any]]) -> list[str]:
    found = list(dict.fromkeys(r["group"] for r in rows))
    return sorted(found, key=lambda g: GROUPS.index(g) if g in GROUPS else len(GROUPS))


def _targets(measures: queries.Measures, what: queries.Asked) -> dict[str, Status]:
    """The targets for exactly what is looked at, by KPI: they tell of today's period."""
    f = what.filters
    if f.shift is not None or f.resource:
        return {}
    found = [
        t
        for t in standing(measures.operation.name, measures.now)
        if (t.place, t.item, t.period) == (f.place, f.item, what.period)
    ]
    return {s.target.kpi: s for s in statuses(measures, found)}


def _dress(shell: Shell, what: queries.Asked, row: dict[str, Any], status: Status | None) -> None:
    """What a row needs on a page: texts, addresses, the small line and the target's tag."""
    money, unit = shell.operation.currency, row["unit"]
    row["url"] = shell.to.to("kpi", row["kpi"], **what.query())
    row["text"], row["unit_text"] = number(row["value"], unit), unit_of(unit, money)
    row["change_text"] = change(row["change"], unit, row["better"], money)
    row["before_text"] = with_unit(row["before"], unit, money)
    row["spark"] = spark([p["value"] for p in row["course"]])
    row["records_url"] = _records(shell, what, row)
    for one in row["elements"]:
        one["text"] = with_unit(one["value"], one["unit"], money)
        one["unit_text"] = unit_of(one["unit"], money)
    target = status.target if status else None
    row["goal"], row["alert"] = (target.goal, target.alert) if target else (None, None)
    row["state"] = status.state if status else ""
    if target is not None and status is not None:
        now = what.at == queries.today(current(shell.dataset.name).operation)
        tag = {"tone": TONES[status.state], "text": status.state} if now else mark(
            row["value"], target.goal, target.alert, row["better"]
        )  # fmt: skip
        goal = with_unit(target.goal, unit, money)
        row["target"] = {**tag, "goal": goal, "url": shell.to.to("target", target.uid)}


def _records(shell: Shell, what: queries.Asked, row: dict[str, Any], **more: Any) -> str:
    query = {**what.query(), **more}
    if "from" not in query:
        query |= {"from": row["start"].isoformat(), "to": (row["end"] - timedelta(days=1)).isoformat()}
    return shell.to.to("kpi_records", row["kpi"], **{k: v for k, v in query.items() if k not in ("at",)})


def _period_text(measures: queries.Measures, what: queries.Asked) -> str:
    over = queries.span(what.period, what.at)
    text = period_name(over.starts[-1], what.period)
    return f"{text}, so far" if measures.today < over.end and what.at >= over.starts[-1] else text


def _choices(request: HttpRequest, measures: queries.Measures, what: queries.Asked) -> list[dict[str, Any]]:
    """The selects above the figures. Places are those of the person's scope, as a tree."""
    here, f = measures.operation, what.filters
    scope = places_of(request.user, here.name)
    places = [(n, "\u2003" * depth + n) for n, depth in place_tree(here, scope)]
    items = [(i.name, i.name) for i in here.items[:MOST_CHOICES]]
    if f.item and f.item not in dict(items):
        items.append((f.item, f.item))
    shifts = [(n, n) for n in dict.fromkeys(s.name for s in here.shifts)]
    found = [
        {"name": "place", "label": "Place", "chosen": f.place,
         "options": ([("", "Whole operation")] if scope is None else []) + places},
        {"name": "period", "label": "Period", "chosen": what.period, "options": [(p, p.capitalize()) for p in PERIODS]},
        {"name": "item", "label": "Item", "chosen": f.item, "options": [("", "Every item"), *items]},
    ]  # fmt: skip
    if shifts:
        chosen = "" if f.shift is None else f.shift or queries.NONE
        outside = [(queries.NONE, "Outside every shift")]
        found.append(
            {"name": "shift", "label": "Shift", "chosen": chosen, "options": [("", "Every shift"), *shifts, *outside]}
        )
    return found


def place_tree(here: Any, scope: Any) -> list[tuple[str, int]]:
    """Places with how deep they are, each followed by those inside it."""
    below: dict[str, list[str]] = {}
    for p in here.places:
        below.setdefault(p.parent, []).append(p.name)
    tops = below.get("", []) if scope is None else queries.tops(here, scope)
    found, open_ = [], [(n, 0) for n in reversed(tops)]
    while open_:
        name, depth = open_.pop()
        found.append((name, depth))
        open_ += [(n, depth + 1) for n in reversed(below.get(name, []))]
    return found


@screen("kpis")
def kpi(request: HttpRequest, shell: Shell, kpi: str) -> HttpResponse:
    name, here = shell.dataset.name, current(shell.dataset.name).operation
    by = request.GET.get("by") or "place"
    try:
        what, measures = queries.asked(here, request.user, request.GET.dict()), queries.Measures(here)
        known = queries.definition(measures, request.user, kpi)
        over = queries.span(what.period, what.at)
        course = measures.courses([kpi], over, what.filters)[kpi]
        row = queries.row(measures, known, over, course, what.used)
        parts = queries.parts(measures, kpi, over, what.filters, by, what.used)
    except ValueError as wrong:
        raise Http404(str(wrong)) from None
    shell.twin = with_query(reverse("api:kpi_figures"), operation=name, kpi=kpi, by=by, **what.query())
    _dress(shell, what, row, _targets(measures, what).get(kpi))
    for i, point in enumerate(row["course"]):
        until = over.until(i) - timedelta(days=1)
        point["url"] = shell.to.to(
            "kpi", kpi, **{**what.query(), "at": min(until, measures.today).isoformat(), "by": by}
        )
    _dress_parts(shell, what, row, parts, by)
    if kind := sheets.wanted(request):
        heads = [("name", by.capitalize()), ("value", known.name), ("why", "No value because")]
        heads += [(f"element {e['name']}", f"{e['name']} ({e['unit_text']})") for e in row["elements"]]
        sheet = [{**p, **{f"element {e['name']}": e["value"] for e in p["elements"]}} for p in parts]
        return sheets.download(kind, known.name, heads, sheet, shell.zone)
    tabs = [
        {"name": d, "current": d == by, "url": shell.to.to("kpi", kpi, **{**what.query(), "by": d})} for d in DIMENSIONS
    ]
    return shell.page(
        "kpi.html", what=what, row=row, parts=parts, by=by, tabs=tabs, exports=sheets.links(request),
        chart=line_chart(row["course"], what.period, row["unit"], row["goal"], row["alert"]), period=what.period,
        period_text=_period_text(measures, what), choices=_choices(request, measures, what),
        kpis_url=shell.to.to("kpis", **what.query()), columns=[e for e in row["elements"] if not e["formula"]],
        chosen=what.filters.resource, may_set=may(request.user, "set_target"),
        set_url=shell.to.to("set_target", kpi=kpi, place=what.filters.place, item=what.filters.item, period=what.period),
    )  # fmt: skip


def _dress_parts(shell: Shell, what: queries.Asked, row: dict[str, Any], parts: list[dict[str, Any]], by: str) -> None:
    money = shell.operation.currency
    for part in parts:
        part["text"] = with_unit(part["value"], row["unit"], money)
        part["mark"] = mark(part["value"], row["goal"], row["alert"], row["better"]) if by == "place" else {}
        part["records_url"] = _records(shell, what, row, **_only(by, part["name"]))
        part["summed"] = [with_unit(e["value"], e["unit"], money) for e in part["elements"] if not e["formula"]]
        if by in ("place", "item", "shift", "resource") and part["name"]:
            into = {
                **what.query(),
                by: part["name"],
                "by": {"place": "place", "resource": "reason"}.get(by, "resource"),
            }
            part["url"] = shell.to.to("kpi", row["kpi"], **into)


def _only(by: str, value: str) -> dict[str, str]:
    """The filter of one row; a blank shift or reason is one that is asked for."""
    return {by: value or (queries.NONE if by in ("shift", "reason") else "")}


@screen("kpis")
def kpi_records(request: HttpRequest, shell: Shell, kpi: str) -> HttpResponse:
    """The records behind a figure, with what each adds to each element."""
    name, here, query = shell.dataset.name, current(shell.dataset.name).operation, request.GET
    try:
        what, measures = queries.asked(here, request.user, query.dict()), queries.Measures(here)
        known = queries.definition(measures, request.user, kpi)
        found = queries.records(measures, known, what, query.dict())
    except ValueError as wrong:
        raise Http404(str(wrong)) from None
    days = {"first": query.get("from"), "last": query.get("to"), "reason": query.get("reason")}
    shell.twin = with_query(reverse("api:kpi_records"), operation=name, kpi=kpi, **what.query(), **days)
    rows = [_record(shell, behind, found.columns) for behind in found.behind]
    money = shell.operation.currency
    if kind := sheets.wanted(request):
        heads = [
            ("table", "Table"), ("uid", "Uid"), ("at@", "When"), ("kind", "What"), ("order", "Order"), ("step", "Step"),
            ("resource", "Resource"), ("person", "Person"), ("item", "Item"), ("reason", "Reason"),
            *((f"adds {c}", c) for c in found.columns),
        ]  # fmt: skip
        return sheets.download(kind, f"{kpi} records", heads, rows, shell.zone)
    columns = [
        {
            "name": c,
            "unit": unit_of(measures.known.elements[c].unit, money),
            "meaning": measures.known.elements[c].meaning,
            "sum": number(found.sums[c]),
            "figure": number(found.figure.elements.get(c)) if found.figure else number(None),
        }
        for c in found.columns
    ]
    return shell.page(
        "kpi_records.html", kpi=known, what=what, rows=rows[:SHOWN], count=len(rows), more=found.more, columns=columns,
        start=found.start, last=found.end - timedelta(days=1), others=found.others, exports=sheets.links(request),
        value=with_unit(found.figure.value if found.figure else None, known.unit, money), shown=SHOWN,
        back=shell.to.to("kpi", kpi, **what.query()), reason=query.get("reason", ""),
    )  # fmt: skip


_WHAT = {"movements": "cause", "deliveries": "demand", "measurements": "characteristic", "events": "kind"}


def _record(shell: Shell, behind: Any, columns: list[str]) -> dict[str, Any]:
    r = behind.record
    row: dict[str, Any] = {"table": behind.table, "uid": behind.uid, "at": r.at}
    row |= {k: getattr(r, k, "") for k in ("order", "step", "resource", "person", "item", "reason")}
    row["kind"] = getattr(r, _WHAT.get(behind.table, ""), "") or getattr(r, "meter", "")
    row["adds"] = [number(behind.adds[c]) if c in behind.adds else "" for c in columns]
    row |= {f"adds {c}": behind.adds.get(c) for c in columns}
    row["url"] = shell.to.to("work_order", row["order"]) if row["order"] else ""
    if behind.table == "movements":
        row["moves_url"] = shell.to.to("movements", item=row["item"], order=row["order"])
    return row
