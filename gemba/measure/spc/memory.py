"""Charts with a memory, for small shifts: EWMA and CUSUM (NIST/SEMATECH e-Handbook 6.3.2.3 and 6.3.2.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.measure.spc.chart import Chart, Numbers, Process, draw, numbers
from gemba.measure.spc.rules import Floats


def ewma(
    values: Numbers,
    process: Process,
    weight: float = 0.2,
    width: float = 3.0,
    start: float | None = None,
    exact: bool = True,
) -> Chart:
    """Exponentially weighted moving average zₜ = λ xₜ + (1 − λ) zₜ₋₁, from ``start`` (the mean unless given).

    Limits are μ ± L σ √(λ / (2 − λ) [1 − (1 − λ)²ᵗ]) with λ = ``weight`` and L = ``width``; without the part in
    brackets, as in the long run, where ``exact`` is false. For subgroup means σ is the standard error of a mean.

    Raises:
        ValueError: where the weight is not above 0 and at most 1.
    """
    x = numbers("values", values)
    if not 0 < weight <= 1:
        raise ValueError(f"weight is {weight}; it must be above 0 and at most 1")
    points, last = np.empty(len(x)), process.mean if start is None else start
    for i, value in enumerate(x.tolist()):
        points[i] = last = weight * value + (1 - weight) * last
    grown = 1 - (1 - weight) ** (2 * np.arange(1, len(x) + 1)) if exact else np.ones(len(x))
    sigma = process.sigma * np.sqrt(weight / (2 - weight) * grown)
    return draw("ewma", points, process.mean, sigma, width=width)


@dataclass(frozen=True, slots=True, eq=False)
class Cusum:
    """``high`` sums what is above the target, ``low`` what is below it; both charts have the limits 0 and h.

    ``since_high`` and ``since_low`` count for each point the values since the sum was last 0.
    """

    high: Chart
    low: Chart
    since_high: tuple[int, ...]
    since_low: tuple[int, ...]

    @property
    def first_signal(self) -> int | None:
        """The first point beyond h on either chart, 0 = first; None where there is none."""
        return min((*self.high.beyond, *self.low.beyond), default=None)


def cusum(values: Numbers, target: float, allowance: float, limit: float, start: float = 0.0) -> Cusum:
    """Tabular CUSUM: Sₜ = max(0, Sₜ₋₁ + xₜ − target − k) for high, with target − xₜ − k for low; a signal where S > h.

    ``allowance`` k and ``limit`` h are in the unit of the values (k = δσ/2 for a shift of δσ; h = 4 to 5 σ is usual).
    ``start`` is S₀; h / 2 is the fast initial response (Lucas & Crosier 1982).

    Raises:
        ValueError: where the allowance is negative or the limit not above 0.
    """
    x = numbers("values", values)
    if allowance < 0 or limit <= 0:
        raise ValueError(f"allowance is {allowance} and limit {limit}; they must be at least 0, and above 0")
    high, since_high = _sums(x - target - allowance, start)
    low, since_low = _sums(target - x - allowance, start)
    charts = [
        draw(kind, points, 0.0, limit, width=1, least=0) for kind, points in (("cusum high", high), ("cusum low", low))
    ]
    return Cusum(charts[0], charts[1], since_high, since_low)


def _sums(steps: Floats, start: float) -> tuple[Floats, tuple[int, ...]]:
    total, count, sums, counts = start, 0, [], []
    for step in steps.tolist():
        total = max(0.0, total + step)
        count = count + 1 if total > 0 else 0
        sums.append(total)
        counts.append(count)
    return np.array(sums), tuple(counts)
