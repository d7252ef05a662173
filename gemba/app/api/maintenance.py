"""Assets, due work, stops and meters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from gemba.app.actions.maintenance import order_due, order_repair, read_meter, report_down, report_up
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import maintenance as queries
from gemba.app.security.permission import require
from gemba.app.store import operations
from gemba.app.store.clock import now

router = Router(tags=["maintenance"])
Uid = Annotated[Text, Field(max_length=180)]
Note = Annotated[str, Field(max_length=20_000)]


class OfPlace(Schema):
    operation: Text
    place: Text = ""


class OfOne(Schema):
    operation: Text


class OfStops(OfPlace):
    """Stops of the last ``days``."""

    resource: Text = ""
    reason: Text = ""
    days: int = Field(30, ge=1, le=3650)


class AssetRow(Schema):
    """An asset with its figures of the last year, in seconds of working hours."""

    name: str
    kind: str
    place: str
    down: bool
    reason: str
    open: float
    operating: float
    repair: float
    planned: float
    failures: int
    mtbf: float | None
    mttr: float | None
    availability: float | None
    lives: list[float]
    running: float
    plan: str
    due: str | None


class DueMaintenance(Schema):
    plan: str
    resource: str
    process: str
    due: str | None
    earliest: str | None
    latest: str | None
    state: str
    why: str
    order: str


class StopRow(Schema):
    """A stop; ``seconds`` are of working hours in the period."""

    resource: str
    reason: str
    planned: bool
    start: str
    end: str | None
    seconds: float
    note: str


class Down(Schema):
    """A resource does not work; with ``request`` a maintenance request is raised, due by ``until``."""

    operation: Text
    reason: Text
    uid: Uid = ""
    at: datetime | None = None
    note: Note = ""
    request: Text = ""
    until: datetime | None = None


class Up(Schema):
    operation: Text
    uid: Uid = ""
    at: datetime | None = None
    note: Note = ""
    reason: Text = ""


class Reading(Schema):
    operation: Text
    value: float = Field(..., ge=-(10**12), le=10**12)
    uid: Uid = ""
    at: datetime | None = None
    note: Note = ""
    corrects: Uid = ""


class OrderWanted(Schema):
    """Maintenance plans by name, or an accepted maintenance request (with the process to do it by, if any)."""

    operation: Text
    plans: list[Text] = Field([], max_length=500)
    request: Text = ""
    process: Text = ""


class Taken(Schema):
    """What was written down."""

    uid: str
    at: str


class Numbers(Schema):
    orders: list[str]


@router.get("/assets", response={200: list[AssetRow], **ERRORS}, summary="Assets with their reliability")
def list_assets(request: HttpRequest, of: Query[OfPlace]) -> Any:
    require(request.user, "see_operations")
    operation = operations.find(of.operation).name
    return answer([_asset(a) for a in queries.assets(operation, request.user, place=of.place)])


@router.get("/assets/{path:name}", response={200: AssetRow, **ERRORS}, summary="One asset")
def asset(request: HttpRequest, name: Text, of: Query[OfOne]) -> Any:
    require(request.user, "see_operations")
    return _asset(queries.asset(operations.find(of.operation).name, request.user, name))


@router.get("/due", response={200: list[DueMaintenance], **ERRORS}, summary="Maintenance by when it is due")
def list_due(request: HttpRequest, of: Query[OfOne]) -> Any:
    require(request.user, "see_operations")
    operation = operations.find(of.operation).name
    moment, ordered = now(operation), queries.ordered(operation)
    seen = {a.resource.name for a in queries.assets(operation, request.user)}
    return [
        {
            "plan": d.plan.name, "resource": d.plan.resource, "process": d.plan.process, "due": _iso(d.due),
            "earliest": _iso(d.earliest), "latest": _iso(d.latest), "state": d.state(moment), "why": d.why,
            "order": ordered.get(d.plan.name, ""),
        }
        for d in queries.due(operation) if d.plan.resource in seen
    ]  # fmt: skip


@router.post("/due/orders", response={201: Numbers, **ERRORS}, summary="Make orders of due work or of a request")
def make_orders(request: HttpRequest, wanted: OrderWanted) -> Any:
    made = order_due(request.user, wanted.operation, wanted.plans) if wanted.plans else []
    if wanted.request:
        made.append(order_repair(request.user, wanted.operation, wanted.request, process=wanted.process))
    return Status(201, {"orders": made})


@router.get("/downtime", response={200: list[StopRow], **ERRORS}, summary="Stops of assets")
def downtime(request: HttpRequest, of: Query[OfStops]) -> Any:
    require(request.user, "see_operations")
    operation = operations.find(of.operation).name
    high = now(operation)
    chosen = {"place": of.place, "resource": of.resource, "reason": of.reason}
    found = queries.downtime(operation, request.user, high - timedelta(days=of.days), high, **chosen)
    return answer([
        {
            "resource": s.resource, "reason": s.reason, "planned": s.planned, "start": _iso(s.start), "end": _iso(s.end),
            "seconds": seconds, "note": s.note,
        }
        for s, seconds in found
    ])  # fmt: skip


@router.post("/resources/{name}/down", response={201: Taken, **ERRORS}, summary="A resource does not work")
def down(request: HttpRequest, name: Text, given: Down) -> Any:
    told = given.dict()
    made = report_down(request.user, told.pop("operation"), name, told.pop("reason"), **told)
    return Status(201, {"uid": made.uid, "at": _iso(made.at)})


@router.post("/resources/{name}/up", response={201: Taken, **ERRORS}, summary="It works again")
def up(request: HttpRequest, name: Text, given: Up) -> Any:
    told = given.dict()
    made = report_up(request.user, told.pop("operation"), name, **told)
    return Status(201, {"uid": made.uid, "at": _iso(made.at)})


@router.post("/meters/{name}/readings", response={201: Taken, **ERRORS}, summary="Write down what a meter shows")
def reading(request: HttpRequest, name: Text, given: Reading) -> Any:
    told = given.dict()
    made = read_meter(request.user, told.pop("operation"), name, told.pop("value"), **told)
    return Status(201, {"uid": made.uid, "at": _iso(made.at)})


def _asset(found: queries.Asset) -> dict[str, Any]:
    record = found.record
    names = ("open", "operating", "repair", "planned", "failures", "mtbf", "mttr", "availability", "running")
    return {
        "name": found.resource.name, "kind": found.resource.kind, "place": found.resource.place,
        "down": found.down is not None, "reason": found.down.reason if found.down else "",
        **{name: getattr(record, name) for name in names}, "lives": list(record.lives),
        "plan": found.due.plan.name if found.due else "", "due": _iso(found.due.due if found.due else None),
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
