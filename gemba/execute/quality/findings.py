"""What inspection has found wrong, in words and figures, for the nonconformance that is raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.execute.quality.history import LotResult
from gemba.execute.quality.readings import Reading, is_outside
from gemba.operation import Characteristic

#: Of an event that holds a lot: it was received and has to be inspected.
AWAITING = "Waits for inspection on receipt"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``key`` tells it from others of the characteristic (a lot, a point)."""

    key: str
    text: str


def outside(c: Characteristic, readings: Sequence[Reading], lot: str) -> list[Finding]:
    """Measured values outside the specification limits."""
    values = [r.value for r in readings if c.kind == "variable" and is_outside(c, r.value)]
    if not values:
        return []
    told = ", ".join(f"{v:g}" for v in values[:10]) + (f" and {len(values) - 10} more" if len(values) > 10 else "")
    are = "is" if len(values) == 1 else "are"
    found = f"{told} {c.unit} {are} outside the limits {limits_text(c)}".replace("  ", " ")
    return [Finding(lot or readings[0].measurement.uid, found)]


def rejected(result: LotResult | None) -> list[Finding]:
    """The rejected lot."""
    if result is None or result.accepted is not False:
        return []
    needs = result.required
    if result.nonconforming <= (needs.accept or 0):
        return [Finding(result.lot.name, "lot not accepted: inspection is discontinued")]
    severity = f", {needs.severity} inspection" if needs.severity else ""
    told = f"{result.nonconforming:g} nonconforming in {result.inspected} inspected, Ac {needs.accept}{severity}"
    return [Finding(result.lot.name, f"lot rejected: {told}")]


def limits_text(c: Characteristic) -> str:
    """The specification limits as people write them."""
    if c.lower is not None and c.upper is not None:
        return f"{c.lower:g} to {c.upper:g}"
    return f"at least {c.lower:g}" if c.lower is not None else f"at most {c.upper:g}" if c.upper is not None else "none"
