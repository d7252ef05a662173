"""What is asked for: which KPI figures, grouped by what, of which places, items, shifts, resources and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

PERIODS = ("day", "week", "month", "quarter", "year")
DIMENSIONS = ("place", "resource", "item", "reason", "shift")
#: What each source can be told apart by (beside the period).
SOURCE_DIMENSIONS: Mapping[str, frozenset[str]] = {
    "events": frozenset(DIMENSIONS),
    "people": frozenset(DIMENSIONS),
    "movements": frozenset(("place", "item", "reason", "shift")),
    "stock": frozenset(("place", "item")),
    "inspections": frozenset(("place", "resource", "item", "shift")),
    "meters": frozenset(("place", "resource", "shift")),
    "lines": frozenset(("place", "item", "shift")),
    "spans": frozenset(("place", "item", "shift")),
    "calendar": frozenset(("place", "resource", "shift")),
    "days": frozenset(("place", "item")),
}

#: Values of what is grouped by, in that order; the period is the date it starts on.
Key = tuple[str | date, ...]
Sums = dict[Key, list[float]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. ``places`` says under which name each place counts, ``others`` that of all the rest (None: not).

    ``start`` and ``end`` are local days, the end excluded. ``by`` names DIMENSIONS and at most one of PERIODS.

    Raises:
        ValueError: where ``by`` names something else, or the end is not after the start.
    """

    start: date
    end: date
    places: Mapping[str, str]
    by: tuple[str, ...] = ()
    others: str | None = None
    items: frozenset[str] | None = None
    shifts: frozenset[str] | None = None
    resources: frozenset[str] | None = None
    reasons: frozenset[str] | None = None
    planned: frozenset[str] = frozenset()  # reasons that are planned
    rates: Mapping[str, float] = field(default_factory=dict)  # cost per hour of resources

    def __post_init__(self) -> None:
        wrong = [b for b in self.by if b not in DIMENSIONS and b not in PERIODS]
        if wrong:
            raise ValueError(f"by is {wrong[0]!r}; it must be one of {', '.join((*DIMENSIONS, *PERIODS))}")
        if sum(b in PERIODS for b in self.by) > 1:
            raise ValueError(f"by names two periods ({', '.join(self.by)}); one is enough")
        if self.end <= self.start:
            raise ValueError(f"end is {self.end}; it must be after the start {self.start}")

    @property
    def period(self) -> str:
        return next((b for b in self.by if b in PERIODS), "")

    @property
    def used(self) -> frozenset[str]:
        """Dimensions by which is grouped or chosen, but the place."""
        chosen = {"item": self.items, "shift": self.shifts, "resource": self.resources, "reason": self.reasons}
        return frozenset(b for b in self.by if b in DIMENSIONS) | {k for k, v in chosen.items() if v is not None}

    def fits(self, source: str) -> bool:
        """Whether a source can answer it."""
        return self.used <= SOURCE_DIMENSIONS[source]

    def group(self, place: str) -> str | None:
        """The name under which a place counts; None: not at all."""
        return self.places.get(place, self.others)

    def key(
        self, place: str, resource: str, item: str, reason: str, shift: str, day: date, known: frozenset[str]
    ) -> Key | None:
        """Where a fact counts; None: nowhere."""
        group = self.group(place)
        return None if group is None else self.key_of_group(group, resource, item, reason, shift, day, known)

    def key_of_group(
        self, group: str, resource: str, item: str, reason: str, shift: str, day: date, known: frozenset[str]
    ) -> Key | None:
        if not self.start <= day < self.end or not self._chosen(resource, item, reason, shift):
            return None
        values = {"place": group, "resource": resource, "item": item, "reason": reason, "shift": shift}
        return tuple(values[b] if b in values else period_start(day, b) for b in self.by)

    def key_before(self, place: str, item: str, day: date) -> Key | None:
        """Where a change of stock counts, without its period: also one before the start."""
        group = self.group(place)
        if group is None or day >= self.end or (self.items is not None and item not in self.items):
            return None
        return tuple({"place": group, "item": item}[b] for b in self.by if b in ("place", "item"))

    def _chosen(self, resource: str, item: str, reason: str, shift: str) -> bool:
        return (
            (self.items is None or item in self.items)
            and (self.shifts is None or shift in self.shifts)
            and (self.resources is None or resource in self.resources)
            and (self.reasons is None or reason in self.reasons)
        )


def period_start(day: date, period: str) -> date:
    """The first day of the week (Monday), month, quarter or year that holds a day."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1) if period == "year" else day
