"""A plan's work timed anew: the same orders, pegs and resources, better sequences, later starts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gemba.decide.schedule.bounds import cheapest_short, lower_bound, only_timing
from gemba.decide.schedule.build import build
from gemba.decide.schedule.late_start import late_start
from gemba.decide.schedule.makespan import for_makespan
from gemba.decide.schedule.parts import split
from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.decide.schedule.result import figures, rewrite
from gemba.decide.schedule.solve import Budget, Solved, solve
from gemba.operation import Operation, Plan
from gemba.solvers.search.shop import END, FROM_START, START, TO_END, Longs

_CLOSE = 1e-6


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
    """A better plan of the same orders, quantities, pegs and resources; None where there is none.

    ``objective`` of the new plan has its service, makespan, stock, value and bound: ``value`` is weighted tardiness in days,
    or with policy ``makespan`` the seconds from now to the last task's end.

    Args:
        stop: asked often, from the calling thread; True ends the search within about 0.2 s with the best so far.
        seed: with ``steps`` the result depends on nothing else.
        steps: dispatching rules and bundles of moves tried in all; see ``gemba.solvers.search.improve``.
        policy: ``on_time`` or ``makespan``.
        report: told value and bound whenever there is a better schedule.
        seconds: expected time, which paces the search; ``stop`` still decides.
        workers: threads.
    """
    p = build(operation, plan)
    before = figures(p.facts, plan, policy)
    bound = lower_bound(p.facts) if policy == "on_time" else 0.0
    if policy == "makespan":
        p = for_makespan(p)
    parts, times = split(p)
    budget = Budget(stop, seconds, steps, workers, seed)
    solved = solve(p, parts, budget, lambda cost: report(cost, bound))
    for part, best in zip(parts, solved.times, strict=True):
        times[part.nodes] = best
    _deliver(p, times)
    late_start(p, times, int(operation.settings.safety_time))
    if not consistent(p, times):
        return None
    found = rewrite(p, times, policy)
    if found.objective.value > before.value * (1 + 1e-9) + _CLOSE:
        return None
    _bound(p, found, solved, bound, policy)
    same = (times == p.times).all() and found.objective.proven == plan.objective.proven
    return None if same else found


def _bound(p: Problem, found: Plan, solved: Solved, bound: float, policy: str) -> None:
    """Set the plan's bound, and whether it is proven."""
    o = found.objective
    if only_timing(p.facts, found) and not p.fixed.any():
        closed = all(c - b <= _CLOSE * max(1.0, c) for c, b in zip(solved.costs, solved.bounds, strict=True))
        own = o.value if closed else sum(solved.bounds)
        bound = max(bound, min(own, cheapest_short(p.facts)) if policy == "on_time" else own)
    before = o.bound if policy == "on_time" else 0.0
    o.bound = min(o.value, max(bound, before))
    o.proven = o.value - o.bound <= _CLOSE * max(1.0, o.value)


def _deliver(p: Problem, times: Longs) -> None:
    """Deliveries as soon as all that they wait for is there."""
    own = (p.kind == DELIVERY) & ~p.fixed
    arcs = p.arcs[own[p.arcs[:, 1]]]
    date = p.release.copy()
    u, v, lag, kind = arcs.T
    np.maximum.at(date, v, np.where(kind & FROM_START, times[u, START], times[u, END]) + lag)
    chained = arcs[own[arcs[:, 0]]]  # the last part of a demand waits for the other parts
    np.maximum.at(date, chained[:, 1], date[chained[:, 0]])
    times[own, START] = times[own, END] = date[own]


def consistent(p: Problem, times: Longs) -> bool:
    """Whether times keep every arc that the plan keeps, every release and machine, and fixed nodes their own."""
    worse = broken(p, times) & ~broken(p, p.times)
    kept = (times[p.fixed] == p.times[p.fixed]).all() and (times[:, START] >= p.release)[~p.fixed].all()
    node, machine = p.slots.T
    order = np.lexsort((times[node, END], times[node, START], machine))
    node, machine = node[order], machine[order]
    overlap = (machine[1:] == machine[:-1]) & (times[node[1:], START] < times[node[:-1], END])
    return bool(kept and not worse.any() and not overlap.any())


def broken(p: Problem, times: Longs) -> NDArray[np.bool_]:
    """The arcs that times do not keep."""
    u, v, lag, kind = p.arcs.T
    moment = np.where(kind & FROM_START, times[u, START], times[u, END]) + lag
    found: NDArray[np.bool_] = moment > np.where(kind & TO_END, times[v, END], times[v, START])
    return found
