"""Energy, media and emissions of meters, charged to the orders whose work ran meanwhile; the parts add up exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from gemba.execute.maintenance.use import readings
from gemba.operation import Operation
from gemba.operation.maintenance import Meter
from gemba.operation.noun import EXACT
from gemba.operation.records import Event, Measurement

#: Events that end a time in which a machine ran for an order.
RUNNING = ("set_up", "reported", "paused", "finished", "worked")
NOBODY = ("", "", "")


@dataclass(frozen=True, slots=True)
class Charge:
    """What a meter counted in an interval and which work it is charged to; without any work (blank order) to none."""

    meter: str
    start: datetime
    end: datetime
    order: str
    step: str
    resource: str
    amount: Decimal  # in the meter's unit
    cost: Decimal
    emissions: Decimal  # kg CO2e


def charges(
    operation: Operation, measurements: Sequence[Measurement], events: Iterable[Event], meters: Iterable[Meter]
) -> list[Charge]:
    """The consumption between each two readings of counters, shared out over the work that ran meanwhile.

    With C between the readings at t0 and t1, work w is charged C · m_w / Σ m. Its machine time m_w is the work time it
    reports, in proportion to how much of the stretch it reports lies between t0 and t1. A meter on a place counts for
    every resource there and inside. Amounts are exact decimals: what is rounded off one goes to the largest, so
    that the charges of an interval add up to C to the last digit.
    """
    work = _work(events)
    found: list[Charge] = []
    for meter in meters:
        if meter.kind == "counter":
            inside = _resources(operation, meter)
            own = {key: spans for key, spans in work.items() if key[2] in inside}
            found += _of_meter(meter, readings(measurements, meter.name), own)
    return found


Key = tuple[str, str, str]  # order, step, resource
Spans = list[tuple[datetime, datetime, float]]


def _work(events: Iterable[Event]) -> dict[Key, Spans]:
    every = list(events)
    voided = {e.corrects for e in every if e.corrects}
    found: dict[Key, Spans] = {}
    for e in every:
        if e.kind in RUNNING and e.start and e.seconds > 0 and e.resource and not e.corrects and e.uid not in voided:
            found.setdefault((e.order, e.step, e.resource), []).append((e.start, e.at, e.seconds))
    return found


def _resources(operation: Operation, meter: Meter) -> set[str]:
    if meter.resource:
        return {meter.resource}
    parents = {p.name: p.parent for p in operation.places}
    return {r.name for r in operation.resources if not meter.place or meter.place in _around(parents, r.place)}


def _around(parents: Mapping[str, str], place: str) -> set[str]:
    found: set[str] = set()
    while place and place not in found:
        found.add(place)
        place = parents.get(place, "")
    return found


def _of_meter(meter: Meter, found: Sequence[Measurement], work: Mapping[Key, Spans]) -> Iterable[Charge]:
    for before, after in pairwise(found):
        used = after.value - before.value if after.value >= before.value else after.value
        amount = Decimal(str(used)).quantize(EXACT)
        times = {key: t for key, spans in work.items() if (t := _within(spans, before.at, after.at)) > 0}
        for key, part in share_out(amount, times or {NOBODY: 1.0}).items():
            cost, emissions = (part * Decimal(str(rate)) for rate in (meter.cost, meter.emissions))
            yield Charge(meter.name, before.at, after.at, *key, part, cost, emissions)


def _within(spans: Spans, low: datetime, high: datetime) -> float:
    """Seconds of work that lie between two moments."""
    total = 0.0
    for start, end, seconds in spans:
        overlap = (min(end, high) - max(start, low)).total_seconds()
        span = (end - start).total_seconds()
        if span > 0 and overlap > 0:
            total += seconds * overlap / span
    return total


def share_out(amount: Decimal, times: Mapping[Key, float]) -> dict[Key, Decimal]:
    """The amount in proportion to the times, to six places; the parts add up to it exactly."""
    whole = sum(times.values())
    parts = {key: (amount * Decimal(t / whole)).quantize(EXACT) for key, t in times.items()}
    largest = max(times, key=lambda key: times[key])
    parts[largest] += amount - sum(parts.values())
    return parts
