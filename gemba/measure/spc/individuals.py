"""Charts of single values with moving ranges (ISO 7870-2; NIST/SEMATECH e-Handbook 6.3.2.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from gemba.measure.spc.chart import LIMITS, Charts, Numbers, Process, draw, kept, numbers
from gemba.measure.spc.constants import d2, d3

#: d₂ of two values as the standards table it, so that limits equal printed ones to their last digit (1.12838 exactly).
D2_OF_TWO = 1.128


def individuals(
    values: Numbers,
    leave_out: Collection[int] = (),
    process: Process | None = None,
    rules: Iterable[str] = LIMITS,
) -> Charts:
    """Individuals and moving range charts of values in their order.

    Phase I, without ``process``: μ̂ = x̄ and σ̂ = M̄R̄ / 1.128 with moving ranges MRᵢ = |xᵢ − xᵢ₋₁|, without the points left out and
    the moving ranges they are part of. Phase II: with the process given. Values lie within μ ± 3 σ, moving ranges
    within 0 and M̄R̄ (1 + 3 d₃ / d₂) = 3.267 M̄R̄. Moving range i stands between values i and i + 1.

    Raises:
        ValueError: where there are fewer than 2 values, or 2 neighbours are not both kept.
    """
    x, names = numbers("values", values, 2), tuple(rules)
    ranges = np.abs(np.diff(x))
    known = process or estimate_individuals(x, leave_out)
    location = draw("individuals", x, known.mean, known.sigma, rules=names, left_out=leave_out)
    centre = D2_OF_TWO * known.sigma
    out = [i for i in range(len(ranges)) if i in leave_out or i + 1 in leave_out]
    spread = draw("moving range", ranges, centre, centre * d3(2) / d2(2), least=0, left_out=out)
    return Charts(location, spread, known)


def estimate_individuals(values: Numbers, leave_out: Collection[int] = ()) -> Process:
    """Mean, and standard deviation from the mean moving range, as in ``individuals``."""
    x = numbers("values", values, 2)
    keep = kept(len(x), leave_out)
    ranges = np.abs(np.diff(x))[keep[1:] & keep[:-1]]
    if not len(ranges):
        raise ValueError("leave_out leaves no two neighbours; a moving range needs two")
    return Process(float(x[keep].mean()), float(ranges.mean()) / D2_OF_TWO)
