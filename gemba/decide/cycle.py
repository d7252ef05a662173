"""The planning cycle: supply, schedule, check. The only room that knows the order of the engines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from gemba.decide.check import check, inherited_problems
from gemba.decide.supply.compile import compile_network
from gemba.decide.supply.result import costs, makespan, stock_held, to_plan
from gemba.decide.supply.score import targets
from gemba.decide.supply.solve import solve
from gemba.operation import Operation, Plan, Problem


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
    seconds: float | None = 10.0,
    steps: int | None = None,
    seed: int = 0,
    policy: str = "on_time",
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """A checked plan for the operation.

    Args:
        seconds: budget for improvement; the first plan is always completed. None is no limit.
        steps: most plans tried; with ``seconds=None`` this makes the result reproducible on any machine.
        policy: what to minimise: ``on_time`` (weighted tardiness) or ``makespan``.
        stop: asked between tries; True ends the search with the best plan so far.
    """
    begun = time.monotonic()

    def ended() -> bool:
        late = seconds is not None and time.monotonic() - begun > seconds
        return late or bool(stop and stop())

    def report(stage: str) -> Callable[[float], None]:
        def tell(objective: float) -> None:
            if progress:
                progress(Progress(stage, objective, 0.0, time.monotonic() - begun))

        return tell

    net = compile_network(operation)
    solver, genome = solve(net, ended, seed, steps, report("supply"))
    built = solver.finish(genome)
    found = to_plan(built.draft, operation.name)
    found.seed, found.policy = seed, policy
    found.problems = [
        Problem("short", name, f"{quantity:g} of demand {name} cannot be delivered", quantity) for name, quantity in built.short.items()
    ]
    _measure(found, operation, built, net)
    found.problems += inherited_problems(operation)
    found.violations = check(operation, found)
    found.seconds = time.monotonic() - begun
    return found


def _measure(found: Plan, operation: Operation, built, net) -> None:  # type: ignore[no-untyped-def]
    o = found.objective
    wanted = targets(net.demands, net.horizon)
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
