"""Learning: planned against actual, the effect of what is proposed, and the way to the next version of the model."""

from __future__ import annotations

import math
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gemba.app.actions import RefusedError, cancel_job
from gemba.app.actions.learning import propose_update, request_effect, restore_version, update_as_computed
from gemba.app.queries import learning as queries
from gemba.app.security.permission import may
from gemba.app.security.scope import places_of
from gemba.app.store.models import Job
from gemba.app.store.models.job import DONE, QUEUED, RUNNING
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.formats import length, when
from gemba.app.web.given import did
from gemba.app.web.plans import STATE_NAMES
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table

COLUMNS = [
    Column("subject", "Of"), Column("name", "What"), Column("planned", "Planned", number=True),
    Column("value", "Actual", number=True), Column("difference", "Difference", number=True),
    Column("n", "Cases", number=True), Column("verdict", "Verdict"),
]  # fmt: skip
HEADS = [
    ("table", "Table"), ("subject", "Of"), ("name", "What"), ("place", "Place"), ("kind", "Unit"),
    ("planned", "Planned"), ("value", "Actual"), ("low", "Low"), ("high", "High"), ("difference", "Difference"),
    ("n", "Cases"), ("mean", "Mean"), ("median", "Median"), ("spread", "Standard deviation"), ("verdict", "Verdict"),
    ("proposed", "Proposed"), ("reason", "Reason"), ("outliers", "Outliers"),
]  # fmt: skip
TONES = {"differs": "thin", "as planned": "good", "differs little": "plain"}
FILTERS = ("process", "place", "verdict", "days", "choose")
#: Half the width of a bar of confidence: an actual value of half or double the planned one is at its edge.
HALF = 60.0
#: Yields lie closer together: their edge is a tenth off.
SHARE_EDGE = math.log2(1.1)
MOST_LEFT_OUT = 200


def period(text: str) -> int:
    """Days to look back; the usual period where the address says none.

    Raises:
        Http404: where it is no number of days.
    """
    if not text:
        return queries.USUAL_PERIOD
    if not text.isdecimal() or len(text) > 5:
        raise Http404(f"days is {text[:20]!r}; it must be a number of days, 0 for all")
    return int(text)


