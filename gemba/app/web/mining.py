"""The process map: how work really goes, from the operation's own records or from an uploaded log."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions.event_logs import LARGEST, discard_log, upload_log
from gemba.app.queries import mining as queries
from gemba.app.queries.current import current
from gemba.app.queries.learning import PERIODS
from gemba.app.security.scope import places_of
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.formats import length
from gemba.app.web.given import did
from gemba.app.web.learning import period
from gemba.app.web.map_picture import picture
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table

VIEWS = {
    "map": "Map", "variants": "Variants", "times": "Times", "bottlenecks": "Bottlenecks", "people": "Hand-overs",
    "rework": "Rework", "conformance": "Conformance", "cases": "Cases",
}  # fmt: skip
BY = ("resource", "group", "person")
STATE = ("source", "process", "place", "item", "days", "activities", "arcs", "by")
#: At first every activity is shown, and so many arcs as can be read.
USUAL_ACTIVITIES, READABLE_ARCS = 100, 25
MOST_NAMES = 25
COLUMNS: dict[str, list[Column]] = {
    "variants": [Column("number", "No.", number=True), Column("way", "Way"), Column("count", "Cases", number=True),
                 Column("share", "Share", number=True), Column("cumulated", "Cumulated", number=True),
                 Column("median", "Median time", number=True), Column("fitness", "Fitness", number=True)],
    "bottlenecks": [Column("before", "After"), Column("activity", "Before"), Column("count", "Times", number=True),
                    Column("median", "Median wait", number=True), Column("p90", "Nine of ten", number=True),
                    Column("per_case", "Per case", number=True), Column("share", "Share of all waiting", number=True)],
    "rework": [Column("activity", "Activity"), Column("cases", "Cases", number=True),
               Column("share", "Share of cases", number=True), Column("repeats", "Repeats", number=True),
               Column("self_loops", "Directly again", number=True), Column("most", "Most in a case", number=True),
               Column("work", "Work in repeats", number=True)],
    "conformance": [Column("kind", "Deviation"), Column("activity", "Activity"), Column("other", "In relation to"),
                    Column("cases", "Cases", number=True), Column("share", "Share of cases", number=True),
                    Column("count", "Times", number=True)],
    "cases": [Column("case", "Case"), Column("start", "Start"), Column("end", "End"),
              Column("time", "Throughput time", number=True), Column("events", "Activities", number=True),
              Column("fitness", "Fitness", number=True), Column("findings", "Deviations")],
    "people": [Column("name", "Name"), Column("count", "Activities done", number=True),
               Column("cases", "Cases", number=True), Column("work", "Work", number=True),
               Column("busy", "Busy", number=True)],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view is made from: the chosen log, the address's state, and addresses that keep it."""

    shell: Shell
    chosen: queries.Chosen
    fit: Any
    process: str
    state: dict[str, str]

    def to(self, view: str = "", **query: Any) -> str:
        return self.shell.to.to("process_map", **{**self.state, "view": view, **query})

    def cases(self, **which: Any) -> str:
        return self.to("cases", **which)


@screen("process_map")
def process_map(request: HttpRequest, shell: Shell) -> HttpResponse:
    view = request.GET.get("view", "map")
    if view not in VIEWS:
        raise Http404(f"there is no view {view}")
    try:
        seen = _seen(request, shell)
    except NotFoundError as missing:
        raise Http404(str(missing)) from None
    if kind := request.GET.get("log", ""):
        return _file(seen, kind)
    shell.twin = with_query(reverse("api:process_map"), operation=shell.dataset.name, **{
        k: v for k, v in seen.state.items() if k != "by" and k not in ("activities", "arcs")
    })  # fmt: skip
    own = _VIEWS[view](request, seen)
    if isinstance(own, HttpResponse):
        return own
    operation = current(shell.dataset.name).operation
    log = seen.chosen.log
    return shell.page(
        "process_map.html", view=view, seen=seen, chosen=seen.chosen, state=seen.state, process=seen.process,
        views=[{"name": n, "url": seen.to(v if v != "map" else ""), "on": v == view} for v, n in VIEWS.items()],
        cases=len(log.case.names), events=len(log), logs=queries.uploaded_logs(request.user),
        processes=[p.name for p in operation.processes], places=[p.name for p in operation.places],
        periods=PERIODS, days=period(seen.state.get("days", "")), limit=LARGEST // 2**20,
        upload_url=shell.to.to("upload_log"), discard_url=shell.to.to("discard_log"),
        csv_url=seen.to("", log="csv"), xes_url=seen.to("", log="xes"), zone=shell.zone, **own,
    )  # fmt: skip


