"""Plain supply, planned by a compiled engine: see ``recognise`` for what is plain.

Demands are exploded level by level into orders, lot for lot; ``gemba.solvers.assembly`` places them on the resources; what
goes into them is bought when it is needed. The plan is as rich as that of any other engine, and checked like it.
"""

from __future__ import annotations

from collections.abc import Callable

from gemba.decide.supply.plain.explode import explode
from gemba.decide.supply.plain.figures import objective, problems
from gemba.decide.supply.plain.recognise import Odd, recognise
from gemba.decide.supply.plain.write import to_plan
from gemba.operation import Operation, Plan
from gemba.solvers.assembly import solve
from gemba.solvers.stop import Stop, never

#: Demands up to which other engines, which know more ways, have the time for a better plan.
FEW = 400
_WRITE = 50e-6  # seconds to write and check what each task comes with


def plan_plain(
    operation: Operation,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    report: Callable[[float, float], None] = lambda objective, bound: None,
    workers: int = 2,
) -> Plan | None:
    """A plan of a plain operation with many demands; None where it is not one."""
    if sum(d.status == "open" for d in operation.demands) <= FEW:
        return None
    plain = recognise(operation)
    if plain is None:
        return None
    try:
        exploded = explode(plain)
    except Odd:
        return None
    left = None if seconds is None else max(0.0, seconds - _WRITE * len(exploded.problem.tables.machine))
    early = int(operation.settings.safety_time)
    limits = Stop(left, steps, asked=stop or never)
    solution = solve(exploded.problem, limits, seed=seed, workers=workers, report=report, early=early)
    if solution.rows[:, 1].max() > plain.hours.high:
        return None  # not everything can be done within the horizon: what is left out is for others to say
    found = to_plan(exploded, solution)
    found.seed, found.objective, found.problems = (
        seed,
        objective(exploded, solution, found),
        problems(exploded, solution),
    )
    return found
