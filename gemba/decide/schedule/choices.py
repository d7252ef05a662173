"""The ways in which a planned task could be done: its step's rows with each resource that would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import ceil

from gemba.decide.schedule.facts import Facts
from gemba.operation import PlannedTask, Step, StepResource

_MOST = 16  # ways of one task
_TRIED = 200  # combinations looked at


@dataclass(frozen=True, slots=True)
class Way:
    """Resources with their units, seconds of run (set-up aside), set-up family by resource, how little it is preferred, and
    the extra cost of its rows."""

    resources: tuple[tuple[str, float], ...]
    run: int
    families: dict[str, str]
    rank: int
    cost: float

    @property
    def key(self) -> frozenset[tuple[str, float]]:
        return frozenset(self.resources)


class Choices:
    """Looks up the ways of tasks by the rows of their steps."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        operation = facts.operation
        self.rows: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        for row in operation.step_resources:
            self.rows[row.process, row.step].append(row)
        self.members: dict[str, list[str]] = defaultdict(list)
        for r in operation.resources:
            if r.group:
                self.members[r.group].append(r.name)
        self.levels: dict[tuple[str, str], int] = {}
        for s in operation.resource_skills:
            self.levels[s.resource, s.skill] = max(s.level, self.levels.get((s.resource, s.skill), 0))
        self.skilled: dict[str, list[str]] = defaultdict(list)
        for name, skill in self.levels:
            self.skilled[skill].append(name)
        self._barred = {r.name for r in operation.resources if barred(facts, r.name)}

    def of(self, process: str, step: Step, task: PlannedTask) -> list[Way]:
        """The task's ways, the one it is planned in first; none where that one is not among those that are understood."""
        plain = [r for r in self.rows[process, step.name] if not r.alternative]
        labelled: dict[str, list[StepResource]] = defaultdict(list)
        for row in self.rows[process, step.name]:
            if row.alternative:
                labelled[row.alternative].append(row)
        now = frozenset(task.resources)
        found: dict[frozenset[tuple[str, float]], Way] = {}
        for chosen in product(*labelled.values()):
            for way in islice(self._ways(step, task, [*plain, *chosen]), _TRIED):
                if way.key not in found or way.rank < found[way.key].rank:
                    found[way.key] = way
        own = found.pop(now, None)
        others = sorted(found.values(), key=lambda w: (w.rank, w.run, w.resources))
        return [own, *others[: _MOST - 1]] if own else []

    def _ways(self, step: Step, task: PlannedTask, rows: list[StepResource]) -> Iterator[Way]:
        """Every way to fill the rows with distinct resources that can be had at every moment."""
        offers = [self._offers(row) for row in rows]
        rank = sum(row.priority for row in rows)
        speed = 1.0
        for row in rows:
            speed *= row.speed
        for taken in product(*offers):
            names = [name for part in taken for name, _ in part]
            if len(set(names)) == len(names) and not self._barred & set(names):
                yield self._way(step, task, rows, taken, speed, rank)

    def _offers(self, row: StepResource) -> list[tuple[tuple[str, float], ...]]:
        pool = self.members.get(row.resource) if row.resource else self.skilled.get(row.skill, [])
        if pool is None:
            able = [row.resource] if self._able(row.resource, row) else []
            return [((name, row.quantity),) for name in able]
        able = sorted(n for n in pool if self._able(n, row))
        count = ceil(row.quantity - 1e-9)
        return [tuple((n, 1.0) for n in names) for names in islice(combinations(able, count), _TRIED)]

    def _able(self, name: str, row: StepResource) -> bool:
        return not row.skill or self.levels.get((name, row.skill), -1) >= row.level

    def _way(
        self,
        step: Step,
        task: PlannedTask,
        rows: list[StepResource],
        taken: tuple[tuple[tuple[str, float], ...], ...],
        speed: float,
        rank: int,
    ) -> Way:
        resources = tuple(part for parts in taken for part in parts)
        slowest = min((self.facts.resources[n].efficiency for n, _ in resources), default=1.0)
        units = ceil(task.quantity / step.batch_size - 1e-9) if step.batch_size > 0 else task.quantity
        run = ceil((step.time + step.time_per_unit * units) / (speed * slowest) - 1e-6)
        families = {
            name: row.setup_family or step.setup_family
            for row, parts in zip(rows, taken, strict=True)
            for name, _ in parts
        }
        return Way(resources, run, families, rank, sum(row.cost for row in rows))


def barred(facts: Facts, name: str) -> bool:
    """Whether what a resource can do depends on more than what it does at the moment: periods, changing speed or capacity."""
    r = facts.resources[name]
    if r.bucket or r.efficiency_calendar or r.limited != "finite":
        return True
    return not facts.hours.capacity(name).is_constant()
