"""Constraint programming on the whole problem, level after level of the objective: better schedules, bounds and proofs."""

from __future__ import annotations

from math import floor

from gemba.solvers.cpsat import run_model
from gemba.solvers.scheduling.check import values
from gemba.solvers.scheduling.cp import Formulation
from gemba.solvers.scheduling.objective import Level
from gemba.solvers.scheduling.problem import Problem, Result, Schedule
from gemba.solvers.stop import Run

ENGINE = "constraint programming"
_FIRST = 0.6  # share of what is left that a level may take, where others follow
_EFFORT = 0.05  # CP-SAT's deterministic seconds for each step


def solve_exactly(
    p: Problem,
    run: Run,
    hint: Schedule | None,
    *,
    seed: int,
    workers: int,
    steps: int | None,
    engine: str = "constraint programming",
) -> Result:
    """The best schedule that CP-SAT finds in the time or steps left, from ``hint`` on, with what it proves.

    Each level is made small in turn while the earlier ones may not grow. A problem that cannot be met at all has no schedule
    and infinite values.
    """
    f = Formulation(p, p.horizon)
    best, bounds = hint, [float("-inf")] * len(p.objective)
    for k, terms in enumerate(p.objective):
        level = Level(f, terms)
        if best is not None:
            f.hint(best)
        f.model.minimize(level.expression)
        last = k == len(p.objective) - 1
        seconds = None if run.stop.seconds is None else run.left * (1.0 if last else _FIRST)
        effort = None if steps is None else max(0.1, steps * _EFFORT / len(p.objective))
        found = run_model(f.model, run, seconds=seconds, effort=effort, workers=workers, seed=seed)
        if found.infeasible and best is None:
            infinite = (float("inf"),) * len(p.objective)
            return Result(None, infinite, infinite, ENGINE)
        if found.feasible:
            schedule = f.schedule(found.solver)
            if best is None or values(p, schedule) < values(p, best):
                best = schedule
        bounds[k] = found.bound / level.scale
        if best is None:
            break
        if k == 0:
            run.tell(values(p, best)[0], bounds[0])
        if not last:
            reached = values(p, best)[k]
            f.model.add(level.expression <= floor(reached * level.scale + 1e-6))
    reached_all = values(p, best) if best is not None else (float("inf"),) * len(p.objective)
    return Result(best, reached_all, tuple(min(b, v) for b, v in zip(bounds, reached_all, strict=True)), ENGINE)
