"""Calls for help: who is called now, calling, answering and solving."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from gemba.app.actions.calls import call, change_call
from gemba.app.api.answers import ERRORS
from gemba.app.api.schemas import Text
from gemba.app.queries import calls as queries
from gemba.app.queries import concerns
from gemba.app.queries.current import current
from gemba.app.queries.terminal import call_row
from gemba.app.security.permission import require

router = Router(tags=["calls"])
Uid = Annotated[Text, Field(min_length=1, max_length=190)]


class CallRow(Schema):
    """An open call; ``roles`` are called now, the next one too (``escalated``) when nobody answered in time."""

    number: str
    category: str
    place: str
    resource: str
    order: str
    step: str
    person: str
    title: str
    state: str
    owner: str
    at: str
    seconds: float
    roles: list[str]
    escalated: bool


class NewCall(Schema):
    """What help is needed for: a kind of call, and where. The same ``uid`` is taken once."""

    uid: Uid
    kind: Text
    at: datetime | None = None
    place: Text = ""
    resource: Text = ""
    order: Text = ""
    step: Text = ""
    person: Text = ""
    title: Text = ""


class Called(Schema):
    number: str


class CallChange(Schema):
    uid: Uid
    state: Literal["answered", "closed", "withdrawn"]
    person: Text = ""
    note: Text = ""


class CallState(Schema):
    number: str
    state: str
    ended: bool


@router.get("/operations/{operation}/calls", response={200: list[CallRow], **ERRORS}, summary="Open calls for help")
def open_calls(request: HttpRequest, operation: Text) -> Any:
    require(request.user, "see_operations")
    return [call_row(c) for c in queries.open_calls(current(operation).operation.name, request.user)]


@router.post("/operations/{operation}/calls", response={201: Called, **ERRORS}, summary="Call for help")
def new_call(request: HttpRequest, operation: Text, wanted: NewCall) -> Any:
    require(request.user, "report_work")
    given = wanted.dict()
    made = call(request.user, current(operation).operation.name, given.pop("kind"), **given)
    return Status(201, {"number": made.concern})


@router.post(
    "/operations/{operation}/calls/{number}/changes", response={200: CallState, **ERRORS}, summary="Answer or solve it"
)
def new_change(request: HttpRequest, operation: Text, number: Text, wanted: CallChange) -> Any:
    require(request.user, "report_work")
    name, given = current(operation).operation.name, wanted.dict()
    concerns.standing(name, request.user, number)
    found = change_call(request.user, name, number, given.pop("state"), **given)
    return {"number": number, "state": found.state, "ended": found.closed}
