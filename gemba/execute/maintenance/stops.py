"""Stops of resources by the events down and up: how long, why, and what is down now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gemba.operation.records import Event


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch of time in which a resource was down; open ones have no end. ``uid`` is the event that began it, or
    the one that ended it where nobody reported the beginning."""

    uid: str
    resource: str
    start: datetime
    end: datetime | None
    reason: str
    planned: bool
    note: str = ""

    def seconds(self, now: datetime) -> float:
        return ((self.end or now) - self.start).total_seconds()


def stops(events: Iterable[Event], planned: Mapping[str, bool] | None = None) -> list[Stop]:
    """The stops in the order in which they began; ``planned`` says of a reason whether stops for it are planned.

    An up carries the start of the stop it ends; events that were voided do not count.
    """
    own = sorted((e for e in events if e.kind in ("down", "up")), key=lambda e: e.at)
    voided = {e.corrects for e in own if e.corrects}
    planned, open_, found = planned or {}, dict[str, Event](), list[Stop]()
    for e in own:
        if e.corrects or e.uid in voided:
            continue
        if e.kind == "down":
            open_.setdefault(e.resource, e)
        else:
            found.append(_ended(open_.pop(e.resource, None), e, planned))
    found += [
        Stop(e.uid, e.resource, e.at, None, e.reason, planned.get(e.reason, False), e.note) for e in open_.values()
    ]
    return sorted(found, key=lambda s: (s.start, s.resource))


def _ended(down: Event | None, up: Event, planned: Mapping[str, bool]) -> Stop:
    start = up.start or (down.at if down else up.at)
    reason = up.reason or (down.reason if down else "")
    note = up.note or (down.note if down else "")
    return Stop(down.uid if down else up.uid, up.resource, start, up.at, reason, planned.get(reason, False), note)


def open_stops(events: Iterable[Event]) -> dict[str, Event]:
    """The event that began the stop of each resource that is down now."""
    own = sorted((e for e in events if e.kind in ("down", "up")), key=lambda e: e.at)
    voided = {e.corrects for e in own if e.corrects}
    found: dict[str, Event] = {}
    for e in own:
        if e.corrects or e.uid in voided:
            continue
        if e.kind == "down":
            found.setdefault(e.resource, e)
        else:
            found.pop(e.resource, None)
    return found


def by_reason(found: Iterable[Stop], length: Callable[[Stop], float]) -> list[tuple[str, int, float, float]]:
    """The Pareto of stops: reason, how many, seconds in all, and the share with those before it, the longest first.

    ``length`` gives the seconds of a stop that count, such as those of working hours.
    """
    sums: dict[str, tuple[int, float]] = {}
    for stop in found:
        count, seconds = sums.get(stop.reason, (0, 0.0))
        sums[stop.reason] = (count + 1, seconds + length(stop))
    total, so_far, rows = sum(s for _, s in sums.values()), 0.0, []
    for reason, (count, seconds) in sorted(sums.items(), key=lambda r: (-r[1][1], r[0])):
        so_far += seconds
        rows.append((reason, count, seconds, so_far / total if total else 0.0))
    return rows
