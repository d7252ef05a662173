"""A plan in the making: every change to it is logged, so that a try can be undone."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from gemba.decide.supply.network import BufferNode, Lot, Network, OrderNode, PegNode, TaskNode
from gemba.operation.worktime import FAR

EPS = 1e-9


class Draft:
    """Orders, reservations and pegs so far. ``mark`` and ``undo`` bracket a try."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self.orders: list[OrderNode] = []
        self.deliveries: list[tuple[str, float, int, list[PegNode]]] = []  # demand, quantity, at, pegs
        self._log: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def mark(self) -> int:
        return len(self._log)

    def undo(self, mark: int) -> None:
        log = self._log
        while len(log) > mark:
            back, arguments = log.pop()
            back(*arguments)

    def reserve(self, task: TaskNode, since: int = -FAR) -> None:
        """Take the task's resources for its time (from ``since`` on), and join the sequence of those that change over."""
        start = max(task.start, since)
        for resource, units in task.resources:
            if resource.timeline and task.end > start:
                resource.timeline.take(start, task.end, units)
                self._log.append((resource.timeline.take, (start, task.end, -units)))
        for resource, amount in task.amounts:
            assert resource.buckets
            resource.buckets.take(task.start, amount)
            self._log.append((resource.buckets.take, (task.start, -amount)))
        for resource, _ in task.resources:
            if resource.has_matrix and task.family_on(resource):
                insort(resource.sequence, task, key=lambda t: (t.start, t.end))
                self._log.append((resource.sequence.remove, (task,)))

    def add_order(self, order: OrderNode) -> None:
        self.orders.append(order)
        self._log.append((self.orders.pop, ()))

    def add_lot(self, buffer: BufferNode, lot: Lot) -> None:
        insort(buffer.lots, lot, key=lambda x: x.at)
        self._log.append((buffer.lots.remove, (lot,)))

    def use(self, buffer: BufferNode, lot: Lot, quantity: float) -> None:
        """Take a quantity from a lot (negative: give it back); a spent lot leaves the buffer's list."""
        spent = lot.left <= EPS
        self._log.append((_set_left, (lot, lot.left)))
        lot.left -= quantity
        if spent and lot.left > EPS:
            insort(buffer.lots, lot, key=lambda x: x.at)
            self._log.append((buffer.lots.remove, (lot,)))
        elif not spent and lot.left <= EPS:
            place = buffer.lots.index(lot)
            del buffer.lots[place]
            self._log.append((buffer.lots.insert, (place, lot)))

    def deliver(self, demand: str, quantity: float, at: int, pegs: list[PegNode]) -> None:
        self.deliveries.append((demand, quantity, at, pegs))
        self._log.append((self.deliveries.pop, ()))


def _set_left(lot: Lot, left: float) -> None:
    lot.left = left
