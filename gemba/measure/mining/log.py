"""The event log: what was done, for which case, when and by whom, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gemba.measure.mining.labels import MISSING, Flags, Floats, Ints, Labels, as_labels, as_moments


@dataclass(frozen=True, eq=False)
class EventLog:
    """Activity instances (rows), sorted by case and by when they begin; equal moments keep the order of the source.

    Make one with :func:`event_log`. All columns have the same length n. Moments are seconds since 1970 UTC, MISSING
    where not known: ``queued`` (when it could have begun), ``start`` and ``end`` of the work. A log that only says when
    something was completed has ``end`` alone; a start is never made up. ``group`` is a team, ward, machine or place.
    ``extra`` holds further columns by name: Labels, or numbers (NaN where blank).
    """

    case: Labels
    activity: Labels
    queued: Ints
    start: Ints
    end: Ints
    resource: Labels
    group: Labels
    extra: Mapping[str, Labels | Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.end)

    @cached_property
    def begin(self) -> Ints:
        """(n) When each row begins: its start, or its end where no start is known."""
        return np.where(self.start != MISSING, self.start, self.end)

    @cached_property
    def done(self) -> Ints:
        """(n) When each row is over: its end, or its start where no end is known."""
        return np.where(self.end != MISSING, self.end, self.start)

    @cached_property
    def first(self) -> Ints:
        """(cases + 1) The first row of each case, and the number of rows."""
        return np.searchsorted(self.case.ids, np.arange(len(self.case.names) + 1)).astype(np.int64)

    @cached_property
    def reached(self) -> Ints:
        """(n) The latest ``done`` of the case up to and with each row: all before is over by then."""
        if not len(self):
            return self.done
        low = int(self.done.min())
        shift = self.case.ids * (int(self.done.max()) - low + 1)
        return np.asarray(np.maximum.accumulate(self.done - low + shift) - shift + low, np.int64)

    @cached_property
    def later(self) -> Ints:
        """Rows that follow another row of their case."""
        return np.flatnonzero(self.case.ids[1:] == self.case.ids[:-1]) + 1

    @property
    def worked(self) -> Flags:
        """(n) Whether both start and end are known."""
        return np.asarray((self.start != MISSING) & (self.end != MISSING), np.bool_)

    def column(self, name: str) -> Labels:
        """A column of names: case, activity, resource, group or one of ``extra``.

        Raises:
            ValueError: where the log has none of that name.
        """
        found = getattr(self, name) if name in ("case", "activity", "resource", "group") else self.extra.get(name)
        if not isinstance(found, Labels):
            known = [
                "case",
                "activity",
                "resource",
                "group",
                *(k for k, v in self.extra.items() if isinstance(v, Labels)),
            ]
            raise ValueError(f"the log has no column of names '{name}'; it has {', '.join(known)}")
        return found

    def numbers(self, name: str) -> Floats:
        """A column of numbers, NaN where blank.

        Raises:
            ValueError: where the log has none of that name.
        """
        found = self.extra.get(name)
        if found is None or isinstance(found, Labels):
            known = ", ".join(k for k, v in self.extra.items() if not isinstance(v, Labels)) or "none"
            raise ValueError(f"the log has no column of numbers '{name}'; it has {known}")
        return found

    def where(self, rows: Ints | Flags) -> EventLog:
        """The log of some rows (in order), without the cases that have none of them."""
        extra = {k: v.take(rows) if isinstance(v, Labels) else v[rows] for k, v in self.extra.items()}
        return EventLog(
            self.case.take(rows).compact(), self.activity.take(rows), self.queued[rows], self.start[rows],
            self.end[rows], self.resource.take(rows), self.group.take(rows), extra,
        )  # fmt: skip

    def of_cases(self, cases: Sequence[int] | Ints) -> EventLog:
        """The log of the cases with these numbers."""
        return self.where(np.isin(self.case.ids, np.asarray(cases, np.int64)))


def event_log(
    case: Labels | Sequence[str],
    activity: Labels | Sequence[str],
    end: Ints | Sequence[int | None] | None = None,
    *,
    start: Ints | Sequence[int | None] | None = None,
    queued: Ints | Sequence[int | None] | None = None,
    resource: Labels | Sequence[str] | None = None,
    group: Labels | Sequence[str] | None = None,
    extra: Mapping[str, Labels | Sequence[str] | Floats] | None = None,
) -> EventLog:
    """A log from columns in any order; cases are numbered as they first come.

    Raises:
        ValueError: where columns differ in length, or a row has no case, no activity, no moment, an end before its
            start, or a start before it was queued.
    """
    rows = len(case)
    cases, activities = as_labels(case, rows), as_labels(activity, rows)
    moments = (as_moments(queued, rows), as_moments(start, rows), as_moments(end, rows))
    people = (as_labels(resource, rows), as_labels(group, rows))
    more = {k: v if isinstance(v, Labels | np.ndarray) else Labels.of(v) for k, v in (extra or {}).items()}
    wrong = _wrong(rows, cases, activities, moments, [*people, *more.values()])
    if wrong:
        raise ValueError(wrong)
    made = EventLog(cases, activities, *moments, *people, more)
    order = np.lexsort((made.begin, cases.ids))
    return made.where(order.astype(np.int64))


def _wrong(
    rows: int, cases: Labels, activities: Labels, moments: tuple[Ints, Ints, Ints], others: list[Labels | Floats]
) -> str:
    """What is wrong with the columns; blank where nothing is."""
    if any(len(c) != rows for c in [activities, *moments, *others]):
        return "every column of an event log must have one value for each row"
    queued, start, end = moments
    for flaw, allowed in (
        (cases.ids < 0, "have a case"),
        (activities.ids < 0, "have an activity"),
        ((start == MISSING) & (end == MISSING), "have a start or an end"),
        ((start != MISSING) & (end != MISSING) & (end < start), "end no earlier than it starts"),
        ((queued != MISSING) & (np.where(start != MISSING, start, end) < queued), "be queued no later than it begins"),
    ):  # fmt: skip
        if flaw.any():
            return f"row {int(np.argmax(flaw))} of the event log must {allowed}"
    return ""
