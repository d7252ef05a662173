"""The ledger: stock at any moment, movements, lots, counting; and everything that moves stock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from gemba.app.actions import stock_holds, stock_moves
from gemba.app.actions.stock_counts import count
from gemba.app.actions.stock_values import revalue
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import ledger_rows as queries
from gemba.app.security.permission import require
from gemba.app.store import operations
from gemba.app.store.operations import NotFoundError
from gemba.execute.ledger.genealogy import Lot

router = Router(tags=["ledger"])

Amount = Annotated[float, Field(gt=0, le=10**12)]
Uid = Annotated[Text, Field(min_length=1, max_length=180)]
Name = Annotated[Text, Field(min_length=1)]


class OfStock(Schema):
    """Which stock, when (blank: now), and added up by what."""

    operation: Text
    at: datetime | None = None
    by: Literal["place", "lot", "item"] = "place"
    item: Text = ""
    place: Text = ""
    lot: Text = ""


class OnHandRow(Schema):
    """Stock on hand. ``available`` = on hand - reserved - held - expired; a value only for who may see costs."""

    item: str
    place: str = ""
    lot: str = ""
    unit: str
    family: str
    on_hand: float
    reserved: float
    held: float
    expired: float
    available: float
    value: float
    expires: str | None
    state: str


class OfMovements(Schema):
    """Which movements; the latest first."""

    operation: Text
    item: Text = ""
    place: Text = ""
    lot: Text = ""
    cause: Text = ""
    order: Text = ""
    start: datetime | None = None
    end: datetime | None = None
    most: int = Field(queries.SHOWN, ge=1, le=10_000)


class MovementRow(Schema):
    uid: str
    at: str
    item: str
    lot: str
    cause: str
    quantity: float
    value: float | None
    source: str
    target: str
    order: str
    demand: str
    reason: str
    person: str
    document: str
    corrects: str
    reversed: bool


class OfLot(Schema):
    operation: Text
    item: Name
    lot: Name


class Traced(Schema):
    item: str
    lot: str
    level: int
    orders: str


class Recalled(Schema):
    item: str
    lot: str
    kind: str
    name: str
    quantity: float


class LotDetail(Schema):
    """A lot, what it went into and came from, and where all of that is now."""

    item: str
    lot: str
    held: bool
    expires: str | None
    forward: list[Traced]
    back: list[Traced]
    recall: list[Recalled]


class OfCounts(Schema):
    operation: Text
    place: Text = ""
    abc_class: Literal["", "A", "B", "C"] = ""


class DueCount(Schema):
    item: str
    place: str
    lot: str
    abc: str
    unit: str
    last: str | None
    due: str


class Moving(Schema):
    """What every posting has. The same ``uid`` is taken once."""

    operation: Text
    uid: Uid
    quantity: Amount
    lot: Text = ""


class Receipt(Moving):
    item: Name
    place: Text = ""
    supplier: Text = ""
    expires: datetime | None = None
    order: Text = ""
    document: Text = ""


class Issue(Moving):
    item: Name
    place: Text = ""
    order: Name
    step: Text = ""


class Shipment(Moving):
    demand: Name
    document: Text = ""
    documents_right: bool = True
    condition_right: bool = True


class Transfer(Moving):
    item: Name
    place: Text = ""
    to: Text = ""


class Scrap(Moving):
    item: Name
    place: Text = ""
    reason: Name


class Return(Moving):
    item: Name
    place: Text = ""
    customer: Text = ""
    demand: Text = ""
    reason: Text = ""


class Reservation(Moving):
    item: Name
    place: Text = ""
    order: Text = ""
    demand: Text = ""


class Reversal(Schema):
    operation: Text
    uid: Uid
    movement: Name
    reason: Name


class Revaluation(Schema):
    operation: Text
    uid: Uid


class NewCount(Schema):
    operation: Text
    uid: Uid
    item: Name
    place: Text = ""
    lot: Text = ""
    counted: float = Field(ge=0, le=10**12)
    note: Text = ""


class CountResult(Schema):
    """What came of a count: right (within tolerance), adjusted, or to be counted again."""

    uid: str
    counted: float
    book: float
    outcome: Literal["right", "adjusted", "again"]


class Holding(Schema):
    operation: Text
    uid: Uid
    item: Name
    lot: Name
    reason: Name
    concern: Text = ""


class Posted(Schema):
    """The uids of what was added; none where the uid was taken before."""

    added: list[str]


@router.get("/ledger/stock", response={200: list[OnHandRow], **ERRORS}, summary="Stock on hand at any moment")
def ledger_stock(request: HttpRequest, only: Query[OfStock]) -> Any:
    given = _seeing(request, only)
    return answer([_plain(row) for row in queries.stock_rows(given.pop("operation"), request.user, **given)])


@router.get("/ledger/movements", response={200: list[MovementRow], **ERRORS}, summary="Movements, latest first")
def ledger_movements(request: HttpRequest, only: Query[OfMovements]) -> Any:
    given = _seeing(request, only)
    return answer([_plain(row) for row in queries.movement_rows(given.pop("operation"), request.user, **given)])


@router.get("/ledger/lot", response={200: LotDetail, **ERRORS}, summary="A lot, its genealogy and the recall list")
def ledger_lot(request: HttpRequest, only: Query[OfLot]) -> Any:
    given = _seeing(request, only)
    found = queries.lot_page(given["operation"], request.user, Lot(given["item"], given["lot"]))
    if found is None:
        raise NotFoundError(f"there is no lot {given['lot']!r} of {given['item']!r}")
    return answer(_plain(found))


@router.get("/ledger/due", response={200: list[DueCount], **ERRORS}, summary="What is due to be counted")
def ledger_due(request: HttpRequest, only: Query[OfCounts]) -> Any:
    given = _seeing(request, only)
    return answer([_plain(row) for row in queries.due_rows(given.pop("operation"), request.user, **given)])


def _seeing(request: HttpRequest, only: Schema) -> dict[str, Any]:
    require(request.user, "see_operations")
    given = only.dict()
    moments = {n: _utc(v) for n, v in given.items() if isinstance(v, datetime)}
    return {**given, **moments, "operation": operations.find(given["operation"]).name}


def _posting(path: str, act: Callable[..., Any], wanted: type[Schema], summary: str) -> None:
    """A way to post: the body's fields are the action's arguments."""

    def posting(request: HttpRequest, body: Any) -> Any:
        given = body.dict()
        operation, uid = operations.find(given.pop("operation")).name, given.pop("uid")
        if "quantity" in given:
            given["quantity"] = Decimal(str(given["quantity"]))
        if given.get("expires"):
            given["expires"] = _utc(given["expires"])
        return Status(201, {"added": [r.uid for r in act(request.user, operation, uid, **given)]})

    posting.__annotations__["body"] = wanted
    name = f"ledger_{path.replace('-', '_')}"
    posting.__name__ = name
    router.post(f"/ledger/{path}", response={201: Posted, **ERRORS}, summary=summary, operation_id=name)(posting)


_posting("receive", stock_moves.receive, Receipt, "Receive from a supplier")
_posting("issue", stock_moves.issue, Issue, "Issue to an order")
_posting("ship", stock_moves.ship, Shipment, "Ship for a demand")
_posting("transfer", stock_moves.transfer, Transfer, "Move to another place")
_posting("scrap", stock_moves.scrap, Scrap, "Scrap stock")
_posting("take-back", stock_moves.take_back, Return, "Take back from a customer")
_posting("reverse", stock_moves.reverse, Reversal, "Reverse a movement")
_posting("hold", stock_holds.hold, Holding, "Hold a lot")
_posting("free", stock_holds.free, Holding, "Free a held lot")
_posting("revalue", revalue, Revaluation, "Give stock its value at the standard costs of now")
_posting("reserve", stock_holds.reserve, Reservation, "Reserve stock")
_posting("unreserve", stock_holds.unreserve, Reservation, "Give a reservation back")


@router.post("/ledger/count", response={201: CountResult, **ERRORS}, summary="Write down a count")
def ledger_count(request: HttpRequest, body: NewCount) -> Any:
    given = body.dict()
    operation, uid = operations.find(given.pop("operation")).name, given.pop("uid")
    given["counted"] = Decimal(str(given["counted"]))
    made = count(request.user, operation, uid, **given)
    told = {"counted": float(made.count.counted), "book": float(made.count.book), "outcome": made.outcome}
    return Status(201, {"uid": made.count.uid, **told})


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat(timespec="seconds") if isinstance(v, datetime) else v for n, v in row.items()}
