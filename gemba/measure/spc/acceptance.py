"""What a sampling plan does: chance of acceptance, outgoing quality, inspection (Montgomery, ch. 15; NIST 6.2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gemba.measure.spc import counts
from gemba.measure.spc.rules import Floats

MODELS = ("binomial", "hypergeometric", "poisson")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """For each quality ``p``: chance of acceptance, average outgoing quality, average total inspection (items)."""

    p: Floats
    acceptance: Floats
    outgoing: Floats
    inspected: Floats

    @property
    def outgoing_limit(self) -> float:
        """AOQL, the worst average outgoing quality among the qualities of the curve."""
        return float(self.outgoing.max())


def acceptance(p: float, n: int, c: int, model: str = "binomial", lot: int | None = None) -> float:
    """Chance that a lot with share ``p`` nonconforming is accepted: at most ``c`` nonconforming in a sample of ``n``.

    binomial: a lot large against the sample; hypergeometric: a ``lot`` of that size with round(p · lot) nonconforming;
    poisson: nonconformities, p for each item.

    Raises:
        ValueError: where the plan, the share or the model is not possible.
    """
    _check(p, n, c, model, lot)
    if model == "binomial":
        return counts.binomial_cdf(c, n, p)
    if model == "poisson":
        return counts.poisson_cdf(c, n * p)
    size = lot or n
    return counts.hypergeometric_cdf(c, n, round(p * size), size)


def double_acceptance(p: float, n1: int, c1: int, n2: int, c2: int, r1: int | None = None) -> float:
    """Binomial chance of acceptance by double sampling.

    At most ``c1`` of ``n1`` nonconforming accepts, ``r1`` (c2 + 1 unless given) or more rejects; between, a second sample
    of ``n2`` follows and at most ``c2`` of both together accepts.
    """
    _check(p, n1, c1, "binomial", None)
    between = range(c1 + 1, c2 + 1 if r1 is None else r1)
    second = sum(counts.binomial(d, n1, p) * counts.binomial_cdf(c2 - d, n2, p) for d in between)
    return counts.binomial_cdf(c1, n1, p) + second


def curve(n: int, c: int, lot: int, shares: Sequence[float] | Floats | None = None, model: str = "binomial") -> Curve:
    """OC, AOQ and ATI curves of single sampling, rejected lots being sorted and nonconforming items replaced.

    AOQ = Pₐ p (N − n) / N and ATI = n + (1 − Pₐ)(N − n) for a lot of N. ``shares``: 0 to 0.2 by 0.001 unless given.
    """
    p = np.asarray(np.arange(201) / 1000 if shares is None else shares, dtype=np.float64)
    accepted = np.array([acceptance(float(share), n, c, model, lot) for share in p])
    return Curve(p, accepted, accepted * p * (lot - n) / lot, n + (1 - accepted) * (lot - n))


def smallest_plan(p1: float, alpha: float, p2: float, beta: float) -> tuple[int, int]:
    """The smallest (n, c), binomial, that accepts quality p1 with at least 1 − α and p2 with at most β.

    For c = 0, 1, ... the least n with Pₐ(p2) ≤ β, until Pₐ(p1) ≥ 1 − α.

    Raises:
        ValueError: where not 0 < p1 < p2 < 1, α and β are not between 0 and 1, or α + β is not below 1.
    """
    if not 0 < p1 < p2 < 1 or not (alpha > 0 and beta > 0 and alpha + beta < 1):
        raise ValueError(
            f"p1 is {p1}, p2 {p2}, alpha {alpha}, beta {beta}; must be 0 < p1 < p2 < 1, alpha + beta below 1"
        )
    c, n = 0, 1
    while True:
        while counts.binomial_cdf(c, n, p2) > beta:
            n += 1
        if counts.binomial_cdf(c, n, p1) >= 1 - alpha:
            return n, c
        c += 1


def _check(p: float, n: int, c: int, model: str, lot: int | None) -> None:
    if model not in MODELS:
        raise ValueError(f"model is {model!r}; it must be one of {', '.join(MODELS)}")
    if not 0 <= p <= 1 and not (model == "poisson" and p >= 0):
        raise ValueError(f"p is {p}; it must be from 0 to 1")
    if n < 1 or c < 0:
        raise ValueError(f"n is {n} and c is {c}; n must be at least 1, c at least 0")
    if lot is not None and n > lot:
        raise ValueError(f"n is {n} and lot is {lot}; a sample is not larger than its lot")
    if model == "hypergeometric" and lot is None:
        raise ValueError("lot is missing; the hypergeometric model needs the size of the lot")
