"""Processes compiled once for checking: what each step needs, waits for, uses and yields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gemba.operation import Operation, Process, Step, StepItem, StepLink, StepResource
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A row and the period (whole seconds, end excluded) in which it counts."""

    row: T
    low: int
    high: int

    def at(self, moment: int) -> bool:
        """Whether the row counts for work that starts at this moment."""
        return self.low <= moment < self.high

    @property
    def always(self) -> bool:
        return self.low == -FAR and self.high == FAR


def dated(row: T, start: datetime | None, end: datetime | None) -> Dated[T]:
    """The row with its period in seconds; a missing side is open."""
    return Dated(row, -FAR if start is None else seconds(start), FAR if end is None else seconds(end))


@dataclass(frozen=True, slots=True)
class Link:
    """``after`` waits for ``before``: ``wait`` seconds at least, ``longest`` at most (None: any)."""

    before: str
    after: str
    wait: float
    longest: float | None


@dataclass(slots=True)
class StepFacts:
    """A step with its rows; rows that share a label stand in for each other."""

    step: Step
    place: str
    share: float = 1.0  # good units of the order for each unit the step works on
    needs: list[Dated[StepResource]] = field(default_factory=list)
    either_need: dict[str, list[Dated[StepResource]]] = field(default_factory=dict)
    inputs: list[Dated[StepItem]] = field(default_factory=list)
    either_input: dict[str, list[Dated[StepItem]]] = field(default_factory=dict)
    outputs: list[Dated[StepItem]] = field(default_factory=list)

    def units(self, quantity: float) -> float:
        """Units the step works on for an order of this quantity (its own and later scrap included)."""
        return quantity / self.share

    def run_time(self, units: float) -> float:
        """Standard seconds for so many units: time + time_per_unit for each unit or begun batch."""
        return self.step.time + self.units_time(units)

    def units_time(self, units: float) -> float:
        """Standard seconds of so many units alone, without the lot's fixed time."""
        if self.step.batch_size > 0:
            units = _begun(units / self.step.batch_size)
        return self.step.time_per_unit * units


def _begun(batches: float) -> float:
    """Batches begun, where a rounding error does not begin another."""
    whole = int(batches)
    return whole if batches - whole <= 1e-9 * max(1.0, batches) else whole + 1


@dataclass(slots=True)
class ProcessFacts:
    """A process with its steps by name, the links between them and its last steps."""

    process: Process
    steps: dict[str, StepFacts]
    links: list[Link] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    @property
    def yields(self) -> set[tuple[str, str]]:
        """Every item and place this process puts something to."""
        rows = [o.row for s in self.steps.values() for o in s.outputs]
        found = {(r.item, r.place or self.process.place) for r in rows}
        if not any(r.item == self.process.item for r in rows):
            found.add((self.process.item, self.process.place))
        return found


class Processes(Mapping[str, ProcessFacts]):
    """Facts of every process by its name, each compiled when it is first asked for."""

    def __init__(self, operation: Operation) -> None:
        self._rows = {p.name: p for p in operation.processes}
        self._steps, self._links = _by_process(operation.steps), _by_process(operation.step_links)
        self._needs, self._items = _by_process(operation.step_resources), _by_process(operation.step_items)
        self._found: dict[str, ProcessFacts] = {}

    def __getitem__(self, name: str) -> ProcessFacts:
        if name not in self._found:
            self._found[name] = self._compiled(self._rows[name])
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def _compiled(self, process: Process) -> ProcessFacts:
        found, name = ProcessFacts(process, {}), process.name
        for step in self._steps.get(name, ()):
            found.steps[step.name] = StepFacts(step, process.place)
        for need in self._needs.get(name, ()):
            _add_need(found.steps[need.step], need)
        for item in self._items.get(name, ()):
            _add_item(found.steps[item.step], item)
        links = self._links.get(name)
        found.links = _linked(found.steps, links) if links else _in_sequence(found.steps)
        before = {link.before for link in found.links}
        found.last = [s for s in found.steps if s not in before]
        _add_shares(found)
        return found


class _OfProcess(Protocol):
    @property
    def process(self) -> str: ...


R = TypeVar("R", bound=_OfProcess)


def _by_process(rows: Iterable[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = {}
    for row in rows:
        found.setdefault(row.process, []).append(row)
    return found


def _add_need(step: StepFacts, row: StepResource) -> None:
    where = step.either_need.setdefault(row.alternative, []) if row.alternative else step.needs
    where.append(dated(row, row.start, row.end))


def _add_item(step: StepFacts, row: StepItem) -> None:
    where = step.outputs if row.direction == "out" else step.inputs
    if row.alternative and row.direction == "in":
        where = step.either_input.setdefault(row.alternative, [])
    where.append(dated(row, row.start, row.end))


def _linked(steps: dict[str, StepFacts], links: Iterable[StepLink]) -> list[Link]:
    return [_link(steps[k.before].step, steps[k.after].step, k.minimum_lag, k.maximum_lag) for k in links]


def _link(before: Step, after: Step, lag: float = 0.0, longest: float | None = None) -> Link:
    return Link(before.name, after.name, before.move_time + lag + after.queue_time, longest)


def _in_sequence(steps: dict[str, StepFacts]) -> list[Link]:
    """Links from each step to all of the next higher sequence number."""
    levels: dict[int, list[Step]] = {}
    for facts in steps.values():
        levels.setdefault(facts.step.sequence, []).append(facts.step)
    found, before = [], list[Step]()
    for _, level in sorted(levels.items()):
        found += [_link(b, a) for a in level for b in before]
        before = level
    return found


def _add_shares(facts: ProcessFacts) -> None:
    """Each step's own yield times that of every step that follows it, directly or not."""
    if all(step.step.yield_rate == 1 for step in facts.steps.values()):
        return
    after: dict[str, list[str]] = {}
    for link in facts.links:
        after.setdefault(link.before, []).append(link.after)
    for name, step in facts.steps.items():
        reached, todo = {name}, [name]
        while todo:
            for next_step in after.get(todo.pop(), ()):
                if next_step not in reached:
                    reached.add(next_step)
                    todo.append(next_step)
        share = 1.0
        for one in sorted(reached):
            share *= facts.steps[one].step.yield_rate
        step.share = share
