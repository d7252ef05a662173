"""Asking for a plan, and following the job that makes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from gemba.app import actions
from gemba.app.api.answers import ERRORS
from gemba.app.api.paging import JobFilter
from gemba.app.api.schemas import Id, JobDetail, JobRequest
from gemba.app.queries import jobs
from gemba.app.security.permission import require

router = Router(tags=["jobs"])


@router.post("/jobs", response={201: JobDetail, **ERRORS}, summary="Ask for a plan")
def request_plan(request: HttpRequest, wanted: JobRequest) -> Any:
    options = wanted.dict(exclude={"operation"}, exclude_none=True)
    return Status(201, jobs.job(actions.request_plan(request.user, wanted.operation, options).pk))


@router.get("/jobs", response={200: list[JobDetail], **ERRORS}, summary="The latest jobs")
def list_jobs(request: HttpRequest, only: Query[JobFilter]) -> Any:
    require(request.user, "see_operations")
    return jobs.jobs(only.operation, only.state)


@router.get("/jobs/{job_id}", response={200: JobDetail, **ERRORS}, summary="How far a job is")
def job(request: HttpRequest, job_id: Id) -> Any:
    require(request.user, "see_operations")
    return jobs.job(job_id)


@router.post("/jobs/{job_id}/cancel", response={200: JobDetail, **ERRORS}, summary="End a job without a result")
def cancel(request: HttpRequest, job_id: Id) -> Any:
    return jobs.job(actions.cancel_job(request.user, job_id).pk)


@router.post("/jobs/{job_id}/stop", response={200: JobDetail, **ERRORS}, summary="End a job with the best so far")
def stop(request: HttpRequest, job_id: Id) -> Any:
    return jobs.job(actions.stop_job(request.user, job_id).pk)
