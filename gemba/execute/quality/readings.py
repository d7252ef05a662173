"""Measurements as they stand: each with its latest correction, and with the cause for which it was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gemba.operation import Characteristic, Measurement

#: Subgroups that begin so belong to a gauge study: they are on no chart and in no lot.
STUDY = "gauge:"


@dataclass(frozen=True, slots=True)
class Reading:
    """A measurement with what corrections made of it; it keeps its own uid and moment.

    ``cause`` is the assigned cause for which its point is left out of the limits; blank: it is not.
    """

    measurement: Measurement
    cause: str = ""

    @property
    def value(self) -> float:
        return self.measurement.value

    @property
    def at(self) -> datetime:
        return self.measurement.at

    @property
    def units(self) -> int:
        """How many units were looked at."""
        return self.measurement.size


def readings(measurements: Iterable[Measurement]) -> list[Reading]:
    """Readings by time, corrected. ``measurements`` come in the order in which they were taken.

    A correction with another value or size replaces the one it names. One with the same figures and a note leaves it
    out of the limits (the note is the cause); without a note it puts it back. Corrections of what is not there are
    passed over.
    """
    found: dict[str, Reading] = {}
    root: dict[str, str] = {}
    for m in measurements:
        if m.corrects and m.corrects not in root:
            continue
        if m.corrects:
            root[m.uid] = root[m.corrects]
            found[root[m.uid]] = _corrected(found[root[m.uid]], m)
        else:
            root[m.uid] = m.uid
            found[m.uid] = Reading(m)
    return sorted(found.values(), key=lambda r: r.at)


def _corrected(before: Reading, by: Measurement) -> Reading:
    was = before.measurement
    if (was.value, was.size) == (by.value, by.size):
        return replace(before, cause=by.note)
    return replace(before, measurement=replace(was, value=by.value, size=by.size))


def of_study(reading: Reading) -> bool:
    """Whether it belongs to a gauge study."""
    return reading.measurement.subgroup.startswith(STUDY)


def is_outside(c: Characteristic, value: float) -> bool:
    """Whether a measured value is outside the specification limits; a value on a limit is inside."""
    return (c.lower is not None and value < c.lower) or (c.upper is not None and value > c.upper)


def nonconforming(c: Characteristic, reading: Reading) -> float:
    """How many nonconforming units (or, of defects, nonconformities) a reading has."""
    if c.kind == "variable":
        return float(is_outside(c, reading.value))
    return reading.value
