"""Plans: start a calculation, follow it, compare the versions, publish one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gemba.app import actions
from gemba.app.actions.jobs import DEFAULT_SECONDS, POLICIES
from gemba.app.store.models import Job, PlanVersion
from gemba.app.store.models.job import DONE, QUEUED, RUNNING
from gemba.app.store.models.plan import PUBLISHED
from gemba.app.web.addresses import with_query
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import table

POLICY_NAMES = {
    "on_time": "on time: least weighted lateness",
    "makespan": "makespan: everything done soonest",
    "least_cost": "least cost",
    "least_stock": "least stock, on time first",
}
STATE_NAMES = {
    "queued": "waiting for a worker",
    "running": "calculating",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


@screen("plans")
def plans(request: HttpRequest, shell: Shell) -> HttpResponse:
    versions = PlanVersion.objects.filter(operation=shell.dataset.name).select_related("dataset").order_by("-number")
    shell.twin = with_query(reverse("api:list_plans"), operation=shell.dataset.name)
    found = table(request.GET.dict(), list(versions), [], search=())
    job = Job.objects.filter(dataset__name=shell.dataset.name, kind="plan").order_by("-requested_at").first()
    last = job.options if job else {}
    run = {
        "seconds": f"{float(last.get('seconds') or DEFAULT_SECONDS):g}",
        "seed": last.get("seed", 0),
        "policy": last.get("policy", ""),
    }
    return shell.page(
        "plans.html",
        table=found,
        plans=[_version(v, shell) for v in found.rows],
        run=run,
        run_url=shell.to.to("run"),
        policies=[{"value": p, "text": POLICY_NAMES.get(p, p)} for p in POLICIES],
        job=_job(job, shell) if job else None,
    )


@screen("plans")
@require_POST
def run(request: HttpRequest, shell: Shell) -> HttpResponse:
    chosen = {name: request.POST.get(name, "") for name in ("seconds", "policy", "seed")}
    return _act(request, shell, lambda: actions.request_plan(request.user, shell.dataset.name, chosen))


@screen("plans")
@require_POST
def publish(request: HttpRequest, shell: Shell, number: int) -> HttpResponse:
    version = PlanVersion.objects.filter(operation=shell.dataset.name, number=number).first()
    if version is None:
        raise Http404(f"{shell.dataset.name} has no plan {number}")
    return _act(
        request,
        shell,
        lambda: actions.publish_plan(request.user, version.pk, though_older="though_older" in request.POST),
        f"Plan {number} is published.",
    )


@screen("plans")
def job(request: HttpRequest, shell: Shell, number: int) -> HttpResponse:
    """How far a calculation is; asked for again and again until it has ended."""
    found = _find(shell, number)
    answer = shell.page("parts/job.html", job=_job(found, shell))
    if found.state == DONE and request.headers.get("HX-Request") == "true":
        answer["HX-Redirect"] = shell.to.to("plans")  # the list of versions has one more
    return answer


@screen("plans")
@require_POST
def end(request: HttpRequest, shell: Shell, number: int, how: str) -> HttpResponse:
    """Cancel a calculation, or stop it and keep the best it has found."""
    found = _find(shell, number)
    with suppress(actions.RefusedError):  # it has ended meanwhile: the answer says how
        (actions.cancel_job if how == "cancel" else actions.stop_job)(request.user, found.pk)
    found.refresh_from_db()
    return shell.page("parts/job.html", job=_job(found, shell))


def _act(request: HttpRequest, shell: Shell, act: Any, done: str = "") -> HttpResponse:
    """Do it and go back to the plans, with what came of it."""
    try:
        act()
    except actions.RefusedError as refused:
        messages.error(request, str(refused), extra_tags="late")
    except PermissionDenied:
        messages.error(request, "Your role may not do this.", extra_tags="late")
    else:
        if done:
            messages.success(request, done, extra_tags="good")
    return redirect(shell.to.to("plans"))


def _find(shell: Shell, number: int) -> Job:
    found = Job.objects.filter(pk=number, dataset__name=shell.dataset.name).select_related("plan").first()
    if found is None:
        raise Http404(f"there is no job {number}")
    return found


def _version(version: PlanVersion, shell: Shell) -> dict[str, Any]:
    names = ("number", "state", "on_time", "late", "short", "value", "bound", "proven", "seconds", "policy", "seed")
    figures = {name: getattr(version, name) for name in names}
    published = version.state == PUBLISHED
    may = shell.request.user.has_perm("store.publish_plan")
    return {
        **figures,
        "made": version.created_at,
        "published": published,
        "older": not version.dataset.is_current,
        "violations": len(version.violations),
        "gap": 0.0 if version.value <= version.bound else (version.value - version.bound) / version.value,
        "current": shell.version is not None and version.pk == shell.version.pk,
        "url": shell.to.of(version.number).to("cockpit"),
        "publish_url": shell.to.to("publish", str(version.number)) if may and not published else "",
    }


def _job(found: Job, shell: Shell) -> dict[str, Any]:
    progress, wanted = found.progress or {}, float(found.options.get("seconds") or 0)
    began = found.started_at or found.requested_at
    elapsed = ((found.finished_at or timezone.now()) - began).total_seconds()
    active = found.state in (QUEUED, RUNNING)
    ends = [str(found.pk)]
    return {
        "title": f"Calculation {found.pk}",
        "state_text": STATE_NAMES.get(found.state, found.state),
        "active": active,
        "error": found.error,
        "message": str(progress.get("stage", "")) if active else "",
        "objective": found.plan.value if found.plan else progress.get("objective"),
        "bound": found.plan.bound if found.plan else progress.get("bound"),
        "elapsed": elapsed,
        "seconds": wanted,
        "percent": min(100, round(100 * elapsed / wanted)) if found.state == RUNNING and wanted else None,
        "url": shell.to.to("job", *ends),
        "cancel_url": shell.to.to("end", *ends, "cancel"),
        "stop_url": shell.to.to("end", *ends, "stop") if found.state == RUNNING else "",
        "done_url": shell.to.of(found.plan.number).to("cockpit") if found.plan else "",
    }
