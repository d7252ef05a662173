"""The planning cycle: supply, schedule, check. The only room that knows the order of the engines."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gemba.decide.check import check, inherited_problems
from gemba.decide.cycle import problems
from gemba.decide.cycle.by_policy import by_policy
from gemba.decide.schedule import retime, revise
from gemba.decide.supply.compile import compile_network
from gemba.decide.supply.plain import plan_plain
from gemba.decide.supply.result import costs, makespan, stock_held, to_plan
from gemba.decide.supply.solve import Built, Solver, solve
from gemba.operation import Operation, Plan, Problem

#: Share of the seconds after which the search for what to order ends, and that for when to do it begins.
_SUPPLY_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a calculation is: the stage, the best objective so far, the bound, and seconds since its start."""

    stage: str
    objective: float
    bound: float
    elapsed: float


def plan(
    operation: Operation,
    *,
    seconds: float | None = 15.0,
    steps: int | None = None,
    seed: int = 0,
    policy: str = "on_time",
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    published: Plan | None = None,
) -> Plan:
    """A checked plan for the operation.

    Args:
        seconds: budget for improvement; the first plan is always completed. None is no limit.
        steps: most plans tried; with ``seconds=None`` this makes the result reproducible on any machine.
        policy: what to minimise: a name of ``policies.POLICIES``, such as ``on_time`` (weighted tardiness) or ``makespan``.
        stop: asked between tries; True ends the search with the best plan so far.
        published: the plan that the policy ``stable`` changes as little as can be.
    """
    if policy not in ("on_time", "makespan"):
        return by_policy(
            operation, plan, policy, published, seconds, steps=steps, seed=seed, progress=progress, stop=stop
        )
    begun = time.monotonic()

    def after(share: float) -> Callable[[], bool]:
        """True once this share of the seconds is over, or the caller says stop."""
        return lambda: bool(
            (seconds is not None and time.monotonic() - begun > seconds * share) or (stop is not None and stop())
        )

    def report(stage: str) -> Callable[[float, float], None]:
        def tell(objective: float, bound: float) -> None:
            if progress:
                progress(Progress(stage, objective, bound, time.monotonic() - begun))

        return tell

    with patient_collector():
        if policy == "on_time" and (plain := _plain(operation, seconds, steps, seed, stop, report("supply"))):
            plain.seconds = time.monotonic() - begun
            return plain
        net = compile_network(operation)
        share = _SUPPLY_SHARE if policy == "on_time" else 0.1  # what to order is chosen for service
        solver, genome = solve(net, after(share), seed, steps, report("supply"))
        built = solver.finish(genome, stop or (lambda: False))
        found = to_plan(built.draft, operation.name)
        found.seed, found.policy = seed, policy
        _measure(found, built, solver)
        left = None if seconds is None else max(0.1, seconds - (time.monotonic() - begun))
        timing: dict[str, Any] = {"stop": after(1.0), "seed": seed, "steps": steps, "report": report("schedule")}
        timed = retime(operation, found, policy=policy, seconds=_part(left, 0.4), **timing)
        found = _checked(operation, found, timed)
        open_ends = not found.objective.proven or operation.setup_changes  # change-overs may be fewer at no lateness
        if policy == "on_time" and open_ends and not found.violations:
            found = _revised(operation, found, left, timing)
        found.problems = _problems(operation, found, built, solver)
    found.seconds = time.monotonic() - begun
    return found


def _plain(
    operation: Operation,
    seconds: float | None,
    steps: int | None,
    seed: int,
    stop: Callable[[], bool] | None,
    report: Callable[[float, float], None],
) -> Plan | None:
    """The compiled engine's plan where the operation is plain and the checker finds the plan clean."""
    found = plan_plain(operation, seconds=seconds, steps=steps, seed=seed, stop=stop, report=report)
    return None if found is None or check(operation, found) else found


def _part(seconds: float | None, share: float) -> float | None:
    return None if seconds is None else max(0.1, seconds * share)


def _revised(operation: Operation, found: Plan, left: float | None, timing: dict[str, Any]) -> Plan:
    """The plan with other resources and sequences, timed anew, where the checker finds it clean and it is better."""
    revised = revise(operation, found, seconds=_part(left, 0.5), **timing)
    if revised is None:
        return found
    timed = retime(operation, revised, policy=found.policy, seconds=_part(left, 0.1), **timing)
    better = _checked(operation, revised, timed)
    return found if better.violations else better


def _checked(operation: Operation, found: Plan, timed: Plan | None) -> Plan:
    """The plan timed anew where the checker finds it clean, else the plan as it was."""
    if timed is not None:
        timed.violations = check(operation, timed)
        if not timed.violations:
            return timed
    found.violations = check(operation, found)
    return found


@contextmanager
def patient_collector() -> Iterator[None]:
    """Millions of small objects are made and most are kept: looking for garbage among them often only costs time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _problems(operation: Operation, found: Plan, built: Built, solver: Solver) -> list[Problem]:
    wanted = solver.wanted
    buffers = solver.net.buffers
    asked = {id(at): at for d in solver.net.demands if (at := buffers[d.item, d.place])}
    bare = [at for at in asked.values() if not at.options and not at.stocks and not at.lots and not at.unlimited]
    return [
        *problems.no_supply(bare),
        *problems.short(wanted, built.short),
        *problems.late(found, wanted),
        *problems.lacking(built.lacking),
        *inherited_problems(operation),
    ]


def _measure(found: Plan, built: Built, solver: Solver) -> None:
    o, net, wanted = found.objective, solver.net, solver.wanted
    o.weighted_tardiness = o.value = sum(built.penalty.values())
    last: dict[str, int] = {}
    for d in found.deliveries:
        last[d.demand] = max(d.date, last.get(d.demand, d.date))
    late = {n: last[n] - wanted[n].due for n in last if last[n] > wanted[n].due}
    o.tardiness = sum(late.values()) / 86400
    o.short, o.short_quantity = len(built.short), sum(built.short.values())
    o.late = sum(1 for n in late if n not in built.short)
    o.on_time = len(wanted) - o.late - o.short
    o.makespan, o.cost, o.stock = makespan(found), costs(built.draft), stock_held(found, net)
    o.bound, o.proven = solver.bound, o.value <= solver.bound + 1e-6
    if found.policy == "makespan":
        o.value, o.bound, o.proven = float(o.makespan), 0.0, False
