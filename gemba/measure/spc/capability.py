"""Capability of processes and machines: how the spread fits the specification (ISO 22514, ISO 22400-2)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from gemba.measure.spc.chart import Numbers, numbers
from gemba.measure.spc.distributions import chi_square_quantile, normal_cdf, normal_quantile
from gemba.measure.spc.individuals import estimate_individuals
from gemba.measure.spc.rules import Floats
from gemba.measure.spc.variables import Samples, estimate, subgroups


@dataclass(frozen=True, slots=True)
class Specification:
    """Limits of what is accepted, in the unit measured; None where a side has none. ``target``: the middle unless given.

    Raises:
        ValueError: where there is no limit, or lower is not below upper.
    """

    lower: float | None = None
    upper: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise ValueError("specification has no limit; it must have a lower or an upper one, or both")
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError(f"specification: lower is {self.lower} and upper {self.upper}; lower must be below upper")

    @property
    def aim(self) -> float | None:
        """The target, else the middle of two limits, else None."""
        if self.target is not None or self.lower is None or self.upper is None:
            return self.target
        return (self.lower + self.upper) / 2


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; ``confidence`` is the share of such intervals that hold the true value."""

    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Capability:
    """Indices of one sample. cp, cpk and cpm have σ within subgroups, pp and ppk that of all values together.

    cp and pp need both limits, cpm a target; they are None without. ``ppm_within`` and ``ppm_overall`` are the values out of
    the specification expected in a million, for normal values; ``out`` those of the sample.
    """

    mean: float
    sigma_within: float
    sigma_overall: float
    count: int
    cp: float | None
    cpk: float
    cpm: float | None
    pp: float | None
    ppk: float
    ppm_within: float
    ppm_overall: float
    out: int
    pp_interval: Interval | None
    ppk_interval: Interval


def cp(spec: Specification, sigma: float) -> float | None:
    """(USL − LSL) / 6σ: Cp with σ within subgroups, Pp with σ overall, Cm with σ of one machine's run; None one-sided."""
    _positive(sigma)
    return None if spec.lower is None or spec.upper is None else (spec.upper - spec.lower) / (6 * sigma)


def cpk(spec: Specification, mean: float, sigma: float) -> float:
    """min(USL − μ, μ − LSL) / 3σ over the limits there are: Cpk, Ppk or Cmk, by the σ given."""
    _positive(sigma)
    sides = []
    if spec.upper is not None:
        sides.append(spec.upper - mean)
    if spec.lower is not None:
        sides.append(mean - spec.lower)
    return min(sides) / (3 * sigma)


def cpm(spec: Specification, mean: float, sigma: float) -> float | None:
    """(USL − LSL) / 6 √(σ² + (μ − T)²) with target T (Chan, Cheng & Spiring 1988); None without two limits."""
    aim = spec.aim
    return None if aim is None else cp(spec, sqrt(sigma**2 + (mean - aim) ** 2))


def ppm(spec: Specification, mean: float, sigma: float) -> float:
    """Values out of the specification expected in a million normal ones: 10⁶ [Φ((LSL − μ) / σ) + Φ((μ − USL) / σ)]."""
    _positive(sigma)
    low = 0.0 if spec.lower is None else normal_cdf((spec.lower - mean) / sigma)
    high = 0.0 if spec.upper is None else normal_cdf((mean - spec.upper) / sigma)
    return 1e6 * (low + high)


def cp_interval(value: float, freedom: float, confidence: float = 0.95) -> Interval:
    """Of Cp or Pp: value · √(χ²(α/2; ν) / ν) to value · √(χ²(1 − α/2; ν) / ν); ν is n − 1 for σ overall (Kane 1986)."""
    tail = (1 - confidence) / 2
    low, high = (value * sqrt(chi_square_quantile(q, freedom) / freedom) for q in (tail, 1 - tail))
    return Interval(low, high, confidence)


def cpk_interval(value: float, count: int, freedom: float, confidence: float = 0.95) -> Interval:
    """Of Cpk or Ppk: value ± z √(1 / (9 n) + value² / (2 ν)), a normal approximation (Bissell 1990)."""
    reach = normal_quantile((1 + confidence) / 2) * sqrt(1 / (9 * count) + value**2 / (2 * freedom))
    return Interval(value - reach, value + reach, confidence)


def cpm_interval(
    spec: Specification, mean: float, sigma: float, count: int, confidence: float = 0.95
) -> Interval | None:
    """Of Cpm: as ``cp_interval`` with ν = n (1 + ξ²)² / (1 + 2 ξ²), ξ = (μ − T) / σ (Boyles 1991); None without Cpm."""
    value, aim = cpm(spec, mean, sigma), spec.aim
    if value is None or aim is None:
        return None
    off = ((mean - aim) / sigma) ** 2
    return cp_interval(value, count * (1 + off) ** 2 / (1 + 2 * off), confidence)


def capability(samples: Samples, spec: Specification, by: str = "s", confidence: float = 0.95) -> Capability:
    """The indices of subgroups; ``by`` says how σ within is estimated: range, s or pooled, as in ``variables``.

    Intervals are given for the indices with σ overall, which has n − 1 degrees of freedom.

    Raises:
        ValueError: where a subgroup has fewer than 2 values or all values are equal.
    """
    return _capability(np.concatenate(subgroups(samples)), estimate(samples, by).sigma, spec, confidence)


def capability_of_values(values: Numbers, spec: Specification, confidence: float = 0.95) -> Capability:
    """The indices of single values in their order; σ within is that of the mean moving range, as in ``individuals``.

    Raises:
        ValueError: where there are fewer than 2 values or all are equal.
    """
    x = numbers("values", values, 2)
    return _capability(x, estimate_individuals(x).sigma, spec, confidence)


def _capability(values: Floats, within: float, spec: Specification, confidence: float) -> Capability:
    mean, overall, count = float(values.mean()), float(values.std(ddof=1)), len(values)
    pp, ppk = cp(spec, overall), cpk(spec, mean, overall)
    low, high = (-np.inf if spec.lower is None else spec.lower), (np.inf if spec.upper is None else spec.upper)
    return Capability(
        mean,
        within,
        overall,
        count,
        cp(spec, within),
        cpk(spec, mean, within),
        cpm(spec, mean, overall),
        pp,
        ppk,
        ppm(spec, mean, within),
        ppm(spec, mean, overall),
        int(((values < low) | (values > high)).sum()),
        None if pp is None else cp_interval(pp, count - 1, confidence),
        cpk_interval(ppk, count, count - 1, confidence),
    )


def _positive(sigma: float) -> None:
    if not sigma > 0:
        raise ValueError(f"sigma is {sigma}; it must be above 0 (are all values equal?)")
