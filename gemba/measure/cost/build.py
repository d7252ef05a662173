"""From a process to its cost sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TypeVar

from gemba.execute.orders.shape import Shape, shapes
from gemba.measure.cost.money import ZERO, Cost, exact
from gemba.measure.cost.rates import Rates, valid
from gemba.measure.cost.sheet import Line, Sheet
from gemba.operation import Operation, Step, StepItem, StepResource, SupplyOption

HOUR = 3600
#: Standard cost of a unit of (item, place).
UnitCost = Callable[[str, str], Cost]
Row = TypeVar("Row", bound=StepItem | StepResource)


class Costing:
    """An operation, prepared for cost sheets."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.rates = Rates(operation)
        self.shapes = shapes(operation)
        self.values = {i.name: exact(i.cost) for i in operation.items}
        self.streams = {w.name: exact(w.cost) for w in operation.waste_streams}
        self.options = {o.name: o for o in operation.supply_options}

    @cached_property
    def made(self) -> frozenset[str]:
        """Items that some process makes; the others are bought, and material overhead is charged on them alone."""
        return frozenset(p.item for p in self.operation.processes)

    def sheet(
        self, process: str, at: datetime, lot: Fraction, unit: UnitCost, option: SupplyOption | None = None
    ) -> Sheet:
        """The cost sheet of a process as it is at a moment.

        Args:
            lot: the costing lot, in units of the process; fixed cost of an order is spread over it.
            unit: standard cost of the items it uses. By-products are credited at their item's own cost.
            option: the supply option it is used by, which may have a cost of its own.

        Raises:
            KeyError: where the operation has no such process.
        """
        shape = self.shapes[process]
        shares = yields(shape)
        lines: list[Line] = []
        for step in shape.steps:
            lines += self._items(shape, step, at, unit)
            lines += self._times(shape, step, at, shares[step.name])
        lines += self._option(option, shape)
        per_unit, fixed = _output(shape, at)
        place = shape.process.place
        units = self.rates.overhead("units", place)
        if units:
            lines.append(Line(("units",), "overhead", "", "units", place, "units", units, fixed, per_unit))
        return Sheet(process, shape.process.item, place, lot, tuple(lines), per_unit, fixed, shares)

    def _items(self, shape: Shape, step: Step, at: datetime, unit: UnitCost) -> Iterator[Line]:
        rows = (r for r in shape.items[step.name] if valid(r, at))
        for row in (chosen for chosen, _ in slots(rows, lambda r: r.direction)):
            place = row.place or shape.process.place
            quantity, fixed = exact(row.quantity), exact(row.fixed_quantity)
            if row.direction == "in":
                cost = unit(row.item, place)
                key = ("material", row.item, step.name, place)
                line = Line(
                    key, "material", step.name, row.item, place, "item", cost.total, fixed, quantity, parts=cost
                )
                yield line
                yield from self._on_material(line)
            elif row.item in self.streams:
                rate, key = self.streams[row.item], ("waste", row.item, step.name, place)
                yield Line(key, "waste", step.name, row.item, place, "item", rate, fixed, quantity)
            elif row.item != shape.process.item:
                rate, key = self.values.get(row.item, ZERO), ("by-product", row.item, step.name, place)
                yield Line(key, "by-product", step.name, row.item, place, "item", rate, -fixed, -quantity)

    def _on_material(self, line: Line) -> Iterator[Line]:
        rate = self.rates.overhead("material value", line.place)
        if rate and line.subject not in self.made:
            yield Line(
                ("overhead", *line.key), "overhead", line.step, f"on {line.subject}", line.place, "item",
                rate * line.rate, line.fixed, line.per_unit, on=line.key,
            )  # fmt: skip

    def _times(self, shape: Shape, step: Step, at: datetime, share: Fraction) -> Iterator[Line]:
        needs = [chosen for chosen, _ in self.slots(shape, step.name, at)]
        speed = Fraction(1)
        for need in needs:
            speed *= exact(need.speed)
        run = Fraction(1, HOUR) / speed
        for slot, need in enumerate(needs):
            count, category = units_of(need), self.rates.category(need, at)
            place, rate = self.rates.place(need, at, shape.process.place), self.rates.standard(need, at)
            name = need.resource or need.skill
            resource = self.rates.resources.get(need.resource)
            key = (category, step.name, str(slot))
            if resource is not None and resource.bucket == "calendar":  # takes units of a period, not hours of a run
                fixed, per = exact(need.fixed_quantity), exact(need.quantity)
                yield from self._hours(Line((*key, "run"), category, step.name, name, place, "h", rate, fixed, per))
                continue
            setup, time = exact(step.setup_time) / HOUR * count, exact(step.time) * run * count
            per = exact(step.time_per_unit) * run * count
            if setup:
                yield from self._hours(
                    Line((*key, "set-up"), category, step.name, name, place, "h", rate, setup, setup=True)
                )
            if time or per:
                batch = exact(step.batch_size)
                yield from self._hours(
                    Line((*key, "run"), category, step.name, name, place, "h", rate, time, per, batch, share)
                )
            if need.cost:
                use = (category, step.name, str(slot), "use")
                yield Line(use, category, step.name, f"use of {name}", place, "use", exact(need.cost), Fraction(1))
        if step.cost:
            cost, own, place = exact(step.cost), ("machine", step.name, "", "cost"), shape.process.place
            yield Line(own, "machine", step.name, step.name, place, "unit", cost, ZERO, Fraction(1), ZERO, share)

    def _hours(self, line: Line) -> Iterator[Line]:
        yield line
        rate = self.rates.on_hours(line.kind, line.place, line.rate)
        if rate:
            yield Line(
                ("overhead", *line.key), "overhead", line.step, f"on {line.subject}", line.place, "h", rate,
                line.fixed, line.per_unit, line.batch, line.share, line.setup, line.key,
            )  # fmt: skip

    def _option(self, option: SupplyOption | None, shape: Shape) -> Iterator[Line]:
        if option is None:
            return
        name, place = option.name, shape.process.place
        if option.cost:
            yield Line(("option", "unit"), "machine", "", name, place, "unit", exact(option.cost), per_unit=Fraction(1))
        if option.order_cost:
            yield Line(("option", "order"), "machine", "", name, place, "order", exact(option.order_cost), Fraction(1))

    def slots(self, shape: Shape, step: str, at: datetime) -> list[tuple[StepResource, list[StepResource]]]:
        """What a step needs at a moment: each need with its alternatives, the preferred one first."""
        return slots((r for r in shape.resources.get(step, ()) if valid(r, at)), lambda r: "")


