"""Lifecycles folded: the schedule, start and complete events of one piece of work become one activity instance."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from gemba.measure.mining.labels import MISSING, Floats, Ints, Labels
from gemba.measure.mining.log import EventLog, event_log

#: The transitions of the XES lifecycle extension (IEEE 1849) that make an activity instance.
QUEUE, START, COMPLETE = "schedule", "start", "complete"
#: A case with more open pieces of work of one activity is broken; looking at all of them would take forever.
MOST_OPEN = 1000


@dataclass(frozen=True, eq=False)
class Transitions:
    """Events as a source with lifecycles gives them: columns of one length. ``instance`` names the piece of work."""

    case: Labels
    activity: Labels
    transition: Sequence[str]  # of any case: START, start
    at: Ints
    resource: Labels
    group: Labels
    instance: Labels
    extra: Mapping[str, Labels | Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folding:
    """How many events were folded how. ``unused`` counts, by name, transitions that make no instance (suspend ...)."""

    paired: int = 0  # a start with its completion
    other_resource: int = 0  # of these: started and completed by different resources
    no_start: int = 0  # completed without a start before: the start stays empty
    no_end: int = 0  # started, never completed: the end stays empty
    never_started: int = 0  # scheduled, neither started nor completed: not in the log
    unused: tuple[tuple[str, int], ...] = ()


def fold(events: Transitions) -> tuple[EventLog, Folding]:
    """One row for each piece of work.

    Within a case and activity, in order of time (equal times: order of the source), a completion belongs to the oldest
    open start of the same instance; else, of those not named as another instance, to the oldest of the same resource;
    else to the oldest (of the first MOST_OPEN that are open). A start takes an open schedule the same way. What a row
    holds beside the moments is that of its last event. Where no event has one of the three transitions, each event is
    a completion.
    """
    words = [t.strip().casefold() for t in events.transition]
    if not {QUEUE, START, COMPLETE}.intersection(words):
        words = [COMPLETE] * len(words)
    folder = _Folder(events)
    only = _alone(events, words)
    for row in np.lexsort((events.at, events.case.ids)).tolist():
        if only[row]:
            folder.add(row, row, MISSING, MISSING, folder.at[row])
        else:
            folder.take(row, words[row])
    return folder.log(), folder.folding(words)


def _alone(events: Transitions, words: list[str]) -> list[bool]:
    """Completions of activities that are never scheduled nor started: nothing to pair them with."""
    completes = np.fromiter((w == COMPLETE for w in words), np.bool_, len(words))
    others = np.bincount(events.activity.ids[~completes], minlength=len(events.activity.names))
    alone: list[bool] = (completes & (others[events.activity.ids] == 0)).tolist()
    return alone


class _Folder:
    def __init__(self, events: Transitions) -> None:
        self.events = events
        self.key = list(zip(events.case.ids.tolist(), events.activity.ids.tolist(), strict=True))
        self.who = events.resource.ids.tolist()
        self.instance = events.instance.ids.tolist()
        self.at = events.at.tolist()
        self.waiting: dict[tuple[int, int], deque[int]] = {}
        self.open: dict[tuple[int, int], deque[tuple[int, int]]] = {}  # (row of the start, moment it was queued)
        self.rows: list[tuple[int, int, int, int, int]] = []  # (event it begins with, its last one, queued, start, end)
        self.other = self.no_start = 0

    def add(self, begin: int, last: int, queued: int, start: int, end: int) -> None:
        self.rows.append((begin, last, queued, start, end))

    def take(self, row: int, word: str) -> None:
        key = self.key[row]
        if word == QUEUE:
            self.waiting.setdefault(key, deque()).append(row)
        elif word == START:
            self.open.setdefault(key, deque()).append((row, self._queued(row)))
        elif word == COMPLETE:
            self._complete(row)

    def _queued(self, row: int) -> int:
        """The moment of the schedule that an event belongs to, which is used up; MISSING where there is none."""
        waiting = self.waiting.get(self.key[row], deque())
        found = self._match(row, list(islice(waiting, MOST_OPEN)))
        if found < 0:
            return MISSING
        scheduled = waiting[found]
        del waiting[found]
        return int(self.at[scheduled])

    def _complete(self, row: int) -> None:
        started = self.open.get(self.key[row], deque())
        found = self._match(row, [s for s, _ in islice(started, MOST_OPEN)])
        if found < 0:
            self.no_start += 1
            self.add(row, row, self._queued(row), MISSING, self.at[row])
            return
        start, queued = started[found]
        del started[found]
        self.other += self.who[start] != self.who[row]
        self.add(start, row, queued, self.at[start], self.at[row])

    def _match(self, row: int, candidates: list[int]) -> int:
        """The position of the event that this one belongs to, -1 where none is. Two named instances must be the same."""
        mine = self.instance[row]
        if mine >= 0:
            same = next((i for i, c in enumerate(candidates) if self.instance[c] == mine), -1)
            if same >= 0:
                return same
        free = [i for i, c in enumerate(candidates) if mine < 0 or self.instance[c] < 0]
        return next((i for i in free if self.who[candidates[i]] == self.who[row]), free[0] if free else -1)

    def log(self) -> EventLog:
        """What was found, with what was started and never completed; in the order in which the source begins them."""
        for started in self.open.values():
            for row, since in started:
                self.add(row, row, since, self.at[row], MISSING)
        _, rows, queued, start, end = np.array(sorted(self.rows), np.int64).reshape(-1, 5).T
        e = self.events
        extra = {k: v.take(rows) if isinstance(v, Labels) else v[rows] for k, v in e.extra.items()}
        return event_log(
            e.case.take(rows), e.activity.take(rows), end, start=start, queued=queued, resource=e.resource.take(rows),
            group=e.group.take(rows), extra=extra,
        )  # fmt: skip

    def folding(self, words: list[str]) -> Folding:
        unused: dict[str, int] = {}
        for word in words:
            if word not in (QUEUE, START, COMPLETE):
                unused[word] = unused.get(word, 0) + 1
        starts = sum(w == START for w in words)
        no_end = sum(map(len, self.open.values()))
        waiting = sum(map(len, self.waiting.values()))
        return Folding(starts - no_end, self.other, self.no_start, no_end, waiting, tuple(sorted(unused.items())))
