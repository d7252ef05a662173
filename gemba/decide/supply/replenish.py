"""Refill safety stock, after every demand has had its turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from gemba.decide.supply.builder import Builder
from gemba.decide.supply.draft import EPS
from gemba.decide.supply.network import BufferNode, Network
from gemba.operation.worktime import FAR

_MOST_ORDERS = 400  # for one item and place


class Levels:
    """Projected stock of every buffer, kept up as orders are added."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.changes: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._seen = 0
        now = builder.net.now
        for at in builder.net.buffers.values():
            self.changes[id(at)][now] += sum(s.quantity for s in at.stocks)
        for _, quantity, moment, pegs in builder.draft.deliveries:
            if pegs:
                self.changes[id(pegs[0].buffer)][moment] -= quantity

    def absorb(self) -> None:
        """Count the orders added since the last call."""
        orders = self.builder.draft.orders
        for order in orders[self._seen :]:
            for _, at, quantity, moment in order.flows:
                self.changes[id(at)][max(moment, self.builder.net.now)] += quantity
        self._seen = len(orders)

    def first_low(self, at: BufferNode, since: int) -> tuple[int, float] | None:
        """The first moment from ``since`` on at which stock is below safety, and by how much."""
        assert at.safety is not None
        changes = self.changes[id(at)]
        moments = sorted({*changes, *(s for s in at.safety.starts if s > self.builder.net.now)})
        level = 0.0
        for moment in moments:
            level += changes.get(moment, 0.0)
            if moment >= since and level < at.safety.at(moment) - EPS:
                return moment, max(at.safety.at(moment), at.maximum) - level
        return None


def replenish(builder: Builder, stop: Callable[[], bool] = lambda: False) -> list[tuple[BufferNode, int, float]]:
    """Order what falls below its safety level, items before what they are made from.

    Returns where that could not be had in time: the buffer, from when, and how much lacks.
    """
    levels = Levels(builder)
    levels.absorb()
    lacking = []
    for at in heights(builder.net):
        if at.safety is not None:
            lacking += _refill(builder, at, levels, stop)
    return lacking


def heights(net: Network) -> list[BufferNode]:
    """Buffers with those that others are made from last."""
    height: dict[int, int] = {}

    def of(at: BufferNode, above: int) -> int:
        if id(at) not in height and above < 200:
            height[id(at)] = 0
            below = [of(b, above + 1) for b in _inputs(at)]
            height[id(at)] = 1 + max(below, default=0)
        return height.get(id(at), 0)

    return sorted(net.buffers.values(), key=lambda at: (-of(at, 0), at.index))


def _inputs(at: BufferNode) -> list[BufferNode]:
    found = []
    for option in at.options:
        if option.origin is not None:
            found.append(option.origin)
        for step in option.process.steps if option.process else ():
            found += [m.buffer for m in step.inputs] + [m.buffer for c in step.input_choices for m in c]
    return found


def _refill(
    builder: Builder, at: BufferNode, levels: Levels, stop: Callable[[], bool]
) -> list[tuple[BufferNode, int, float]]:
    lacking: list[tuple[BufferNode, int, float]] = []
    since = builder.net.now
    for _ in range(_MOST_ORDERS):
        low = levels.first_low(at, since)
        if low is None:
            break
        moment, quantity = low
        there = FAR if stop() else _order(builder, at, quantity, moment)
        levels.absorb()
        if there > moment and (not lacking or lacking[-1][0] is not at):
            lacking.append((at, moment, quantity))
        if there >= FAR:
            break
        since = max(since, moment, there)
    return lacking


def _order(builder: Builder, at: BufferNode, quantity: float, need: int) -> int:
    """One more order for a buffer, kept as free stock; when it is there, or FAR."""
    for option in at.options:
        if option.priority <= 0:
            continue
        mark = builder.draft.mark()
        taken = builder.order(option, quantity, need, builder.net.now)
        if taken is not None:
            builder.give_back(at, taken)
            return max(lot.at for lot, _ in taken)
        builder.draft.undo(mark)
    return FAR
