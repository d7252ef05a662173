"""The value behind a set of measured ones, and how sure it is: robust, with an interval. No random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor, sqrt
from statistics import fmean, median, stdev

from gemba.measure.spc.distributions import beta_share, normal_quantile, root

#: Share of the values that is left out at either end for the mean (Wilcox 2012 recommends a fifth).
TRIM = 0.2
#: A value whose modified z-score is beyond this is an outlier (Iglewicz and Hoaglin 1993).
FAR = 3.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """``value`` lies between ``low`` and ``high`` with the confidence asked for. ``spread`` is the standard deviation
    of the values. ``outliers`` are positions among the values given; they count in ``n``, ``mean`` and ``spread``."""

    n: int
    value: float
    low: float
    high: float
    mean: float
    median: float
    spread: float
    outliers: tuple[int, ...] = ()


@lru_cache(maxsize=512)
def t_quantile(p: float, freedom: int) -> float:
    """t with P(T <= t) = p, for 0.5 <= p < 1; P(T <= t) = 1 - I_x(v/2, 1/2) / 2, x = v / (v + t^2) (A & S 26.7.1).

    Raises:
        ValueError: where p or the degrees of freedom cannot be.
    """
    if not 0.5 <= p < 1 or freedom < 1:
        raise ValueError(f"p is {p} and freedom {freedom}; p must be from 0.5 to below 1, freedom at least 1")
    high = 2.0
    while _t_cdf(high, freedom) < p:
        high *= 2
    return root(lambda t: _t_cdf(t, freedom) - p, 0.0, high)


def _t_cdf(t: float, freedom: int) -> float:
    return 1 - beta_share(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def trimmed(values: Sequence[float], confidence: float = 0.95, trim: float = TRIM) -> Estimate:
    """The trimmed mean of at least two values, with the interval of Tukey and McLaughlin (1963).

    Of n sorted values the g = floor(trim * n) smallest and largest are left out; the mean of the other h = n - 2g is
    the value. Its standard error is s_w / ((1 - 2 trim) sqrt(n)), s_w being the standard deviation of the values with
    those left out replaced by the nearest one that stays (winsorised), and the interval value ± t_(h-1) * error
    (Wilcox 2012, Introduction to Robust Estimation, section 4.3).

    Raises:
        ValueError: where there are fewer than two values, or trim leaves none.
    """
    n = len(values)
    if n < 2 or not 0 <= trim < 0.5:
        raise ValueError(f"{n} values and trim {trim}; there must be at least two values, and trim from 0 to below 0.5")
    x = sorted(values)
    g = floor(trim * n)
    kept = x[g : n - g]
    winsorised = [kept[0]] * g + kept + [kept[-1]] * g
    value = fmean(kept)
    if len(kept) < 2:
        reach = 0.0
    else:
        reach = t_quantile(0.5 + confidence / 2, len(kept) - 1) * stdev(winsorised) / ((1 - 2 * trim) * sqrt(n))
    return Estimate(n, value, value - reach, value + reach, fmean(x), median(x), stdev(x), outliers(values))


def ratio(parts: Sequence[float], wholes: Sequence[float], confidence: float = 0.95) -> Estimate:
    """The share r = sum(parts) / sum(wholes) of at least two lots, each of which counts with its size.

    Its standard error is sqrt(sum((part - r * whole)^2) / (n - 1) / n) / mean(whole) (Cochran 1977, Sampling
    Techniques, section 6.4), the interval r ± t_(n-1) * error within 0 and 1. Where every lot has the share 1 (or 0)
    the lots do not spread, and the interval is that of single units (Wilson 1927): from N / (N + z^2) to 1 for N units.

    Raises:
        ValueError: where there are fewer than two lots, or a lot is empty.
    """
    n = len(wholes)
    if n < 2 or len(parts) != n or min(wholes) <= 0:
        raise ValueError(f"{len(parts)} parts of {n} lots; there must be at least two lots, none of them empty")
    shares = [p / w for p, w in zip(parts, wholes, strict=True)]
    total, r = sum(wholes), sum(parts) / sum(wholes)
    error = sqrt(sum((p - r * w) ** 2 for p, w in zip(parts, wholes, strict=True)) / (n - 1) / n) / (total / n)
    reach = t_quantile(0.5 + confidence / 2, n - 1) * error
    low, high = max(0.0, r - reach), min(1.0, r + reach)
    if min(shares) == max(shares) and r in (0.0, 1.0):
        z2 = normal_quantile(0.5 + confidence / 2) ** 2
        low, high = (total / (total + z2), 1.0) if r == 1.0 else (0.0, z2 / (total + z2))
    return Estimate(n, r, low, high, fmean(shares), median(shares), stdev(shares), outliers(shares))


def outliers(values: Sequence[float], far: float = FAR) -> tuple[int, ...]:
    """Positions of the values whose modified z-score 0.6745 (x - median) / MAD is beyond ``far`` (Iglewicz and Hoaglin
    1993); MAD is the median distance from the median. Where more than half of the values are equal (MAD = 0) it is
    (x - median) / (1.2533 * mean distance) instead."""
    if not values:
        return ()
    middle = median(values)
    away = [abs(x - middle) for x in values]
    mad = median(away)
    scale = mad / 0.6745 if mad else 1.253314 * fmean(away)
    return tuple(i for i, d in enumerate(away) if scale and d / scale > far)
