"""The shape of a process as execution needs it: which step follows which, and what each takes and yields."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gemba.operation import Operation, Process, ReleasedOrder, Step, StepItem, StepResource
from gemba.operation.noun import EXACT
from gemba.operation.records import ZERO


@dataclass(frozen=True, slots=True)
class Shape:
    """A process with its steps in their order, and for each the steps directly before it."""

    process: Process
    steps: tuple[Step, ...]
    before: dict[str, frozenset[str]]
    items: dict[str, tuple[StepItem, ...]]
    resources: dict[str, tuple[StepResource, ...]]

    @property
    def last(self) -> tuple[str, ...]:
        """The steps that no other waits for."""
        waited_for = frozenset[str]().union(*self.before.values()) if self.before else frozenset()
        return tuple(s.name for s in self.steps if s.name not in waited_for)


def shapes(operation: Operation) -> dict[str, Shape]:
    """The shape of every process by name."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for s in operation.steps:
        steps[s.process].append(s)
    links: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for link in operation.step_links:
        links[link.process][link.after].add(link.before)
    items: dict[tuple[str, str], list[StepItem]] = defaultdict(list)
    for i in operation.step_items:
        items[i.process, i.step].append(i)
    needs: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
    for r in operation.step_resources:
        needs[r.process, r.step].append(r)
    found = {}
    for process in operation.processes:
        own = sorted(steps[process.name], key=lambda s: s.sequence)
        given = links.get(process.name)
        found[process.name] = Shape(
            process,
            tuple(own),
            {s.name: frozenset(given[s.name]) if given else _by_sequence(own, s) for s in own},
            {s.name: tuple(items[process.name, s.name]) for s in own},
            {s.name: tuple(needs[process.name, s.name]) for s in own},
        )
    return found


def _by_sequence(steps: list[Step], step: Step) -> frozenset[str]:
    """Without links a step waits for those with the next lower sequence number."""
    lower = [s.sequence for s in steps if s.sequence < step.sequence]
    return frozenset(s.name for s in steps if lower and s.sequence == max(lower))


def required(order: ReleasedOrder, shape: Shape, at: datetime) -> dict[tuple[str, str], Decimal]:
    """What an order takes from stock as a whole: quantity by item and place."""
    found: dict[tuple[str, str], Decimal] = {}
    for rows in shape.items.values():
        for r in rows:
            valid = (r.start is None or r.start <= at) and (r.end is None or at < r.end)
            if r.direction == "in" and valid and not r.alternative:
                key = (r.item, r.place or shape.process.place or order.place)
                amount = Decimal(str(r.quantity)) * order.quantity + Decimal(str(r.fixed_quantity))
                found[key] = found.get(key, ZERO) + amount.quantize(EXACT)
    return found
