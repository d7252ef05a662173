"""A control chart: points, centre line and limits, and the signals among them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gemba.measure.spc.rules import Flags, Floats, Signal, beyond, signals

#: The rule of every chart unless others are asked for.
LIMITS = ("beyond limits",)

Numbers = Sequence[float] | Floats


@dataclass(frozen=True, slots=True)
class Process:
    """Mean and standard deviation of single values of a process in control, in the unit of what is measured."""

    mean: float
    sigma: float


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A control chart. All arrays have one value for each point; ``sigma`` is the standard error of what is plotted.

    ``left_out`` are the points (0 = first) that the limits are not computed from; they are plotted all the same.
    """

    kind: str
    points: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    signals: tuple[Signal, ...] = ()
    left_out: tuple[int, ...] = ()

    @property
    def beyond(self) -> tuple[int, ...]:
        """The points beyond a limit, 0 = first."""
        return tuple(int(i) for i in np.flatnonzero(beyond(self.points, self.lower, self.upper)))

    @property
    def in_control(self) -> bool:
        """Whether no rule has given a signal."""
        return not self.signals


@dataclass(frozen=True, slots=True, eq=False)
class Charts:
    """Two charts of one process, its location (means, values) and its spread, with the process they assume."""

    location: Chart
    spread: Chart
    process: Process


def draw(
    kind: str,
    points: Floats,
    centre: Floats | float,
    sigma: Floats | float,
    *,
    width: float = 3.0,
    least: float = -np.inf,
    most: float = np.inf,
    rules: Iterable[str] = LIMITS,
    left_out: Collection[int] = (),
) -> Chart:
    """A chart with limits at ``width`` sigma from the centre, but not below ``least`` or above ``most``."""
    centres, sigmas = _spread(centre, points), _spread(sigma, points)
    lower = np.maximum(least, centres - width * sigmas)
    upper = np.minimum(most, centres + width * sigmas)
    found = signals(points, centres, sigmas, lower, upper, rules)
    return Chart(kind, points, centres, lower, upper, sigmas, found, tuple(sorted(set(left_out))))


def _spread(value: Floats | float, like: Floats) -> Floats:
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), like.shape))


def numbers(name: str, values: Numbers, least: int = 1) -> Floats:
    """Values as an array of at least so many finite numbers.

    Raises:
        ValueError: where there are fewer or one is not a finite number.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) < least:
        raise ValueError(f"{name} has {array.size} values; it must be a row of at least {least}")
    wrong = np.flatnonzero(~np.isfinite(array))
    if len(wrong):
        raise ValueError(f"{name}[{wrong[0]}] is {array[wrong[0]]}; it must be a finite number")
    return array


def kept(count: int, leave_out: Collection[int]) -> Flags:
    """Which of ``count`` points the limits are computed from.

    Raises:
        ValueError: where a point to leave out is none of them, or none is kept.
    """
    wrong = [i for i in leave_out if not 0 <= i < count]
    if wrong:
        raise ValueError(f"leave_out has {wrong[0]}; points are numbered from 0 to {count - 1}")
    keep = np.ones(count, dtype=np.bool_)
    keep[list(leave_out)] = False
    if not keep.any():
        raise ValueError("leave_out has every point; limits need at least one")
    return keep
