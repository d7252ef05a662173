"""Probabilities and quantiles that the charts, indices and intervals need: normal, chi-square, F."""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

#: Series and continued fractions stop where a term no longer changes the result.
PRECISION = 1e-15
TINY = 1e-300
STEPS = 100_000


def normal_cdf(x: float) -> float:
    """Φ(x), the probability that a standard normal value is at most x."""
    return 0.5 * erfc(-x / sqrt(2))


def normal_quantile(p: float) -> float:
    """z with Φ(z) = p, for 0 < p < 1 (Wichura 1988, algorithm AS 241, as in Python's statistics module)."""
    _share("p", p)
    return NormalDist().inv_cdf(p)


def gamma_share(a: float, x: float) -> float:
    """P(a, x), the regularised lower incomplete gamma function (Abramowitz & Stegun 6.5.1), for a > 0, x ≥ 0.

    By its series (6.5.29) where x < a + 1, else as one less the continued fraction (6.5.31, by Lentz's method).
    """
    if a <= 0 or x < 0:
        raise ValueError(f"a is {a} and x is {x}; a must be above 0 and x not below 0")
    if x == 0:
        return 0.0
    if x == float("inf"):
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    return min(1.0, front * _gamma_series(a, x)) if x < a + 1 else max(0.0, 1 - front * _gamma_fraction(a, x))


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for k in range(1, STEPS):
        term *= x / (a + k)
        total += term
        if term < total * PRECISION:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    value = d
    for k in range(1, STEPS):
        top = -k * (k - a)
        b += 2
        d = 1 / _away(top * d + b)
        c = _away(b + top / c)
        value *= d * c
        if abs(d * c - 1) < PRECISION:
            break
    return value


def chi_square_cdf(x: float, freedom: float) -> float:
    """The probability that a chi-square value with ``freedom`` degrees of freedom is at most x (A & S 26.4.19)."""
    return gamma_share(freedom / 2, x / 2) if x > 0 else 0.0


def chi_square_quantile(p: float, freedom: float) -> float:
    """x with chi_square_cdf(x, freedom) = p, for 0 < p < 1.

    Raises:
        ValueError: where p is not between 0 and 1 or freedom is not above 0.
    """
    _share("p", p)
    if freedom <= 0:
        raise ValueError(f"freedom is {freedom}; it must be above 0")
    high = freedom + 10
    while chi_square_cdf(high, freedom) < p:
        high *= 2
    return root(lambda x: chi_square_cdf(x, freedom) - p, 0.0, high)


def beta_share(a: float, b: float, x: float) -> float:
    """I_x(a, b), the regularised incomplete beta function (A & S 26.5.1), by its continued fraction (26.5.8)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _beta_fraction(a, b, x)


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = value
        for top in (even, odd):
            d = 1 / _away(1 + top * d)
            c = _away(1 + top / c)
            value *= d * c
        if abs(value - before) <= PRECISION * abs(value):
            break
    return value


def f_tail(f: float, above: float, below: float) -> float:
    """The probability that an F value exceeds f, with degrees of freedom above and below the line (A & S 26.6.2)."""
    return 1.0 if f <= 0 else beta_share(below / 2, above / 2, below / (below + above * f))


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where an increasing function crosses 0 between low and high, to the last digits, by bisection."""
    for _ in range(2000):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _away(value: float) -> float:
    """Lentz's method must never divide by 0."""
    return value if abs(value) > TINY else TINY


def _share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}; it must be between 0 and 1")
