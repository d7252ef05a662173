"""Meeting a demand: whole or in parts, no later than it is wanted, and what is left short."""

from __future__ import annotations

from gemba.decide.supply.builder import Builder
from gemba.decide.supply.draft import EPS
from gemba.decide.supply.network import BufferNode, PegNode
from gemba.decide.supply.ordering import Taken
from gemba.operation import Demand
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

_MOST_ROUNDS = 60
_MOST_TRIES = 6


def meet(builder: Builder, demand: Demand) -> float:
    """Deliver what can be delivered of a demand; returns the quantity left short."""
    builder.demand = demand.name
    at = builder.net.buffers[demand.item, demand.place]
    left = demand.quantity
    smallest = demand.quantity if demand.whole else min(demand.minimum_delivery, demand.quantity)
    due = max(seconds(demand.due), builder.net.now)
    release = seconds(demand.earliest) if demand.earliest else -FAR
    deadline = _deadline(demand, builder.net.horizon)
    if deadline < builder.net.now:
        return left
    if builder.style.split and not demand.whole and smallest < demand.quantity:
        left -= _in_rounds(builder, demand, at, left, max(smallest, EPS), due, release, deadline)
    if left > EPS:
        left -= _rest(builder, demand, at, left, smallest, due, release, deadline)
    builder.demand = ""
    return left if left > EPS * max(1.0, demand.quantity) else 0.0


def _in_rounds(
    builder: Builder,
    demand: Demand,
    at: BufferNode,
    left: float,
    smallest: float,
    due: int,
    release: int,
    deadline: int,
) -> float:
    """Deliver as much as can be there by the due date, then as much as by the next date at which any can be, and so on."""
    done = 0.0
    date = due
    for _ in range(_MOST_ROUNDS):
        if builder.stop():
            break
        limit = min(date, deadline)
        part = builder.most(left - done, lambda q, d=limit: _there(builder, at, q, due, release) <= d, at.pieces)  # type: ignore[misc]
        rest = left - done - part
        if part >= smallest - EPS and (rest <= EPS or rest >= smallest):
            done += _deliver(builder, demand, at, part, due, release, deadline)
        if left - done <= EPS * max(1.0, demand.quantity):
            break
        mark = builder.draft.mark()
        date = _there(builder, at, min(max(smallest, 1.0 if left - done >= 1 else EPS), left - done), due, release)
        builder.draft.undo(mark)
        if date > deadline or (part <= EPS and date <= limit):
            break
    return done


def _deadline(demand: Demand, horizon: int) -> int:
    if demand.maximum_lateness is None:
        return horizon
    return min(horizon, seconds(demand.due) + int(demand.maximum_lateness))


def _rest(
    builder: Builder,
    demand: Demand,
    at: BufferNode,
    left: float,
    smallest: float,
    due: int,
    release: int,
    deadline: int,
) -> float:
    """Deliver all that is left where that is possible in time, else the most that is."""
    delivered = _deliver(builder, demand, at, left, due, release, deadline)
    if delivered > 0 or demand.whole:
        return delivered
    part = builder.most(left, lambda q: _there(builder, at, q, due, release) <= deadline, at.pieces)
    if part < max(smallest, EPS):
        return 0.0
    return _deliver(builder, demand, at, part, due, release, deadline)


def _there(builder: Builder, at: BufferNode, quantity: float, due: int, release: int) -> int:
    got = _obtain(builder, at, quantity, due, release)
    return FAR if got is None else max((lot.at for lot, _ in got), default=due)


def _obtain(builder: Builder, at: BufferNode, quantity: float, due: int, release: int) -> Taken | None:
    """Ask for the quantity, in as many parts as the style says."""
    need = due - builder.net.safety_time
    count = builder.style.parts
    size = quantity / count
    if quantity == int(quantity):
        size = max(1.0, float(-int(-size // 1)))
    taken: Taken = []
    left = quantity
    while left > EPS * max(1.0, quantity):
        got = builder.ask(at, min(size, left), need, release)
        if got is None:
            return None
        taken += got[0]
        left -= size
    return taken


def _deliver(
    builder: Builder, demand: Demand, at: BufferNode, quantity: float, due: int, release: int, deadline: int
) -> float:
    """Obtain and deliver a quantity, each part when it is there; nothing where any of it would be too late."""
    mark = builder.draft.mark()
    smallest = max(quantity if demand.whole else demand.minimum_delivery, EPS)
    first = due if not at.service else builder.net.now
    wanted = due
    for _ in range(_MOST_TRIES):
        got = _obtain(builder, at, quantity, wanted, release)
        parts = _parts(got, first, smallest, release) if got is not None else []
        if not parts or parts[-1][0] > max(deadline, due):
            break
        stale = [moment for moment, part in parts if any(lot.expires <= moment for lot, _ in part)]
        if not stale:
            for moment, part in parts:
                pegs = [PegNode(at, lot, q, moment, None, "", demand.name) for lot, q in part]
                builder.draft.deliver(demand.name, sum(q for _, q in part), moment, pegs)
            return quantity
        builder.draft.undo(mark)
        wanted = max(stale[-1], wanted) + builder.net.safety_time  # some expires before it is delivered
    builder.draft.undo(mark)
    return 0.0


def _parts(taken: Taken, first: int, smallest: float, release: int) -> list[tuple[int, Taken]]:
    """What was taken, grouped by when it can be delivered; a part that is too small waits for the next."""
    groups: dict[int, Taken] = {}
    for lot, q in taken:
        groups.setdefault(max(first, lot.at, release), []).append((lot, q))
    parts: list[tuple[int, Taken]] = []
    waiting: Taken = []
    for moment in sorted(groups):
        waiting += groups[moment]
        if sum(q for _, q in waiting) >= smallest - EPS:
            parts.append((moment, waiting))
            waiting = []
    if waiting and parts:
        moment, part = parts.pop()
        last = max(max(lot.at for lot, _ in waiting), moment)
        parts.append((last, part + waiting))
    elif waiting:
        parts.append((max(max(lot.at for lot, _ in waiting), first, release), waiting))
    return parts
