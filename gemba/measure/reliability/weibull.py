"""The Weibull distribution of lives: what it says, and its fit to failures and to what still runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, expm1, inf, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from gemba.measure.spc.capability import Interval
from gemba.measure.spc.distributions import gamma_share, normal_quantile, root

Floats = NDArray[np.float64]

#: Shapes beyond these are not lives but data errors: all failures at one time, or spread over many powers of ten.
SHAPES = (1e-3, 1e4)


@dataclass(frozen=True, slots=True)
class Weibull:
    """R(t) = exp(−(t / η)^β): shape β (below 1 early failures, 1 chance, above 1 wear), scale η in the unit of t.

    Raises:
        ValueError: where one is not above 0.
    """

    shape: float
    scale: float

    def __post_init__(self) -> None:
        if not (0 < self.shape < inf and 0 < self.scale < inf):
            raise ValueError(f"shape is {self.shape} and scale {self.scale}; both must be above 0 and finite")

    def reliability(self, t: float) -> float:
        """The share still working at age t."""
        return exp(-((max(0.0, t) / self.scale) ** self.shape))

    def failed(self, t: float) -> float:
        """F(t) = 1 − R(t)."""
        return -expm1(-((max(0.0, t) / self.scale) ** self.shape))

    def hazard(self, t: float) -> float:
        """Failure rate at age t: (β / η) (t / η)^(β − 1), per unit of time; at age 0 infinite for β < 1."""
        if t <= 0 and self.shape < 1:
            return inf
        return float(self.shape / self.scale * (max(0.0, t) / self.scale) ** (self.shape - 1))

    def conditional(self, t: float, age: float) -> float:
        """The share of those that reached an age that works for t more: R(age + t) / R(age)."""
        return exp((age / self.scale) ** self.shape - ((age + t) / self.scale) ** self.shape)

    @property
    def mean(self) -> float:
        """η Γ(1 + 1 / β)."""
        return self.scale * exp(lgamma(1 + 1 / self.shape))

    @property
    def deviation(self) -> float:
        """Standard deviation: η √(Γ(1 + 2 / β) − Γ(1 + 1 / β)²)."""
        second, first = lgamma(1 + 2 / self.shape), lgamma(1 + 1 / self.shape)
        return self.scale * exp(first) * sqrt(max(0.0, expm1(second - 2 * first)))

    def life(self, share: float) -> float:
        """The age by which this share has failed, η (−ln(1 − share))^(1 / β): B10 is ``life(0.10)``.

        Raises:
            ValueError: where the share is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise ValueError(f"share is {share}; it must be between 0 and 1")
        return float(self.scale * (-log(1 - share)) ** (1 / self.shape))

    def mean_until(self, t: float) -> float:
        """∫₀ᵗ R(x) dx = (η / β) Γ(1 / β) P(1 / β, (t / η)^β): mean time in service of what is replaced at age t at the latest."""
        return self.mean * gamma_share(1 / self.shape, (max(0.0, t) / self.scale) ** self.shape)


@dataclass(frozen=True, slots=True)
class WeibullFit:
    """A fit. ``covariance`` is that of (ln β, ln η), the inverse of the observed information; ``intervals`` are from it."""

    life: Weibull
    log_likelihood: float
    failures: int
    censored: int
    covariance: tuple[tuple[float, float], tuple[float, float]]
    shape_interval: Interval
    scale_interval: Interval

    @property
    def aic(self) -> float:
        """Akaike's criterion for two parameters: 4 − 2 ln L; of two distributions the one with less fits better."""
        return 4 - 2 * self.log_likelihood


def fit(
    failures: Sequence[float] | Floats, censored: Sequence[float] | Floats = (), confidence: float = 0.95
) -> WeibullFit:
    """Maximum likelihood from ages at failure and ages of what had not failed (right censored).

    β solves Σ t^β ln t / Σ t^β − 1 / β = mean of ln t over the failures (sums over all ages), η^β = Σ t^β / r with r
    failures (Lawless 2003, 5.2). Intervals are estimate · exp(± z se) with se of the logarithm, which keeps them above 0.

    Raises:
        ValueError: where an age is not above 0 and finite, or fewer than 2 different ages at failure or later are known.
    """
    failed, running = _ages("failures", failures), _ages("censored", censored)
    ages = np.concatenate((failed, running))
    if not len(failed) or not (ages.max() > failed.min()):
        raise ValueError(f"failures has {len(failed)} ages; a shape needs a failure and a later, different age")
    unit = float(ages.max())
    logs, mean = np.log(ages / unit), float(np.log(failed / unit).mean())
    shape = root(lambda b: _slope(b, logs, mean), *SHAPES)
    scale = unit * float(np.exp(shape * logs).sum() / len(failed)) ** (1 / shape)
    life = Weibull(shape, scale)
    covariance = _covariance(life, failed, ages)
    z = normal_quantile((1 + confidence) / 2)
    spans = [(value, exp(z * sqrt(covariance[i][i]))) for i, value in enumerate((shape, scale))]
    intervals = [Interval(value / factor, value * factor, confidence) for value, factor in spans]
    found = log_likelihood(life, failed, running)
    return WeibullFit(life, found, len(failed), len(running), covariance, intervals[0], intervals[1])


def log_likelihood(life: Weibull, failures: Sequence[float] | Floats, censored: Sequence[float] | Floats = ()) -> float:
    """ln L = Σ over failures (ln β − β ln η + (β − 1) ln t) − Σ over all ages (t / η)^β."""
    failed, running = _ages("failures", failures), _ages("censored", censored)
    density = np.log(life.shape / life.scale) + (life.shape - 1) * np.log(failed / life.scale)
    powers = (np.concatenate((failed, running)) / life.scale) ** life.shape
    return float(density.sum() - powers.sum())


def _slope(shape: float, logs: Floats, mean: float) -> float:
    """Increases with the shape; 0 at the estimate."""
    powers = np.exp(shape * logs)
    return float(powers @ logs / powers.sum()) - 1 / shape - mean


def _covariance(life: Weibull, failed: Floats, ages: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Inverse of the negative second derivatives of ln L by ln β and ln η, at the estimate."""
    y = life.shape * np.log(ages / life.scale)
    powers = np.exp(y)
    shapes = len(failed) + float((powers * y**2).sum())
    mixed = -life.shape * float((powers * y).sum())
    scales = life.shape**2 * float(powers.sum())
    below = shapes * scales - mixed**2
    return ((scales / below, -mixed / below), (-mixed / below, shapes / below))


def _ages(name: str, values: Sequence[float] | Floats) -> Floats:
    ages = np.asarray(values, dtype=np.float64)
    wrong = np.flatnonzero(~((ages > 0) & (ages < inf)))
    if len(wrong):
        raise ValueError(f"{name}[{wrong[0]}] is {ages[wrong[0]]}; an age must be above 0 and finite")
    return ages
