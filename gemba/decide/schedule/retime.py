"""A plan's work timed anew: the same orders, pegs and resources, better sequences, later starts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gemba.decide.schedule.build import build
from gemba.decide.schedule.late_start import late_start
from gemba.decide.schedule.parts import Part, split
from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.decide.schedule.result import rewrite
from gemba.operation import Operation, Plan
from gemba.solvers.search.improve import improve
from gemba.solvers.search.search import Search
from gemba.solvers.search.shop import END, FROM_START, START, TO_END, Longs


def retime(
    operation: Operation,
    plan: Plan,
    *,
    stop: Callable[[], bool],
    seed: int = 0,
    steps: int | None = None,
    policy: str = "on_time",
    report: Callable[[float, float], None] = lambda objective, bound: None,
    seconds: float | None = None,
    workers: int = 2,
) -> Plan | None:
    """A better plan of the same orders, quantities, pegs and resources; None where nothing could be bettered.

    Args:
        stop: asked often, from the calling thread; True ends the search with the best so far.
        seed: with ``steps`` the result depends on nothing else.
        steps: dispatching rules and bundles of moves tried in all; see ``gemba.solvers.search.improve``.
        policy: ``on_time`` (weighted tardiness in days) or ``makespan`` (seconds from now to the last end).
        report: told objective and bound whenever there is a better schedule.
        seconds: expected time, which paces the search; ``stop`` still decides.
    """
    p = build(operation, plan)
    parts, times = split(p)
    searches = [Search(part.shop, p.times[part.nodes], seed + k) for k, part in enumerate(parts)]
    improve(
        searches,
        stop=stop,
        report=lambda cost: report(cost, plan.objective.bound),
        seconds=seconds,
        steps=steps,
        workers=workers,
    )
    for part, search in zip(parts, searches, strict=True):
        times[part.nodes] = _best(p, part, search)
    _deliver(p, times)
    late_start(p, times, int(operation.settings.safety_time))
    if not consistent(p, times) or (times == p.times).all():
        return None
    return rewrite(p, times)


def _best(p: Problem, part: Part, search: Search) -> Longs:
    """The search's best times; those of the plan where they are no worse."""
    given = p.times[part.nodes]
    if not np.isfinite(search.cost):
        return given
    return search.back_to_best()


def _deliver(p: Problem, times: Longs) -> None:
    """Deliveries as soon as all that they wait for is there."""
    own = (p.kind == DELIVERY) & ~p.fixed
    arcs = p.arcs[own[p.arcs[:, 1]]]
    date = p.release.copy()
    u, v, lag, kind = arcs.T
    np.maximum.at(date, v, np.where(kind & FROM_START, times[u, START], times[u, END]) + lag)
    for _ in range(len(arcs)):  # deliveries that wait for other deliveries
        before = date.copy()
        np.maximum.at(date, v, np.where(p.kind[u] == DELIVERY, date[u] + lag, 0))
        if (before == date).all():
            break
    times[own, START] = times[own, END] = date[own]


def consistent(p: Problem, times: Longs) -> bool:
    """Whether times keep every arc, release and machine, and fixed nodes their own."""
    u, v, lag, kind = p.arcs.T
    moment = np.where(kind & FROM_START, times[u, START], times[u, END]) + lag
    broken = moment > np.where(kind & TO_END, times[v, END], times[v, START])
    was = np.where(kind & FROM_START, p.times[u, START], p.times[u, END]) + lag
    broken &= was <= np.where(kind & TO_END, p.times[v, END], p.times[v, START])
    kept = (times[p.fixed] == p.times[p.fixed]).all() and (times[:, START] >= p.release)[~p.fixed].all()
    node, machine = p.slots.T
    order = np.lexsort((times[node, END], times[node, START], machine))
    node, machine = node[order], machine[order]
    overlap = (machine[1:] == machine[:-1]) & (times[node[1:], START] < times[node[:-1], END])
    return bool(kept and not broken.any() and not overlap.any())
