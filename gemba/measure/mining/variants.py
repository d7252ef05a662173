"""Variants: the different sequences of activities, how many cases took each, and how long these took."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gemba.measure.mining.labels import Ints
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.spread import Spread, distinct, spread, spreads


@dataclass(frozen=True, slots=True)
class Variant:
    """One sequence of activities. ``cumulated`` is the share of cases of this and all more frequent variants."""

    activities: tuple[str, ...]
    count: int
    share: float
    cumulated: float
    throughput: Spread  # seconds
    example: str  # the first case of it


@dataclass(frozen=True, eq=False)
class Variants:
    """All variants, the most frequent first. ``of_case`` (cases) is each case's position in them."""

    variants: tuple[Variant, ...]
    of_case: Ints


@dataclass(frozen=True, slots=True)
class Throughput:
    """How long cases take (seconds) and how many rows they have."""

    time: Spread | None
    length: Spread | None
    first: int | None  # moments between which the log lies
    last: int | None


def throughput_times(log: EventLog) -> Ints:
    """(cases) Seconds from the earliest start (or end, where no start is known) to the latest end of each case."""
    return log.reached[log.first[1:] - 1] - log.begin[log.first[:-1]]


def throughput(log: EventLog) -> Throughput:
    edges = (int(log.begin.min()), int(log.done.max())) if len(log) else (None, None)
    return Throughput(spread(throughput_times(log)), spread(np.diff(log.first)), *edges)


def variants(log: EventLog) -> Variants:
    """Cases with the same activities in the same order are one variant."""
    ids = log.activity.ids.astype(np.int32)
    first = log.first.tolist()
    number: dict[bytes, int] = {}
    sequences = (ids[a:b].tobytes() for a, b in pairwise(first))
    of_case = np.fromiter((number.setdefault(s, len(number)) for s in sequences), np.int64)
    counts = np.bincount(of_case, minlength=len(number))
    order = np.argsort(-counts, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    of_case = place[of_case]
    return Variants(tuple(_described(log, of_case, len(number))), of_case)


def _described(log: EventLog, of_case: Ints, many: int) -> list[Variant]:
    found: list[Variant] = []
    example = np.unique(of_case, return_index=True)[1].tolist()
    names, ids, cumulated, cases = log.activity.names, log.activity.ids.tolist(), 0, len(of_case)
    for case, times in zip(example, spreads(of_case, throughput_times(log), many), strict=True):
        if times:
            cumulated += times.count
            rows = range(int(log.first[case]), int(log.first[case + 1]))
            steps = tuple(names[ids[r]] for r in rows)
            share = times.count / cases
            found.append(Variant(steps, times.count, share, cumulated / cases, times, log.case.names[case]))
    return found


@dataclass(frozen=True, slots=True)
class Rework:
    """An activity done more than once in a case. ``repeats`` = count - cases: all but the first time in each case."""

    activity: str
    cases: int  # in which it is repeated
    share: float  # of all cases of the log
    repeats: int
    self_loops: int  # repeats directly after itself; the others come back from elsewhere
    most: int  # times in one case
    work: float  # seconds of known work in the repeats


def rework(log: EventLog) -> tuple[Rework, ...]:
    """Activities that are repeated, the most repeats first."""
    ids, n, cases = log.activity.ids, len(log.activity.names), len(log.case.names)
    _, first, place, times = np.unique(
        log.case.ids * n + ids, return_index=True, return_inverse=True, return_counts=True
    )
    again = np.ones(len(log), np.bool_)
    again[first] = False
    loops = np.zeros(len(log), np.bool_)
    loops[log.later] = ids[log.later] == ids[log.later - 1]
    work = np.where(log.worked & again, log.done - log.begin, 0)
    repeats, self_loops = (np.bincount(ids[flags], minlength=n).tolist() for flags in (again, loops))
    most = np.zeros(n, np.int64)
    np.maximum.at(most, ids, times[place])
    hours = np.bincount(ids, weights=work, minlength=n).tolist()
    repeated = distinct(ids[again], log.case.ids[again], n).tolist()
    found = [
        Rework(name, repeated[i], repeated[i] / cases, repeats[i], self_loops[i], int(most[i]), hours[i])
        for i, name in enumerate(log.activity.names)
        if repeats[i]
    ]
    return tuple(sorted(found, key=lambda r: (-r.repeats, r.activity)))
