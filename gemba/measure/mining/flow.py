"""The directly-follows map: what is done after what, how often, and how long cases wait and are worked on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.measure.mining.labels import MISSING, Ints
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.spread import Spread, distinct, spreads


@dataclass(frozen=True, slots=True)
class ActivityFigures:
    """An activity. Times in seconds, None where nothing is known of them."""

    name: str
    count: int
    cases: int
    starts: int  # cases that begin with it
    ends: int  # cases that end with it
    resources: int  # how many different ones did it
    working: Spread | None  # end - start, where both are known
    queueing: Spread | None  # start - queued, where both are known
    waiting: Spread | None  # see FlowMap


@dataclass(frozen=True, slots=True)
class Arc:
    """``after`` directly follows ``before`` in ``count`` places of ``cases`` cases."""

    before: str
    after: str
    count: int
    cases: int
    waiting: Spread


@dataclass(frozen=True, slots=True)
class FlowMap:
    """The directly-follows graph of a log (van der Aalst 2016, Process Mining, section 6.2), most frequent first.

    Rows follow one another as they begin. The waiting of a row is the time from when all earlier rows of its case are
    over until it begins: max(0, begin - max(end of the earlier)); first rows have none. Where a row's start is not
    known its end stands for it, so that waiting then includes its work (``starts_known`` says how many are). For each
    activity count = starts + sum of arcs into it = ends + sum of arcs out of it, and its total waiting is the sum of
    the arcs into it.
    """

    cases: int
    events: int
    starts_known: int
    activities: tuple[ActivityFigures, ...]
    arcs: tuple[Arc, ...]

    def activity(self, name: str) -> ActivityFigures:
        return next(a for a in self.activities if a.name == name)


def waiting(log: EventLog) -> Ints:
    """(n) Seconds from when the earlier rows of the case were over until each row begins; MISSING for first rows."""
    waits = np.full(len(log), MISSING, np.int64)
    waits[log.later] = np.maximum(0, log.begin[log.later] - log.reached[log.later - 1])
    return waits


def flow_map(log: EventLog) -> FlowMap:
    """The whole map of a log; :func:`gemba.measure.mining.simplify.simplified` makes it readable."""
    known = int((log.start != MISSING).sum())
    return FlowMap(len(log.case.names), len(log), known, activity_figures(log), arcs(log))


def activity_figures(log: EventLog) -> tuple[ActivityFigures, ...]:
    ids, names = log.activity.ids, log.activity.names
    n = len(names)
    queued = (log.start != MISSING) & (log.queued != MISSING)
    worked, later, waits = log.worked, log.later, waiting(log)
    columns = (
        names, np.bincount(ids, minlength=n).tolist(), distinct(ids, log.case.ids, n).tolist(),
        np.bincount(ids[log.first[:-1]], minlength=n).tolist(),
        np.bincount(ids[log.first[1:] - 1], minlength=n).tolist(),
        distinct(ids, log.resource.ids, n).tolist(),
        spreads(ids[worked], (log.end - log.start)[worked], n), spreads(ids[queued], (log.start - log.queued)[queued], n),
        spreads(ids[later], waits[later], n),
    )  # fmt: skip
    found = [ActivityFigures(*row) for row in zip(*columns, strict=True) if row[1]]
    return tuple(sorted(found, key=lambda a: (-a.count, a.name)))


def arcs(log: EventLog) -> tuple[Arc, ...]:
    names, ids, later = log.activity.names, log.activity.ids, log.later
    pairs, inverse = np.unique(ids[later - 1] * len(names) + ids[later], return_inverse=True)
    cases = distinct(inverse, log.case.ids[later], len(pairs)).tolist()
    found = [
        Arc(names[pair // len(names)], names[pair % len(names)], of.count, many, of)
        for pair, many, of in zip(pairs.tolist(), cases, spreads(inverse, waiting(log)[later], len(pairs)), strict=True)
        if of
    ]
    return tuple(sorted(found, key=lambda a: (-a.count, a.before, a.after)))
