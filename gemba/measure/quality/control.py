"""A characteristic's control chart: limits from a phase I, or as they were fixed; which points break which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from gemba.measure.quality.points import Point
from gemba.measure.spc import attributes, individuals, memory, variables
from gemba.measure.spc.chart import LIMITS, Chart, Process
from gemba.measure.spc.rules import NELSON, WESTERN_ELECTRIC
from gemba.operation import Characteristic

#: Sets of rules by name.
RULE_SETS: dict[str, tuple[str, ...]] = {"limits": LIMITS, "western electric": WESTERN_ELECTRIC, "nelson": NELSON}
#: Until limits are fixed those of so many first points hold; with fewer no rule is applied.
PHASE_ONE = 20
COUNTS = ("p", "np", "c", "u")
#: CUSUM: allowance and limit, EWMA: weight and width, in standard errors of a point. Usual choices (Montgomery, 9.1, 9.2).
ALLOWANCE, LIMIT, WEIGHT, WIDTH = 0.5, 5.0, 0.2, 2.7


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and standard deviation of single values; of counts the share, mean count or rate, and 0."""

    centre: float
    sigma: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A chart with its points. ``spread`` is the chart below (ranges, deviations, moving ranges, the low CUSUM);
    ``shift``: its first point stands at that point of the main chart."""

    points: tuple[Point, ...]
    location: Chart
    spread: Chart | None
    limits: Limits
    shift: int = 0

    @property
    def signals(self) -> list[tuple[int, str]]:
        """(point, rule) of both charts, 0 = first, without points left out for a cause; by point."""
        found = {(s.point, s.rule) for s in self.location.signals}
        if self.spread is not None:
            found |= {(i, f"beyond limits ({self.spread.kind})") for i in self.spread_signals}
        return sorted(s for s in found if not self.points[s[0]].cause)

    @property
    def spread_signals(self) -> list[int]:
        """Points whose spread is beyond its limits, as points of the main chart. Runs are no rule here: spreads are
        not spread evenly about their centre."""
        return [] if self.spread is None else [i + self.shift for i in self.spread.beyond]

    def broken(self, point: int) -> list[str]:
        """The rules that a point breaks; −1 is the newest."""
        at = point % len(self.points)
        return [rule for i, rule in self.signals if i == at]


def estimate(c: Characteristic, points: Sequence[Point]) -> Limits:
    """Phase I: limits from points, without those left out for an assigned cause.

    Raises:
        ValueError: where there are too few, or they do not spread.
    """
    kept = [p for p in points if not p.cause]
    if len(kept) < 2:
        raise ValueError(f"Limits need at least 2 points; there are {len(kept)}.")
    if c.chart in COUNTS:
        total, units = sum(p.count for p in kept), sum(p.size for p in kept)
        return Limits(total / len(kept) if _kind(c, points) == "c" else total / units)
    process = _process(c, kept)
    if process.sigma <= 0:
        raise ValueError("All values are equal: limits need some spread.")
    return Limits(process.mean, process.sigma)


def _process(c: Characteristic, kept: Sequence[Point]) -> Process:
    samples = [p.values for p in kept]
    if c.chart in ("xbar_r", "xbar_s") or (c.chart in ("ewma", "cusum") and all(len(s) > 1 for s in samples)):
        return variables.estimate(samples, "range" if c.chart == "xbar_r" else "s")
    return individuals.estimate_individuals([v for s in samples for v in s])


def first_points(points: Sequence[Point], count: int = PHASE_ONE) -> list[Point]:
    """The first points that are not left out: the provisional phase I; empty where there are fewer."""
    kept = [p for p in points if not p.cause][:count]
    return kept if len(kept) == count else []


def control(c: Characteristic, points: Sequence[Point], limits: Limits, rules: str = "western electric") -> Control:
    """The chart of the points by given limits and a set of rules (``RULE_SETS``).

    np and c charts of samples that vary in size are drawn as p and u. EWMA and CUSUM have the rule of their limits only.

    Raises:
        ValueError: where there are no points or too few.
    """
    if not points:
        raise ValueError("There is no point yet.")
    names, out = RULE_SETS[rules], {i for i, p in enumerate(points) if p.cause}
    out = out if len(out) < len(points) else set()
    if c.chart in COUNTS:
        return Control(tuple(points), _counts(c, points, limits, names, out), None, limits)
    if c.chart in ("ewma", "cusum"):
        return _remembering(c, points, limits)
    process = Process(limits.centre, limits.sigma)
    if c.chart in ("xbar_r", "xbar_s"):
        draw = variables.xbar_r if c.chart == "xbar_r" else variables.xbar_s
        both = draw([p.values for p in points], out, process, names)
        return Control(tuple(points), both.location, both.spread, limits)
    both = individuals.individuals([p.values[0] for p in points], out, process, names)
    return Control(tuple(points), both.location, both.spread, limits, shift=1)


def _kind(c: Characteristic, points: Sequence[Point]) -> str:
    if len({p.size for p in points}) > 1:
        return {"np": "p", "c": "u"}.get(c.chart, c.chart)
    return c.chart


def _counts(
    c: Characteristic, points: Sequence[Point], limits: Limits, rules: Sequence[str], out: Collection[int]
) -> Chart:
    kind, counts, sizes = _kind(c, points), [p.count for p in points], [float(p.size) for p in points]
    if kind == "p":
        return attributes.p_chart(counts, sizes, out, min(1.0, limits.centre), rules)
    if kind == "np":
        return attributes.np_chart(counts, sizes[0], out, min(1.0, limits.centre), rules)
    if kind == "c":
        return attributes.c_chart(counts, out, limits.centre, rules)
    return attributes.u_chart(counts, sizes, out, limits.centre, rules)


def _remembering(c: Characteristic, points: Sequence[Point], limits: Limits) -> Control:
    means = [float(np.mean(p.values)) for p in points]
    size = Counter(len(p.values) for p in points).most_common(1)[0][0]
    error = limits.sigma / size**0.5
    if c.chart == "ewma":
        chart = memory.ewma(means, Process(limits.centre, error), WEIGHT, WIDTH)
        return Control(tuple(points), chart, None, limits)
    target = limits.centre if c.target is None else c.target
    both = memory.cusum(means, target, ALLOWANCE * error, LIMIT * error)
    return Control(tuple(points), both.high, both.low, limits)
