"""Random numbers with their state in an array, so that a search is the same in any thread (xorshift64, Marsaglia 2003)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import kernel


def seeded(seed: int) -> NDArray[np.uint64]:
    """The state of a generator, far apart for seeds that are near; it is never 0, from which there is no way out."""
    scrambled = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    return np.array([scrambled or 1], np.uint64)


@kernel
def uniform(random):  # type: ignore[no-untyped-def]
    """A float from 0 to below 1."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.float64(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def below(random, n):  # type: ignore[no-untyped-def]
    """A whole number from 0 to n - 1."""
    return int(uniform(random) * n)
