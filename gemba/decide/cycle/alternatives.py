"""Other resources on which a task that an event holds up could be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil

from gemba.decide.cycle.candidates import Candidates
from gemba.decide.schedule.facts import Facts
from gemba.operation import Operation, PlannedTask, Step, StepResource
from gemba.operation.hours import Hours

_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class Alternative:
    """Resource ``before`` of a task replaced by ``after``: units of it, calendars that must be open, seconds of work."""

    before: str
    after: str
    units: float
    calendars: frozenset[str]
    work: int


class Alternatives:
    """Looked up by task. Only resources that do one task at a time, whatever was before, are offered."""

    def __init__(self, operation: Operation, facts: Facts, hours: Hours) -> None:
        self.facts, self.hours = facts, hours
        self.resources = {r.name: r for r in operation.resources}
        self.candidates = Candidates(operation)
        self.needs: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        for need in operation.step_resources:
            self.needs[need.process, need.step].append(need)

    def standing_in(self, resources: Iterable[str]) -> set[str]:
        """Every resource that could stand in for one of these in some step."""
        gone, found = set(resources), set[str]()
        for rows in self.needs.values():
            for row in rows:
                able = self.candidates.able(row)
                if able & gone:
                    found |= able if self.candidates.pooled(row) else set()
                    for other in rows:
                        if row.alternative and other.alternative == row.alternative:
                            found |= self.candidates.able(other)
        return {r for r in found - gone if self.simple(r)}

    def simple(self, name: str) -> bool:
        r = self.resources[name]
        return r.limited == "finite" and not self.facts.odd_resource(r)

    def of(self, process: str, step: Step, task: PlannedTask, gone: Callable[[str], bool]) -> list[Alternative]:
        """Ways to replace one resource of a task for which ``gone`` holds."""
        rows, names = self.needs[process, step.name], [name for name, _ in task.resources]
        if any(r.start or r.end for r in rows):
            return []
        found = []
        for before in filter(gone, names):
            row = next((r for r in rows if before in self.candidates.able(r)), None)
            for other in rows if row is not None else ():
                if other is row or (row is not None and row.alternative and other.alternative == row.alternative):
                    for after in sorted(self.candidates.able(other) - set(names)):
                        found += self._one(process, step, task, before, after, other)
        return found

    def _one(
        self, process: str, step: Step, task: PlannedTask, before: str, after: str, row: StepResource
    ) -> list[Alternative]:
        units = 1.0 if self.candidates.pooled(row) else row.quantity
        capacity = self.hours.capacity(after).values[0]
        if not self.simple(after) or not capacity / 2 < units <= capacity:
            return []
        names = [after if name == before else name for name, _ in task.resources]
        slowest = min(self.resources[n].efficiency for n in names if self.resources[n].bucket != "calendar")
        work = task.setup + ceil(
            self._standard(step, task) / (self._speed(process, step, names, row) * slowest) - _SHARE
        )
        place = self.facts.processes[process].place
        return [Alternative(before, after, units, self.hours.task_calendars(place, step.calendar, names), work)]

    def _standard(self, step: Step, task: PlannedTask) -> float:
        """Seconds of run at standard speed."""
        units = task.quantity
        if step.batch_size > 0:
            units = ceil(units / step.batch_size - 1e-9)
        return step.time + step.time_per_unit * units

    def _speed(self, process: str, step: Step, names: list[str], chosen: StepResource) -> float:
        """Product of the speeds of the rows that the resources serve."""
        speed, labels = 1.0, set[str]()
        if chosen.alternative:
            labels.add(chosen.alternative)
            speed *= chosen.speed
        for row in sorted(self.needs[process, step.name], key=lambda r: r.priority):
            if row.alternative and (row.alternative in labels or not self.candidates.able(row) & set(names)):
                continue
            labels |= {row.alternative} - {""}
            speed *= row.speed
        return speed
