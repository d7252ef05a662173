"""Records: what happened, listed and sent in, one address for each table."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Field, Query, Router, Schema, Status
from ninja.errors import ValidationError
from pydantic import create_model

from gemba.app.actions.records import import_records
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text, row_schema
from gemba.app.queries.page import LARGEST, USUAL
from gemba.app.security.permission import require
from gemba.app.security.scope import Scope, in_scope, places_of
from gemba.app.store import operations
from gemba.app.store.records import LONGEST_UID, stored
from gemba.exchange.records import contradictions
from gemba.operation import RECORDS, Fault, OperationError, Table
from gemba.operation.noun import Column

router = Router(tags=["records"])

#: Most records of one request.
MOST = 5000
#: Tables that tell what things are worth.
WORTH = ("movements", "deliveries", "standard_costs")
_BIG = 10**15
_GIVEN: dict[str, Any] = {
    "text": Annotated[Text, Field(max_length=20_000)],
    "choice": Text,
    "number": Annotated[float, Field(ge=-_BIG, le=_BIG, allow_inf_nan=False)],
    "exact": Annotated[Decimal, Field(ge=-(10**12), le=10**12)],
    "whole": Annotated[int, Field(ge=-(2**31), lt=2**31)],
    "flag": bool,
    "moment": datetime,
}


class Part(Schema):
    """Which records: those taken after row ``after``, from a moment on, of an order, item or resource."""

    after: int = Field(0, ge=0, le=2**63 - 1, description="The last row of the page before; 0 is the beginning")
    size: int = Field(USUAL, ge=1, le=LARGEST)
    at__gte: datetime | None = Field(None, description="Only those that happened then or later")
    order: Text = ""
    item: Text = ""
    resource: Text = ""


class Took(Schema):
    """How many records were new, and how many had been taken before."""

    added: int
    known: int


def _new_schema(table: Table) -> type[Schema]:
    fields: dict[str, Any] = {c.name: _field(c) for c in table.columns}
    return create_model(f"New{table.noun.__name__}", __base__=Schema, __doc__=table.doc, **fields)


def _field(column: Column) -> tuple[Any, Any]:
    hint = _GIVEN[column.kind]
    if column.name == "uid":
        hint = Annotated[Text, Field(min_length=1, max_length=LONGEST_UID)]
    if not column.required and column.default is None:
        hint = hint | None
    unit = f" ({column.unit})" if column.unit else ""
    return hint, Field(... if column.required else column.default, description=column.doc + unit)


def _page_schema(table: Table) -> type[Schema]:
    row = row_schema(table)
    name = f"{table.noun.__name__}Records"
    fields: dict[str, Any] = {"rows": (list[row], ...), "after": (int | None, ...)}  # type: ignore[valid-type]
    return create_model(name, __base__=Schema, __doc__="Some records; after: the row to go on from.", **fields)


def _lister(table: Table) -> Any:
    def listed(request: HttpRequest, operation: Text, part: Query[Part]) -> Any:
        require(request.user, "see_cost" if table.name in WORTH else "see_operations")
        name = operations.find(operation).name
        return answer(_page(table, name, part, places_of(request.user, name)))

    listed.__name__ = f"list_{table.name}"
    return listed


def _page(table: Table, operation: str, part: Part, scope: Scope) -> dict[str, Any]:
    names = [c.name for c in table.columns]
    wanted: dict[str, Any] = {n: getattr(part, n) for n in ("order", "item", "resource") if getattr(part, n)}
    absent = [n for n in wanted if n not in names]
    if absent:
        text = f"{table.name} have no {absent[0]}: leave this filter out"
        raise ValidationError([{"loc": ("query", absent[0]), "msg": text}])
    found = stored(operation, table.name).filter(row__gt=part.after, **wanted)
    if scope is not None:
        found = found.filter(in_scope(scope)) if "place" in names else found.none()
    if part.at__gte is not None:
        found = found.filter(at__gte=_moment(part.at__gte, "at__gte"))
    rows = list(found.values_list("row", *names)[: part.size + 1])
    more = len(rows) > part.size
    shown = [{n: _plain(v) for n, v in zip(names, row[1:], strict=True)} for row in rows[: part.size]]
    return {"rows": shown, "after": rows[part.size - 1][0] if more else None}


def _moment(at: datetime, name: str) -> datetime:
    from gemba.operation.noun import check_value

    try:
        column = RECORDS["events"].columns[1]
        checked: datetime = check_value(column, at)
        return checked
    except (ValueError, OverflowError) as allowed:
        raise ValidationError([{"loc": ("query", name), "msg": f"must be {allowed}"}]) from None


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _taker(table: Table) -> Any:
    schema = _new_schema(table)

    def taken(request: HttpRequest, operation: Text, records: Any) -> Any:
        require(request.user, "import_operation")
        things = _made(table, [r.model_dump() for r in records])
        found = import_records(request.user, operation, [things], "API")
        return Status(200, {"added": sum(found.added.values()), "known": sum(found.known.values())})

    rows = Annotated[list[schema], Field(max_length=MOST)]  # type: ignore[valid-type]
    taken.__annotations__["records"] = Body[rows]
    taken.__name__ = f"add_{table.name}"
    return taken


def _made(table: Table, rows: list[dict[str, Any]]) -> list[Any]:
    """The records, or every fault of each with its place in the list."""
    made, faults = [], []
    for i, row in enumerate(rows):
        where = f"records.{i}"
        try:
            thing = table.noun(**row)
        except OperationError as error:
            faults += [Fault(f.table, f.thing, f.field, f.value, f.allowed, source=where) for f in error.faults]
            continue
        faults += contradictions(thing, where)
        made.append(thing)
    if faults:
        raise OperationError(faults)
    return made


for _name, _table in RECORDS.items():
    _address = f"/operations/{{operation}}/records/{_name}"
    router.get(
        _address,
        response={200: _page_schema(_table), **ERRORS},
        summary=f"Records of the table {_name}, as they were taken",
        operation_id=f"list_{_name}",
    )(_lister(_table))
    router.post(
        _address,
        response={200: Took, **ERRORS},
        summary=f"Add records to the table {_name}, each uid once",
        operation_id=f"add_{_name}",
    )(_taker(_table))