@screen("learning")
def learning(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, query = shell.dataset.name, request.GET
    days, scope = period(query.get("days", "")), places_of(request.user, shell.dataset.name)
    shell.twin = with_query(reverse("api:learning"), operation=name, days=days)
    every = queries.rows(name, scope, days)
    wanted = {f: query.get(f, "") for f in ("process", "place", "verdict")}
    rows = [_row(r) for r in every if all(not v or r[f] == v for f, v in wanted.items())]
    found = table(query.dict(), rows, COLUMNS, search=("subject", "name", "place", "reason"), filters=FILTERS)
    if kind := sheets.wanted(request):
        flat = [{**r, "outliers": ", ".join(r["outliers"])} for r in found.every]
        return sheets.download(kind, "Learning", HEADS, flat, shell.zone)
    job = queries.last_effect(name)
    left = queries.left_out(name, days, scope)
    return shell.page(
        "learning.html", table=found, rows=found.rows, exports=sheets.links(request), days=days,
        periods=queries.PERIODS, wanted=wanted, verdicts=queries.VERDICTS, choose=query.get("choose", ""),
        processes=sorted({r["process"] for r in every} - {""}), places=sorted({r["place"] for r in every} - {""}),
        any=bool(every), proposals=sum(r["proposed"] is not None for r in every), left=left[:MOST_LEFT_OUT],
        left_count=len(left), job=_job(job, shell) if job else None, effect_url=shell.to.to("learning_effect"),
        update_url=shell.to.to("learning_update"), may_plan=may(request.user, "request_plan"),
        may_change=may(request.user, "change_setup"), versions=_versions(shell), zone=shell.zone,
    )  # fmt: skip


def _versions(shell: Shell) -> list[dict[str, Any]]:
    if not may(shell.request.user, "change_setup"):
        return []
    found = queries.earlier_versions(shell.dataset.name)
    return [{**v, "url": shell.to.to("restore_version", str(v["version"]))} for v in found]


def _row(r: dict[str, Any]) -> dict[str, Any]:
    show = _shower(r["kind"])
    return {
        **r, "planned_text": show(r["planned"]), "value_text": show(r["value"]), "mean_text": show(r["mean"]),
        "median_text": show(r["median"]), "spread_text": show(r["spread"]), "proposed_text": show(r["proposed"]),
        "range_text": f"{show(r['low'])} to {show(r['high'])}" if r["n"] > 1 else "",
        "tone": TONES.get(r["verdict"], "plain"), "bar": _bar(r),
    }  # fmt: skip


def _shower(kind: str) -> Any:
    def show(value: float | None) -> str:
        if value is None:
            return ""
        if kind == "share":
            return f"{100 * value:.1f} %"
        return f"{value:.3g}" if kind == "factor" else exact_length(value)

    return show


def exact_length(seconds: float) -> str:
    """A length of time with three digits: changes of some per cent must show."""
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def _bar(r: dict[str, Any]) -> dict[str, Any] | None:
    """The interval on a scale on which the planned value is in the middle."""
    if r["n"] < 2 or not r["planned"] or not r["value"]:
        return None
    edge = SHARE_EDGE if r["kind"] == "share" else 1.0

    def x(value: float) -> float:
        away = math.log2(value / r["planned"]) / edge if value > 0 else -2.0
        return round(HALF + HALF * max(-1.0, min(1.0, away)), 1)

    low, high = x(r["low"]), x(r["high"])
    return {"low": low, "width": max(1.0, round(high - low, 1)), "value": x(r["value"])}


@require_POST
@screen("learning", may="request_plan")
def ask_effect(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Have the effect of the chosen proposals computed."""
    days, back = period(request.POST.get("days", "")), shell.to.to("learning")
    options = {n: request.POST.get(n, "") for n in ("seconds", "seed")}
    chosen = request.POST.getlist("choose")
    job = did(request, lambda: request_effect(request.user, shell.dataset.name, chosen, options, days=days))
    return redirect(shell.to.to("learning_result", str(job.pk)) if job else back)


@require_POST
@screen("learning", may="change_setup")
def update(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Make a draft of the next version with the chosen proposals; it is confirmed on the page of its differences."""
    days, name = period(request.POST.get("days", "")), shell.dataset.name
    chosen = request.POST.getlist("choose")
    draft = did(request, lambda: propose_update(request.user, name, chosen, days=days))
    return redirect(reverse("web:preview", args=[draft.pk]) if draft else shell.to.to("learning"))


@require_POST
@screen("learning", may="change_setup")
def update_from(request: HttpRequest, shell: Shell, number: int) -> HttpResponse:
    """The same with the proposals whose effect was computed."""
    draft = did(request, lambda: update_as_computed(request.user, _of(shell, number).dataset.name, number))
    return redirect(reverse("web:preview", args=[draft.pk]) if draft else shell.to.to("learning_result", str(number)))


@require_POST
@screen("learning", may="change_setup")
def restore(request: HttpRequest, shell: Shell, version: int) -> HttpResponse:
    """Make a draft of an earlier version."""
    try:
        draft = did(request, lambda: restore_version(request.user, shell.dataset.name, version))
    except NotFoundError as missing:
        raise Http404(str(missing)) from None
    return redirect(reverse("web:preview", args=[draft.pk]) if draft else shell.to.to("learning"))


@screen("learning")
def result(request: HttpRequest, shell: Shell, number: int) -> HttpResponse:
    """What the chosen proposals would do to the plan; how far the calculation is, while it runs."""
    job = _of(shell, number)
    shell.twin = reverse("api:job", args=[job.pk])
    if request.headers.get("HX-Request") == "true" and request.GET.get("part"):
        answer = shell.page("parts/effect_job.html", job=_job(job, shell))
        if job.state == DONE:
            answer["HX-Redirect"] = shell.to.to("learning_result", str(number))
        return answer
    found = (job.progress or {}).get("result") if job.state == DONE else None
    if found:
        found = queries.seen_effect(found, shell.dataset.name, places_of(request.user, shell.dataset.name))
    return shell.page(
        "effect.html", job=_job(job, shell), found=_shown(found, shell) if found else None,
        proposals=[_proposal(p) for p in job.options["proposals"]], options=job.options,
        update_url=shell.to.to("learning_update_from", str(number)) if may(request.user, "change_setup") else "",
        learning_url=shell.to.to("learning", days=job.options["days"]), current=job.dataset.is_current,
    )  # fmt: skip


@require_POST
@screen("learning", may="request_plan")
def cancel(request: HttpRequest, shell: Shell, number: int) -> HttpResponse:
    """End the calculation."""
    job = _of(shell, number)
    try:
        cancel_job(request.user, job.pk)
    except RefusedError as refused:
        messages.info(request, str(refused))
    except PermissionDenied as denied:
        messages.error(request, str(denied), extra_tags="late")
    return redirect(shell.to.to("learning"))


def _of(shell: Shell, number: int) -> Job:
    try:
        return queries.effect_job(shell.dataset.name, number)
    except NotFoundError as missing:
        raise Http404(str(missing)) from None


def _job(job: Job, shell: Shell) -> dict[str, Any]:
    began = job.started_at or job.requested_at
    elapsed = ((job.finished_at or timezone.now()) - began).total_seconds()
    seconds = 2 * float(job.options.get("seconds") or 0)
    return {
        "number": job.pk, "state": job.state, "state_text": STATE_NAMES.get(job.state, job.state),
        "active": job.state in (QUEUED, RUNNING), "error": job.error, "elapsed": elapsed, "seconds": seconds,
        "message": str((job.progress or {}).get("stage", "")) if job.state == RUNNING else "",
        "percent": min(100, round(100 * elapsed / seconds)) if job.state == RUNNING and seconds else None,
        "many": len(job.options["proposals"]), "url": shell.to.to("learning_result", str(job.pk)),
        "part_url": shell.to.to("learning_result", str(job.pk), part=1),
        "cancel_url": shell.to.to("learning_cancel", str(job.pk)) if may(shell.request.user, "request_plan") else "",
    }  # fmt: skip


def _proposal(p: dict[str, Any]) -> dict[str, Any]:
    kinds = {"yield_rate": "share", "efficiency": "factor"}
    show = _shower(kinds.get(p["field"], "seconds"))
    return {
        "subject": " / ".join(p["key"]), "name": queries.FIELD_NAMES.get(p["field"], p["field"]), "now": show(p["now"]),
        "proposed": show(p["proposed"]), "range": f"{show(p['low'])} to {show(p['high'])}", "n": p["n"],
    }  # fmt: skip


def _shown(found: dict[str, Any], shell: Shell) -> dict[str, Any]:
    zone = shell.zone
    demands = [
        {**d, "url": shell.to.demand(d["demand"]) if shell.version else "",
         "was": when(d["ready_before"], zone), "will": when(d["ready_after"], zone),
         "shift": length(abs(d["later"])) if d["later"] else "", "is_later": (d["later"] or 0) > 0,
         "worse": d["lateness_after"] > d["lateness_before"] or d["status_after"] == "short" != d["status_before"]}
        for d in found["demands"]
    ]  # fmt: skip
    return {**found, "demands": demands, "figures": _figures(found)}


def _figures(found: dict[str, Any]) -> list[dict[str, Any]]:
    figures = []
    for key, name, kind in (
        ("objective", "Objective, weighted days of lateness", "number"), ("on_time", "Demands on time", "count"),
        ("late", "Demands late", "count"), ("short", "Demands short", "count"),
        ("lateness", "Lateness of all demands", "time"), ("makespan", "Until the last work ends", "time"),
        ("bottleneck", "Bottleneck", "text"),
    ):  # fmt: skip
        one, two = found[f"{key}_before"], found[f"{key}_after"]
        better = 0 if kind == "text" or one == two else (1 if (two < one) != (key == "on_time") else -1)
        show = {"time": length, "number": lambda v: f"{v:,.2f}"}.get(kind, str)
        figures.append({"name": name, "before": show(one), "after": show(two), "better": better, "same": one == two})
    return figures
