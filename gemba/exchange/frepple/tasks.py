"""When the steps of an existing order are done, and on what: as its operation plans say, the rest worked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gemba.exchange.frepple.build import Build
from gemba.exchange.frepple.entities import Entity
from gemba.exchange.frepple.recipes import Recipe
from gemba.operation.hours import Hours
from gemba.operation.moments import moment, seconds
from gemba.operation.operation import Operation
from gemba.operation.worktime import FAR


@dataclass(slots=True)
class Task:
    """A step of an order in the making."""

    step: str
    start: datetime
    end: datetime
    resources: list[str]
    state: str


class Timing:
    """Times of existing orders on the working hours of the operation read so far.

    Raises:
        OperationError: where what was read so far does not fit together.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        tables = {name: rows for name, rows in build.tables.items() if name not in ("orders", "order_tasks")}
        operation = Operation.of({**tables})
        self._hours = Hours(operation)
        self._now = seconds(operation.now)
        self._places = {p.name: p.place for p in operation.processes}
        self._steps = {(s.process, s.name): s for s in operation.steps}
        self._needs: dict[tuple[str, str], list[Any]] = {}
        for need in operation.step_resources:
            self._needs.setdefault((need.process, need.step), []).append(need)
        self._members: dict[str, list[str]] = {}
        for resource in operation.resources:
            if resource.group:
                self._members.setdefault(resource.group, []).append(resource.name)
        self._loaded: dict[str, list[Entity]] = {}
        for row in build.model.all("loadplan"):
            self._loaded.setdefault(row.text("operationplan"), []).append(row)

    def tasks(self, recipe: Recipe, plan: Entity, children: list[Entity]) -> list[Task]:
        """The steps of an order in their order. A step without a plan of its own follows the one before it, or, where
        only the order's end is known, ends when the one after it starts."""
        plans = self._plans(recipe, plan, children)
        quantity = plan.number("quantity", 0.0)
        start, end = plan.moment("start"), plan.moment("end")
        if len(recipe.steps) == 1:
            only = plans.get(recipe.steps[0][0], plan)
            return [self._task(recipe, recipe.steps[0][0], only, quantity, start, end, plan)]
        if start is None and not any(p.text("start") or p.text("end") for p in plans.values()):
            return self._backwards(recipe, plan, plans, quantity, end)
        found, at = [], start
        for name, _ in recipe.steps:
            task = self._task(recipe, name, plans.get(name), quantity, at, None, plan)
            found.append(task)
            at = task.end
        return found

    def _plans(self, recipe: Recipe, plan: Entity, children: list[Entity]) -> dict[str, Entity]:
        """The operation plan of each step that has one."""
        by = {child.text("operation"): child for child in children}
        return {name: by[op.name] for name, op in recipe.steps if op.name in by}

    def _backwards(self, recipe: Recipe, plan: Entity, plans: dict[str, Entity], quantity: float,
                   end: datetime | None) -> list[Task]:  # fmt: skip
        found: list[Task] = []
        for name, _ in reversed(recipe.steps):
            found.insert(0, self._task(recipe, name, plans.get(name), quantity, None, end, plan))
            end = found[0].start
        return found

    def _task(self, recipe: Recipe, step: str, own: Entity | None, quantity: float, start: datetime | None,
              end: datetime | None, plan: Entity) -> Task:  # fmt: skip
        """One step; what its own plan says of start and end goes before what is asked."""
        if own is not None and (own.moment("start") or own.moment("end")):
            start, end = own.moment("start"), own.moment("end")
        resources = self._resources(recipe.name, step, own or plan)
        first, last = self._times(recipe.name, step, quantity, resources, start, end)
        status = (own or plan).text("status", plan.text("status"))
        state = "done" if status in ("completed", "closed") else "started" if first < self._now else "firm"
        return Task(step, moment(first), moment(last), resources, state)

    def _times(self, process: str, step: str, quantity: float, resources: list[str], start: datetime | None,
               end: datetime | None) -> tuple[int, int]:  # fmt: skip
        """Start and end in seconds; the one that is not given follows from the run time on open hours."""
        row = self._steps[process, step]
        at = seconds(start or end or moment(self._now))
        slowest = min([self._hours.efficiency(r, at) for r in resources], default=1.0)
        work = int(-(-(row.time + row.time_per_unit * quantity) // max(slowest, 1e-6)))
        hours = self._hours.open(self._hours.task_calendars(self._places[process], row.calendar, resources))
        if start is not None:
            first = seconds(start)
            last = seconds(end) if end is not None else hours.finish(first, work)
        else:
            last = seconds(end) if end is not None else self._now
            first = hours.begin(last, work)
        if not -FAR < first <= last < FAR:
            first = last = first if -FAR < first < FAR else min(max(last, -FAR + 1), FAR - 1)
        return first, last

    def _resources(self, process: str, step: str, plan: Entity) -> list[str]:
        """The resources an order is on: those its plan names, else those of its operation (a pool's first member)."""
        named = [row.text("resource") for row in self._loaded.get(plan.name, [])]
        found, used = [], set()
        for need in self._needs.get((process, step), []):
            if need.alternative and need.alternative in used:
                continue
            choices = [need.resource, *self._members.get(need.resource, [])]
            mine = [r for r in named if r in choices]
            if need.alternative and not mine and any(n.resource in named for n in self._needs[process, step]):
                continue
            used.add(need.alternative)
            pick = mine or self._members.get(need.resource, [need.resource])[: max(1, int(need.quantity))]
            found += [r for r in pick if r and r not in found]
        return found
