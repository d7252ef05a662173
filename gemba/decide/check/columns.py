"""The plan's records as columns of numbers, so that rules can be applied to all of them at once.

Names become numbers: orders by their place in the plan (-1: not in it), items at places, steps, ways of supply and sets of
resources by a number of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gemba.decide.check.book import Book

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Numbers(dict[Any, int]):
    """A number for each thing, in the order in which they are first seen."""

    def of(self, things: Any) -> Longs:
        """Their numbers; new things get the next ones."""
        return np.array([self.setdefault(x, len(self)) for x in things], np.int64)

    def known(self, things: Any) -> Longs:
        """Their numbers; -1 for what was never seen."""
        return np.array([self.get(x, -1) for x in things], np.int64)


class Columns:
    """Columns of the plan's orders, tasks and flows, and of its deliveries to demands that exist."""

    def __init__(self, book: Book) -> None:
        plan = book.plan
        self.keys, self.steps, self.ways, self.sets = Numbers(), Numbers(), Numbers(), Numbers()
        self.orders = Numbers((o.id, i) for i, o in reversed(list(enumerate(plan.orders))))
        self._order_columns(plan.orders)
        self._task_columns(plan.tasks)
        self.stock_key = self.keys.of((s.item, s.place) for s in book.operation.stocks)
        wanted = {d.name: (d.item, d.place) for d in book.operation.demands}
        self.deliveries = [d for d in plan.deliveries if d.demand in wanted]
        self.delivery_key = self.keys.of(wanted[d.demand] for d in self.deliveries)
        self.delivery_quantity = _floats(d.quantity for d in self.deliveries)
        self.delivery_date = _longs(d.date for d in self.deliveries)
        self.flow_order = self.orders.known(f.order for f in plan.flows)
        self.flow_key = self.keys.of((f.item, f.place) for f in plan.flows)
        self.flow_quantity = _floats(f.quantity for f in plan.flows)
        self.flow_at = _longs(f.at for f in plan.flows)

    def _order_columns(self, orders: list[Any]) -> None:
        self.way = self.ways.of((o.option, o.process, o.item, o.place, o.kind, o.supplier, o.origin) for o in orders)
        self.quantity = _floats(o.quantity for o in orders)
        self.start, self.end = _longs(o.start for o in orders), _longs(o.end for o in orders)
        self.proposed = np.array([o.state == "proposed" for o in orders], bool)
        self.unique = len(self.orders) == len(orders)

    def _task_columns(self, tasks: list[Any]) -> None:
        self.task_order = self.orders.known(t.order for t in tasks)
        self.task_step = self.steps.of(t.step for t in tasks)
        self.task_start, self.task_end = _longs(t.start for t in tasks), _longs(t.end for t in tasks)
        self.task_setup = _floats(t.setup for t in tasks)
        self.task_quantity = _floats(t.quantity for t in tasks)
        self.task_set = self.sets.of(t.resources for t in tasks)


def _longs(values: Any) -> Longs:
    return np.fromiter(values, np.int64)


def _floats(values: Any) -> Floats:
    return np.fromiter(values, np.float64)


def close(a: Floats, b: Floats, share: float) -> Flags:
    """Where two quantities differ by no more than a share of the larger, or of one."""
    found: Flags = np.abs(a - b) <= share * np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
    return found


def running(group: Longs, values: Floats) -> Floats:
    """Sums so far in each group, where rows of a group follow one another."""
    total = np.cumsum(values)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    before = np.repeat(total[first] - values[first], np.diff(np.append(first, len(group))))
    return total - before
