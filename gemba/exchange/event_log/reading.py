"""What a log's reader gives: the log, and every row that could not be part of it, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from gemba.measure.mining import EventLog, Folding
from gemba.operation import Fault
from gemba.operation.moments import seconds

#: So many faults are kept as such; all are counted.
MOST_FAULTS = 1000
#: Moments outside are taken for mistakes unless the caller says otherwise.
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LogReading:
    """A log as it was read.

    ``rows`` of the source = ``left_out`` + those in the log (before lifecycles are folded: see ``folding``). ``faults``
    say why rows were left out, ``doubts`` what is strange about rows that are in the log; the first MOST_FAULTS of
    each. ``counts`` and ``doubt_counts`` have all of them, by field and what is allowed.
    """

    log: EventLog
    rows: int
    left_out: int
    faults: tuple[Fault, ...]
    counts: dict[str, int]
    doubts: tuple[Fault, ...] = ()
    doubt_counts: dict[str, int] = field(default_factory=dict)
    folding: Folding | None = None


@dataclass(slots=True)
class Faults:
    """Faults as they are found: counted by kind, the first ones kept."""

    source: str
    kept: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, line: int | None, thing: str, name: str, value: object, allowed: str) -> None:
        kind = f"{name}: {allowed}"
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(Fault("events", thing, name, value, allowed, source=self.source, line=line))


@dataclass(frozen=True, slots=True)
class Window:
    """The moments that are plausible: from ``low``, before ``high`` (seconds UTC)."""

    low: int
    high: int

    @staticmethod
    def between(low: datetime | None, high: datetime | None) -> Window:
        return Window(seconds(low or EARLIEST), seconds(high or LATEST))

    def allowed(self) -> str:
        low, high = (datetime.fromtimestamp(at, UTC).date().isoformat() for at in (self.low, self.high))
        return f"from {low} to before {high}"
