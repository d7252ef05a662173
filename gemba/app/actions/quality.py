"""Results of inspections: written down, judged, and acted on where something is wrong, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.made import made, unknown
from gemba.app.actions.nonconformances import raise_once, said_before
from gemba.app.actions.receipts import accept_receipt
from gemba.app.actions.refused import RefusedError
from gemba.app.queries import quality, spc
from gemba.app.security.scope import require_place
from gemba.app.store import operations
from gemba.app.store.locks import lock
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read
from gemba.execute.quality.findings import Finding, outside, rejected
from gemba.execute.quality.history import LotResult, lot_name
from gemba.execute.quality.readings import STUDY, Reading, of_study
from gemba.measure.quality.points import points
from gemba.operation import Characteristic, Measurement, OperationError

MOST = 10_000  # values at once


@dataclass(frozen=True, slots=True)
class Results:
    """What was found: ``values`` of a variable; of an attribute ``count`` nonconforming (or nonconformities) in
    ``size`` units. ``subgroup`` blank: a point for each subgroup of the characteristic's size."""

    uid: str
    values: Sequence[float] = ()
    count: int | None = None
    size: int = 0
    item: str = ""
    lot: str = ""
    order: str = ""
    step: str = ""
    resource: str = ""
    person: str = ""
    subgroup: str = ""
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What results have come to: how the lot fares, what was found wrong, and the nonconformance of it."""

    measurements: list[Measurement]
    result: LotResult | None = None
    findings: list[Finding] = field(default_factory=list)
    concern: str = ""
    freed: bool = False
    again: bool = False


def record_results(user: Any, operation: str, characteristic: str, given: Results) -> Recorded:
    """Write down results, once, whole or not at all; judge the lot and the chart.

    Where a value is outside the limits, the lot is rejected or a rule of the chart is broken, the lot is held and a
    nonconformance is raised; where one of this lot is open already it gets a note. Where a lot received is accepted
    by all its characteristics, it may be used.

    Raises:
        NotFoundError: where there is no such operation, characteristic or order.
        RefusedError: where the results are not of the characteristic's kind.
        OperationError: with every field that is wrong.
        PermissionDenied: where the user may not inspect there.
    """
    with transaction.atomic():
        dataset = operations.find(operation)
        c = quality.find(operation, characteristic)
        _check(c, given)
        given = _placed(operation, c, given)
        require_place(user, "inspect", operation, _place(operation, given))
        lock(operation)
        known = read(operation, "measurements", uid__startswith=f"{given.uid}/")
        if known:
            concern = said_before(operation, given.uid)
            return Recorded(known, quality.of_lot(operation, c, given.lot, given.order)[1], [], concern, again=True)
        rows = [made(Measurement, operation, **row) for row in _rows(c, given, user)]
        if faults := unknown(dataset, "measurements", rows[0], item="items", resource="resources"):
            raise OperationError(faults)
        append(operation, rows, user=user)
        return _judged(user, operation, c, given, rows)


def _check(c: Characteristic, given: Results) -> None:
    wrong = []
    if not 1 <= len(given.uid) <= 180 or "/" in given.uid:
        wrong.append("The results' uid must be 1 to 180 characters without a slash.")
    if c.kind == "variable":
        if not given.values or given.count is not None:
            wrong.append(f"{c.name} is measured: give its values.")
        if len(given.values) > MOST:
            wrong.append(f"At most {MOST} values are taken at once.")
    elif given.values or given.count is None or given.size < 1:
        what = "failed" if c.kind == "defectives" else "faults were found"
        wrong.append(f"{c.name} is counted: say how many {what}, in how many units.")
    elif given.count < 0 or (c.kind == "defectives" and given.count > given.size):
        wrong.append(f"{given.count} of {given.size} cannot be: give 0 to {given.size}.")
    if given.subgroup.startswith(STUDY):
        wrong.append(f"Subgroups that begin with {STUDY} are those of gauge studies.")
    if wrong:
        raise RefusedError(" ".join(wrong))


def _placed(operation: str, c: Characteristic, given: Results) -> Results:
    """The results with item, order and step filled in from what they are about."""
    item, order = given.item or c.item, given.order
    if not order and given.lot and c.when != "receipt":
        order = quality.made_by(operation, item, given.lot)
    if order:
        head = next(iter(read(operation, "released_orders", order=order)), None)
        if head is None:
            raise NotFoundError(f"there is no released order {order!r}")
        item = given.item or head.item
    if c.item and item != c.item:
        raise RefusedError(f"{c.name} is inspected of {c.item}, not of {item}.")
    if c.when == "receipt" and not given.lot:
        raise RefusedError(f"{c.name} is inspected on receipt: say which lot.")
    return replace(given, item=item, order=order, step=given.step or c.step)


def _place(operation: str, given: Results) -> str:
    return quality.Places(operation).where(given.order, given.item, given.lot, given.resource)


def _rows(c: Characteristic, given: Results, user: Any) -> list[dict[str, Any]]:
    same = {n: getattr(given, n) for n in ("at", "item", "lot", "order", "step", "resource", "note")}
    same |= {"characteristic": c.name, "person": given.person or user.get_username()}
    if c.kind != "variable":
        one = {"uid": f"{given.uid}/0", "subgroup": given.subgroup or given.uid, "value": float(given.count or 0)}
        return [{**same, **one, "size": given.size}]
    return [
        {**same, "uid": f"{given.uid}/{i}", "value": v, "subgroup": given.subgroup or f"{given.uid}/{i // c.subgroup}"}
        for i, v in enumerate(given.values)
    ]


def _judged(user: Any, operation: str, c: Characteristic, given: Results, rows: Sequence[Measurement]) -> Recorded:
    taken = _taken(operation, c, given)
    new = {m.uid for m in rows}
    own = [r for r in taken if r.measurement.uid in new]
    name = lot_name(c, given.lot, given.order)
    try:
        needs, result = quality.of_lot(operation, c, given.lot, given.order, taken)
    except ValueError as error:
        raise RefusedError(f"{c.name} cannot be judged: {error}.") from None
    findings = [
        *outside(c, own, name),
        *_decided(c, name, result, taken, new),
        *_rules(operation, c, given, own, taken),
    ]
    concern, freed = "", False
    if findings:
        size = result.lot.size if needs and result else 0
        concern = raise_once(user, operation, c, given, findings, size, _place(operation, given))
    elif c.when == "receipt":
        freed = accept_receipt(user, operation, f"{given.uid}/accepted", given.item, given.lot)
    verdict = None if result is None else result.accepted
    told = {"characteristic": c.name, "lot": given.lot, "order": given.order, "values": len(rows), "accepted": verdict}
    record(user, "record results", operation, after={**told, "concern": concern})
    return Recorded(list(rows), result, findings, concern, freed)


def _taken(operation: str, c: Characteristic, given: Results) -> list[Reading]:
    """The readings that results have to be judged by: all, unless the limits are fixed and no lot before matters."""
    remembers = c.chart in ("ewma", "cusum")
    large = c.chart and len(given.values) > quality.WINDOW // 2
    fixed = not c.chart or spc.fixed_limits(operation, c.name, given.resource) is not None
    if c.level or remembers or large or not fixed:
        return quality.measured(operation, c.name)
    return quality.latest(operation, c, given.lot, given.order)


def _decided(
    c: Characteristic, name: str, result: LotResult | None, taken: Sequence[Reading], new: set[str]
) -> list[Finding]:
    """The rejection of the lot, where these results are what decided it."""
    before = [r for r in taken if r.measurement.uid not in new and not of_study(r)]
    earlier = sum(lot_name(c, r.measurement.lot, r.measurement.order) == name for r in before)
    return rejected(result) if result is not None and earlier < result.used else []


def _rules(
    operation: str, c: Characteristic, given: Results, own: Sequence[Reading], taken: Sequence[Reading]
) -> list[Finding]:
    new = {r.measurement.uid for r in own}
    keys = [p.key for p in points(c, taken) if any(r.measurement.uid in new for r in p.readings)]
    return [Finding(keys[-1], text) for text in spc.broken(operation, c, keys, given.resource, taken)]


def record_study(
    user: Any, operation: str, characteristic: str, name: str, rows: Sequence[tuple[str, str, float]], *, uid: str
) -> int:
    """Values of a gauge study: (part, operator, value) in the order of measuring; how many were new.

    Raises:
        RefusedError: where it has no name or no values, or the characteristic is not measured.
    """
    require_place(user, "inspect", operation, "")
    c = quality.find(operation, characteristic)
    if not name.strip() or not rows or len(rows) > MOST or c.kind != "variable":
        raise RefusedError(f"A study needs a name, 1 to {MOST} values, and a characteristic that is measured.")
    with transaction.atomic():
        lock(operation)
        made_of = [
            made(Measurement, operation, uid=f"{uid}/{i}", characteristic=c.name, subgroup=STUDY + name.strip(),
                 value=value, item=c.item, lot=part, person=who)
            for i, (part, who, value) in enumerate(rows)
        ]  # fmt: skip
        added = append(operation, made_of, user=user)
        if added:
            record(user, "record gauge study", operation, after={"characteristic": c.name, "study": name.strip()})
    return len(added)
