"""How lengths of time spread: count, sum, mean, median, 90th percentile, for many groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gemba.measure.mining.labels import Floats, Ints


@dataclass(frozen=True, slots=True)
class Spread:
    """Of a set of values (times: in seconds).

    ``median`` and ``p90`` interpolate linearly between the sorted values x_0 .. x_(n-1) at position (n - 1) * q
    (definition 7 of Hyndman and Fan 1996, the one of most spreadsheets).
    """

    count: int
    total: float
    mean: float
    median: float
    p90: float
    low: float
    high: float


def spreads(keys: Ints, values: Sequence[float] | Ints | Floats, groups: int) -> list[Spread | None]:
    """The spread of the values of each group 0 .. groups - 1, None where it has none. Keys and values: (n)."""
    found: list[Spread | None] = [None] * groups
    x = np.asarray(values, np.float64)
    if not len(x):
        return found
    order = np.lexsort((x, keys))
    x, keys = x[order], keys[order]
    used, begin, count = np.unique(keys, return_index=True, return_counts=True)
    total = np.add.reduceat(x, begin)
    middle, ninety = (_at(x, begin, count, q) for q in (0.5, 0.9))
    columns = (used, count, total, total / count, middle, ninety, x[begin], x[begin + count - 1])
    for key, *numbers in zip(*(c.tolist() for c in columns), strict=True):
        found[key] = Spread(*numbers)
    return found


def spread(values: Sequence[float] | Ints | Floats) -> Spread | None:
    """The spread of all values; None where there are none."""
    return spreads(np.zeros(len(values), np.int64), values, 1)[0]


def _at(x: Floats, begin: Ints, count: Ints, q: float) -> Floats:
    position = (count - 1) * q
    low = np.floor(position).astype(np.int64)
    lower, upper = x[begin + low], x[begin + np.minimum(low + 1, count - 1)]
    return np.asarray(lower + (upper - lower) * (position - low), np.float64)


def distinct(keys: Ints, others: Ints, groups: int) -> Ints:
    """(groups) How many different ``others`` each key has; negative ones do not count."""
    ok = others >= 0
    width = int(others.max(initial=0)) + 1
    pairs = np.unique(keys[ok] * width + others[ok])
    return np.bincount(pairs // width, minlength=groups)
