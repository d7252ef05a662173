"""Concerns: raised, listed, and dealt with step by step."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text, row_schema
from gemba.app.queries import concerns as queries
from gemba.app.security.permission import require
from gemba.app.store import operations
from gemba.execute.concerns import KINDS, Standing
from gemba.operation import RECORDS

router = Router(tags=["concerns"])

KindName = Literal[tuple(KINDS)]  # type: ignore[valid-type]
Amount = Annotated[float, Field(ge=0, le=10**12)]
Note = Annotated[str, Field(max_length=20_000)]


class OfConcern(Schema):
    """Whose concerns; ``state`` is a state of the kind's table, or open, ended or overdue."""

    operation: Text
    kind: Text = ""
    state: Text = ""
    place: Text = ""
    owner: Text = ""
    resource: Text = ""
    order: Text = ""
    item: Text = ""
    lot: Text = ""
    parent: Text = ""


class ConcernState(Schema):
    """A concern and where it stands."""

    concern: str
    kind: str
    title: str
    severity: str
    category: str
    place: str
    resource: str
    person: str
    order: str
    step: str
    item: str
    lot: str
    parent: str
    at: str
    state: str
    owner: str
    due: str | None
    ended: bool
    overdue: bool


class NextStep(Schema):
    """A step that the caller may take, and the fields it needs."""

    state: str
    does: str
    needs: list[str]
    decisions: list[str]


class ConcernDetail(Schema):
    """A concern with its changes, and what may follow."""

    concern: row_schema(RECORDS["concerns"])  # type: ignore[valid-type]
    state: str
    since: str
    owner: str
    due: str | None
    quantity: float
    decided: dict[str, float]
    cost: float
    lost_days: float
    ended: bool
    changes: list[row_schema(RECORDS["concern_changes"])]  # type: ignore[valid-type]
    next: list[NextStep]


class NewConcern(Schema):
    """What is raised. The same ``uid`` is taken once."""

    operation: Text
    kind: KindName  # type: ignore[valid-type]
    uid: Annotated[Text, Field(max_length=200)] = ""
    at: datetime | None = None
    title: Text = ""
    description: Note = ""
    severity: Text = ""
    category: Text = ""
    place: Text = ""
    resource: Text = ""
    person: Text = ""
    owner: Text = ""
    order: Text = ""
    step: Text = ""
    item: Text = ""
    lot: Text = ""
    quantity: Amount = 0
    due: datetime | None = None
    parent: Text = ""


class NewChange(Schema):
    """The next state, or the one it has to note something; with what the step needs."""

    operation: Text
    state: Text
    uid: Annotated[Text, Field(max_length=200)] = ""
    at: datetime | None = None
    owner: Text = ""
    decision: Text = ""
    quantity: Amount = 0
    cost: float = Field(0, ge=-(10**12), le=10**12)
    lost_days: Amount = 0
    due: datetime | None = None
    person: Text = ""
    note: Note = ""
    order: Text = ""


@router.get("/concerns", response={200: list[ConcernState], **ERRORS}, summary="Concerns, latest first")
def list_concerns(request: HttpRequest, only: Query[OfConcern]) -> Any:
    require(request.user, "see_operations")
    given = only.dict()
    operation = operations.find(given.pop("operation")).name
    return answer(
        [{**r, "at": _iso(r["at"]), "due": _iso(r["due"])} for r in queries.concerns(operation, request.user, **given)]
    )


@router.post("/concerns", response={201: ConcernDetail, **ERRORS}, summary="Raise a concern")
def new_concern(request: HttpRequest, wanted: NewConcern) -> Any:
    given = wanted.dict()
    operation, kind = given.pop("operation"), given.pop("kind")
    made = raise_concern(request.user, operation, kind, **given)
    return Status(201, _detail(request, operation, queries.standing(operation, request.user, made.concern)))


@router.get("/concerns/{number}", response={200: ConcernDetail, **ERRORS}, summary="One concern")
def concern(request: HttpRequest, number: Text, of: Query[OfConcern]) -> Any:
    require(request.user, "see_operations")
    operation = operations.find(of.operation).name
    return _detail(request, operation, queries.standing(operation, request.user, number))


@router.post("/concerns/{number}/changes", response={200: ConcernDetail, **ERRORS}, summary="Take it further")
def new_change(request: HttpRequest, number: Text, wanted: NewChange) -> Any:
    given = wanted.dict()
    operation, state = given.pop("operation"), given.pop("state")
    queries.standing(operations.find(operation).name, request.user, number)
    return _detail(request, operation, change_concern(request.user, operation, number, state, **given))


def _detail(request: HttpRequest, operation: str, found: Standing) -> dict[str, Any]:
    return {
        "concern": _plain("concerns", found.concern),
        "state": found.state,
        "since": _iso(found.since),
        "owner": found.owner,
        "due": _iso(found.due),
        "quantity": float(found.quantity),
        "decided": {way: float(amount) for way, amount in found.decided.items()},
        "cost": float(found.cost),
        "lost_days": found.lost_days,
        "ended": found.closed,
        "changes": [_plain("concern_changes", c) for c in found.changes],
        "next": [
            {"state": s.state, "does": s.does, "needs": list(s.needs), "decisions": list(s.decisions)}
            for s in queries.steps(found, operation, request.user)
        ],
    }


def _plain(table: str, thing: Any) -> dict[str, Any]:
    return {c.name: _value(getattr(thing, c.name)) for c in RECORDS[table].columns}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return _iso(value) if isinstance(value, datetime) else value


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
