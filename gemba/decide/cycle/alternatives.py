"""Other resources on which a task could be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from gemba.decide.cycle.candidates import Candidates
from gemba.decide.schedule.facts import Facts
from gemba.operation import Operation, PlannedTask, Step, StepResource
from gemba.operation.hours import Hours

_SHARE = 1e-6
_MOST = 40  # ways of a task


@dataclass(frozen=True, slots=True)
class _Swap:
    """A resource that another one replaces, by a row of the step."""

    before: str
    after: str
    units: float
    row: StepResource


@dataclass(frozen=True, slots=True)
class Alternative:
    """Resources of a task replaced: ``swaps`` of (before, after, units); calendars that must be open, seconds of work."""

    swaps: tuple[tuple[str, str, float], ...]
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

    def of(self, process: str, step: Step, task: PlannedTask, together: bool = True) -> list[Alternative]:
        """Ways to replace a resource of a task, or (``together``) several; those that replace the fewest first."""
        rows, names = self.needs[process, step.name], [name for name, _ in task.resources]
        if any(r.start or r.end for r in rows):
            return []
        swaps = [self._swaps(rows, names, before) for before in names]
        ways = [[s] for own in swaps for s in own]
        if together and len(swaps) == 2:
            ways += [[s, t] for s in swaps[0] for t in swaps[1] if s.after != t.after]
        return [self._alternative(process, step, task, way) for way in ways[:_MOST]]

    def _swaps(self, rows: list[StepResource], names: list[str], before: str) -> list[_Swap]:
        """What one resource of a task can be replaced by."""
        row = next((r for r in rows if before in self.candidates.able(r)), None)
        found = []
        for other in rows if row is not None else ():
            if other is row or (row is not None and row.alternative and other.alternative == row.alternative):
                units = 1.0 if self.candidates.pooled(other) else other.quantity
                for after in sorted(self.candidates.able(other) - set(names)):
                    if self.simple(after) and self._alone(after, units):
                        found.append(_Swap(before, after, units, other))
        return found

    def _alone(self, name: str, units: float) -> bool:
        """Whether so many units of a resource leave no room for a second such task."""
        capacity = self.hours.capacity(name).values[0]
        return capacity / 2 < units <= capacity

    def _alternative(self, process: str, step: Step, task: PlannedTask, swaps: list[_Swap]) -> Alternative:
        after = {s.before: s.after for s in swaps}
        names = [after.get(name, name) for name, _ in task.resources]
        slowest = min(
            (self.resources[n].efficiency for n in names if self.resources[n].bucket != "calendar"), default=1.0
        )
        speed = self._speed(process, step, names, [s.row for s in swaps]) * slowest
        work = task.setup + ceil(self._standard(step, task) / speed - _SHARE)
        place = self.facts.processes[process].place
        calendars = self.hours.task_calendars(place, step.calendar, names)
        return Alternative(tuple((s.before, s.after, s.units) for s in swaps), calendars, work)

    def _standard(self, step: Step, task: PlannedTask) -> float:
        """Seconds of run at standard speed."""
        units = task.quantity
        if step.batch_size > 0:
            units = ceil(units / step.batch_size - 1e-9)
        return step.time + step.time_per_unit * units

    def _speed(self, process: str, step: Step, names: list[str], chosen: list[StepResource]) -> float:
        """Product of the speeds of the rows that the resources serve."""
        speed, labels = 1.0, set[str]()
        for row in chosen:
            if row.alternative:
                labels.add(row.alternative)
                speed *= row.speed
        for row in sorted(self.needs[process, step.name], key=lambda r: r.priority):
            if row.alternative and (row.alternative in labels or not self.candidates.able(row) & set(names)):
                continue
            labels |= {row.alternative} - {""}
            speed *= row.speed
        return speed
