"""The event log of an operation's own records: orders are cases, steps are activities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gemba.measure.mining.log import EventLog, event_log
from gemba.operation import Event, ReleasedOrder
from gemba.operation.moments import seconds


@dataclass(frozen=True, eq=False)
class Recorded:
    """A log, and the work that could not be part of it: (order, why)."""

    log: EventLog
    left_out: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Row:
    order: ReleasedOrder
    activity: str
    queued: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    resource: str = ""
    person: str = ""
    place: str = ""

    def take(self, event: Event) -> None:
        self.resource = event.resource or self.resource
        self.person = event.person or self.person
        self.place = event.place or self.place
        if event.kind == "started":
            self.start = event.at
            self.queued = event.queued or event.start
        else:
            self.end = event.at
            self.queued = self.queued or event.queued


def recorded(orders: Iterable[ReleasedOrder], events: Iterable[Event]) -> Recorded:
    """One row for each step of an order that was begun, from ``started`` to ``finished``; one for each ``worked``.

    The activity is the step, of an order without steps its kind. ``group`` is the work centre; person and item are
    extra columns. Work that has only been finished has no start, work under way no end. What was taken back is not in
    it, nor are orders that are not given.
    """
    known = {o.order: o for o in orders}
    every = list(events)
    void = {e.corrects for e in every if e.corrects}
    rows: list[_Row] = []
    open_: dict[tuple[str, str], _Row] = {}
    for event in sorted(every, key=lambda e: e.at):
        order = known.get(event.order)
        if order is None or event.corrects or event.uid in void or event.kind not in ("started", "finished", "worked"):
            continue
        key = (event.order, event.step)
        if event.kind == "worked":
            row = _Row(order, event.step or order.kind, event.queued, event.start)
            rows.append(row)
        elif event.kind == "started" or key not in open_:
            row = open_[key] = _Row(order, event.step or order.kind)
            rows.append(row)
        else:
            row = open_.pop(key)
        row.take(event)
    return _log(rows)


def _log(rows: list[_Row]) -> Recorded:
    good, left = [], []
    for row in rows:
        if why := _wrong(row):
            left.append((row.order.order, f"{row.activity}: {why}"))
        else:
            good.append(row)
    log = event_log(
        [r.order.order for r in good], [r.activity for r in good], [_at(r.end) for r in good],
        start=[_at(r.start) for r in good], queued=[_at(r.queued) for r in good], resource=[r.resource for r in good],
        group=[r.place for r in good], extra={"person": [r.person for r in good], "item": [r.order.item for r in good]},
    )  # fmt: skip
    return Recorded(log, tuple(left))


def _wrong(row: _Row) -> str:
    if row.start and row.end and row.end < row.start:
        return "it ends before it starts"
    begin = row.start or row.end
    return "it begins before it was queued" if row.queued and begin and begin < row.queued else ""


def _at(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)
