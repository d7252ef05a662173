"""Charts of measured subgroups: mean with range, mean with standard deviation (ISO 7870-2; Montgomery, ch. 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from gemba.measure.spc.chart import LIMITS, Charts, Numbers, Process, draw, kept, numbers
from gemba.measure.spc.constants import c4, d2, d3
from gemba.measure.spc.rules import Floats

Samples = Sequence[Numbers] | Floats


def xbar_r(
    samples: Samples, leave_out: Collection[int] = (), process: Process | None = None, rules: Iterable[str] = LIMITS
) -> Charts:
    """Mean and range charts of subgroups (rows of at least 2 values; sizes may vary).

    Phase I, without ``process``: x̿ = Σ nᵢ x̄ᵢ / Σ nᵢ and σ̂ = R̄ / d₂ from the subgroups not left out. Phase II: with the
    process given. Means lie within μ ± 3 σ / √nᵢ, ranges within d₂ σ ± 3 d₃ σ, not below 0. Where sizes vary,
    σ̂ is the mean of Rᵢ / d₂(nᵢ) with weights (d₂ / d₃)² (Burr 1969), which is R̄ / d₂ where they do not.

    Raises:
        ValueError: where a subgroup has fewer than 2 values or one that is not finite, or a point left out is none.
    """
    return _charts("range", samples, leave_out, process, rules)


def xbar_s(
    samples: Samples,
    leave_out: Collection[int] = (),
    process: Process | None = None,
    rules: Iterable[str] = LIMITS,
    pooled: bool = False,
) -> Charts:
    """Mean and standard deviation charts of subgroups (rows of at least 2 values; sizes may vary).

    As ``xbar_r`` with s in place of R: σ̂ = s̄ / c₄; s lies within c₄ σ ± 3 σ √(1 − c₄²), not below 0. Where sizes vary, σ̂ is
    the mean of sᵢ / c₄(nᵢ) with weights c₄² / (1 − c₄²) (Burr 1969). With ``pooled``, σ̂ = √(Σ (nᵢ − 1) sᵢ² / Σ (nᵢ − 1)).
    """
    return _charts("pooled" if pooled else "s", samples, leave_out, process, rules)


def estimate(samples: Samples, by: str = "s", leave_out: Collection[int] = ()) -> Process:
    """Mean and standard deviation within subgroups; ``by`` is range, s or pooled, as in ``xbar_r`` and ``xbar_s``."""
    groups = subgroups(samples)
    keep = kept(len(groups), leave_out)
    used = [group for group, use in zip(groups, keep, strict=True) if use]
    return Process(float(np.concatenate(used).mean()), _sigma(used, by))


def subgroups(samples: Samples) -> list[Floats]:
    """The subgroups as arrays; in a table with rows of one length, a missing value is NaN.

    Raises:
        ValueError: where there is none, or one has fewer than 2 values or an infinite one.
    """
    rows = [np.asarray(row, dtype=np.float64) for row in samples]
    if not rows:
        raise ValueError("samples has no subgroup; it must have at least one")
    return [numbers(f"samples[{i}]", row[~np.isnan(row)], 2) for i, row in enumerate(rows)]


def _charts(
    by: str, samples: Samples, leave_out: Collection[int], process: Process | None, rules: Iterable[str]
) -> Charts:
    names, groups = tuple(rules), subgroups(samples)
    known = process or estimate(samples, by, leave_out)
    sizes = [len(group) for group in groups]
    means = np.array([group.mean() for group in groups])
    errors = known.sigma / np.sqrt(np.array(sizes, dtype=np.float64))
    location = draw("mean", means, known.mean, errors, rules=names, left_out=leave_out)
    centre, sigma = (np.array([_unit(by, n)[k] for n in sizes]) * known.sigma for k in (0, 1))
    points = np.array([_spread(by, group) for group in groups])
    kind = "range" if by == "range" else "standard deviation"
    return Charts(location, draw(kind, points, centre, sigma, least=0, rules=names, left_out=leave_out), known)


def _spread(by: str, group: Floats) -> float:
    return float(np.ptp(group) if by == "range" else group.std(ddof=1))


def _unit(by: str, n: int) -> tuple[float, float]:
    """Mean and standard deviation of a subgroup's spread where σ = 1."""
    return (d2(n), d3(n)) if by == "range" else (c4(n), (1 - c4(n) ** 2) ** 0.5)


def _sigma(groups: list[Floats], by: str) -> float:
    if by not in ("range", "s", "pooled"):
        raise ValueError(f"by is {by!r}; it must be range, s or pooled")
    if by == "pooled":
        squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
        return float((squares / sum(len(group) - 1 for group in groups)) ** 0.5)
    units = [_unit(by, len(group)) for group in groups]
    weights = [(mean / sd) ** 2 for mean, sd in units]
    parts = [w * _spread(by, g) / u[0] for w, g, u in zip(weights, groups, units, strict=True)]
    return sum(parts) / sum(weights)
