"""Rules for control charts as data: which points are signals of an assignable cause, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Differences below this share of a value are noise of its computation.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the points stand: beyond a limit or not, and z = (point − centre) / sigma of each."""

    beyond: Flags
    z: Floats


@dataclass(frozen=True, slots=True)
class Rule:
    """``function`` flags each point that completes the pattern; ``length`` is how many points the pattern spans."""

    name: str
    text: str
    length: int
    function: Callable[[Standing], Flags]


@dataclass(frozen=True, slots=True)
class Signal:
    """Point number ``point`` (0 = first) completes the pattern of a rule that began at point ``first``."""

    rule: str
    point: int
    first: int


def beyond(points: Floats, lower: Floats, upper: Floats) -> Flags:
    """Which points are beyond a limit, by more than rounding: equal values must not be signals of their last digit."""
    noise = ROUNDING * np.abs(points)
    return np.asarray((points < lower - noise) | (points > upper + noise))


def _window(flags: Flags, length: int) -> NDArray[np.int_]:
    """How many of the last ``length`` points up to each one are flagged."""
    sums = np.concatenate(([0], np.cumsum(flags)))
    ends = np.arange(1, len(flags) + 1)
    return np.asarray(sums[ends] - sums[np.maximum(0, ends - length)])


def _some(need: int, length: int, sigmas: float) -> Callable[[Standing], Flags]:
    """``need`` of ``length`` points beyond so many sigma on one side; the last of them is flagged."""

    def flags(at: Standing) -> Flags:
        found = [side & (_window(side, length) >= need) for side in (at.z > sigmas, at.z < -sigmas)]
        return np.asarray(found[0] | found[1])

    return flags


def _row(length: int, inside: bool) -> Callable[[Standing], Flags]:
    """``length`` points in a row all within, or all outside, 1 sigma."""

    def flags(at: Standing) -> Flags:
        near = np.abs(at.z) < 1
        return np.asarray(_window(near if inside else np.abs(at.z) > 1, length) >= length)

    return flags


def _trend(at: Standing) -> Flags:
    return _after_steps(np.diff(at.z), lambda steps: (steps > 0, steps < 0), 5, len(at.z))


def _alternating(at: Standing) -> Flags:
    def turned(steps: Floats) -> tuple[Flags, ...]:
        odd = np.where(np.arange(len(steps)) % 2, -steps, steps)
        return odd > 0, odd < 0

    return _after_steps(np.diff(at.z), turned, 13, len(at.z))


def _after_steps(steps: Floats, sides: Callable[[Floats], tuple[Flags, ...]], length: int, points: int) -> Flags:
    """Flags the points at the end of ``length`` steps that are all on one of the sides."""
    found = np.zeros(points, dtype=np.bool_)
    for side in sides(steps):
        found[1:] |= _window(side, length) >= length
    return found


_TABLE = (
    Rule("beyond limits", "one point beyond a control limit", 1, lambda at: at.beyond),
    Rule("2 of 3 beyond 2 sigma", "2 of 3 points in a row beyond 2 sigma on one side", 3, _some(2, 3, 2)),
    Rule("4 of 5 beyond 1 sigma", "4 of 5 points in a row beyond 1 sigma on one side", 5, _some(4, 5, 1)),
    Rule("8 on one side", "8 points in a row on one side of the centre line", 8, _some(8, 8, 0)),
    Rule("9 on one side", "9 points in a row on one side of the centre line", 9, _some(9, 9, 0)),
    Rule("6 trending", "6 points in a row, each above the one before, or each below it", 6, _trend),
    Rule("14 alternating", "14 points in a row, up and down in turn", 14, _alternating),
    Rule("15 within 1 sigma", "15 points in a row within 1 sigma of the centre line", 15, _row(15, True)),
    Rule("8 outside 1 sigma", "8 points in a row beyond 1 sigma, on either side", 8, _row(8, False)),
)

#: Every rule by its name.
RULES: dict[str, Rule] = {rule.name: rule for rule in _TABLE}

#: Western Electric (1956), Statistical Quality Control Handbook.
WESTERN_ELECTRIC = ("beyond limits", "2 of 3 beyond 2 sigma", "4 of 5 beyond 1 sigma", "8 on one side")

#: Nelson (1984), Journal of Quality Technology 16(4), in his order.
NELSON = (
    "beyond limits",
    "9 on one side",
    "6 trending",
    "14 alternating",
    "2 of 3 beyond 2 sigma",
    "4 of 5 beyond 1 sigma",
    "15 within 1 sigma",
    "8 outside 1 sigma",
)


def signals(
    points: Floats, centre: Floats, sigma: Floats, lower: Floats, upper: Floats, rules: Iterable[str]
) -> tuple[Signal, ...]:
    """The signals of points by the rules named, by point, then in the order of the rules. Arrays of one length.

    Raises:
        ValueError: where a rule is not one of RULES.
    """
    names = list(rules)
    unknown = [name for name in names if name not in RULES]
    if unknown:
        raise ValueError(f"rules has {', '.join(map(repr, unknown))}; it may have {', '.join(RULES)}")
    noise = ROUNDING * np.maximum(np.abs(points), np.abs(centre))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(np.abs(points - centre) <= noise, 0.0, (points - centre) / sigma)
    at = Standing(beyond(points, lower, upper), z)
    found = [(int(i), k) for k, name in enumerate(names) for i in np.flatnonzero(RULES[name].function(at))]
    return tuple(Signal(names[k], i, max(0, i - RULES[names[k]].length + 1)) for i, k in sorted(found))
