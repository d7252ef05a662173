"""A large shop to re-plan: orders of many steps on machines that stand in for each other, some steps with a person as well."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from gemba.operation import (
    Calendar,
    CalendarRule,
    Demand,
    Item,
    Operation,
    Process,
    Resource,
    ResourceSkill,
    Settings,
    Skill,
    Step,
    StepResource,
)

_HOUR = 3600.0


def shop(
    orders: int = 1000, steps: int = 10, groups: int = 25, people: int = 12, load: float = 0.8, seed: int = 1
) -> Operation:
    """``groups`` pairs of like machines, and people who set up every fifth step; open Mon-Fri 06:00-22:00.

    Due dates are spread so that machines are loaded at about ``load``.
    """
    chance = random.Random(seed)
    now = datetime(2026, 1, 5, 6)
    names = [f"O{i:05d}" for i in range(orders)]
    work = [[chance.uniform(0.5, 3.0) * _HOUR for _ in range(steps)] for _ in names]
    span = sum(map(sum, work)) / (2 * groups) / load / _HOUR / 80 * 7 * 86400  # 80 open hours a week
    machines = [Resource(name=f"G{g}", calendar="Hours") for g in range(groups)]
    machines += [Resource(name=f"M{g}.{k}", group=f"G{g}", calendar="Hours") for g in range(groups) for k in (1, 2)]
    crew = [Resource(name=f"Setter {k}", kind="person", calendar="Hours") for k in range(people)]
    step_rows, needs = [], []
    for name, times in zip(names, work, strict=True):
        route = [chance.randrange(groups) for _ in times]
        for k, (seconds, group) in enumerate(zip(times, route, strict=True)):
            step_rows.append(Step(process=name, name=f"{k}", sequence=k, time=float(int(seconds))))
            needs.append(StepResource(process=name, step=f"{k}", resource=f"G{group}"))
            if k % 5 == 2:
                needs.append(StepResource(process=name, step=f"{k}", skill="Set-up"))
    return Operation(
        settings=Settings(name="shop", now=now, horizon=730 * 86400.0),
        calendars=(Calendar(name="Hours"),),
        calendar_rules=(
            CalendarRule(calendar="Hours", rule=1, days="Mon-Fri", start_time=time(6), end_time=time(22)),
        ),
        resources=(*machines, *crew),
        skills=(Skill(name="Set-up"),),
        resource_skills=tuple(ResourceSkill(resource=r.name, skill="Set-up") for r in crew),
        items=tuple(Item(name=name) for name in names),
        processes=tuple(Process(name=name, item=name) for name in names),
        steps=tuple(step_rows),
        step_resources=tuple(needs),
        demands=tuple(
            Demand(
                name=f"D{name}", item=name, quantity=1, whole=True, weight=float(chance.choice((1, 1, 2, 4))),
                due=now + timedelta(seconds=5 * 86400 + chance.random() * span),
            )
            for name in names
        ),
    )  # fmt: skip
