"""Which of a step's resource rows a task's resources fulfil, and with what speed and set-up families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import ceil

from gemba.decide.check.book import Book
from gemba.decide.check.facts import Dated, StepFacts
from gemba.operation import PlannedTask, StepResource
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Fit:
    """One way in which a task's resources fulfil its step: its speed; by resource its set-up family and fixed units."""

    speed: float
    families: dict[str, str]
    fixed: dict[str, float]


class Needs:
    """Answers how the resources of tasks fulfil their steps; answers that do not depend on time are kept."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.members = _members(book)
        self._held: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        for s in book.operation.resource_skills:
            held = (s.level, seconds(s.start) if s.start else -FAR, seconds(s.end) if s.end else FAR)
            self._held.setdefault((s.resource, s.skill), []).append(held)
        self._kept: dict[tuple[object, ...], list[Fit]] = {}
        self._steady: dict[tuple[str, str], bool] = {}

    def fits(self, facts: StepFacts, task: PlannedTask) -> list[Fit]:
        """Every way in which the task's resources fulfil exactly the rows that count at its start."""
        key: tuple[object, ...] = (facts.step.process, facts.step.name, task.resources)
        if key in self._kept and self._is_steady(facts):
            return self._kept[key]
        plain, either = self.rows(facts, task.start)
        if self._is_steady(facts):
            self._kept[key] = self._all_fits(facts, task, plain, either)
            return self._kept[key]
        if any(r.skill for r in [*plain, *(r for rows in either for r in rows)]):
            return self._all_fits(facts, task, plain, either)
        key += (tuple(map(id, plain)), tuple(tuple(map(id, rows)) for rows in either))
        if key not in self._kept:
            self._kept[key] = self._all_fits(facts, task, plain, either)
        return self._kept[key]

    def _is_steady(self, facts: StepFacts) -> bool:
        """Whether the same rows always count, and no skill may expire."""
        key = (facts.step.process, facts.step.name)
        if key not in self._steady:
            rows = [*facts.needs, *(r for rows in facts.either_need.values() for r in rows)]
            self._steady[key] = all(r.always and not r.row.skill for r in rows)
        return self._steady[key]

    def rows(self, facts: StepFacts, start: int) -> tuple[list[StepResource], list[list[StepResource]]]:
        """The rows that count for work starting then: those always needed, and the alternatives by label."""
        either = [_counting(rows, start) for rows in facts.either_need.values()]
        return _counting(facts.needs, start), [rows for rows in either if rows]

    def _all_fits(
        self, facts: StepFacts, task: PlannedTask, plain: list[StepResource], either: list[list[StepResource]]
    ) -> list[Fit]:
        found = []
        ways = product(*(sorted(rows, key=lambda r: r.priority) for rows in either))
        for way in ways:
            rows = [*plain, *way]
            for taken in self._assign(rows, task):
                found.append(_fit(facts, rows, taken))
        return found

    def _assign(self, rows: list[StepResource], task: PlannedTask) -> Iterator[list[list[str]]]:
        """Each way to share the task's units among the rows, all used up: the names taken by each row."""
        left: dict[str, float] = {}
        for name, units in task.resources:
            left[name] = left.get(name, 0.0) + units
        pools = []
        for i, row in enumerate(rows):
            if not self.is_pool(row):
                if left.get(row.resource, 0.0) < row.quantity - _TINY or not self.able(row.resource, row, task):
                    return
                left[row.resource] = left.get(row.resource, 0.0) - row.quantity
            elif row.quantity > 0:
                pools.append((i, [n for n in left if self._in_pool(n, row) and self.able(n, row, task)]))
        own = [[r.resource] if not self.is_pool(r) else [] for r in rows]
        yield from _share([(i, ceil(rows[i].quantity - _TINY), able) for i, able in pools], left, own)

    def is_pool(self, row: StepResource) -> bool:
        """Whether the row asks for members (of a group, or of all who have a skill) and not for one named resource."""
        return not row.resource or row.resource in self.members

    def _in_pool(self, name: str, row: StepResource) -> bool:
        return not row.resource or name in self.members[row.resource]

    def able(self, name: str, row: StepResource, task: PlannedTask) -> bool:
        """Whether a resource has the row's skill at its level from the task's start to its end."""
        if not row.skill:
            return True
        reached = task.start
        for level, start, end in sorted(self._held.get((name, row.skill), ()), key=lambda h: h[1]):
            if level >= row.level and start <= reached < end:
                reached = end
        return reached >= max(task.end, task.start + 1)


def _counting(rows: list[Dated[StepResource]], start: int) -> list[StepResource]:
    return [r.row for r in rows if r.at(start)]


def _share(
    pools: list[tuple[int, int, list[str]]], left: dict[str, float], taken: list[list[str]]
) -> Iterator[list[list[str]]]:
    """Give each pool row distinct members with a free unit; nothing may be left over at the end."""
    if not pools:
        if all(abs(units) <= _TINY for units in left.values()):
            yield taken
        return
    (row, count, able), rest = pools[0], pools[1:]
    free = [n for n in able if left[n] >= 1 - _TINY]
    for chosen in combinations(free, count):
        remaining = {n: units - (1 if n in chosen else 0) for n, units in left.items()}
        names = [list(chosen) if i == row else t for i, t in enumerate(taken)]
        yield from _share(rest, remaining, names)


def _fit(facts: StepFacts, rows: list[StepResource], taken: list[list[str]]) -> Fit:
    speed, families, fixed = 1.0, dict[str, str](), dict[str, float]()
    for row, names in zip(rows, taken, strict=True):
        speed *= row.speed
        for name in names:
            families[name] = row.setup_family or families.get(name) or facts.step.setup_family
            fixed[name] = row.fixed_quantity + fixed.get(name, 0.0)
    return Fit(speed, families, fixed)


def _members(book: Book) -> dict[str, set[str]]:
    """The resources of each group, groups within it opened up."""
    children: dict[str, list[str]] = {}
    for r in book.operation.resources:
        if r.group:
            children.setdefault(r.group, []).append(r.name)
    found = {}
    for group in children:
        leaves, todo = set[str](), [group]
        while todo:
            for child in children[todo.pop()]:
                (todo.append if child in children else leaves.add)(child)
        found[group] = leaves
    return found
