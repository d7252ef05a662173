"""The time between two activities of a case, and the share of cases that keep a limit: triage to treatment, order to
delivery, complaint to answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.measure.mining.labels import Ints
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.spread import Spread, spread


@dataclass(frozen=True, slots=True)
class Between:
    """``cases`` have both activities. ``share`` = within / cases, None where there are none or no limit is given."""

    before: str
    after: str
    cases: int
    negative: int  # cases in which ``after`` comes first
    times: Spread | None  # seconds
    limit: float | None
    within: int | None  # cases whose time is at most the limit
    share: float | None
    only_before: int  # cases with ``before`` that never come to ``after``


def between(log: EventLog, before: str, after: str, limit: float | None = None) -> Between:
    """The time from the first ``before`` to the first ``after`` of each case: begin(after) - done(before), seconds.

    Rows without start or end count with the moment they have. Negative times are part of the spread, and within a
    limit.

    Raises:
        ValueError: where the log has no such activity.
    """
    one, two = _first(log, before), _first(log, after)
    both = (one >= 0) & (two >= 0)
    times = log.begin[two[both]] - log.done[one[both]]
    many = len(times)
    within = int((times <= limit).sum()) if limit is not None else None
    share = within / many if within is not None and many else None
    alone = int(((one >= 0) & (two < 0)).sum())
    return Between(before, after, many, int((times < 0).sum()), spread(times), limit, within, share, alone)


def _first(log: EventLog, activity: str) -> Ints:
    """(cases) The first row of each case with the activity; -1 where it has none."""
    if activity not in log.activity.names:
        raise ValueError(f"the log has no activity '{activity}'; it has {', '.join(sorted(log.activity.names))}")
    rows = np.flatnonzero(log.activity.ids == log.activity.names.index(activity))
    cases, place = np.unique(log.case.ids[rows], return_index=True)
    found = np.full(len(log.case.names), -1, np.int64)
    found[cases] = rows[place]
    return found