def _seen(request: HttpRequest, shell: Shell) -> Seen:
    query, name = request.GET, shell.dataset.name
    state = {k: query[k] for k in STATE if query.get(k)}
    source, process = state.get("source", ""), state.get("process", "")
    if source:
        if not source.isdecimal() or len(source) > 15:
            raise Http404(f"there is no uploaded log {source[:20]}")
        chosen = queries.uploaded_log(request.user, int(source))
    else:
        wanted = queries.Filter(process, state.get("place", ""), state.get("item", ""), period(state.get("days", "")))
        chosen = queries.own_log(name, wanted, places_of(request.user, name))
    return Seen(shell, chosen, queries.conformance(chosen.log, name, process), process, state)


def _file(seen: Seen, kind: str) -> HttpResponse:
    if kind not in ("csv", "xes"):
        raise Http404("an event log is downloaded as csv or xes")
    types = {"csv": "text/csv; charset=utf-8", "xes": "application/xml"}
    answer = HttpResponse(queries.packed(seen.chosen.log, kind, seen.shell.zone), content_type=types[kind])
    answer["Content-Disposition"] = f'attachment; filename="event-log.{kind}"'
    return answer


def share(text: str, usual: int) -> int:
    """A share in per cent.

    Raises:
        Http404: where it is none.
    """
    if not text:
        return usual
    if not text.isdecimal() or len(text) > 3 or int(text) > 100:
        raise Http404(f"a share is {text[:20]!r}; it must be from 0 to 100")
    return int(text)


def _readable(arcs: int) -> int:
    """The share of this many arcs that can be read, in steps of the slider."""
    return min(100, max(5, 5 * round(20 * READABLE_ARCS / max(1, arcs))))


def _map(request: HttpRequest, seen: Seen) -> Any:
    activities = share(seen.state.get("activities", ""), USUAL_ACTIVITIES)
    if not len(seen.chosen.log):
        return {"picture": None}
    arcs = share(seen.state.get("arcs", ""), _readable(queries.arcs(seen.chosen.log)))
    found = queries.flow(seen.chosen.log, activities / 100, arcs / 100)
    hidden = {k: v for k, v in seen.state.items() if k not in ("activities", "arcs")}
    return {
        "picture": picture(found, seen.cases),
        "found": found,
        "activities": activities,
        "arcs": arcs,
        "hidden": hidden,
    }


def _table(
    request: HttpRequest, seen: Seen, name: str, rows: list[dict[str, Any]], search: tuple[str, ...], **more: Any
) -> Any:
    """A view that is a table: with its export."""
    columns = COLUMNS[name]
    found = table(request.GET.dict(), rows, columns, search=search)
    if kind := sheets.wanted(request):
        heads = [(c.key + ("@" if c.key in ("start", "end") else ""), c.name) for c in columns]
        return sheets.download(kind, VIEWS[name], heads, found.every, seen.shell.zone)
    return {"table": found, "rows": found.rows, "exports": sheets.links(request), **more}


def _variants(request: HttpRequest, seen: Seen) -> Any:
    rows = queries.variant_rows(seen.chosen.log, seen.fit)
    for row in rows:
        row["url"] = seen.cases(variant=row["number"])
    return _table(request, seen, "variants", rows, ("way",))


