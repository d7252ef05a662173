"""KPIs: figures with the elements they are made of, and the records behind them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import kpi_course as queries
from gemba.app.queries.current import current
from gemba.app.security.permission import require

router = Router(tags=["KPIs"])


class OfPart(Schema):
    """Which part of the operation, and the period that holds a day (blank: today); shift ``-`` is outside every one."""

    operation: Text
    place: Text = ""
    period: Literal["day", "week", "month", "quarter", "year"] = "month"
    at: Text = ""
    item: Text = ""
    shift: Text = ""
    resource: Text = ""


class OfKpi(OfPart):
    """A KPI, told apart."""

    kpi: Text
    by: Literal["place", "item", "shift", "resource", "reason"] = "place"


class Behind(OfPart):
    """The records of a KPI from a day to a day, both included; blank: those of the period."""

    kpi: Text
    first: Text = ""
    last: Text = ""
    reason: Text = ""


class KpiStanding(Schema):
    """A KPI in a period; ``why`` says why it has no value. Of unit % a value of 1 is 100 %."""

    kpi: str
    group: str
    source: str
    formula: str
    unit: str
    better: str
    meaning: str
    start: date
    end: date
    value: float | None
    why: str
    before: float | None
    change: float | None
    course: list[dict[str, Any]]
    elements: list[dict[str, Any]]


class KpiFigures(KpiStanding):
    """The same with its parts, the worst first."""

    by: str
    parts: list[dict[str, Any]]


def _asked(request: HttpRequest, of: OfPart) -> tuple[queries.Asked, queries.Measures]:
    require(request.user, "see_operations")
    here = current(of.operation).operation
    return queries.asked(here, request.user, of.dict()), queries.Measures(here)


@router.get("/kpis", response={200: list[KpiStanding], **ERRORS}, summary="Every KPI in a period")
def kpis(request: HttpRequest, of: Query[OfPart]) -> Any:
    require(request.user, "see_operations")
    try:
        return answer(queries.overview(of.operation, request.user, of.dict())[1])
    except ValueError as wrong:
        raise HttpError(422, str(wrong)) from None


@router.get("/kpis/figures", response={200: KpiFigures, **ERRORS}, summary="A KPI over time and told apart")
def kpi_figures(request: HttpRequest, of: Query[OfKpi]) -> Any:
    try:
        what, measures = _asked(request, of)
        kpi = queries.definition(measures, request.user, of.kpi)
        over = queries.span(what.period, what.at)
        course = measures.courses([kpi.name], over, what.filters)[kpi.name]
        row = queries.row(measures, kpi, over, course, what.used)
        parts = queries.parts(measures, kpi.name, over, what.filters, of.by, what.used)
    except ValueError as wrong:
        raise HttpError(422, str(wrong)) from None
    return answer({**row, "by": of.by, "parts": parts})


@router.get("/kpis/records", response={200: dict[str, Any], **ERRORS}, summary="The records behind a KPI")
def kpi_records(request: HttpRequest, of: Query[Behind]) -> Any:
    try:
        what, measures = _asked(request, of)
        kpi = queries.definition(measures, request.user, of.kpi)
        found = queries.records(measures, kpi, what, {"from": of.first, "to": of.last, "reason": of.reason})
    except ValueError as wrong:
        raise HttpError(422, str(wrong)) from None
    value = found.figure.value if found.figure else None
    rows = [{"table": b.table, "adds": b.adds, "record": _plain(b.record)} for b in found.behind]
    return answer({"kpi": kpi.name, "value": value, "sums": found.sums, "more": found.more, "records": rows})


def _plain(record: Any) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(record).items()}
