"""Small shops with orders for one step each, and plans of them before any search."""

from __future__ import annotations

from datetime import datetime, timedelta

from gemba.decide.check import check
from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.result import figures
from gemba.decide.supply.compile import compile_network
from gemba.decide.supply.result import to_plan
from gemba.decide.supply.solve import solve
from gemba.operation import (
    Demand,
    Item,
    Operation,
    Plan,
    Process,
    Resource,
    Settings,
    SetupChange,
    SetupMatrix,
    Step,
    StepResource,
)

MONDAY = datetime(2026, 1, 5)
HOUR = 3600


def painting(jobs: list[tuple[str, float, float]], change: float = 2.0) -> Operation:
    """A booth paints (colour, hours of work, due in hours from Monday); any change of colour takes ``change`` hours."""
    return Operation(
        settings=Settings(name="painting", now=MONDAY),
        resources=(Resource(name="booth", setup_matrix="colours", cost_per_hour=10.0),),
        setup_matrices=(SetupMatrix(name="colours"),),
        setup_changes=(SetupChange(matrix="colours", time=change * HOUR, cost=7.0),),
        step_resources=tuple(
            StepResource(process=f"job {k}", step="paint", resource="booth") for k in range(len(jobs))
        ),
        **_rows(jobs),
    )


def machining(jobs: list[tuple[str, float, float]], machines: dict[str, float]) -> Operation:
    """Jobs (unused, hours of work, due in hours) that any machine of a group can do; machines have a speed."""
    return Operation(
        settings=Settings(name="machining", now=MONDAY),
        resources=(
            Resource(name="machines", capacity=0),
            *(Resource(name=m, group="machines", efficiency=e) for m, e in machines.items()),
        ),
        step_resources=tuple(
            StepResource(process=f"job {k}", step="paint", resource="machines") for k in range(len(jobs))
        ),
        **_rows(jobs),
    )


def _rows(jobs: list[tuple[str, float, float]]) -> dict[str, tuple]:  # type: ignore[type-arg]
    names = [f"job {k}" for k in range(len(jobs))]
    return {
        "items": tuple(Item(name=n, kind="service") for n in names),
        "processes": tuple(Process(name=n, item=n, kind="service") for n in names),
        "steps": tuple(
            Step(process=n, name="paint", time=hours * HOUR, setup_family=colour)
            for n, (colour, hours, _) in zip(names, jobs, strict=True)
        ),
        "demands": tuple(
            Demand(name=n, item=n, quantity=1, due=MONDAY + timedelta(hours=due), weight=1.0)
            for n, (_, _, due) in zip(names, jobs, strict=True)
        ),
    }


def first_plan(operation: Operation) -> Plan:
    """A checked plan as the supply engine makes it at once."""
    net = compile_network(operation)
    solver, genome = solve(net, lambda: True, 0, 1, lambda objective, bound: None)
    built = solver.finish(genome, lambda: False)
    plan = to_plan(built.draft, operation.name)
    plan.objective = figures(Facts(operation), plan, "on_time")
    assert check(operation, plan) == []
    return plan
