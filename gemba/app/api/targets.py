"""Targets: where each stands, setting them, taking them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from gemba.app.actions import targets as actions
from gemba.app.actions.release import uid
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import targets as queries
from gemba.app.security.permission import require
from gemba.app.store.clock import now
from gemba.app.store.operations import find
from gemba.operation import Target

router = Router(tags=["targets"])


class TargetRow(Schema):
    """A target and where it stands; of unit % a goal of 1 is 100 %. ``told``: who must know."""

    uid: str
    kpi: str
    place: str
    item: str
    period: str
    goal: float
    alert: float | None
    owner: str
    parent: str
    start: datetime | None
    end: datetime | None
    note: str
    unit: str
    better: str
    value: float | None
    forecast: float | None
    state: Literal["met", "missed", "on track", "at risk", "off track", "no data"]
    trend: Literal["better", "worse", "level"]
    misses: int
    told: list[str]
    depth: int


class TargetGiven(Schema):
    """A target to set; a blank uid gets one."""

    uid: Text = ""
    kpi: Text
    place: Text = ""
    item: Text = ""
    period: Literal["shift", "day", "week", "month", "quarter", "year"] = "month"
    goal: float
    alert: float | None = None
    owner: Text = ""
    parent: Text = ""
    note: Text = ""


class TargetsRequest(Schema):
    """Targets to set together: all of them or none."""

    operation: Text
    targets: list[TargetGiven] = Field(min_length=1, max_length=1000)


class Withdrawal(Schema):
    operation: Text
    uid: Text
    note: Text = ""


@router.get("/targets", response={200: list[TargetRow], **ERRORS}, summary="The cascade of targets, the worst first")
def targets(request: HttpRequest, operation: Text) -> Any:
    require(request.user, "see_operations")
    find(operation)
    trees, measures = queries.cascade(operation, request.user)
    return answer([queries.as_row(measures, b) for b in queries.flat(trees)])


@router.get("/targets/one", response={200: dict[str, Any], **ERRORS}, summary="A target with its history")
def target(request: HttpRequest, operation: Text, uid: Text) -> Any:
    require(request.user, "see_operations")
    branch, _, measures = queries.find(operation, request.user, uid)
    below = [queries.as_row(measures, b) for b in branch.below]
    return answer(
        {**queries.as_row(measures, branch), "below": below, "history": queries.history(operation, branch.target)}
    )


@router.post("/targets", response={201: list[str], **ERRORS}, summary="Set targets; the answer names their uids")
def set_targets(request: HttpRequest, how: TargetsRequest) -> Any:
    find(how.operation)
    at = now(how.operation)
    wanted = [Target(**{**t.dict(), "uid": t.uid or uid()}, at=at) for t in how.targets]
    return Status(201, [t.uid for t in actions.break_down(request.user, how.operation, wanted)])


@router.post("/targets/withdraw", response={204: None, **ERRORS}, summary="Take a target back")
def withdraw_target(request: HttpRequest, how: Withdrawal) -> Any:
    find(how.operation)
    actions.withdraw_target(request.user, how.operation, how.uid, how.note)
    return Status(204, None)
