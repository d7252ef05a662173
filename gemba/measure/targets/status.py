"""Whether a target is met, is on the way to be, or is not: value, trend and forecast to the period's end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from gemba.operation import Target

#: From how many former periods a trend is told, and the two-sided 95 % points of Student's t for n - 2 of them.
FEWEST = 4
_T95 = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228}
_T95_MORE = 2.2  # beyond ten degrees of freedom: a little more than the limit of 1.96, on the safe side


@dataclass(frozen=True, slots=True)
class Status:
    """Where a KPI stands against its target.

    ``state``: met (the period is over and the goal reached), missed, on track (the forecast reaches the goal), at risk
    (the forecast reaches the alert value only), off track, or no data. ``trend``: better, worse or level over the
    former periods. ``misses``: how many periods in a row before this one missed the goal.
    """

    target: Target
    value: float | None
    forecast: float | None
    state: str
    trend: str
    misses: int


def met(value: float | None, goal: float, better: str) -> bool:
    """Whether a value reaches a goal; higher or lower is better. No value reaches none."""
    return value is not None and (value >= goal if better == "higher" else value <= goal)


def forecast(
    sums: Mapping[str, float | None], share: float, evaluate: Callable[[Mapping[str, float | None]], float | None],
    rates: frozenset[str] = frozenset(),
) -> float | None:  # fmt: skip
    """The KPI at the end of a period of which a share (above 0 to 1) has passed, if the rest goes on like it.

    Every element x that is a sum grows to x / share; those named in ``rates`` (averages such as the stock) stay. A ratio of
    sums keeps its value, a sum grows.

    Raises:
        ValueError: where the share is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"the share of the period that has passed is {share}; it must be above 0 and at most 1")
    return evaluate({n: v if v is None or n in rates else v / share for n, v in sums.items()})


def slope(values: Sequence[float | None]) -> float | None:
    """Change per period, where it is told from chance: else 0; None where fewer than four values are known.

    Least squares: b = Σ (x - x̄)(y - ȳ) / Σ (x - x̄)²; it counts where |b| / se(b) exceeds the 95 % point of Student's
    t with n - 2 degrees of freedom, se(b)² = Σ (y - ŷ)² / (n - 2) / Σ (x - x̄)². Source: any text on regression, such
    as Montgomery, Introduction to Linear Regression Analysis, chapter 2.
    """
    known = [(float(x), y) for x, y in enumerate(values) if y is not None]
    n = len(known)
    if n < FEWEST:
        return None
    mean_x, mean_y = sum(x for x, _ in known) / n, sum(y for _, y in known) / n
    spread = sum((x - mean_x) ** 2 for x, _ in known)
    b = sum((x - mean_x) * (y - mean_y) for x, y in known) / spread
    rest = sum((y - mean_y - b * (x - mean_x)) ** 2 for x, y in known)
    error = sqrt(max(rest, 0.0) / (n - 2) / spread)
    return b if abs(b) > _T95.get(n - 2, _T95_MORE) * error + 1e-12 * abs(mean_y) else 0.0


def status(
    target: Target, better: str, value: float | None, foreseen: float | None, former: Sequence[float | None],
    over: bool = False,
) -> Status:  # fmt: skip
    """Where a target stands.

    Args:
        value: the KPI in the period so far; ``foreseen``: at its end.
        former: the KPI in the periods before, the oldest first.
        over: whether the period has ended.
    """
    misses = 0
    for past in reversed(former):
        if past is None or met(past, target.goal, better):
            break
        misses += 1
    return Status(
        target, value, foreseen, _state(target, better, value, foreseen, over), _trend(former, better), misses
    )


def _state(target: Target, better: str, value: float | None, foreseen: float | None, over: bool) -> str:
    if value is None:
        return "no data"
    if over:
        return "met" if met(value, target.goal, better) else "missed"
    if met(foreseen, target.goal, better):
        return "on track"
    alert = target.goal if target.alert is None else target.alert
    return "at risk" if met(foreseen, alert, better) else "off track"


def _trend(former: Sequence[float | None], better: str) -> str:
    b = slope(former)
    if b is None or b == 0:
        return "level"
    return "better" if (b > 0) == (better == "higher") else "worse"
