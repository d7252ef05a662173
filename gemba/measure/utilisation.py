"""Utilisation: the time that equipment, people or work centres worked, beside the time they could have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from gemba.operation import Event
from gemba.operation.records import EVENT_KINDS

#: Times that count as work (what an event's kind ends).
WORK = ("set-up", "production")


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Work of one resource, person or place: ``seconds`` w by kind of time, ``events`` that ended them.

    ``share`` = w / o with o the seconds it was open; None where they are not given. Above 1 it worked overtime,
    or several things at once.
    """

    name: str
    seconds: float
    events: int
    by_time: Mapping[str, float]
    open: float | None
    share: float | None


def utilisation(
    events: Iterable[Event],
    by: Literal["resource", "person", "place"] = "resource",
    open_seconds: Mapping[str, float] | None = None,
) -> list[Utilisation]:
    """Seconds of set-up and production by resource, person or place, the busiest first; equal ones by name.

    Voids (events with negative seconds) take back what they correct. Time without a name counts under ``""``.

    Args:
        open_seconds: how long each was open in the same period (``measure.load.available_hours`` gives hours).
    """
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: dict[str, int] = defaultdict(int)
    for e in events:
        time = EVENT_KINDS[e.kind]
        if time in WORK:
            sums[getattr(e, by)][time] += e.seconds
            counts[getattr(e, by)] += -1 if e.corrects else 1
    rows = []
    for name, times in sums.items():
        seconds, available = sum(times.values()), (open_seconds or {}).get(name)
        share = seconds / available if available else None
        rows.append(Utilisation(name, seconds, counts[name], dict(times), available, share))
    return sorted(rows, key=lambda row: (-row.seconds, row.name))
