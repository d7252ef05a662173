"""What is checked before an order is released: material, resources, skills, documents. Each check names the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gemba.execute.orders.shape import Shape, required
from gemba.operation import Operation, ReleasedOrder, ReleasedTask


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``kind`` is material, resource, skill or document."""

    order: str
    kind: str
    subject: str
    right: bool
    message: str


def checks(
    operation: Operation,
    order: ReleasedOrder,
    tasks: Iterable[ReleasedTask],
    shape: Shape | None,
    available: Callable[[str, str], Decimal],
    down: Mapping[str, str],
    documents: Iterable[str] = (),
) -> list[Check]:
    """Everything to know before releasing an order.

    Args:
        available: what of an item at a place is free for it (on hand, less reserved, held and expired).
        down: resources that are down, with the reason.
        documents: what is wrong with required documents, in words.
    """
    tasks = list(tasks)
    found = list(_material(order, shape, available)) if shape else []
    found += _resources(order, tasks, down)
    found += _skills(operation, order, tasks, shape)
    found += [Check(order.order, "document", words.split(" ")[0], False, words) for words in documents]
    return found


def _material(order: ReleasedOrder, shape: Shape, available: Callable[[str, str], Decimal]) -> Iterable[Check]:
    for (item, place), quantity in required(order, shape, order.start or order.at).items():
        there = available(item, place)
        where = f" at {place}" if place else ""
        right = there >= quantity
        words = f"{item}{where}: {quantity.normalize():f} needed, {there.normalize():f} available"
        yield Check(order.order, "material", item, right, words + ("." if right else "; receive or make it first."))


def _resources(order: ReleasedOrder, tasks: list[ReleasedTask], down: Mapping[str, str]) -> Iterable[Check]:
    for name in dict.fromkeys(n.strip() for t in tasks for n in t.resource.split(",") if n.strip()):
        reason = down.get(name)
        words = f"{name} is ready." if reason is None else f"{name} is down ({reason or 'no reason given'})."
        yield Check(order.order, "resource", name, reason is None, words)


def _skills(
    operation: Operation, order: ReleasedOrder, tasks: list[ReleasedTask], shape: Shape | None
) -> Iterable[Check]:
    held: dict[tuple[str, str], list[tuple[int, datetime | None, datetime | None]]] = {}
    for s in operation.resource_skills:
        held.setdefault((s.resource, s.skill), []).append((s.level, s.start, s.end))
    for task in tasks:
        at = task.start or order.at
        names = [n.strip() for n in task.resource.split(",") if n.strip()]
        for need in shape.resources.get(task.step, ()) if shape else ():
            if not need.skill:
                continue
            able = [n for n in names if any(_holds(h, need.level, at) for h in held.get((n, need.skill), ()))]
            words = f"{task.step} needs {need.skill} (level {need.level}): " + (
                f"{', '.join(able)}." if able else f"none of {', '.join(names) or 'its resources'} has it then."
            )
            yield Check(order.order, "skill", need.skill, bool(able), words)


def _holds(held: tuple[int, datetime | None, datetime | None], level: int, at: datetime) -> bool:
    has, start, end = held
    return has >= level and (start is None or start <= at) and (end is None or at < end)
