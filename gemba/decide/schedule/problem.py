"""The plan as a scheduling problem in flat arrays: one node for each task, fetched order, delivery and fixed moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gemba.decide.schedule.facts import Facts
from gemba.operation import Plan
from gemba.operation.worktime import OpenHours
from gemba.solvers.search.shop import FAR, Longs

TASK, FETCH, DELIVERY, MOMENT = range(4)


@dataclass(slots=True)
class Nodes:
    """Columns in the making; one entry for each node."""

    kind: list[int] = field(default_factory=list)
    ref: list[int] = field(default_factory=list)  # index in the plan's tasks, orders or deliveries
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    work: list[int] = field(default_factory=list)
    calendar: list[int] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    release: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    deadline: list[int] = field(default_factory=list)
    fixed: list[bool] = field(default_factory=list)
    goods: list[bool] = field(default_factory=list)
    until: list[int] = field(default_factory=list)

    def add(self, kind: int, ref: int, start: int, end: int, *, work: int = 0, calendar: int = -1, whole: bool = False,
            release: int = 0, fixed: bool = False, goods: bool = False, until: int = FAR) -> int:  # fmt: skip
        """A new node; returns its number."""
        self.kind.append(kind)
        self.ref.append(ref)
        self.start.append(start)
        self.end.append(end)
        self.work.append(work)
        self.calendar.append(calendar)
        self.whole.append(int(whole))
        self.release.append(release)
        self.due.append(FAR)
        self.weight.append(0.0)
        self.deadline.append(FAR)
        self.fixed.append(fixed)
        self.goods.append(goods)
        self.until.append(until)
        return len(self.kind) - 1


@dataclass(slots=True)
class Problem:
    """n nodes. Fixed ones keep their times; the others wait for their arcs, their machines and their release."""

    plan: Plan
    facts: Facts
    kind: NDArray[np.int8]
    ref: Longs
    times: Longs  # (n, 2) in the plan
    work: Longs
    calendar: Longs
    whole: Longs
    release: Longs
    due: Longs
    weight: NDArray[np.float64]  # per second
    deadline: Longs
    fixed: NDArray[np.bool_]
    until: Longs  # the latest end that late start may give it; -FAR: it is not moved later
    arcs: Longs  # (a, 4) earlier, later, seconds, kind
    slots: Longs  # (k, 2) node, machine
    busy: Longs  # (., 3) machine, start, end
    machines: int
    hours: list[NDArray[np.int64]]  # open stretches of each calendar
    task_node: list[int]  # node of each of the plan's tasks
    fetch_node: dict[int, int]  # node of each fetched order, by its index
    parts: list[list[int]]  # deliveries (indices) of each delivery node's number
    flow_at: list[tuple[int, ...]]  # of each flow: nodes; empty where it stays
    flow_how: list[tuple[bool, int]]  # at end, seconds after
    machine_names: list[str]  # the resource of each machine's number


class Calendars:
    """Numbers for sets of calendars, and their open stretches."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.numbers: dict[frozenset[str], int] = {}
        self.spans: list[NDArray[np.int64]] = []

    def number(self, calendars: frozenset[str]) -> int:
        """The number of a set of calendars; -1 where it is always open."""
        if calendars not in self.numbers:
            opened = self.facts.hours.open(calendars)
            self.numbers[calendars] = -1 if opened.always else len(self.spans)
            if not opened.always:
                self.spans.append(_spans(opened))
        return self.numbers[calendars]


def _spans(opened: OpenHours) -> Any:
    return np.column_stack([np.array(opened.starts, np.int64), np.array(opened.ends, np.int64)])
