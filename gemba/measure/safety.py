"""Rates of incidents: how many for the hours worked (29 CFR 1904, OSHA; ISO 45001 9.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gemba.execute.concerns import WITHDRAWN, Standing
from gemba.operation.records import Event

#: Hours of 100 people in a year of 50 weeks of 40 hours: the base of OSHA's rates.
BASE = 200_000
#: Severities that are recordable: more than first aid (29 CFR 1904.7).
RECORDABLE = ("medical", "restricted", "lost time", "fatal")
LOST_TIME = ("lost time", "fatal")
#: From the base of the pyramid to its top.
PYRAMID = ("hazard", "near miss", "first aid", "medical", "restricted", "lost time", "fatal")


@dataclass(frozen=True, slots=True)
class SafetyRates:
    """Figures of a period. Rates are None where no hours are known; ``ratio`` where there was no incident."""

    hours: float
    recordable: int
    lost_time: int
    lost_days: float
    near_misses: int
    incidents: int
    pyramid: tuple[tuple[str, int], ...]
    last: datetime | None  # the latest recordable case

    @property
    def trir(self) -> float | None:
        """Total recordable incident rate: recordable cases × 200,000 / hours worked."""
        return _rate(self.recordable, self.hours)

    @property
    def ltir(self) -> float | None:
        """Lost time incident rate: cases with time lost × 200,000 / hours worked."""
        return _rate(self.lost_time, self.hours)

    @property
    def severity(self) -> float | None:
        """Severity rate: days of work lost × 200,000 / hours worked."""
        return _rate(self.lost_days, self.hours)

    @property
    def ratio(self) -> float | None:
        """Near misses reported for each incident."""
        return self.near_misses / self.incidents if self.incidents else None


def safety_rates(found: Iterable[Standing], hours: float, low: datetime, high: datetime) -> SafetyRates:
    """Figures of what happened from ``low`` until before ``high``; withdrawn reports do not count."""
    real = [s for s in found if s.state != WITHDRAWN and s.concern.kind in ("incident", "near miss", "hazard")]
    inside = [s for s in real if low <= s.concern.at < high]
    incidents = [s for s in inside if s.concern.kind == "incident"]
    recordable = [s for s in incidents if s.concern.severity in RECORDABLE]
    return SafetyRates(
        hours=hours,
        recordable=len(recordable),
        lost_time=sum(s.concern.severity in LOST_TIME for s in incidents),
        lost_days=sum(s.lost_days for s in incidents),
        near_misses=sum(s.concern.kind == "near miss" for s in inside),
        incidents=len(incidents),
        pyramid=tuple((level, _count(inside, level)) for level in PYRAMID),
        last=max((s.concern.at for s in real if _is_recordable(s) and s.concern.at < high), default=None),
    )


def hours_worked(events: Sequence[Event]) -> float:
    """Hours of people: attendance, where it is recorded; else the time of set-up and production."""
    attended = sum(e.seconds for e in events if e.kind == "clocked_out")
    if attended > 0:
        return attended / 3600
    return sum(e.seconds for e in events if e.kind in ("set_up", "reported", "paused", "finished", "worked")) / 3600


def _is_recordable(standing: Standing) -> bool:
    return standing.concern.kind == "incident" and standing.concern.severity in RECORDABLE


def _count(found: Iterable[Standing], level: str) -> int:
    if level in ("hazard", "near miss"):
        return sum(s.concern.kind == level for s in found)
    return sum(s.concern.kind == "incident" and s.concern.severity == level for s in found)


def _rate(count: float, hours: float) -> float | None:
    return count * BASE / hours if hours > 0 else None
