"""The small sources, counted in Python over all their records each time there are new ones; and spans read anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
from django.db.models import Q

from gemba.app.analytics.sums import columns_of
from gemba.app.store.records import read, read_each, stored
from gemba.measure.kpi import Plain, Records, Slices
from gemba.measure.kpi.facts import Fact
from gemba.measure.kpi.rows import Span, order_facts
from gemba.measure.kpi.rows import spans as spans_of
from gemba.operation import Operation

_SOME = 500


def facts(source: str, operation: Operation, slices: Slices) -> pa.Table | None:
    """The facts of a small source as a table like those of the large ones; None where there are none."""
    found = Plain(operation, _records(source, operation), slices).facts(source)
    return _table(source, found) if found else None


def _records(source: str, operation: Operation) -> Records:
    if source == "lines":
        return Records(deliveries=read(operation.name, "deliveries"))
    wanted = Q(characteristic__in=[c.name for c in operation.characteristics if c.kind == "defectives"])
    if source == "meters":
        wanted = Q(meter__in=[m.name for m in operation.meters if m.media])
    found = list(read_each(stored(operation.name, "measurements").filter(wanted), "measurements"))
    orders = sorted({m.order for m in found if m.order}) if source == "inspections" else []
    return Records(measurements=found, released_tasks=_by_order(operation.name, "released_tasks", orders))


def _by_order(operation: str, table: str, orders: Sequence[str]) -> list[Any]:
    found: list[Any] = []
    for i in range(0, len(orders), _SOME):
        found += read(operation, table, order__in=orders[i : i + _SOME])
    return found


def _table(source: str, found: Iterable[Fact]) -> pa.Table:
    found = list(found)
    dimensions = {n: [getattr(f, n) for f in found] for n in ("place", "resource", "item", "reason", "shift", "day")}
    values = {c: pa.array([f.values.get(c, 0.0) for f in found], pa.float64()) for c in columns_of(source)}
    return pa.table({**dimensions, **values})


def spans(operation: str, orders: Sequence[str]) -> list[Span]:
    """Spans of these orders from all their events: of those that had events voided."""
    events = _by_order(operation, "events", orders)
    released = _by_order(operation, "released_orders", orders)
    return spans_of(events, {o.order: order_facts(o) for o in released})
