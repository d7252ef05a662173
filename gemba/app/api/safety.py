"""Rates of incidents, documents, checks, waste and energy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from gemba.app.actions.safety import acknowledge, check, record_waste
from gemba.app.api.answers import ERRORS
from gemba.app.api.schemas import Text
from gemba.app.queries import safety as queries
from gemba.app.security.permission import may, require
from gemba.app.store import operations
from gemba.app.store.clock import now

router = Router(tags=["safety"])
Uid = Annotated[Text, Field(max_length=180)]


class OfPeriod(Schema):
    """The last ``days``."""

    operation: Text
    days: int = Field(365, ge=1, le=3650)


class OfPerson(Schema):
    operation: Text
    person: Text = ""


class Level(Schema):
    level: str
    count: int


class Rates(Schema):
    """Rates are for 200,000 hours; null where no hours are known."""

    hours: float
    recordable: int
    lost_time: int
    lost_days: float
    near_misses: int
    incidents: int
    trir: float | None
    ltir: float | None
    severity: float | None
    ratio: float | None
    last: str | None
    pyramid: list[Level]


class DocumentStanding(Schema):
    name: str
    version: str
    kind: str
    place: str
    resource: str
    process: str
    step: str
    item: str
    acknowledged: bool
    required: bool
    start: str | None
    end: str | None
    valid: bool
    known: int
    mine: str | None


class Acknowledgement(Schema):
    """Somebody knows a version of a document: the caller, or ``person``."""

    operation: Text
    document: Text
    version: Text = "1"
    person: Text = ""
    uid: Uid = ""


class LineChecked(Schema):
    line: int = Field(..., ge=1, le=10_000)
    right: bool
    note: Text = ""


class Checked(Schema):
    """A checklist gone through, every line."""

    operation: Text
    document: Text
    version: Text = "1"
    lines: list[LineChecked] = Field(..., max_length=500)
    order: Text = ""
    step: Text = ""
    resource: Text = ""
    uid: Uid = ""


class WasteGiven(Schema):
    operation: Text
    stream: Text
    item: Text
    quantity: float = Field(..., gt=0, le=10**9)
    place: Text = ""
    order: Text = ""
    step: Text = ""
    reason: Text = ""
    document: Text = ""
    uid: Uid = ""


class Taken(Schema):
    uids: list[str]


class WasteLine(Schema):
    """``value`` and ``disposal`` are null for those who may not see costs."""

    stream: str
    code: str
    destination: str
    hazardous: bool
    unit: str
    quantity: float
    per_unit: float | None
    value: float | None
    disposal: float | None


class EnergyLine(Schema):
    meter: str
    start: str
    end: str
    order: str
    step: str
    resource: str
    amount: float
    cost: float | None
    emissions: float


class WasteEnergy(Schema):
    waste: list[WasteLine]
    energy: list[EnergyLine]


@router.get("/safety/rates", response={200: Rates, **ERRORS}, summary="Rates of incidents")
def safety_rates(request: HttpRequest, of: Query[OfPeriod]) -> Any:
    require(request.user, "see_operations")
    operation = operations.find(of.operation).name
    high = now(operation)
    found = queries.rates(operation, request.user, high - timedelta(days=of.days), high + timedelta(seconds=1))
    names = (
        "hours",
        "recordable",
        "lost_time",
        "lost_days",
        "near_misses",
        "incidents",
        "trir",
        "ltir",
        "severity",
        "ratio",
    )
    levels = [{"level": level, "count": count} for level, count in found.pyramid]
    return {**{n: getattr(found, n) for n in names}, "last": _iso(found.last), "pyramid": levels}


@router.get("/documents", response={200: list[DocumentStanding], **ERRORS}, summary="Documents and who knows them")
def list_documents(request: HttpRequest, of: Query[OfPerson]) -> Any:
    require(request.user, "see_operations")
    names = ("name", "version", "kind", "place", "resource", "process", "step", "item", "acknowledged", "required")
    return [
        {
            **{n: getattr(k.document, n) for n in names}, "start": _iso(k.document.start), "end": _iso(k.document.end),
            "valid": k.valid, "known": k.known, "mine": _iso(k.mine),
        }
        for k in queries.documents(operations.find(of.operation).name, request.user, of.person)
    ]  # fmt: skip


@router.post("/documents/acknowledgements", response={201: Taken, **ERRORS}, summary="Confirm to know a document")
def new_acknowledgement(request: HttpRequest, given: Acknowledgement) -> Any:
    made = acknowledge(request.user, given.operation, given.document, given.version, person=given.person, uid=given.uid)
    return Status(201, {"uids": [made.uid]})


@router.post("/documents/checks", response={201: Taken, **ERRORS}, summary="Write down the checks of a checklist")
def new_checks(request: HttpRequest, given: Checked) -> Any:
    results = {line.line: line.right for line in given.lines}
    notes = {line.line: line.note for line in given.lines if line.note}
    made = check(
        request.user, given.operation, given.document, given.version, results, notes=notes, order=given.order,
        step=given.step, resource=given.resource, uid=given.uid,
    )  # fmt: skip
    return Status(201, {"uids": [e.uid for e in made]})


@router.post("/waste", response={201: Taken, **ERRORS}, summary="Waste leaves by its stream")
def new_waste(request: HttpRequest, given: WasteGiven) -> Any:
    told = given.dict()
    moved = record_waste(
        request.user, told.pop("operation"), told.pop("stream"), told.pop("item"), told.pop("quantity"), **told
    )
    return Status(201, {"uids": [moved.uid]})


@router.get("/waste_energy", response={200: WasteEnergy, **ERRORS}, summary="Waste by stream, energy by order")
def waste_energy(request: HttpRequest, of: Query[OfPeriod]) -> Any:
    require(request.user, "see_operations")
    operation, costs = operations.find(of.operation).name, may(request.user, "see_cost")
    high = now(operation)
    low, high = high - timedelta(days=of.days), high + timedelta(seconds=1)
    return {
        "waste": [
            {
                "stream": r.stream.name, "code": r.stream.code, "destination": r.stream.destination,
                "hazardous": r.stream.hazardous, "unit": r.stream.unit, "quantity": float(r.quantity),
                "per_unit": r.per_unit, "value": float(r.value) if costs else None,
                "disposal": float(r.disposal) if costs else None,
            }
            for r in queries.waste_rows(operation, low, high)
        ],
        "energy": [
            {
                "meter": c.meter, "start": _iso(c.start), "end": _iso(c.end), "order": c.order, "step": c.step,
                "resource": c.resource, "amount": float(c.amount), "cost": float(c.cost) if costs else None,
                "emissions": float(c.emissions),
            }
            for c in queries.energy(operation, low, high)
        ],
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
