"""What meters say: readings put right, use between two moments, and the rate at which a counter goes up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gemba.operation.records import Measurement

#: How far back the rate of a counter is looked at.
LOOK_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Usage:
    """A counter's use over time: moments, and the use in all until then (0 at the first reading)."""

    at: tuple[datetime, ...]
    total: tuple[float, ...]

    def until(self, moment: datetime) -> float:
        """Use from the first reading until a moment, in a straight line between two readings; level outside them."""
        i = bisect_right(self.at, moment)
        if i == 0 or not self.at:
            return 0.0
        if i == len(self.at):
            return self.total[-1]
        span = (self.at[i] - self.at[i - 1]).total_seconds()
        share = (moment - self.at[i - 1]).total_seconds() / span
        return self.total[i - 1] + share * (self.total[i] - self.total[i - 1])

    def reached(self, total: float) -> datetime | None:
        """The first moment at which the use was at least this; None where it is not yet."""
        for i, found in enumerate(self.total):
            if found >= total:
                if i == 0:
                    return self.at[0]
                step = found - self.total[i - 1]
                return self.at[i - 1] + (self.at[i] - self.at[i - 1]) * ((total - self.total[i - 1]) / step)
        return None

    def rate(self) -> float:
        """Use in a second over the last 28 days of readings (over all of them where there are fewer); 0 is unknown."""
        if len(self.at) < 2:
            return 0.0
        since = max(self.at[0], self.at[-1] - LOOK_BACK)
        seconds = (self.at[-1] - since).total_seconds()
        return (self.total[-1] - self.until(since)) / seconds if seconds > 0 else 0.0


def readings(measurements: Iterable[Measurement], meter: str) -> list[Measurement]:
    """The readings of a meter by time, without those that another one replaces."""
    own = [m for m in measurements if m.meter == meter]
    replaced = {m.corrects for m in own if m.corrects}
    return sorted((m for m in own if m.uid not in replaced), key=lambda m: m.at)


def usage(found: Iterable[Measurement]) -> Usage:
    """Use by a counter's readings in the order of time. One that is lower than the one before is of a new counter,
    which began at 0."""
    at: list[datetime] = []
    total: list[float] = []
    last = 0.0
    for m in found:
        if not at:
            at.append(m.at)
            total.append(0.0)
        else:
            used = total[-1] + (m.value - last if m.value >= last else m.value)
            if m.at == at[-1]:
                total[-1] = used
            else:
                at.append(m.at)
                total.append(used)
        last = m.value
    return Usage(tuple(at), tuple(total))
