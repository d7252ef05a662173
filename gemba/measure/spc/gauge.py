"""Gauge repeatability and reproducibility: how much of the spread is the measurement's own (AIAG MSA; Montgomery 8.7)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from gemba.measure.spc.constants import d2, d2_star
from gemba.measure.spc.distributions import f_tail
from gemba.measure.spc.rules import Floats

#: Distinct categories: √2 · σ_part / σ_gauge, with the 1.41 the manual prints.
CATEGORIES = 1.41


@dataclass(frozen=True, slots=True)
class Source:
    """A line of the analysis of variance; ``f`` and ``p`` are None for the error and the total."""

    name: str
    squares: float
    freedom: int
    mean_square: float
    f: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class GaugeStudy:
    """Components of variance, in the unit measured squared, and what follows. ``sources`` are empty for ranges."""

    repeatability: float
    operator: float
    interaction: float
    part: float
    sources: tuple[Source, ...] = ()
    tolerance: float | None = None

    @property
    def reproducibility(self) -> float:
        """Variance between operators, with their interaction with parts."""
        return self.operator + self.interaction

    @property
    def gauge(self) -> float:
        """Variance of measuring: repeatability + reproducibility."""
        return self.repeatability + self.reproducibility

    @property
    def total(self) -> float:
        return self.gauge + self.part

    def share(self, variance: float) -> float:
        """Study variation: standard deviation in percent of the total one. %GRR is ``share(study.gauge)``."""
        return 100 * sqrt(variance / self.total) if self.total > 0 else 0.0

    @property
    def grr(self) -> float:
        """%GRR: 100 σ_gauge / σ_total; below 10 is good, above 30 too much."""
        return self.share(self.gauge)

    @property
    def of_tolerance(self) -> float | None:
        """%tolerance: 100 · 6 σ_gauge / tolerance; None without a tolerance."""
        return None if self.tolerance is None else 600 * sqrt(self.gauge) / self.tolerance

    @property
    def categories(self) -> int:
        """Number of distinct categories: 1.41 σ_part / σ_gauge, rounded down, at least 1; 5 or more is wanted."""
        return max(1, int(CATEGORIES * sqrt(self.part / self.gauge))) if self.gauge > 0 else 1


def gauge_anova(values: Floats, tolerance: float | None = None, pool: float = 0.25) -> GaugeStudy:
    """Study by analysis of variance; ``values[i, j, k]`` is part i measured by operator j the k-th time.

    Two-way with random effects, p parts, o operators, r repeats: σ²_r = MS_e, σ²_po = (MS_po − MS_e) / r,
    σ²_o = (MS_o − MS_po) / (p r), σ²_p = (MS_p − MS_po) / (o r), not below 0. Where the interaction's p-value is above
    ``pool`` it joins the error, whose mean square then takes its place. In ``sources`` F of parts and operators is over
    the interaction, as it is before pooling.

    Raises:
        ValueError: where there are not at least 2 of each, the values are not finite or the tolerance not above 0.
    """
    x = _checked(values, tolerance)
    p, o, r = x.shape
    sources = _sources(x)
    part, operator, both, error, _ = sources
    if both.p is not None and both.p > pool:
        rest = (both.squares + error.squares) / (both.freedom + error.freedom)
        below, repeat, together = rest, rest, 0.0
    else:
        below, repeat, together = both.mean_square, error.mean_square, (both.mean_square - error.mean_square) / r
    between = max(0.0, (operator.mean_square - below) / (p * r))
    parts = max(0.0, (part.mean_square - below) / (o * r))
    return GaugeStudy(repeat, between, max(0.0, together), parts, sources, tolerance)


def gauge_ranges(values: Floats, tolerance: float | None = None) -> GaugeStudy:
    """Study by averages and ranges (AIAG MSA); ``values[i, j, k]`` as in ``gauge_anova``.

    EV = R̄ / d₂*, AV² = (X̄_diff / d₂*)² − EV² / (p r), PV = R_p / d₂*: R̄ is the mean range of the repeats, X̄_diff the range of the
    operators' means and R_p that of the parts' means. The interaction is not seen.
    """
    x = _checked(values, tolerance)
    p, o, r = x.shape
    groups = p * o
    repeat = float(np.ptp(x, axis=2).mean()) / (d2(r) if groups > 15 else d2_star(r, groups))
    between = float(np.ptp(x.mean(axis=(0, 2)))) / d2_star(o, 1)
    parts = float(np.ptp(x.mean(axis=(1, 2)))) / d2_star(p, 1)
    operator = max(0.0, between**2 - repeat**2 / (p * r))
    return GaugeStudy(repeat**2, operator, 0.0, parts**2, (), tolerance)


def _sources(x: Floats) -> tuple[Source, Source, Source, Source, Source]:
    p, o, r = x.shape
    mean, cells = x.mean(), x.mean(axis=2)
    part = o * r * float(((x.mean(axis=(1, 2)) - mean) ** 2).sum())
    operator = p * r * float(((x.mean(axis=(0, 2)) - mean) ** 2).sum())
    total = float(((x - mean) ** 2).sum())
    error = float(((x - cells[:, :, None]) ** 2).sum())
    both = max(0.0, r * float(((cells - mean) ** 2).sum()) - part - operator)
    dfs = (p - 1, o - 1, (p - 1) * (o - 1), p * o * (r - 1))
    below, rest = both / dfs[2], error / dfs[3]
    return (
        _source("part", part, dfs[0], below, dfs[2]),
        _source("operator", operator, dfs[1], below, dfs[2]),
        _source("part by operator", both, dfs[2], rest, dfs[3]),
        Source("repeatability", error, dfs[3], rest),
        Source("total", total, p * o * r - 1, total / (p * o * r - 1)),
    )


def _source(name: str, squares: float, freedom: int, below: float, below_freedom: int) -> Source:
    mean_square = squares / freedom
    f = mean_square / below if below > 0 else (float("inf") if mean_square > 0 else 0.0)
    p = 0.0 if f == float("inf") else f_tail(f, freedom, below_freedom)
    return Source(name, squares, freedom, mean_square, f, p)


def _checked(values: Floats, tolerance: float | None) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 3 or min(x.shape) < 2:
        raise ValueError(f"values has the shape {x.shape}; it must be parts × operators × repeats, at least 2 of each")
    if not np.isfinite(x).all():
        raise ValueError(
            "values has one that is missing or infinite; every operator must measure every part equally often"
        )
    if tolerance is not None and tolerance <= 0:
        raise ValueError(f"tolerance is {tolerance}; it must be above 0")
    return x
