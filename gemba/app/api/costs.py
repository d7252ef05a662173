"""Standard costs, what orders cost, and profit and loss."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from gemba.app.actions.costs import LONGEST_VERSION, roll_up_costs
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import costs as queries
from gemba.app.security.permission import require
from gemba.app.security.scope import places_of
from gemba.app.store.operations import find

router = Router(tags=["costs"])

Month = Annotated[
    str, Field(pattern=r"^(|(19[5-9]\d|20\d\d|21[0-8]\d)-(0[1-9]|1[0-2]))$", description="Such as 2026-01")
]
MOST_ORDERS = 1000


class OfCosts(Schema):
    """Whose costs; blank version: the latest. ``other`` is a version to compare with."""

    operation: Text
    version: Text = ""
    other: Text = ""


class OfItem(Schema):
    operation: Text
    item: Text
    place: Text = ""
    version: Text = ""


class OfMonths(Schema):
    """Months from the first to the last; blank: the last three."""

    operation: Text
    first: Month = ""
    last: Month = ""


class OfProfit(OfMonths):
    """A statement by month, place, family or customer; of a place (and inside), family or customer alone; - is none."""

    by: Literal["month", "place", "family", "customer"] = "month"
    place: Text = ""
    family: Text = ""
    customer: Text = ""


class CostRow(Schema):
    """The standard cost of a unit of an item at a place."""

    item: str
    place: str
    family: str
    unit: str
    version: str
    at: str
    material: float
    labour: float
    machine: float
    overhead: float
    total: float
    other: float | None
    change: float | None


class Lot(Schema):
    item: Text
    place: Text = ""
    quantity: float = Field(gt=0, le=10**12)


class RollUpRequest(Schema):
    """``at``: when the version begins to hold; blank is now. ``lots``: costing lots other than the usual order."""

    operation: Text
    version: str = Field(min_length=1, max_length=LONGEST_VERSION)
    at: datetime | None = None
    lots: list[Lot] = Field([], max_length=10_000)


class RolledUp(Schema):
    version: str
    items: int


class StatementRow(Schema):
    line: str
    subtotal: bool
    amounts: list[float]
    total: float


class Statement(Schema):
    """Profit and loss: the groups are the columns of the rows."""

    first: str
    last: str
    by: str
    groups: list[str]
    rows: list[StatementRow]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _scope(request: HttpRequest, operation: str) -> Any:
    """The places the caller may see costs of; refuses whoever may see none, or asks for an unknown operation."""
    require(request.user, "see_cost")
    find(operation)
    return places_of(request.user, operation)


def _months(of: OfMonths) -> tuple[str, str, datetime, datetime]:
    try:
        return queries.period(of.operation, of.first, of.last)
    except ValueError as wrong:
        raise HttpError(422, str(wrong)) from None


@router.get("/costs", response={200: list[CostRow], **ERRORS}, summary="Standard costs of a version")
def standard_costs(request: HttpRequest, of: Query[OfCosts]) -> Any:
    scope = _scope(request, of.operation)
    return answer(_plain(queries.standard_costs(of.operation, of.version, of.other, scope)))


@router.get("/costs/item", response={200: dict[str, Any], **ERRORS}, summary="Where an item's cost comes from")
def item_cost(request: HttpRequest, of: Query[OfItem]) -> Any:
    scope = _scope(request, of.operation)
    if scope is not None and of.place and of.place not in scope:
        raise HttpError(403, "Your role does not hold at this place.")
    return answer(_plain(queries.explained(of.operation, of.item, of.place, of.version)))


@router.post("/costs", response={201: RolledUp, **ERRORS}, summary="Roll up a new version of the standard costs")
def roll_up(request: HttpRequest, how: RollUpRequest) -> Any:
    lots = {(lot.item, lot.place): lot.quantity for lot in how.lots}
    at = how.at
    if at is not None and (at.tzinfo is None or not 1950 <= at.year < 2199):
        raise HttpError(422, "at must be a moment with an offset from UTC, between 1950 and 2198.")
    count = roll_up_costs(request.user, how.operation, how.version, at=at, lots=lots)
    return Status(201, {"version": how.version.strip(), "items": count})


@router.get("/costs/orders", response={200: list[dict[str, Any]], **ERRORS}, summary="What the orders done cost")
def order_costs(request: HttpRequest, of: Query[OfMonths]) -> Any:
    scope = _scope(request, of.operation)
    _, _, low, high = _months(of)
    states = queries.done_orders(of.operation, low, high, scope)[:MOST_ORDERS]
    return answer(_plain([queries.order_row(s, c) for s, c in queries.order_costs(of.operation, states)]))


@router.get(
    "/costs/orders/{path:order}", response={200: dict[str, Any], **ERRORS}, summary="What an order cost, and why"
)
def order_cost(request: HttpRequest, order: Text, operation: Text) -> Any:
    return answer(_plain(queries.order_cost(operation, order, _scope(request, operation))))


@router.get("/profit", response={200: Statement, **ERRORS}, summary="Profit and loss")
def profit(request: HttpRequest, of: Query[OfProfit]) -> Any:
    scope = _scope(request, of.operation)
    first, last, low, high = _months(of)
    only = {name: getattr(of, name) for name in ("place", "family", "customer")}
    found, _ = queries.profit(of.operation, low, high, of.by, only, scope)
    rows = [{"line": r.line, "subtotal": r.subtotal, "amounts": r.amounts, "total": r.total} for r in found.rows]
    return answer(_plain({"first": first, "last": last, "by": of.by, "groups": found.groups, "rows": rows}))
