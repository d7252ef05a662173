"""How an item is had: the option netting uses for it, and what the processes take in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gemba.operation import Operation, Process, Step, StepItem, SupplyOption

Key = tuple[str, str]  # item, place


@dataclass(frozen=True)
class Line:
    """What a process takes of an item: quantity for each unit of the order and for each order."""

    key: Key
    quantity: float
    fixed: float
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Recipe:
    """What one unit of a process's order takes and yields (``out``), and the time of its steps."""

    key: Key
    inputs: tuple[Line, ...]
    out: float
    steps: tuple[Step, ...]

    def duration(self, quantity: float) -> float:
        """Seconds from start to end of a lot with nothing to wait for and all hours open, steps one after another."""
        return sum(_duration(step, quantity) for step in self.steps)


def _duration(step: Step, quantity: float) -> float:
    times = -(-quantity // step.batch_size) if step.batch_size else quantity
    return step.setup_time + step.time + step.queue_time + step.move_time + step.time_per_unit * times


@dataclass(frozen=True)
class Source:
    """The way an item is had at a place; without any, nothing can be ordered."""

    process: str = ""
    origin: Key | None = None
    lead_time: float = 0.0
    minimum: float = 0.0
    multiple: float = 0.0

    def lead(self, book: Mapping[str, Recipe]) -> float:
        """Seconds from an order's start to its receipt."""
        return book[self.process].duration(self.minimum) if self.process else self.lead_time


def sources(operation: Operation) -> dict[Key, Source]:
    """The source of each item and place that has one. Only an item without any option is made by its own process."""
    found: dict[Key, Source] = {}
    described = {(o.item, o.place) for o in operation.supply_options}
    for option in sorted(operation.supply_options, key=lambda o: (o.priority, o.name)):
        if option.priority > 0 and _valid(option, operation.now):
            found.setdefault((option.item, option.place), _of_option(option))
    for process in sorted(operation.processes, key=lambda p: p.name):
        if (process.item, process.place) not in described and process.kind == "make" and _valid(process, operation.now):
            found.setdefault((process.item, process.place), Source(process=process.name))
    return found


def _valid(thing: SupplyOption | Process, now: datetime) -> bool:
    return (thing.start is None or thing.start <= now) and (thing.end is None or thing.end > now)


def _of_option(option: SupplyOption) -> Source:
    return Source(
        process=option.process if option.kind == "make" else "",
        origin=(option.item, option.origin) if option.kind == "move" else None,
        lead_time=option.lead_time, minimum=option.minimum, multiple=option.multiple,
    )  # fmt: skip


def recipes(operation: Operation) -> dict[str, Recipe]:
    """Every process's recipe by its name."""
    steps: dict[str, list[Step]] = {}
    for step in operation.steps:
        steps.setdefault(step.process, []).append(step)
    rows: dict[str, list[StepItem]] = {}
    for row in operation.step_items:
        rows.setdefault(row.process, []).append(row)
    return {p.name: _recipe(p, steps[p.name], rows.get(p.name, [])) for p in operation.processes}


def _recipe(process: Process, steps: list[Step], rows: list[StepItem]) -> Recipe:
    own = [r.quantity for r in rows if r.direction == "out" and (r.item, r.place or process.place) == _key(process)]
    lines = tuple(
        Line((r.item, r.place or process.place), r.quantity, r.fixed_quantity, r.start, r.end)
        for r in _chosen(r for r in rows if r.direction == "in")
    )
    return Recipe(_key(process), lines, sum(own) or 1.0, tuple(sorted(steps, key=lambda s: (s.sequence, s.name))))


def _key(process: Process) -> Key:
    return process.item, process.place


def _chosen(rows: Iterable[StepItem]) -> list[StepItem]:
    """Rows without a label, and of those that share one in a step the preferred item's."""
    found: list[StepItem] = []
    preferred: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda r: (r.priority, r.item, r.step)):
        label = (row.step, row.alternative)
        if not row.alternative or preferred.setdefault(label, row.item) == row.item:
            found.append(row)
    return found
