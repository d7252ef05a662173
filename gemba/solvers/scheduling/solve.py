"""One door to scheduling: rules at once, then what fits the problem best, with a bound; stopped at any moment."""

from __future__ import annotations

from dataclasses import replace

from gemba.solvers.scheduling import cp, lists
from gemba.solvers.scheduling.bounds import lower_bounds
from gemba.solvers.scheduling.check import values, violations
from gemba.solvers.scheduling.exact import ENGINE, solve_exactly
from gemba.solvers.scheduling.problem import Problem, Result, Schedule
from gemba.solvers.scheduling.recognise import recognise, run_engine
from gemba.solvers.stop import Report, Run, Stop, quiet

_SMALL = 150  # tasks up to which constraint programming does more than lists
_LISTS, _LISTS_LARGE = 0.3, 0.75  # share of the time or steps for lists where constraint programming follows


def solve(
    p: Problem,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    given: Schedule | None = None,
) -> Result:
    """The best schedule found, and a bound.

    Args:
        stop: a step is one list of tasks tried. With steps and without seconds the result depends on nothing but the problem
            and the seed.
        given: a schedule to begin from; what comes back is no worse.
        report: told the first level's value and bound whenever one of them is better.

    Raises:
        ValueError: where the given schedule breaks a rule, or the problem is beyond every engine: a large one with batches,
            campaigns or blocking.
    """
    if given is not None and (wrong := violations(p, given)):
        raise ValueError(f"the given schedule is not feasible: {'; '.join(wrong[:3])}")
    run = Run(stop if len(p.objective) == 1 else replace(stop, gap=float("-inf")), report)  # later levels count too
    bounds = lower_bounds(p)
    run.tell(bound=bounds[0])
    best, engine = given, "given"
    if not p.size:
        return _result(p, Schedule(p.links[:0, :2], p.work[:0]), bounds, "nothing to do")
    if special := recognise(p):
        name, own = special
        answer = run_engine(own, run, seed, workers)
        best, engine = _better(p, best, engine, answer.schedule, name)
        return _result(p, best, (max(bounds[0], answer.bound),), engine)
    exact = cp.fits(p)
    if lists.fits(p):
        share = 1.0 if not exact else _LISTS if p.size <= _SMALL else _LISTS_LARGE
        steps = None if stop.steps is None else max(1, int(stop.steps * share))
        best, engine = _better(
            p,
            best,
            engine,
            lists.search(p, run, seed=seed, workers=workers, steps=steps, share=share, given=given),
            "lists",
        )
    elif not exact:
        raise ValueError(f"{p.size} tasks with batches, campaigns or blocking are too many; plan them in parts")
    if best is not None:
        run.tell(values(p, best)[0])
    if exact and not _ended(p, run, best, bounds):
        proven = solve_exactly(p, run, best, seed=seed, workers=workers, steps=stop.steps)
        best, engine = _better(p, best, engine, proven.schedule, ENGINE)
        bounds = tuple(max(a, b) for a, b in zip(bounds, proven.bounds, strict=True))
    return _result(p, best, bounds, engine)


def _ended(p: Problem, run: Run, best: Schedule | None, bounds: tuple[float, ...]) -> bool:
    """Whether a person or the clock ended it, or nothing is left to win."""
    if run.left <= 0 or run.stop.asked():
        return True
    return best is not None and all(v <= b + 1e-9 for v, b in zip(values(p, best), bounds, strict=True))


def _better(p: Problem, a: Schedule | None, engine: str, b: Schedule | None, other: str) -> tuple[Schedule | None, str]:
    if b is None or (a is not None and values(p, a) <= values(p, b)):
        return a, engine
    return b, other


def _result(p: Problem, best: Schedule | None, bounds: tuple[float, ...], engine: str) -> Result:
    reached = values(p, best) if best is not None else (float("inf"),) * len(p.objective)
    return Result(best, reached, tuple(min(b, v) for b, v in zip(bounds, reached, strict=True)), engine)
