"""Charts of counts: nonconforming items (p, np) and nonconformities (c, u); ISO 7870-2, Montgomery, ch. 7."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from gemba.measure.spc.chart import LIMITS, Chart, Numbers, draw, kept, numbers
from gemba.measure.spc.rules import Floats


def p_chart(
    nonconforming: Numbers,
    sizes: Numbers | float,
    leave_out: Collection[int] = (),
    p: float | None = None,
    rules: Iterable[str] = LIMITS,
) -> Chart:
    """Share nonconforming Dᵢ / nᵢ: p̄ ± 3 √(p̄ (1 − p̄) / nᵢ) within 0 and 1, p̄ = Σ Dᵢ / Σ nᵢ of the points not left out.

    ``sizes`` is one size or one for each sample. Phase II: with the share ``p`` given.

    Raises:
        ValueError: where a count is negative or above its size, or a size is not above 0.
    """
    d, n = _counts(nonconforming, sizes, most=True)
    keep = kept(len(d), leave_out)
    share = float(d[keep].sum() / n[keep].sum()) if p is None else p
    sigma = np.sqrt(share * (1 - share) / n)
    return draw("p", d / n, share, sigma, least=0, most=1, rules=rules, left_out=leave_out)


def np_chart(
    nonconforming: Numbers,
    size: float,
    leave_out: Collection[int] = (),
    p: float | None = None,
    rules: Iterable[str] = LIMITS,
) -> Chart:
    """Number nonconforming in samples of one size: n p̄ ± 3 √(n p̄ (1 − p̄)) within 0 and n."""
    d, n = _counts(nonconforming, size, most=True)
    keep = kept(len(d), leave_out)
    share = float(d[keep].sum() / n[keep].sum()) if p is None else p
    sigma = np.sqrt(n * share * (1 - share))
    return draw("np", d, n * share, sigma, least=0, most=float(size), rules=rules, left_out=leave_out)


def c_chart(
    nonconformities: Numbers,
    leave_out: Collection[int] = (),
    c: float | None = None,
    rules: Iterable[str] = LIMITS,
) -> Chart:
    """Number of nonconformities in units of one size: c̄ ± 3 √c̄, not below 0. Phase II: with the mean ``c`` given."""
    counts, _ = _counts(nonconformities, 1.0)
    mean = float(counts[kept(len(counts), leave_out)].mean()) if c is None else c
    return draw("c", counts, mean, mean**0.5, least=0, rules=rules, left_out=leave_out)


def u_chart(
    nonconformities: Numbers,
    sizes: Numbers | float,
    leave_out: Collection[int] = (),
    u: float | None = None,
    rules: Iterable[str] = LIMITS,
) -> Chart:
    """Nonconformities per unit cᵢ / nᵢ: ū ± 3 √(ū / nᵢ), not below 0, ū = Σ cᵢ / Σ nᵢ of the points not left out.

    ``sizes`` is the number of units (or the area, the length) in each sample. Phase II: with the rate ``u`` given.
    """
    counts, n = _counts(nonconformities, sizes)
    keep = kept(len(counts), leave_out)
    rate = float(counts[keep].sum() / n[keep].sum()) if u is None else u
    return draw("u", counts / n, rate, np.sqrt(rate / n), least=0, rules=rules, left_out=leave_out)


def _counts(values: Numbers, sizes: Numbers | float, most: bool = False) -> tuple[Floats, Floats]:
    counts = numbers("counts", values)
    n = numbers("sizes", np.array(np.broadcast_to(np.asarray(sizes, dtype=np.float64), counts.shape)))
    for i in np.flatnonzero((counts < 0) | (n <= 0) | (most & (counts > n))):
        limit = f"from 0 to its size {n[i]:g}" if most else "at least 0"
        raise ValueError(
            f"sample {i}: count is {counts[i]:g}, size is {n[i]:g}; a count must be {limit}, a size above 0"
        )
    return counts, n
