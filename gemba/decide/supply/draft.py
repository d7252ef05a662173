"""A plan in the making: every change to it is logged, so that a try can be undone."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from gemba.decide.supply.network import BufferNode, Lot, Network, OrderNode, PegNode, TaskNode

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

    def reserve(self, task: TaskNode) -> None:
        """Take the task's resources for its time, and join the sequence of those that change over."""
        for resource, units in task.resources:
            if resource.timeline and task.end > task.start:
                resource.timeline.take(task.start, task.end, units)
                self._log.append((resource.timeline.take, (task.start, task.end, -units)))
        for resource, amount in task.amounts:
            assert resource.buckets
            resource.buckets.take(task.start, amount)
            self._log.append((resource.buckets.take, (task.start, -amount)))
        for resource, _ in task.resources:
            if resource.has_matrix and task.family:
                insort(resource.sequence, task, key=lambda t: t.start)
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
            _restore(buffer, lot)
            self._log.append((buffer.lots.remove, (lot,)))
        elif not spent and lot.left <= EPS:
            buffer.lots.remove(lot)
            self._log.append((_restore, (buffer, lot)))

    def deliver(self, demand: str, quantity: float, at: int, pegs: list[PegNode]) -> None:
        self.deliveries.append((demand, quantity, at, pegs))
        self._log.append((self.deliveries.pop, ()))


def _set_left(lot: Lot, left: float) -> None:
    lot.left = left


def _restore(buffer: BufferNode, lot: Lot) -> None:
    insort(buffer.lots, lot, key=lambda x: x.at)
