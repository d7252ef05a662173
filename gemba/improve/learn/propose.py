"""Changes to the model, each with its reason; and an operation with some of them made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor, isclose, log10
from typing import Any

from gemba.improve.learn.compare import Actual, Learned
from gemba.operation import TABLES, Fault, Operation, OperationError


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field of the model that should have another value: ``now``, ``proposed`` and the interval it lies in."""

    table: str
    key: tuple[str, ...]
    field: str
    now: float
    proposed: float
    low: float
    high: float
    n: int
    reason: str


def proposals(learned: Learned) -> list[Proposal]:
    """One for each field that differs surely and by enough to matter."""
    return [_proposal(a) for a in learned.actuals if a.verdict == "differs"]


def _proposal(a: Actual) -> Proposal:
    assert a.estimate is not None
    e = a.estimate
    proposed = rounded(e.value, a.kind)
    return Proposal(a.table, a.key, a.field, a.planned, proposed, e.low, e.high, e.n, a.reason)


def rounded(value: float, kind: str) -> float:
    """Four digits that count; whole seconds from a thousand of them on."""
    if value == 0:
        return 0.0
    found = round(value, max(0, 3 - floor(log10(abs(value)))))
    return min(1.0, found) if kind == "share" else found


def apply(operation: Operation, chosen: Sequence[Proposal]) -> Operation:
    """The operation with these changes; nothing else differs.

    Raises:
        OperationError: with every proposal that names no field of a row, is there twice, was made for another value
            than the operation has now, or whose value the field may not have.
    """
    faults = [Fault(p.table, " / ".join(p.key), p.field, None, "proposed once") for p in _twice(chosen)]
    changes: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
    for p in chosen:
        changes.setdefault(p.table, {}).setdefault(tuple(p.key), {})[p.field] = p
    tables = operation.tables()
    faults += [
        Fault(t, "", "", None, f"a table that can learn: {', '.join(FIELDS)}") for t in changes if t not in FIELDS
    ]
    made = {t: _changed(t, tables[t], rows, faults) for t, rows in changes.items() if t in FIELDS}
    if faults:
        raise OperationError(faults)
    return Operation.of({**tables, **made})


#: The fields that can be learned.
FIELDS: dict[str, tuple[str, ...]] = {
    "steps": ("setup_time", "time", "time_per_unit", "yield_rate", "queue_time", "move_time"),
    "supply_options": ("lead_time",),
    "resources": ("efficiency",),
}


def _twice(chosen: Iterable[Proposal]) -> list[Proposal]:
    many = Counter((p.table, tuple(p.key), p.field) for p in chosen)
    return [p for p in chosen if many[p.table, tuple(p.key), p.field] > 1]


def _changed(
    name: str, rows: tuple[Any, ...], changes: dict[tuple[str, ...], dict[str, Any]], faults: list[Fault]
) -> tuple[Any, ...]:
    table, found, open_ = TABLES[name], [], dict(changes)
    for row in rows:
        wanted = open_.pop(table.key_of(row), {})
        values = {f: p.proposed for f, p in wanted.items() if _fits(name, row, p, faults)}
        try:
            found.append(replace(row, **values) if values else row)
        except OperationError as wrong:
            faults.extend(wrong.faults)
    faults += [Fault(name, " / ".join(key), "", None, f"one of the {name} of the operation") for key in open_]
    return tuple(found)


def _fits(name: str, row: Any, p: Proposal, faults: list[Fault]) -> bool:
    thing = " / ".join(p.key)
    if p.field not in FIELDS[name]:
        faults.append(Fault(name, thing, p.field, None, f"a field that can learn: {', '.join(FIELDS[name])}"))
        return False
    now = getattr(row, p.field)
    if not isclose(now, p.now, rel_tol=1e-9, abs_tol=1e-9):
        faults.append(Fault(name, thing, p.field, now, f"still {p.now:g}, for which the proposal was made; look again"))
        return False
    return True
