"""Capability of a characteristic over a period, with intervals for every index, and its histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from gemba.measure.quality.points import Point
from gemba.measure.spc.capability import (
    Capability,
    Interval,
    Specification,
    capability,
    capability_of_values,
    cp_interval,
    cpk_interval,
)
from gemba.operation import Characteristic

#: Degrees of freedom of σ within, as a share of Σ(nᵢ − 1) for ranges (Bissell 1990) and of n − 1 for moving ranges of two
#: (Wheeler 1995): estimates from ranges know less than those from all deviations.
BY_RANGE, BY_MOVING_RANGE = 0.9, 0.62


@dataclass(frozen=True, slots=True)
class Indices:
    """``of`` are the indices; the intervals are of Cp and Cpk, those of Pp and Ppk are in ``of``."""

    of: Capability
    cp_interval: Interval | None
    cpk_interval: Interval


@dataclass(frozen=True, slots=True)
class Bin:
    """Values from ``low`` up to below ``high`` (the last one with it)."""

    low: float
    high: float
    count: int


def indices(c: Characteristic, points: Sequence[Point], confidence: float = 0.95) -> Indices:
    """The indices of the points that are not left out. A sample's Pp and Ppk are of all its values.

    Raises:
        ValueError: where there is no limit, or too few values, or no spread.
    """
    if c.kind != "variable":
        raise ValueError("Capability is that of measured values.")
    spec, kept = Specification(c.lower, c.upper, c.target), [p.values for p in points if not p.cause]
    if sum(len(v) for v in kept) < 3:
        raise ValueError("Capability needs at least 3 values.")
    if all(len(v) > 1 for v in kept):
        by = "range" if c.chart == "xbar_r" else "s"
        found, freedom = capability(kept, spec, by, confidence), float(sum(len(v) - 1 for v in kept))
        freedom *= BY_RANGE if by == "range" else 1.0
    else:
        values = [v for sample in kept for v in sample]
        found, freedom = capability_of_values(values, spec, confidence), BY_MOVING_RANGE * (len(values) - 1)
    within = None if found.cp is None else cp_interval(found.cp, freedom, confidence)
    return Indices(found, within, cpk_interval(found.cpk, found.count, freedom, confidence))


def histogram(values: Sequence[float], most: int = 20) -> list[Bin]:
    """About √n bins of one width over the values; one bin where all are equal."""
    if not values:
        return []
    low, high = min(values), max(values)
    if low == high:
        return [Bin(low, high, len(values))]
    count = min(most, max(5, ceil(sqrt(len(values)))))
    width, counts = (high - low) / count, [0] * count
    for v in values:
        counts[min(count - 1, int((v - low) / width))] += 1
    return [Bin(low + i * width, low + (i + 1) * width, n) for i, n in enumerate(counts)]
