"""Other resources and other sequences where they make the plan better: alternatives, pools, crews and change-overs.

``retime`` keeps resources, and the times of work with set-ups or on shared resources; here these are free. The same orders,
quantities and pegs remain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gemba.decide.schedule.choices import Way
from gemba.decide.schedule.draft import Draft, Drafting
from gemba.decide.schedule.result import rewrite
from gemba.operation import Operation, Plan, PlannedTask
from gemba.solvers.scheduling import Term, solve, values, violations
from gemba.solvers.scheduling.check import terms
from gemba.solvers.scheduling.problem import Result
from gemba.solvers.stop import Stop

MOST_NODES = 20_000
_CLOSE = 1e-9


def revise(
    operation: Operation,
    plan: Plan,
    *,
    stop: Callable[[], bool],
    seed: int = 0,
    steps: int | None = None,
    seconds: float | None = None,
    report: Callable[[float, float], None] = lambda objective, bound: None,
    workers: int = 2,
) -> Plan | None:
    """A plan with less weighted tardiness, or with as much and less change-over; None where there is none.

    Args:
        stop: asked often, from the calling thread; True ends the search with the best so far.
        steps: lists of tasks tried; with it the result depends on the plan and the seed alone.
        seconds: most time.
    """
    drafting = Drafting(operation, plan)
    if not drafting.worthwhile or len(drafting.p.kind) > MOST_NODES:
        return None
    draft = drafting.draft()
    if violations(draft.problem, draft.given):
        return None  # the plan relies on something that the model does not know
    found = solve(
        draft.problem, Stop(seconds=seconds, steps=steps, asked=stop), seed=seed, workers=workers, given=draft.given,
        report=report,
    )  # fmt: skip
    before = values(draft.problem, draft.given)
    if found.schedule is None or not _better(found.values, before):
        return None
    return _rewrite(drafting, draft, found)


def _better(after: tuple[float, ...], before: tuple[float, ...]) -> bool:
    if after[0] < before[0] * (1 - _CLOSE) - _CLOSE:
        return True
    return after[0] <= before[0] and after[1] < before[1] - _CLOSE


def _rewrite(drafting: Drafting, draft: Draft, found: Result) -> Plan:
    """The plan with the schedule's times, resources, set-ups and cost."""
    assert found.schedule is not None
    times, modes = found.schedule.times, found.schedule.modes
    plan = rewrite(draft.p, times, drafting.plan.policy)
    before, after = (terms(draft.problem, s)[Term.SETUP_COST] for s in (draft.given, found.schedule))
    cost = plan.objective.cost + after - before
    tasks = []
    for t, old, node in zip(plan.tasks, drafting.plan.tasks, draft.p.task_node, strict=True):
        if node in draft.ways:
            ways = draft.ways[node]
            way = ways[int(modes[node] - draft.problem.mode_ptr[node])]
            t = _on(drafting, t, way)
            cost += _cost(drafting, t, way) - _cost(drafting, old, ways[0])
        tasks.append(t)
    return replace(plan, tasks=tasks, objective=replace(plan.objective, cost=cost))


def _on(drafting: Drafting, t: PlannedTask, way: Way) -> PlannedTask:
    """The task on the resources of a way; its set-up is what is open from start to end beside the run."""
    process, step = drafting.step(t)
    opened = drafting.b.hours(process.place, step.calendar, tuple(r for r, _ in way.resources))[1]
    return replace(t, resources=way.resources, setup=opened.between(t.start, t.end) - way.run)


def _cost(drafting: Drafting, t: PlannedTask, way: Way) -> float:
    """Currency: hours of its resources, in the hours of each, and what the way costs beside."""
    process, step = drafting.step(t)
    total = way.cost
    for name, units in t.resources:
        rate = drafting.p.facts.resources[name].cost_per_hour
        if rate:
            opened = drafting.b.hours(process.place, step.calendar, (name,))[1]
            total += rate * units * opened.between(t.start, t.end) / 3600.0
    return total
