"""The other policy: everything over as soon as can be, whatever is due when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gemba.decide.schedule.problem import MOMENT, TASK, Problem
from gemba.solvers.search.shop import END, FAR


def for_makespan(p: Problem) -> Problem:
    """The problem with one cost: each second until the last task ends, by a node that waits for all of them."""
    n = len(p.kind)
    task = p.kind == TASK
    waited = np.zeros(n, bool)
    waited[p.arcs[task[p.arcs[:, 1]], 0]] = True
    last = np.flatnonzero(task & ~waited)
    arcs = np.column_stack([last, np.full(len(last), n), np.zeros((len(last), 2), np.int64)])
    end = int(p.times[task, END].max(initial=p.facts.now))

    def more(column: Any, value: Any) -> Any:
        return np.append(column, np.array([value], column.dtype))

    return replace(
        p, kind=more(p.kind, MOMENT), ref=more(p.ref, 0), times=np.vstack([p.times, [[end, end]]]), work=more(p.work, 0),
        calendar=more(p.calendar, -1), whole=more(p.whole, 0), release=more(p.release, p.facts.now),
        due=more(np.full(n, FAR), p.facts.now), weight=more(np.zeros(n), 1.0), deadline=more(p.deadline, FAR),
        fixed=more(p.fixed, False), until=more(p.until, -FAR), arcs=np.vstack([p.arcs, arcs]),
    )  # fmt: skip
