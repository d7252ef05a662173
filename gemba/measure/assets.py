"""How reliable an asset is, by its stops: mean times, availability, and the lives between its failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gemba.execute.maintenance.stops import Stop
from gemba.measure.reliability.rates import Record, mtbf, mttr

#: Open seconds of the asset between two moments.
Worked = Callable[[datetime, datetime], float]


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """An asset in a period; times in seconds of its working hours. Stops for planned reasons are no failures."""

    open: float
    failures: int
    repair: float  # down for unplanned reasons
    planned: float  # down for planned ones
    lives: tuple[float, ...]  # operating time between failures
    running: float  # operating time since the last failure

    @property
    def operating(self) -> float:
        return max(0.0, self.open - self.repair - self.planned)

    @property
    def mtbf(self) -> float | None:
        """Σ operating time / failures."""
        return mtbf(self.operating, self.failures)

    @property
    def mttr(self) -> float | None:
        """Σ time down / failures."""
        return mttr(self.repair, self.failures)

    @property
    def availability(self) -> float | None:
        """Operating time / (operating time + time down unplanned)."""
        return Record(self.operating, self.repair, self.failures).availability


def asset_record(stops: Sequence[Stop], low: datetime, high: datetime, worked: Worked) -> AssetRecord:
    """The record of one asset from its stops (in the order in which they began) between two moments."""
    own = [(s, max(s.start, low), min(s.end or high, high)) for s in stops if s.start < high and (s.end or high) > low]
    repair = planned = 0.0
    lives, since = [], 0.0
    at = low
    for stop, start, end in own:
        if start > at:
            since += worked(at, start)
        down = worked(max(start, at), end) if end > at else 0.0
        if stop.planned:
            planned += down
        else:
            repair += down
            lives.append(since)
            since = 0.0
        at = max(at, end)
    since += worked(at, high) if high > at else 0.0
    return AssetRecord(worked(low, high), len(lives), repair, planned, tuple(lives), since)
