"""Constants of control charts for a subgroup of n normal values, computed for any n (tabled in ISO 7870-2).

The relative range W = R / σ has the density f(w) = n (n − 1) ∫ φ(x) φ(x + w) [Φ(x + w) − Φ(x)]ⁿ⁻² dx
(Tippett 1925); d₂ is its mean and d₃ its standard deviation. c₄ is the mean of s / σ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, exp, lgamma, pi, sqrt

import numpy as np

LARGEST = 1000
#: The range of a thousand normal values stays below 14 σ; the inner integral is cut off at ±9 σ.
WIDEST, REACH, STEP, NODES = 14.0, 9.0, 0.125, 96


@dataclass(frozen=True, slots=True)
class Constants:
    """Factors for limits from x̿, R̄ and s̄: x̿ ± a2 R̄, x̿ ± a3 s̄, b3 s̄ to b4 s̄, d3_lower R̄ to d4_upper R̄."""

    n: int
    d2: float
    d3: float
    c4: float
    a2: float
    a3: float
    b3: float
    b4: float
    lower_range: float  # the factor the tables call D3
    upper_range: float  # the factor the tables call D4


def constants(n: int) -> Constants:
    """All factors of a subgroup size, with A₂ = 3 / (d₂ √n), A₃ = 3 / (c₄ √n), B₃,₄ = 1 ∓ 3 √(1 − c₄²) / c₄,
    D₃,₄ = 1 ∓ 3 d₃ / d₂; lower factors are not below 0.

    Raises:
        ValueError: where n is not from 2 to 1000.
    """
    spread = 3 * sqrt(1 - c4(n) ** 2) / c4(n)
    reach = 3 * d3(n) / d2(n)
    a2, a3 = 3 / (d2(n) * sqrt(n)), 3 / (c4(n) * sqrt(n))
    return Constants(n, d2(n), d3(n), c4(n), a2, a3, max(0.0, 1 - spread), 1 + spread, max(0.0, 1 - reach), 1 + reach)


def c4(n: int) -> float:
    """Mean of s / σ: √(2 / (n − 1)) Γ(n / 2) / Γ((n − 1) / 2)."""
    _check(n)
    return sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))


def d2(n: int) -> float:
    """Mean of R / σ."""
    return _range_moments(n)[0]


def d3(n: int) -> float:
    """Standard deviation of R / σ."""
    return _range_moments(n)[1]


def d2_star(n: int, groups: int) -> float:
    """d₂* = √(d₂² + d₃² / g): the root mean square of the mean of g ranges of n values, over σ (Duncan 1974)."""
    return sqrt(d2(n) ** 2 + d3(n) ** 2 / groups)


@lru_cache(maxsize=256)
def _range_moments(n: int) -> tuple[float, float]:
    """Mean and standard deviation of R / σ, by Gauss–Legendre in w and the trapezoid rule in x."""
    _check(n)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    w, weights = (nodes + 1) * WIDEST / 2, weights * WIDEST / 2
    x = np.arange(-REACH - WIDEST, REACH + STEP, STEP)
    above = x[:, None] + w
    inside = np.clip(_cdf(above) - _cdf(x)[:, None], 0, 1)
    parts = np.exp(-(x[:, None] ** 2 + above**2) / 2) * inside ** (n - 2)
    density = n * (n - 1) * STEP * parts.sum(axis=0) / (2 * pi)
    mean = float(weights @ (w * density))
    return mean, sqrt(float(weights @ ((w - mean) ** 2 * density)))


def _cdf(x: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    flat = [0.5 * erfc(-v / sqrt(2)) for v in x.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(x.shape)


def _check(n: int) -> None:
    if not 2 <= n <= LARGEST:
        raise ValueError(f"n is {n}; a subgroup has 2 to {LARGEST} values")
