"""The planning cycle: supply, schedule, check. The only room that knows the order of the engines."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from gemba.decide.check import check, inherited_problems
from gemba.decide.cycle import problems
from gemba.decide.cycle.by_policy import by_policy
from gemba.decide.cycle.lot_sizes import lots_for_hours, unstated
from gemba.decide.schedule import retime, revise
from gemba.decide.supply.compile import compile_network
from gemba.decide.supply.plain import plan_plain
from gemba.decide.supply.result import costs, makespan, stock_held, to_plan
from gemba.decide.supply.solve import Built, Solver, solve
from gemba.operation import Operation, Plan, Problem

#: Share of the seconds after which the search for what to order ends, and that for when to do it begins.
_SUPPLY_SHARE = 0.7
#: Share of the seconds after which the plan is tried in larger lots, where set-ups take hours and something is late.
_LOTS_FROM = 0.6
#: Open demands up to which there is time for that.
_LOTS_FOR = 5000


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
    how = _How(policy, seconds, steps, seed, progress, stop, begun, begun)
    with patient_collector():
        few = sum(d.status == "open" for d in operation.demands) <= _LOTS_FOR
        larger = lots_for_hours(operation) if few and policy == "on_time" else []
        first = how.until(_LOTS_FROM if larger else 1.0)
        found = (_plain(operation, first) if policy == "on_time" else None) or _planned(operation, first)
        for left, one in zip(range(len(larger), 0, -1), larger, strict=True):
            if found.objective.proven or how.after(1.0)():
                break
            found = _in_lots(operation, one, found, how.part(left))
    found.seconds = time.monotonic() - begun
    return found


@dataclass(frozen=True, slots=True)
class _How:
    """What is asked of a calculation: it began at ``origin`` (monotonic seconds) and has ``seconds`` from ``begun`` on."""

    policy: str
    seconds: float | None
    steps: int | None
    seed: int
    progress: Callable[[Progress], None] | None
    stop: Callable[[], bool] | None
    begun: float
    origin: float

    def until(self, share: float) -> _How:
        """The same with this share of the seconds."""
        return replace(self, seconds=None if self.seconds is None else self.seconds * share)

    def part(self, count: int) -> _How:
        """The first of so many equal parts of the seconds left."""
        left = self.left
        return self if left is None else replace(self, begun=time.monotonic(), seconds=left / count)

    def after(self, share: float) -> Callable[[], bool]:
        """True once this share of the seconds is over, or the caller says stop."""
        return lambda: bool(
            (self.seconds is not None and time.monotonic() - self.begun > self.seconds * share)
            or (self.stop is not None and self.stop())
        )

    @property
    def left(self) -> float | None:
        return None if self.seconds is None else max(0.1, self.seconds - (time.monotonic() - self.begun))

    def report(self, stage: str) -> Callable[[float, float], None]:
        def tell(objective: float, bound: float) -> None:
            if self.progress:
                self.progress(Progress(stage, objective, bound, time.monotonic() - self.origin))

        return tell


def _planned(operation: Operation, how: _How) -> Plan:
    """Supply first, then the schedule; where that pays, resources and sequences anew."""
    net = compile_network(operation)
    share = _SUPPLY_SHARE if how.policy == "on_time" else 0.1  # what to order is chosen for service
    solver, genome = solve(net, how.after(share), how.seed, how.steps, how.report("supply"))
    built = solver.finish(genome, how.stop or (lambda: False))
    found = to_plan(built.draft, operation.name)
    found.seed, found.policy = how.seed, how.policy
    _measure(found, built, solver)
    left = how.left
    timing: dict[str, Any] = {
        "stop": how.after(1.0),
        "seed": how.seed,
        "steps": how.steps,
        "report": how.report("schedule"),
    }
    timed = retime(operation, found, policy=how.policy, seconds=_part(left, 0.4), **timing)
    found = _checked(operation, found, timed)
    open_ends = not found.objective.proven or operation.setup_changes  # change-overs may be fewer at no lateness
    if how.policy == "on_time" and open_ends and not found.violations:
        found = _revised(operation, found, left, timing)
    found.problems = _problems(operation, found, built, solver)
    return found


def _in_lots(operation: Operation, larger: Operation, found: Plan, how: _How) -> Plan:
    """The plan in larger lots, where it is less late; set-ups take hours, and lot for lot they may be too many."""
    made = unstated(operation, _planned(larger, how))
    made.violations = check(operation, made)
    o, best = made.objective, found.objective
    o.bound, o.proven = best.bound, o.value <= best.bound + 1e-6  # the bound of any lots
    better = (o.short_quantity, o.value) < (best.short_quantity, best.value)
    return made if better and not made.violations else found


def _plain(operation: Operation, how: _How) -> Plan | None:
    """The compiled engine's plan where the operation is plain and the checker finds the plan clean."""
    found = plan_plain(
        operation, seconds=how.seconds, steps=how.steps, seed=how.seed, stop=how.stop, report=how.report("supply")
    )
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
