"""The points of a characteristic's control chart, from what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gemba.execute.quality.readings import Reading, of_study
from gemba.operation import Characteristic


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its readings by time. ``cause``: it is left out of the limits for that."""

    key: str
    at: datetime
    readings: tuple[Reading, ...]
    cause: str = ""

    @property
    def values(self) -> list[float]:
        return [r.value for r in self.readings]

    @property
    def count(self) -> float:
        """Nonconforming units or nonconformities."""
        return sum(self.values)

    @property
    def size(self) -> int:
        """Units looked at."""
        return sum(r.units for r in self.readings)


def points(c: Characteristic, readings: Iterable[Reading]) -> list[Point]:
    """The points in the order of time. Values with one subgroup are one point; on a chart of individuals each value
    is its own. Subgroups of a mean chart with one value only are left aside: they have no spread."""
    groups: dict[str, list[Reading]] = {}
    for r in readings:
        if not of_study(r):
            own = r.measurement.uid if c.chart == "i_mr" else r.measurement.subgroup or r.measurement.uid
            groups.setdefault(own, []).append(r)
    found = [
        Point(key, own[0].at, tuple(own), next((r.cause for r in own if r.cause), ""))
        for key, own in groups.items()
        if len(own) > 1 or c.chart not in ("xbar_r", "xbar_s")
    ]
    return sorted(found, key=lambda p: p.at)
