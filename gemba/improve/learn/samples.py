"""Pieces of finished work, and orders that arrived, out of records: what there is to learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from gemba.operation import Event, Movement, ReleasedOrder
from gemba.operation.records import EVENT_KINDS

Row = TypeVar("Row", Event, Movement)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that says nothing, and why."""

    record: str
    why: str


@dataclass(slots=True)
class Work:
    """A finished step of an order. Times are seconds of work; ``setup`` is None where no set-up was reported."""

    order: ReleasedOrder
    step: str
    start: datetime
    end: datetime
    resource: str = ""
    setup: float | None = None
    run: float = 0.0
    good: float = 0.0
    scrap: float = 0.0
    rework: float = 0.0
    _shares: dict[str, float] = field(default_factory=dict)  # seconds by resource

    @property
    def processed(self) -> float:
        return self.good + self.scrap + self.rework

    def take(self, event: Event) -> None:
        """Add what an event says."""
        ends = EVENT_KINDS[event.kind]
        if ends in ("set-up", "production"):
            self._shares[event.resource] = self._shares.get(event.resource, 0.0) + event.seconds
            self.resource = max(self._shares, key=lambda name: self._shares[name])
        if ends == "set-up":
            self.setup = (self.setup or 0.0) + event.seconds
        elif ends == "production":
            self.run += event.seconds
        self.start = min(self.start, event.start or event.at)
        self.end = max(self.end, event.at)
        self.good += float(event.good)
        self.scrap += float(event.scrap)
        self.rework += float(event.rework)


def standing(rows: Iterable[Row]) -> list[Row]:
    """The records that nothing takes back, without those that take others back."""
    every = list(rows)
    void = {r.corrects for r in every if r.corrects}
    return [r for r in every if not r.corrects and r.uid not in void]


def finished_work(orders: Mapping[str, ReleasedOrder], events: Iterable[Event]) -> tuple[list[Work], list[LeftOut]]:
    """Every step of these orders that was finished, in the order in which it ended; work under way is not."""
    found: dict[tuple[str, str], Work] = {}
    done: set[tuple[str, str]] = set()
    unknown: list[LeftOut] = []
    for event in standing(events):
        order, key = orders.get(event.order), (event.order, event.step)
        if not event.step or event.kind not in _OF_TASKS:
            continue
        if order is None:
            unknown.append(LeftOut(event.order or event.uid, "an event of an order that was never released"))
            continue
        if key not in found:
            found[key] = Work(order, event.step, event.start or event.at, event.at)
        found[key].take(event)
        if event.kind in ("finished", "worked"):
            done.add(key)
    return sorted((w for k, w in found.items() if k in done), key=lambda w: w.end), unknown


_OF_TASKS = ("started", "set_up", "reported", "paused", "resumed", "finished", "worked")


def arrivals(
    orders: Iterable[ReleasedOrder], events: Iterable[Event], movements: Iterable[Movement]
) -> Iterator[tuple[ReleasedOrder, datetime, datetime]]:
    """(order, begun, arrived) of bought and moved orders that are there: from their start, or where none was reported
    their release, to their last receipt (or transfer), or where there is none to when they were reported finished."""
    begun: dict[str, datetime] = {}
    ended: dict[str, datetime] = {}
    for event in standing(events):
        if event.kind == "started":
            begun[event.order] = min(event.at, begun.get(event.order, event.at))
        elif event.kind in ("finished", "worked"):
            ended[event.order] = max(event.at, ended.get(event.order, event.at))
    there: dict[str, list[Movement]] = defaultdict(list)
    for movement in standing(movements):
        if movement.order and movement.cause in ("receipt", "transfer"):
            there[movement.order].append(movement)
    for order in orders:
        if order.kind in ("buy", "move") and order.option:
            received = there.get(order.order, ())
            complete = bool(received) and sum(m.quantity for m in received) >= order.quantity
            end = max(m.at for m in received) if complete else ended.get(order.order)
            start = begun.get(order.order, order.at)
            if end is not None:
                yield order, start, end


def waits(works: Sequence[Work]) -> dict[str, dict[str, Work]]:
    """The finished steps of each order by name."""
    found: dict[str, dict[str, Work]] = defaultdict(dict)
    for work in works:
        found[work.order.order][work.step] = work
    return found
