"""Random processes: steps, links, needs of resources and materials, each field with values that matter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gemba.operation import Process, Step, StepItem, StepLink, StepResource
from tests.decide.supply.wild_resources import DAY, FAMILIES, HOUR, Pick, at, hours

PLACES = ("", "", "Plant", "Line")


def period(now: datetime, pick: Pick) -> dict[str, Any]:
    """Mostly always; else from or until a moment."""
    kind = pick("", "", "", "", "until", "from")
    if kind == "until":
        return {"end": at(now, pick, 30, 70)}
    return {"start": at(now, pick, 10, 50)} if kind else {}


def process(now: datetime, pick: Pick, name: str, item: str, lower: list[str]) -> dict[str, Any]:
    """The rows of one process that makes an item, of lower items."""
    kind = pick("make", "make", "service", "maintenance")
    own = Process(name=name, item=item, place=pick(*PLACES), kind=kind, **period(now, pick))
    steps = [_step(pick, name, i) for i in range(pick(1, 1, 2, 3))]
    rows = [row for step in steps for row in _needs(now, pick, step)]
    return {
        "processes": [own],
        "steps": steps,
        "step_links": _links(pick, steps),
        "step_resources": list({(r.step, r.resource, r.skill, r.start): r for r in rows}.values()),
        "step_items": _items(now, pick, own, steps, lower),
    }


def _step(pick: Pick, process: str, i: int) -> Step:
    return Step(
        process=process,
        name=f"S{i}",
        sequence=pick(10 * (i + 1), 10),
        setup_time=pick(0, 0, 600, 900.5),
        time=pick(0, 1800, 5 * HOUR),
        time_per_unit=pick(0, 60, 333.3, 2 * HOUR),
        batch_size=pick(0, 0, 4),
        queue_time=pick(0, 0, HOUR),
        move_time=pick(0, 0, 1800.25),
        transfer_lot=pick(0, 0, 2),
        yield_rate=pick(1, 1, 0.9),
        setup_family=pick(*FAMILIES),
        pausable=pick(True, True, False),
        calendar=pick("", "", "", hours(pick)),
        fence=pick(0, 0, 0, DAY),
    )


def _links(pick: Pick, steps: list[Step]) -> list[StepLink]:
    if len(steps) < 2 or pick(True, False):
        return []
    pairs = pick([(0, 1)], [(0, 1), (1, 2)], [(0, 2), (1, 2)], [(0, 1), (0, 2)])
    return [
        StepLink(
            process=steps[0].process, before=steps[a].name, after=steps[b].name,
            minimum_lag=pick(0, 0, 600), maximum_lag=pick(None, None, 600, DAY),
        )
        for a, b in pairs
        if b < len(steps)
    ]  # fmt: skip


def _needs(now: datetime, pick: Pick, step: Step) -> list[StepResource]:
    """No need, one, one of two, or several at once."""
    shape = pick("one", "none", "either", "both")
    if shape == "none":
        return []
    rows = [_need(now, pick, step, "A" if shape == "either" else "")]
    if shape in ("either", "both"):
        rows.append(_need(now, pick, step, "A" if shape == "either" else ""))
    return rows


def _need(now: datetime, pick: Pick, step: Step, label: str) -> StepResource:
    resource = pick("Press", "Paint", "Truck", "Team", "Ann", "")
    skill = pick("Weld", "Drive") if not resource else pick("", "", "Weld") if resource in ("Team", "Ann") else ""
    return StepResource(
        process=step.process,
        step=step.name,
        resource=resource,
        skill=skill,
        level=pick(0, 2) if skill else 0,
        quantity=pick(1, 1, 2, 0.5) if resource != "Team" else pick(1, 2, 0),
        fixed_quantity=pick(0, 1) if resource == "Truck" else 0,
        alternative=label,
        priority=pick(1, 2),
        speed=pick(1, 1, 2, 0.5),
        cost=pick(0, 5),
        setup_family=pick("", "", "red", "blue"),
        **period(now, pick),
    )


def _items(now: datetime, pick: Pick, own: Process, steps: list[Step], lower: list[str]) -> list[StepItem]:
    found = []
    for item in lower:
        if pick(True, False):
            label = pick("", "", "", "B")
            found.append(_input(now, pick, pick(*steps), item, label))
    if pick(False, False, True):
        place = pick("", "Store")
        found.append(_output(pick, pick(*steps), pick("Waste", own.item), place, **period(now, pick)))
    return found


def _input(now: datetime, pick: Pick, step: Step, item: str, label: str) -> StepItem:
    return StepItem(
        process=step.process,
        step=step.name,
        item=item,
        place=pick("", "", "Store"),
        quantity=pick(1, 2, 0.3),
        fixed_quantity=pick(0, 0, 1),
        at=pick("", "", "end"),
        offset=pick(0, 0, HOUR, -HOUR),
        alternative=label,
        priority=pick(1, 2),
        **period(now, pick),
    )


def _output(pick: Pick, step: Step, item: str, place: str, **when: Any) -> StepItem:
    return StepItem(
        process=step.process,
        step=step.name,
        item=item,
        place=place,
        direction="out",
        quantity=pick(1, 0.1, 2, 0),
        fixed_quantity=pick(1, 3),
        at=pick("", "", "start"),
        offset=pick(0, 0, HOUR),
        **when,
    )
