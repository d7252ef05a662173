"""Waste by stream, code and destination: how much, what it costs, and for each unit produced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gemba.operation.records import Movement
from gemba.operation.safety import WasteStream

ZERO = Decimal(0)
#: Destinations in the order of the waste hierarchy (Directive 2008/98/EC, article 4), the best first.
HIERARCHY = ("reuse", "recycling", "energy recovery", "treatment", "incineration", "landfill")


@dataclass(frozen=True, slots=True)
class WasteRow:
    """A stream in a period. ``value`` is what the wasted items were worth; ``disposal`` what disposing of them costs;
    ``per_unit`` quantity / units produced, None where nothing was."""

    stream: WasteStream
    quantity: Decimal
    value: Decimal
    disposal: Decimal
    per_unit: float | None


def waste(streams: Iterable[WasteStream], movements: Iterable[Movement], produced: Decimal) -> list[WasteRow]:
    """What went to each stream, the best destination first. Movements that reverse one are taken off again; what names
    an unknown stream is a stream of its own without cost."""
    known = {s.name: s for s in streams}
    sums: dict[str, tuple[Decimal, Decimal]] = dict.fromkeys(known, (ZERO, ZERO))
    for m in movements:
        name, sign = (m.to_name, 1) if m.to_kind == "waste" else (m.from_name, -1)
        if "waste" in (m.to_kind, m.from_kind):
            quantity, value = sums.get(name, (ZERO, ZERO))
            sums[name] = (quantity + sign * m.quantity, value + sign * m.value)
    rows = [_row(known.get(n) or WasteStream(name=n or "not named"), q, v, produced) for n, (q, v) in sums.items()]
    return sorted(rows, key=lambda r: (HIERARCHY.index(r.stream.destination), r.stream.name))


def recovered(rows: Iterable[WasteRow]) -> float | None:
    """Share of the quantity that is reused, recycled or burnt for its energy; None where there was no waste. Streams
    must share one unit for it to mean anything."""
    every = list(rows)
    total = sum((r.quantity for r in every), ZERO)
    kept = sum((r.quantity for r in every if r.stream.destination in HIERARCHY[:3]), ZERO)
    return float(kept / total) if total else None


def _row(stream: WasteStream, quantity: Decimal, value: Decimal, produced: Decimal) -> WasteRow:
    per_unit = float(quantity / produced) if produced > 0 else None
    return WasteRow(stream, quantity, value, ZERO + quantity * Decimal(str(stream.cost)), per_unit)
