"""Points and limits of control charts: left out for a cause, corrected; limits fixed and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.made import made
from gemba.app.actions.refused import RefusedError
from gemba.app.queries import quality, spc
from gemba.app.security.scope import require_place, resource_places
from gemba.app.store.locks import lock
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read, stored
from gemba.measure.quality.points import points
from gemba.operation import ChartLimits, Measurement


def leave_out(user: Any, operation: str, characteristic: str, point: str, cause: str, *, uid: str) -> int:
    """Leave a point out of the limits for its assigned cause (blank: put it back); how many values it has.

    Raises:
        NotFoundError: where the characteristic has no such point.
    """
    with transaction.atomic():
        c = quality.find(operation, characteristic)
        taken = quality.measured(operation, characteristic)
        found = next((p for p in points(c, taken) if p.key == point), None)
        if found is None:
            raise NotFoundError(f"{characteristic} has no point {point!r}")
        _require(user, operation, [r.measurement for r in found.readings])
        lock(operation)
        made_of = [
            made(Measurement, operation, **{
                **_fields(r.measurement), "uid": f"{uid}/{i}", "note": cause.strip(), "corrects": r.measurement.uid,
            })
            for i, r in enumerate(found.readings)
        ]  # fmt: skip
        if append(operation, made_of, user=user):
            told = {"characteristic": characteristic, "point": point, "cause": cause.strip()}
            record(user, "leave point out" if cause.strip() else "put point back", operation, after=told)
    return len(found.readings)


def correct_value(
    user: Any, operation: str, measurement: str, value: float, reason: str, *, uid: str, size: int | None = None
) -> Measurement:
    """Put a value right that was typed wrong; the record of it stays. Nothing is judged anew: what was raised for it
    is decided on by a person.

    Raises:
        NotFoundError: where there is no such measurement of a characteristic.
        RefusedError: where no reason is given, or the figures are those there were.
    """
    with transaction.atomic():
        of = next(iter(read(operation, "measurements", uid=measurement)), None)
        if of is None or not of.characteristic:
            raise NotFoundError(f"there is no measurement {measurement!r}")
        taken = quality.measured(operation, of.characteristic)
        was = next((r for r in taken if r.measurement.uid == measurement), None)
        if was is None:
            raise RefusedError("This is a correction itself. Correct the measurement that it corrects.")
        _require(user, operation, [of], "correct_event")
        units = was.units if size is None else size
        if not reason.strip() or (was.value, was.units) == (value, units):
            raise RefusedError("Say the right value, and why it is corrected.")
        lock(operation)
        fields = {**_fields(of), "value": value, "size": units, "note": reason.strip(), "corrects": measurement}
        right = made(Measurement, operation, uid=uid, **fields)
        if append(operation, [right], user=user):
            told = {"measurement": measurement, "characteristic": of.characteristic, "value": value, "reason": reason}
            record(user, "correct value", operation, before={"value": was.value}, after=told)
    return right


def _fields(m: Measurement) -> dict[str, Any]:
    names = ("characteristic", "subgroup", "value", "size", "item", "lot", "order", "step", "resource", "person")
    return {n: getattr(m, n) for n in names}


def _require(user: Any, operation: str, found: Sequence[Measurement], permission: str = "dispose") -> None:
    """Refuse whoever may not do this where these were measured."""
    where = quality.Places(operation)
    for place in {where.of(m) for m in found} or {""}:
        require_place(user, permission, operation, place)


def fix_limits(
    user: Any, operation: str, characteristic: str, *, uid: str, base: str = "all", rules: str = "western electric",
    resource: str = "", start: datetime | None = None, end: datetime | None = None, note: str = "",
) -> ChartLimits:  # fmt: skip
    """Phase II begins: the limits of the points that are seen (``gemba.app.queries.spc.view``) hold from now on.

    Raises:
        RefusedError: where there are too few points.
    """
    require_place(user, "dispose", operation, resource_places(operation).get(resource, ""))
    with transaction.atomic():
        lock(operation)
        if before := read(operation, "chart_limits", uid=uid):
            return before[0]
        c = quality.find(operation, characteristic)
        seen = spc.view(operation, c, base=base, rules=rules, resource=resource, start=start, end=end)
        if seen.control is None:
            raise RefusedError(seen.problem)
        kept = [p for p in seen.points if not p.cause]
        fixed = made(
            ChartLimits, operation, uid=uid, characteristic=characteristic, resource=resource, start=kept[0].at,
            end=kept[-1].at, points=len(kept), centre=seen.control.limits.centre, sigma=seen.control.limits.sigma,
            rule_set=rules, person=user.get_username(), note=note,
        )  # fmt: skip
        append(operation, [fixed], user=user)
        told = {"characteristic": characteristic, "centre": fixed.centre, "sigma": fixed.sigma, "points": fixed.points}
        record(user, "fix limits", operation, after=told)
    return fixed


def withdraw_limits(user: Any, operation: str, characteristic: str, *, uid: str, resource: str = "") -> None:
    """Phase I again: the fixed limits hold no longer.

    Raises:
        RefusedError: where none are fixed.
    """
    require_place(user, "dispose", operation, resource_places(operation).get(resource, ""))
    with transaction.atomic():
        lock(operation)
        if stored(operation, "chart_limits").filter(uid=uid).exists():
            return
        was = spc.fixed_limits(operation, characteristic, resource)
        if was is None:
            raise RefusedError(f"No limits of {characteristic} are fixed.")
        gone = made(ChartLimits, operation, uid=uid, characteristic=characteristic, resource=was.resource,
                    centre=was.centre, sigma=was.sigma, withdrawn=True, person=user.get_username())  # fmt: skip
        append(operation, [gone], user=user)
        record(user, "withdraw limits", operation, before={"characteristic": characteristic, "centre": was.centre})