def _times(request: HttpRequest, seen: Seen) -> Any:
    found = queries.throughput(seen.chosen.log)
    if kind := sheets.wanted(request):
        heads = [("low", "From, seconds"), ("high", "To, seconds"), ("count", "Cases")]
        return sheets.download(kind, "Throughput times", heads, found["bins"], seen.shell.zone)
    return {"times": found, "bars": _bars(found, seen), "exports": sheets.links(request)}


def _bars(found: dict[str, Any], seen: Seen) -> dict[str, Any] | None:
    """The histogram's shapes."""
    if not found["bins"]:
        return None
    most, wide = max(b["count"] for b in found["bins"]), 900 / len(found["bins"])
    low, high = found["bins"][0]["low"], found["bins"][-1]["high"]
    bars = [
        {"x": round(i * wide + 30, 1), "width": round(wide - 2, 1), "height": round(150 * b["count"] / most, 1),
         "y": round(170 - 150 * b["count"] / most, 1), "count": b["count"], "middle": round(i * wide + 30 + wide / 2, 1),
         "text_y": round(165 - 150 * b["count"] / most, 1), "title": f"{length(b['low'])} to {length(b['high'])}",
         "url": seen.cases(least=math.ceil(b["low"]), most=math.ceil(b["high"]) - (i + 1 < len(found["bins"])))}
        for i, b in enumerate(found["bins"])
    ]  # fmt: skip
    ticks = [{"x": round(30 + 900 * k / 4, 1), "text": length(low + (high - low) * k / 4)} for k in range(5)]
    middle = 30 + 900 * (found["spread"]["median"] - low) / max(high - low, 1e-9)
    return {"bars": bars, "ticks": ticks, "median": round(middle, 1), "median_text": length(found["spread"]["median"])}


def _bottlenecks(request: HttpRequest, seen: Seen) -> Any:
    rows = [b for b in queries.bottlenecks(seen.chosen.log) if b["total"] > 0]
    for row in rows:
        row["url"] = seen.cases(before=row["before"], activity=row["activity"])
    return _table(request, seen, "bottlenecks", rows, ("before", "activity"))


def _people(request: HttpRequest, seen: Seen) -> Any:
    by = seen.state.get("by", "resource")
    if by not in BY:
        raise Http404(f"hand-overs are by {', '.join(BY)}")
    try:
        found = queries.hand_overs(seen.chosen.log, by)
    except ValueError:  # an uploaded log has no persons
        found = {"passes": 0, "stays": 0, "names": [], "pairs": [], "workload": []}
    for row in found["workload"]:
        row["url"] = seen.cases(taker=row["name"], by=by)
    choices = [{"name": n, "url": seen.to("people", by=n), "on": n == by} for n in BY]
    return _table(
        request,
        seen,
        "people",
        found["workload"],
        ("name",),
        hand=found,
        matrix=_matrix(found, seen, by),
        by=by,
        choices=choices,
    )


def _matrix(found: dict[str, Any], seen: Seen, by: str) -> dict[str, Any]:
    """Givers down, takers across; the busiest names."""
    names = [w["name"] for w in found["workload"][:MOST_NAMES]]
    counts = {(p["giver"], p["taker"]): p for p in found["pairs"]}
    most = max([p["count"] for p in found["pairs"] if p["giver"] != p["taker"]], default=0)
    rows = [
        {"name": g, "cells": [
            _cell(counts.get((g, t)), g == t, most, seen.cases(giver=g, taker=t, by=by)) for t in names
        ]} for g in names
    ]  # fmt: skip
    return {"names": names, "rows": rows, "left": len(found["workload"]) - len(names)}


def _cell(pair: dict[str, Any] | None, stays: bool, most: int, url: str) -> dict[str, Any]:
    if pair is None:
        return {"count": "", "tone": "stays" if stays else "none", "title": "", "url": ""}
    tone = "stays" if stays else "some" if pair["count"] > most / 2 else "low"
    title = f"{pair['giver']} → {pair['taker']}: {pair['count']} times, median wait {length(pair['median'])}"
    return {"count": pair["count"], "tone": tone, "title": title, "url": url}


