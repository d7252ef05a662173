"""The share that survives, without assuming a distribution: the product-limit estimate (Kaplan & Meier 1958)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from gemba.measure.spc.distributions import normal_quantile


@dataclass(frozen=True, slots=True)
class Step:
    """At ``time``, ``failures`` of ``at_risk`` fail; then the share ``survival`` is left.

    ``error`` is Greenwood's standard error, S √(Σ d / (n (n − d))); ``low`` to ``high`` is the confidence interval.
    """

    time: float
    at_risk: int
    failures: int
    survival: float
    error: float
    low: float
    high: float


def kaplan_meier(
    failures: Sequence[float], censored: Sequence[float] = (), confidence: float = 0.95
) -> tuple[Step, ...]:
    """S(t) = Π over failure times up to t of (1 − d / n): n at risk just before, d failing. A step for each failure time.

    What is censored at a failure time counts as at risk then. The interval is S^exp(± z se / (S ln S)), from ln(−ln S), within 0
    and 1 (Kalbfleisch & Prentice 2002, 1.4).

    Raises:
        ValueError: where a time is negative or not finite.
    """
    failed, running = _times("failures", failures), _times("censored", censored)
    z = normal_quantile((1 + confidence) / 2)
    survival, greenwood, steps = 1.0, 0.0, []
    for time, count in zip(*np.unique(failed, return_counts=True), strict=True):
        n, d = int((failed >= time).sum() + (running >= time).sum()), int(count)
        survival *= 1 - d / n
        greenwood = greenwood + d / (n * (n - d)) if n > d else inf
        error = survival * sqrt(greenwood) if survival > 0 else 0.0
        steps.append(Step(float(time), n, d, survival, error, *_between(survival, greenwood, z)))
    return tuple(steps)


def survival_at(steps: Sequence[Step], time: float) -> float:
    """S(t), 1 before the first failure."""
    return next((step.survival for step in reversed(steps) if step.time <= time), 1.0)


def median_life(steps: Sequence[Step], share: float = 0.5) -> float | None:
    """The first time by which at least this share has failed; None where so many have not failed yet."""
    return next((step.time for step in steps if step.survival <= 1 - share + 1e-12), None)


def _between(survival: float, greenwood: float, z: float) -> tuple[float, float]:
    if survival <= 0:
        return 0.0, 0.0
    reach = z * sqrt(greenwood) / -log(survival)
    return survival ** exp(reach), survival ** exp(-reach)


def _times(name: str, values: Sequence[float]) -> NDArray[np.float64]:
    times = np.asarray(values, dtype=np.float64)
    wrong = np.flatnonzero(~((times >= 0) & (times < inf)))
    if len(wrong):
        raise ValueError(f"{name}[{wrong[0]}] is {times[wrong[0]]}; a time must be at least 0 and finite")
    return times
