"""Refill safety stock, after every demand has had its turn."""

from __future__ import annotations

from collections import defaultdict

from gemba.decide.supply.builder import Builder
from gemba.decide.supply.draft import EPS
from gemba.decide.supply.network import BufferNode


def replenish(builder: Builder) -> None:
    """Order what stock falls below its safety level, as far as it can be had; parents before their components."""
    for at in builder.net.buffers.values():
        if at.safety is not None and at.options:
            _refill(builder, at)


def levels(builder: Builder, at: BufferNode) -> list[tuple[int, float]]:
    """The projected stock of a buffer after each moment at which it changes."""
    changes: dict[int, float] = defaultdict(float)
    now = builder.net.now
    changes[now] += sum(s.quantity for s in at.stocks)
    for order in builder.draft.orders:
        for _, buffer, quantity, moment in order.flows:
            if buffer is at:
                changes[max(moment, now)] += quantity
    for _, quantity, moment, pegs in builder.draft.deliveries:
        if pegs and pegs[0].buffer is at:
            changes[moment] -= quantity
    level, found = 0.0, []
    for moment in sorted(changes):
        level += changes[moment]
        found.append((moment, level))
    return found


def _refill(builder: Builder, at: BufferNode) -> None:
    safety = at.safety
    assert safety is not None
    for _ in range(60):
        rows = levels(builder, at)
        moments = sorted({m for m, _ in rows} | {s for s in safety.starts if s > builder.net.now})
        low = None
        level, i = 0.0, 0
        for moment in moments:
            while i < len(rows) and rows[i][0] <= moment:
                level = rows[i][1]
                i += 1
            if level < safety.at(moment) - EPS:
                low = (moment, max(safety.at(moment), at.maximum) - level)
                break
        if low is None or not _order(builder, at, low[1], low[0], level):
            return


def _order(builder: Builder, at: BufferNode, quantity: float, need: int, level: float) -> bool:
    """One more order for a buffer; False where that does not raise its stock in the horizon."""
    for option in at.options:
        if option.priority <= 0:
            continue
        mark = builder.draft.mark()
        found = builder._order(option, quantity, need, builder.net.now)
        if found is not None:
            for lot, q in found:
                builder.draft.add_lot(at, lot) if lot.left <= EPS else None
                lot.left += q
            return True
        builder.draft.undo(mark)
    return False
