"""What serves what: arcs from supplies to the work and the deliveries that use them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gemba.decide.schedule.problem import DELIVERY
from gemba.operation import Delivery, Demand, Peg
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR
from gemba.solvers.search.shop import FROM_START, TO_END

if TYPE_CHECKING:
    from gemba.decide.schedule.build import Build, Place

_DAY = 86400.0
_EPS = 1e-9


def add_pegs(b: Build) -> dict[str, list[Peg]]:
    """Arcs of pegs between orders; returns the pegs of each demand."""
    from gemba.decide.schedule.build import spots

    wanted: dict[str, list[Peg]] = defaultdict(list)
    fixed_moments = _existing_moments(b)
    known: dict[tuple[str, str, str], list[Place]] = {}
    for peg in b.plan.pegs:
        if peg.demand:
            wanted[peg.demand].append(peg)
        if not peg.supply or peg.demand or not peg.order:
            continue
        consumer = b.orders[peg.order]
        if consumer.state == "proposed":
            to = spots(b, consumer, peg.step, peg.item, peg.place, False) or _anywhere(b, peg)
        else:
            to = _moment(b, fixed_moments, peg, False)
        for p in sources(b, known, fixed_moments, peg):
            for q in to:
                kind = (0 if p.at_end else FROM_START) | (TO_END if q.at_end else 0)
                b.arcs.append((p.node, q.node, p.offset - q.offset, kind))
    b.sources = lambda peg: sources(b, known, fixed_moments, peg)  # type: ignore[attr-defined]
    return wanted
