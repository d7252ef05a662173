"""Quality: inspections due and their results, control charts, capability, yields, defects and gauge studies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from gemba.app.actions.chart_limits import correct_value, fix_limits, leave_out, withdraw_limits
from gemba.app.actions.quality import Results, record_results, record_study
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import quality, spc
from gemba.app.security.permission import require
from gemba.app.store import operations
from gemba.app.store.clock import now
from gemba.measure.quality.study import study, study_names
from gemba.measure.quality.yields import pareto, rolled

router = Router(tags=["quality"])

Uid = Annotated[Text, Field(min_length=1, max_length=180)]
Name = Annotated[Text, Field(min_length=1)]
Rules = Literal["", "limits", "western electric", "nelson"]
Base = Literal["", "fixed", "first", "period", "all"]
Number = Annotated[float, Field(ge=-(10**12), le=10**12)]


class OfDue(Schema):
    operation: Text
    stage: Literal["", "receipt", "process", "final"] = ""
    place: Text = ""


class DueInspection(Schema):
    """What is to be inspected: ``left`` units of a sample of ``size``; ``accept`` is Ac, ``reject`` Re."""

    characteristic: str
    kind: str
    when: str
    item: str
    lot: str
    order: str
    step: str
    place: str
    source: str
    units: int
    size: int
    left: int
    accept: int | None
    reject: int | None
    letter: str
    severity: str
    complete: bool
    why: str
    since: str


class NewResults(Schema):
    """Values of a variable, or the count nonconforming in so many units. The same ``uid`` is taken once."""

    operation: Text
    characteristic: Name
    uid: Uid
    values: Annotated[list[Number], Field(max_length=10_000)] = []
    count: Annotated[int, Field(ge=0, le=10**9)] | None = None
    size: int = Field(0, ge=0, le=10**9)
    item: Text = ""
    lot: Text = ""
    order: Text = ""
    step: Text = ""
    resource: Text = ""
    person: Text = ""
    subgroup: Text = ""
    note: Annotated[str, Field(max_length=20_000)] = ""
    at: datetime | None = None


class Judged(Schema):
    """What the results have come to; ``accepted`` null: not finished, or not judged."""

    again: bool
    values: int
    accepted: bool | None
    inspected: int
    nonconforming: float
    left: int
    findings: list[str]
    concern: str
    freed: bool


class OfCharts(Schema):
    operation: Text


class OfChart(Schema):
    """Which points are seen, where their limits come from, and the rules."""

    operation: Text
    base: Base = ""
    rules: Rules = ""
    resource: Text = ""
    start: datetime | None = None
    end: datetime | None = None


class NewLimits(OfChart):
    """Fix the limits of the points that are seen, or take back those that are fixed."""

    uid: Uid
    withdraw: bool = False
    note: Text = ""


class NewCause(Schema):
    """The cause for which a point is left out; blank puts it back."""

    operation: Text
    uid: Uid
    point: Name
    cause: Text = ""


class NewValue(Schema):
    """The right value of a measurement, and why it is corrected."""

    operation: Text
    uid: Uid
    value: Number
    size: Annotated[int, Field(ge=1, le=10**9)] | None = None
    reason: Name


class OfYields(Schema):
    operation: Text
    days: int = Field(30, ge=1, le=3660)
    by: Literal["reason", "characteristic"] = "reason"
    item: Text = ""
    step: Text = ""
    reason: Text = ""


class OfStudy(Schema):
    """Blank: the latest study."""

    operation: Text
    study: Text = ""


class StudyValue(Schema):
    part: Name
    person: Name
    value: Number


class NewStudy(Schema):
    operation: Text
    uid: Uid
    study: Name
    values: Annotated[list[StudyValue], Field(min_length=1, max_length=10_000)]


@router.get("/quality/inspections", response={200: list[DueInspection], **ERRORS}, summary="Inspections due")
def inspections_due(request: HttpRequest, only: Query[OfDue]) -> Any:
    require(request.user, "see_operations")
    name = operations.find(only.operation).name
    rows = quality.due(name, request.user, stage=only.stage, place=only.place)
    return answer(
        [{**{n: r[n] for n in DueInspection.model_fields if n != "since"}, "since": _iso(r["since"])} for r in rows]
    )


@router.post("/quality/results", response={201: Judged, **ERRORS}, summary="Write down results; they are judged")
def new_results(request: HttpRequest, wanted: NewResults) -> Any:
    given = wanted.dict()
    operation, characteristic = given.pop("operation"), given.pop("characteristic")
    done = record_results(request.user, operation, characteristic, Results(**given))
    result = done.result
    return Status(201, {
        "again": done.again, "values": len(done.measurements), "accepted": result.accepted if result else None,
        "inspected": result.inspected if result else 0, "nonconforming": result.nonconforming if result else 0,
        "left": result.left if result else 0, "findings": [f.text for f in done.findings], "concern": done.concern,
        "freed": done.freed,
    })  # fmt: skip


@router.get(
    "/quality/charts", response={200: list[dict[str, Any]], **ERRORS}, summary="Control charts and their states"
)
def control_charts(request: HttpRequest, of: Query[OfCharts]) -> Any:
    require(request.user, "see_operations")
    name = operations.find(of.operation).name
    return answer([
        _listed(spc.view(name, c, taken=quality.measured_for(request.user, name, c.name)))
        for c in quality.characteristics(name)
        if c.chart
    ])  # fmt: skip


@router.get("/quality/charts/{characteristic}", response={200: dict[str, Any], **ERRORS}, summary="One control chart")
def control_chart(request: HttpRequest, characteristic: Text, of: Query[OfChart]) -> Any:
    require(request.user, "see_operations")
    return answer(_chart(request.user, operations.find(of.operation).name, characteristic, of))


@router.post(
    "/quality/charts/{characteristic}/limits", response={200: dict[str, Any], **ERRORS}, summary="Fix the limits"
)
def new_limits(request: HttpRequest, characteristic: Text, wanted: NewLimits) -> Any:
    name = operations.find(wanted.operation).name
    if wanted.withdraw:
        withdraw_limits(request.user, name, characteristic, uid=wanted.uid, resource=wanted.resource)
    else:
        fix_limits(
            request.user, name, characteristic, uid=wanted.uid, base=wanted.base or "all", rules=wanted.rules or spc.RULES,
            resource=wanted.resource, start=_aware(wanted.start), end=_aware(wanted.end), note=wanted.note,
        )  # fmt: skip
    return answer(_chart(request.user, name, characteristic, OfChart(operation=name, resource=wanted.resource)))


@router.post(
    "/quality/charts/{characteristic}/causes", response={200: dict[str, Any], **ERRORS}, summary="Leave a point out"
)
def new_cause(request: HttpRequest, characteristic: Text, wanted: NewCause) -> Any:
    name = operations.find(wanted.operation).name
    leave_out(request.user, name, characteristic, wanted.point, wanted.cause, uid=wanted.uid)
    return answer(_chart(request.user, name, characteristic, OfChart(operation=name)))


@router.post(
    "/quality/measurements/{path:uid}/correct", response={200: dict[str, Any], **ERRORS}, summary="Correct a value"
)
def new_value(request: HttpRequest, uid: Text, wanted: NewValue) -> Any:
    name = operations.find(wanted.operation).name
    right = correct_value(request.user, name, uid, wanted.value, wanted.reason, uid=wanted.uid, size=wanted.size)
    return answer({"measurement": uid, "value": right.value, "size": right.size})


@router.get("/quality/yields", response={200: dict[str, Any], **ERRORS}, summary="First-pass yield and what was wrong")
def yields(request: HttpRequest, of: Query[OfYields]) -> Any:
    require(request.user, "see_operations")
    name = operations.find(of.operation).name
    end = now(name)
    start = end - timedelta(days=of.days)
    events = spc.reported(name, request.user, start, end, item=of.item, step=of.step)
    made = spc.yields(name, events)
    bars = pareto(spc.defects(name, request.user, events, start, end, of.by))
    return answer({
        "yields": [
            {"item": y.item, "step": y.step, "good": float(y.good), "scrap": float(y.scrap), "rework": float(y.rework),
             "first_pass": y.first_pass}
            for y in made
        ],
        "rolled": rolled(made),
        "defects": [{"name": b.name, "amount": b.amount, "share": b.share, "until": b.until} for b in bars],
        "reports": [
            {"at": _iso(e.at), "order": e.order, "step": e.step, "item": e.item, "scrap": float(e.scrap),
             "rework": float(e.rework), "reason": e.reason}
            for e in events
            if (e.scrap or e.rework) and of.reason in ("", e.reason or "no reason")
        ],
    })  # fmt: skip


@router.get("/quality/gauges/{characteristic}", response={200: dict[str, Any], **ERRORS}, summary="A gauge study")
def gauge_study(request: HttpRequest, characteristic: Text, of: Query[OfStudy]) -> Any:
    require(request.user, "see_operations")
    return answer(_study(request.user, operations.find(of.operation).name, characteristic, of.study))


@router.post("/quality/gauges/{characteristic}", response={201: dict[str, Any], **ERRORS}, summary="Write down a study")
def new_study(request: HttpRequest, characteristic: Text, wanted: NewStudy) -> Any:
    name = operations.find(wanted.operation).name
    rows = [(v.part, v.person, v.value) for v in wanted.values]
    added = record_study(request.user, name, characteristic, wanted.study, rows, uid=wanted.uid)
    return Status(201, {"values": added})


def _listed(seen: spc.View) -> dict[str, Any]:
    c, (found, _) = seen.characteristic, spc.capability_of(seen)
    return {
        "characteristic": c.name, "chart": c.chart, "state": seen.state, "phase": seen.phase, "points": len(seen.points),
        "problem": seen.problem, "cpk": found.of.cpk if found else None, "ppk": found.of.ppk if found else None,
        "latest": _iso(seen.points[-1].at) if seen.points else None,
    }  # fmt: skip


def _chart(user: Any, operation: str, name: str, of: OfChart) -> dict[str, Any]:
    c = quality.find(operation, name)
    seen = spc.view(
        operation, c, base=of.base, rules=of.rules, resource=of.resource, start=_aware(of.start), end=_aware(of.end),
        taken=quality.measured_for(user, operation, name),
    )  # fmt: skip
    found, problem = spc.capability_of(seen)
    chart = seen.control.location if seen.control else None
    spread = seen.control.spread if seen.control else None
    return {
        **_listed(seen), "base": seen.base, "rules": seen.rules,
        "limits": {"centre": seen.control.limits.centre, "sigma": seen.control.limits.sigma} if seen.control else None,
        "plotted": [
            {"point": p.key, "at": _iso(p.at), "values": p.values, "size": p.size, "cause": p.cause,
             **({n: float(getattr(chart, n)[i]) for n in ("lower", "centre", "upper")} if chart else {}),
             "plotted": float(chart.points[i]) if chart else None,
             "broken": seen.control.broken(i) if seen.control else []}
            for i, p in enumerate(seen.points)
        ],
        "spread": {"kind": spread.kind, "points": spread.points.tolist(), "upper": spread.upper.tolist()} if spread else None,
        "capability": _indices(found) if found else None, "no_capability": problem,
    }  # fmt: skip


def _indices(found: Any) -> dict[str, Any]:
    of = found.of
    both = {"cp": found.cp_interval, "cpk": found.cpk_interval, "pp": of.pp_interval, "ppk": of.ppk_interval}
    return {
        **{
            n: getattr(of, n)
            for n in ("count", "mean", "sigma_within", "sigma_overall", "cp", "cpk", "cpm", "pp", "ppk")
        },
        **{n: getattr(of, n) for n in ("ppm_within", "ppm_overall", "out")},
        "intervals": {n: {"low": i.low, "high": i.high, "confidence": i.confidence} for n, i in both.items() if i},
    }


def _study(user: Any, operation: str, name: str, wanted: str) -> dict[str, Any]:
    c, own = quality.find(operation, name), quality.measured_for(user, operation, name)
    names = study_names(own)
    chosen = wanted or next(iter(names), "")
    if not chosen:
        return {"studies": [], "study": None}
    try:
        found = study(c, own, chosen)
    except ValueError as error:
        raise HttpError(409, str(error)) from None
    a, r = found.anova, found.ranges
    parts = ("gauge", "repeatability", "reproducibility", "operator", "interaction", "part", "total")
    return {
        "studies": names, "study": chosen, "parts": found.parts, "people": found.operators, "repeats": found.repeats,
        "grr": a.grr, "of_tolerance": a.of_tolerance, "categories": a.categories, "grr_by_ranges": r.grr,
        "variances": {n: getattr(a, n) for n in parts},
    }  # fmt: skip


def _aware(at: datetime | None) -> datetime | None:
    """A moment without a zone is UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
