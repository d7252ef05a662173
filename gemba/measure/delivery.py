"""Orders on time: released orders beside the events that ended them. Lateness in seconds of elapsed time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gemba.measure.service_level import DueDates, due_dates
from gemba.operation import Event, ReleasedOrder


@dataclass(frozen=True, slots=True)
class OrderEnd:
    """When an order was due and done; ``lateness`` = done - due in seconds, negative where it was early."""

    order: str
    due: datetime | None
    done: datetime | None

    @property
    def lateness(self) -> float | None:
        return (self.done - self.due).total_seconds() if self.done and self.due else None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Schedule reliability of orders: with N orders done that have a due date, T of them at or before it,

    share on time = T / N (``due.share``), and of the N - T late ones the mean and the maximum of done - due.
    """

    ends: tuple[OrderEnd, ...]
    due: DueDates
    longest: float | None  # seconds

    @property
    def late(self) -> tuple[OrderEnd, ...]:
        return tuple(e for e in self.ends if (e.lateness or 0) > 0)


def order_reliability(orders: Iterable[ReleasedOrder], events: Iterable[Event]) -> Reliability:
    """How many orders were done by their due date. An order is done when it was closed (the last time, if again)."""
    found = list(events)
    voided = {e.corrects for e in found if e.corrects}
    done: dict[str, datetime] = {}
    for e in found:
        if e.kind == "closed" and not e.corrects and e.uid not in voided:
            done[e.order] = max(e.at, done.get(e.order, e.at))
    ends = tuple(OrderEnd(o.order, o.due, done.get(o.order)) for o in orders)
    moments = [int(e.done.timestamp()) if e.done else None for e in ends]
    limits = [int(e.due.timestamp()) if e.due else None for e in ends]
    late = [e.lateness for e in ends if e.lateness is not None and e.lateness > 0]
    return Reliability(ends, due_dates(moments, limits), max(late, default=None))