def slots(rows: Iterable[Row], group: Callable[[Row], str]) -> list[tuple[Row, list[Row]]]:
    """Rows that stand in for each other, with the one of the lowest priority number; rows without a label alone."""
    alone: list[list[Row]] = []
    labelled: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.alternative:
            labelled[group(row), row.alternative].append(row)
        else:
            alone.append([row])
    return [(min(several, key=lambda r: r.priority), several) for several in [*alone, *labelled.values()]]


def units_of(need: StepResource) -> Fraction:
    """How many are at work for a need at once: members of a group or people with a skill are whole."""
    return exact(need.quantity) if need.resource and not need.skill else Fraction(ceil(need.quantity))


def yields(shape: Shape) -> dict[str, Fraction]:
    """Y of each step: its own yield times the yields of all steps that follow it."""
    following: dict[str, set[str]] = {s.name: set() for s in shape.steps}
    for step in shape.steps:
        todo = list(shape.before[step.name])
        while todo:
            earlier = todo.pop()
            if step.name not in following[earlier]:
                following[earlier].add(step.name)
                todo.extend(shape.before[earlier])
    own = {s.name: exact(s.yield_rate) for s in shape.steps}
    found = {}
    for name, after in following.items():
        found[name] = own[name]
        for other in after:
            found[name] *= own[other]
    return found


def _output(shape: Shape, at: datetime) -> tuple[Fraction, Fraction]:
    """What an order yields: (for each of its units, whatever its size). One for one unless rows say otherwise."""
    rows = [r for s in shape.steps for r in shape.items[s.name] if r.direction == "out" and valid(r, at)]
    own = [r for r in rows if r.item == shape.process.item]
    if not own:
        return Fraction(1), ZERO
    return sum((exact(r.quantity) for r in own), ZERO), sum((exact(r.fixed_quantity) for r in own), ZERO)
