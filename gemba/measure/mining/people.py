"""Who does the work: hand-overs between resources or groups, and the work of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.measure.mining.flow import waiting
from gemba.measure.mining.labels import Ints, Labels
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.spread import Spread, distinct, spreads


@dataclass(frozen=True, slots=True)
class HandOver:
    """Work passes directly from ``giver`` to ``taker`` ``count`` times; waiting as in FlowMap, seconds."""

    giver: str
    taker: str
    count: int
    waiting: Spread


@dataclass(frozen=True, slots=True)
class HandOvers:
    """The hand-over-of-work matrix (van der Aalst, Reijers and Song 2005) of one column, without its zeros.

    Counted are rows that directly follow each other in a case, both of them with a name. Where giver and taker are
    the same the work stays; ``stays`` counts these. ``cases`` have at least one name; ``per_case`` is the mean number
    of different names of these, ``alone`` the number with one name.
    """

    names: tuple[str, ...]
    pairs: tuple[HandOver, ...]
    passes: int
    stays: int
    cases: int
    per_case: float
    alone: int


def hand_overs(log: EventLog, by: str = "resource") -> HandOvers:
    """Hand-overs by resource, group or another column of names, the most frequent first.

    Raises:
        ValueError: where the log has no such column.
    """
    column = log.column(by)
    ids, names = column.ids, column.names
    rows = log.later[(ids[log.later] >= 0) & (ids[log.later - 1] >= 0)]
    pairs, inverse = np.unique(ids[rows - 1] * max(1, len(names)) + ids[rows], return_inverse=True)
    found = [
        HandOver(names[pair // len(names)], names[pair % len(names)], of.count, of)
        for pair, of in zip(pairs.tolist(), spreads(inverse, waiting(log)[rows], len(pairs)), strict=True)
        if of
    ]
    stays = int((ids[rows - 1] == ids[rows]).sum())
    different = names_per_case(log, column)
    some = different[different > 0]
    found.sort(key=lambda h: (-h.count, h.giver, h.taker))
    mean = float(some.mean()) if len(some) else 0.0
    return HandOvers(names, tuple(found), len(rows) - stays, stays, len(some), mean, int((some == 1).sum()))


def names_per_case(log: EventLog, column: Labels) -> Ints:
    """(cases) How many different names each case has."""
    return distinct(log.case.ids, column.ids, len(log.case.names))


@dataclass(frozen=True, slots=True)
class Workload:
    """The work of one name. ``work`` sums end - start (seconds); ``busy`` counts overlapping stretches once."""

    name: str
    count: int
    cases: int
    activities: int
    work: float
    busy: float
    times: Spread | None  # of each piece of work whose start and end are known
    first: int  # moments of its first and last work
    last: int


def workload(log: EventLog, by: str = "resource") -> tuple[Workload, ...]:
    """The work by resource, group, activity or another column of names, the most work first.

    Raises:
        ValueError: where the log has no such column.
    """
    column = log.column(by)
    n, has = len(column.names), column.ids >= 0
    ids, done, begin = column.ids[has], log.done[has], log.begin[has]
    worked = log.worked & has
    times = spreads(column.ids[worked], (log.end - log.start)[worked], n)
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, ids, begin)
    np.maximum.at(last, ids, done)
    columns = (
        column.names, np.bincount(ids, minlength=n).tolist(), distinct(ids, log.case.ids[has], n).tolist(),
        distinct(ids, log.activity.ids[has], n).tolist(), [t.total if t else 0.0 for t in times],
        busy(column.ids[worked], log.start[worked], log.end[worked], n).tolist(), times, first.tolist(), last.tolist(),
    )  # fmt: skip
    found = [Workload(*row) for row in zip(*columns, strict=True) if row[1]]
    return tuple(sorted(found, key=lambda w: (-w.work, -w.count, w.name)))


def overlaps(log: EventLog, by: str = "resource") -> int:
    """How many pieces of work begin before the one that began before them is over, at the same resource (or group ...).

    Only rows whose start and end are known count. Where it is often so, reports overlap or the name stands for several.

    Raises:
        ValueError: where the log has no such column.
    """
    column = log.column(by)
    rows = log.worked & (column.ids >= 0)
    keys, start, end = column.ids[rows], log.start[rows], log.end[rows]
    order = np.lexsort((end, start, keys))
    keys, start, end = keys[order], start[order], end[order]
    return int(((keys[1:] == keys[:-1]) & (start[1:] < end[:-1])).sum())


def busy(keys: Ints, start: Ints, end: Ints, groups: int) -> Ints:
    """(groups) Seconds covered by at least one of the stretches of each key."""
    if not len(keys):
        return np.zeros(groups, np.int64)
    order = np.lexsort((start, keys))
    keys, start, end = keys[order], start[order], end[order]
    low = int(start.min())
    shift = keys * (int(end.max()) - low + 1)
    until = np.maximum.accumulate(end - low + shift)
    before = np.concatenate(([np.int64(0)], until[:-1]))
    new = until - np.maximum(start - low + shift, np.minimum(before, until))
    total = np.zeros(groups, np.int64)
    np.add.at(total, keys, new)
    return total
