"""Planned against actual, the effect of what is proposed, and updates of the model."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from gemba.app.actions.learning import propose_update, request_effect, restore_version
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import JobDetail, Preview, Text
from gemba.app.queries import jobs
from gemba.app.queries import learning as queries
from gemba.app.queries.imports import import_preview
from gemba.app.security.permission import require
from gemba.app.security.scope import places_of
from gemba.app.store.operations import find

router = Router(tags=["learning"])

Days = Field(queries.USUAL_PERIOD, ge=0, le=36500, description="Orders released in the last days; 0 is all")


class OfLearning(Schema):
    operation: Text
    days: int = Days


class ActualRow(Schema):
    """A field of the model, what it is planned with, and what it really was (times in seconds)."""

    id: str
    table: str
    key: list[str]
    subject: str
    process: str
    place: str
    field: str
    name: str
    kind: str
    planned: float
    n: int
    value: float | None
    low: float | None
    high: float | None
    mean: float | None
    median: float | None
    spread: float | None
    difference: float | None
    verdict: str
    proposed: float | None
    reason: str
    outliers: list[str]


class LeftOutRow(Schema):
    record: str
    why: str


class LearningAnswer(Schema):
    """Planned against actual, and the records that could not be used."""

    rows: list[ActualRow]
    left_out: list[LeftOutRow]


class Chosen(Schema):
    """Proposals by their id (``GET /learning``)."""

    operation: Text
    proposals: list[Text] = Field(min_length=1, max_length=1000)
    days: int = Days


class EffectRequest(Chosen):
    seconds: float | None = Field(None, ge=0, le=86400)
    steps: int | None = Field(None, ge=1, le=10**12)
    seed: int = Field(0, ge=0, le=2**31 - 1)


class VersionRequest(Schema):
    operation: Text
    version: int = Field(ge=1, le=2**31 - 1)


@router.get("/learning", response={200: LearningAnswer, **ERRORS}, summary="Planned against actual, with proposals")
def learning(request: HttpRequest, of: Query[OfLearning]) -> Any:
    require(request.user, "see_operations")
    name = find(of.operation).name
    scope = places_of(request.user, name)
    return answer({"rows": queries.rows(name, scope, of.days), "left_out": queries.left_out(name, of.days, scope)})


@router.post("/learning/effect", response={201: JobDetail, **ERRORS}, summary="Ask for the effect of proposals")
def ask_effect(request: HttpRequest, wanted: EffectRequest) -> Any:
    """A job; when it is done, its progress has the result."""
    options = {"seconds": wanted.seconds, "steps": wanted.steps, "seed": wanted.seed}
    job = request_effect(request.user, wanted.operation, wanted.proposals, options, days=wanted.days)
    return Status(201, jobs.job(job.pk))


@router.post("/learning/update", response={201: Preview, **ERRORS}, summary="Draft a version with proposals")
def update(request: HttpRequest, wanted: Chosen) -> Any:
    """It becomes the operation once its import is confirmed."""
    draft = propose_update(request.user, wanted.operation, wanted.proposals, days=wanted.days)
    return Status(201, import_preview(draft.pk))


@router.post("/learning/restore", response={201: Preview, **ERRORS}, summary="Draft an earlier version")
def restore(request: HttpRequest, wanted: VersionRequest) -> Any:
    """It becomes the operation once its import is confirmed."""
    return Status(201, import_preview(restore_version(request.user, wanted.operation, wanted.version).pk))
