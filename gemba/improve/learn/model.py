"""What the model says of a piece of work: how long it should take, on what, and how long it waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from gemba.improve.learn.samples import Work
from gemba.operation import Operation, ReleasedOrder, ReleasedTask, Resource, Step, StepResource, SupplyOption
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds


@dataclass(frozen=True, slots=True)
class Wait:
    """The shortest wait before a step that the model allows, and which field says so (``waiting``: several or none)."""

    key: tuple[str, ...]
    field: str
    seconds: float


class Model:
    """An operation, looked things up in; and the tasks as they were released."""

    def __init__(self, operation: Operation, tasks: Iterable[ReleasedTask] = ()) -> None:
        self.steps: dict[tuple[str, str], Step] = {(s.process, s.name): s for s in operation.steps}
        self.resources: dict[str, Resource] = {r.name: r for r in operation.resources}
        self.options: dict[str, SupplyOption] = {o.name: o for o in operation.supply_options}
        self.tasks = {(t.order, t.step): t for t in tasks}
        self._places = {p.name: p.place for p in operation.processes}
        self._links = {(k.process, k.before, k.after): k.minimum_lag for k in operation.step_links}
        self._calendars = {s.name: s.calendar for s in operation.suppliers}
        self._hours = Hours(operation)
        self._rows: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        for row in operation.step_resources:
            self._rows[row.process, row.step].append(row)
        self._skills = {(r.resource, r.skill) for r in operation.resource_skills}

    def place_of(self, process: str) -> str:
        return self._places.get(process, "")

    def usual_quantity(self, step: Step, order: ReleasedOrder) -> float:
        """What such a task works on: as it was released, else the order's quantity."""
        task = self.tasks.get((order.order, step.name))
        return float(task.quantity) if task else float(order.quantity)

    def names(self, w: Work) -> list[str]:
        """The resources that a piece of work was done on: the reported one in place of the first planned."""
        task = self.tasks.get((w.order.order, w.step))
        planned = [n.strip() for n in task.resource.split(",") if n.strip()] if task else []
        both = planned if not w.resource or w.resource in planned else [w.resource, *planned[1:]]
        return [n for n in both if n in self.resources]

    def efficiency(self, w: Work) -> float:
        """The lowest of its resources when it began, as the planner takes it."""
        timed = [n for n in self.names(w) if self.resources[n].bucket != "calendar"]
        return min((self._hours.efficiency(n, seconds(w.start)) for n in timed), default=1.0)

    def limits(self, w: Work) -> bool:
        """Whether the efficiency of the resource that did it is the one that counts."""
        return self._hours.efficiency(w.resource, seconds(w.start)) <= self.efficiency(w)

    def speed(self, w: Work) -> float:
        """The speeds of the rows that it used, multiplied: of each resource its own row, else its group's or skill's."""
        rows = self._rows[w.order.process, w.step]
        return prod(self._row_speed(name, rows) for name in self.names(w))

    def _row_speed(self, name: str, rows: Sequence[StepResource]) -> float:
        above = self._above(name)
        fits = [r for r in rows if (r.resource in above if r.resource else (name, r.skill) in self._skills)]
        fits.sort(key=lambda r: above.index(r.resource) if r.resource else len(above))
        return fits[0].speed if fits else 1.0

    def _above(self, name: str) -> list[str]:
        """A resource and the groups that it is in, the nearest first."""
        found: list[str] = []
        while name and name not in found:
            found.append(name)
            name = self.resources[name].group if name in self.resources else ""
        return found

    def standard(self, w: Work, step: Step) -> float:
        """Its run time at efficiency and speed 1; the planned set-up is taken off where none was reported."""
        task = self.tasks.get((w.order.order, w.step))
        planned = task.setup if task else step.setup_time
        return (w.run - (planned if w.setup is None else 0.0)) * self.efficiency(w) * self.speed(w)

    def change_over(self, w: Work, step: Step) -> float:
        """Planned change-over in its set-up: what was released beyond the step's own, on resources that have any."""
        task = self.tasks.get((w.order.order, w.step))
        has = any(self.resources[n].setup_matrix for n in self.names(w))
        return max(0.0, task.setup - step.setup_time) if task and has else 0.0

    def planned_wait(self, process: str, before: Sequence[str], after: str) -> Wait | None:
        """None where steps overlap (transfer lots), so that nothing waits."""
        step, key = self.steps[process, after], (process, after)
        earlier = [self.steps[process, b] for b in before]
        if any(b.transfer_lot > 0 for b in earlier):
            return None
        lags = [b.move_time + self._links.get((process, b.name, after), 0.0) for b in earlier]
        shortest = max(lags, default=0.0) + step.queue_time
        if shortest and not any(lags):
            return Wait(key, "queue_time", shortest)
        if len(earlier) == 1 and shortest and shortest == earlier[0].move_time:
            return Wait((process, earlier[0].name), "move_time", shortest)
        return Wait(key, "waiting", shortest)

    def lead(self, option: SupplyOption, start: int, end: int) -> float | None:
        """Seconds between two moments as lead times count: in the supplier's open hours where something is bought.
        None where the calendar does not reach them."""
        calendar = self._calendars.get(option.supplier, "") if option.kind == "buy" else ""
        if not calendar:
            return float(end - start)
        if start < self._hours.low or end > self._hours.high:
            return None
        return float(self._hours.open(frozenset({calendar})).between(start, end))
