"""Distributions of counts: how many of a sample are nonconforming."""

from __future__ import annotations

from math import exp, lgamma, log, log1p


def binomial(k: int, n: int, p: float) -> float:
    """The probability of exactly k in n where each is nonconforming with probability p: C(n, k) pᵏ (1−p)ⁿ⁻ᵏ."""
    if not 0 <= k <= n:
        return 0.0
    if p <= 0 or p >= 1:
        return float(k == (0 if p <= 0 else n))
    return exp(_choose(n, k) + k * log(p) + (n - k) * log1p(-p))


def binomial_cdf(k: int, n: int, p: float) -> float:
    """The probability of at most k in n."""
    return min(1.0, sum(binomial(i, n, p) for i in range(k + 1)))


def poisson(k: int, mean: float) -> float:
    """The probability of exactly k where ``mean`` are expected: e⁻ᵐ mᵏ / k!."""
    if k < 0 or mean <= 0:
        return float(k == 0)
    return exp(k * log(mean) - mean - lgamma(k + 1))


def poisson_cdf(k: int, mean: float) -> float:
    """The probability of at most k."""
    return min(1.0, sum(poisson(i, mean) for i in range(k + 1)))


def hypergeometric(k: int, n: int, bad: int, lot: int) -> float:
    """The probability of exactly k in a sample of n from a lot with ``bad`` nonconforming, without replacement."""
    if not max(0, n - (lot - bad)) <= k <= min(n, bad):
        return 0.0
    return exp(_choose(bad, k) + _choose(lot - bad, n - k) - _choose(lot, n))


def hypergeometric_cdf(k: int, n: int, bad: int, lot: int) -> float:
    """The probability of at most k."""
    return min(1.0, sum(hypergeometric(i, n, bad, lot) for i in range(k + 1)))


def _choose(n: int, k: int) -> float:
    """ln C(n, k)."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