def _rework(request: HttpRequest, seen: Seen) -> Any:
    rows = queries.rework(seen.chosen.log)
    for row in rows:
        row["url"] = seen.cases(activity=row["activity"])
    return _table(request, seen, "rework", rows, ("activity",))


def _conformance(request: HttpRequest, seen: Seen) -> Any:
    if seen.fit is None:
        return {"fit": None}
    rows = queries.deviation_rows(seen.fit)
    for row in rows:
        row["url"] = seen.cases(kind=row["kind"], activity=row["activity"], other=row["other"])
    return _table(
        request, seen, "conformance", rows, ("kind", "activity", "other"), fit=seen.fit, of=len(seen.fit.cases)
    )


def _cases(request: HttpRequest, seen: Seen) -> Any:
    query = request.GET
    variant = query.get("variant", "")
    if variant and (not variant.isdecimal() or len(variant) > 9):
        raise Http404(f"there is no variant {variant[:20]}")
    by = query.get("by", "resource")
    if by not in BY or (by == "person" and not seen.chosen.own):
        raise Http404(f"hand-overs are by {', '.join(BY)}")
    words = {n: query.get(n, "") for n in ("kind", "activity", "other", "before", "giver", "taker")}
    least, most = _seconds(query.get("least", "")), _seconds(query.get("most", ""))
    which = queries.Which(int(variant or 0), by=by, least=least, most=most, **words)
    rows = queries.case_rows(seen.chosen.log, seen.fit, which)
    for row in rows:
        row["url"] = seen.shell.to.to("work_order", row["case"]) if seen.chosen.own else ""
    return _table(request, seen, "cases", rows, ("case", "findings"), which=_words(which))


def _seconds(text: str) -> float | None:
    """A length of time in seconds, or None.

    Raises:
        Http404: where it is no number.
    """
    try:
        found = float(text) if text else None
    except ValueError:
        found = math.inf
    if found is not None and not math.isfinite(found):
        raise Http404(f"a time is {text[:20]!r}; it must be a number of seconds")
    return found


def _words(which: queries.Which) -> str:
    if which.variant:
        return f"of variant {which.variant}"
    if which.kind:
        return f"with {which.kind} {which.activity}" + (f" / {which.other}" if which.other else "")
    if which.taker:
        return f"that {which.taker} has from {which.giver}" if which.giver else f"that {which.taker} works on"
    if which.most is not None:
        return f"that take {length(which.least or 0)} to {length(which.most)}"
    if which.before:
        return f"with {which.before} → {which.activity}"
    return f"with {which.activity}" if which.activity else ""


_VIEWS: dict[str, Callable[[HttpRequest, Seen], Any]] = {
    "map": _map, "variants": _variants, "times": _times, "bottlenecks": _bottlenecks, "people": _people,
    "rework": _rework, "conformance": _conformance, "cases": _cases,
}  # fmt: skip


@require_POST
@screen("process_map")
def upload(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Take an event log to look at: the person's own, for a day."""
    log = did(request, lambda: upload_log(request.user, request.FILES.getlist("file"), zone=shell.zone))
    if log is None:
        return redirect(shell.to.to("process_map"))
    left = log.reading["left_out"]
    messages.success(
        request, f"{log.name} is read: {log.reading['rows'] - left} of {log.reading['rows']} rows can be used.",
        extra_tags="thin" if left else "good",
    )  # fmt: skip
    return redirect(shell.to.to("process_map", source=log.pk))


@require_POST
@screen("process_map")
def discard(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Throw an uploaded log away."""
    number = request.POST.get("source", "")
    if number.isdecimal() and len(number) < 16:
        discard_log(request.user, int(number))
    return redirect(shell.to.to("process_map"))
