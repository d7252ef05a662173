"""The standard cost roll-up: what a unit of every item should cost where it is made or bought, level by level.

Cost of a unit of an item at a place, by the first way to have it there (options by share where they split it, else the
lowest priority number):

- buy:  the option's cost (blank: the item's) + order cost / L
- move: the unit at the origin + the option's cost + order cost / L
- make: R * Q(L) of all lines of the process's cost sheet / what an order of the costing lot L yields (``sheet``)
- neither: the item's own cost

Method: absorption costing with by-products credited at their value, as in C. T. Horngren, S. M. Datar, M. V. Rajan,
Cost Accounting: A Managerial Emphasis, chapters on job costing, joint products and by-products, and standard costs.
Each level is kept to the millionth before the next one uses it, because that is what stock is valued at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from gemba.measure.cost.build import Costing
from gemba.measure.cost.money import COMPONENTS, ZERO, Cost, exact, kept
from gemba.measure.cost.rates import valid
from gemba.measure.cost.sheet import Sheet
from gemba.operation import Fault, Operation, OperationError, Process, StandardCost, SupplyOption
from gemba.operation.noun import EXACT

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """One way an item is had: how (make, buy, move, given), by what, in which lot, at what cost, for which share."""

    how: str
    name: str
    lot: Fraction
    cost: Cost
    share: Fraction
    sheet: Sheet | None = None
    origin: Key | None = None

    @property
    def inputs(self) -> list[Key]:
        if self.sheet is not None:
            return [(line.subject, line.place) for line in self.sheet.lines if line.kind == "material"]
        return [self.origin] if self.origin else []


@dataclass(frozen=True, slots=True)
class Node:
    """The standard cost of a unit of an item at a place, and where it comes from."""

    item: str
    place: str
    cost: Cost
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class RollUp:
    """Every item and place with its cost; ``doubts`` says what probably lacks a cost."""

    nodes: dict[Key, Node]
    doubts: tuple[str, ...]

    def records(self, version: str, at: datetime) -> list[StandardCost]:
        """The standard costs of a version, to hold from ``at``."""
        return [
            StandardCost(
                uid=_uid(version, *key), at=at, version=version, item=node.item, place=node.place,
                **{name: _decimal(part) for name, part in zip(COMPONENTS, node.cost, strict=True)},
            )
            for key, node in self.nodes.items()
        ]  # fmt: skip


def roll_up(operation: Operation, at: datetime, lots: Mapping[Key, float | Decimal] | None = None) -> RollUp:
    """Standard costs of every item at every place where it can be had, at a moment.

    Args:
        lots: costing lots by (item, place), where they differ from the usual order quantity (``Roller.lot``).

    Raises:
        OperationError: where items are made of themselves in a circle; every circle is named.
    """
    roller = Roller(operation, at, lots or {})
    for key in roller.wanted():
        roller.roll(key)
    if roller.circles:
        raise OperationError(roller.circles)
    return RollUp(roller.nodes, tuple(dict.fromkeys(roller.doubts)))


@dataclass
class Roller:
    """Rolls costs up from the lowest level, without recursion: items may be many levels deep."""

    operation: Operation
    at: datetime
    lots: Mapping[Key, float | Decimal]
    nodes: dict[Key, Node] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    circles: list[Fault] = field(default_factory=list)

    @cached_property
    def costing(self) -> Costing:
        return Costing(self.operation)

    @cached_property
    def items(self) -> dict[str, Fraction]:
        return {i.name: exact(i.cost) for i in self.operation.items}

    @cached_property
    def _options(self) -> dict[Key, list[SupplyOption]]:
        found: dict[Key, list[SupplyOption]] = {}
        for o in self.operation.supply_options:
            if o.priority > 0 and valid(o, self.at):
                found.setdefault((o.item, o.place), []).append(o)
        return found

    @cached_property
    def _processes(self) -> dict[Key, Process]:
        found: dict[Key, Process] = {}
        for p in self.operation.processes:
            if p.kind in ("make", "service") and valid(p, self.at):
                found.setdefault((p.item, p.place), p)
        return found

    @cached_property
    def _demanded(self) -> dict[Key, list[Fraction]]:
        found: dict[Key, list[Fraction]] = {}
        for d in self.operation.demands:
            found.setdefault((d.item, d.place), []).append(exact(d.quantity))
        return found

    def wanted(self) -> Iterator[Key]:
        """Every item and place that can be supplied, is in stock or is wanted."""
        yield from self._options
        yield from self._processes
        yield from ((s.item, s.place) for s in self.operation.stocks)
        yield from ((p.item, p.place) for p in self.operation.stock_policies)
        yield from self._demanded

    def lot(self, key: Key, option: SupplyOption | None) -> Fraction:
        """The costing lot: as given, else the usual order quantity: the option's minimum or multiple, at most its
        maximum; else the mean quantity demanded; else one unit."""
        if key in self.lots:
            return exact(self.lots[key])
        minimum = option.minimum or option.multiple if option else 0.0
        demanded = self._demanded.get(key)
        usual = exact(minimum) or (sum(demanded, ZERO) / len(demanded) if demanded else Fraction(1))
        return min(usual, exact(option.maximum)) if option and option.maximum is not None else usual

    def roll(self, wanted: Key) -> None:
        """Cost of this one after all it is made of; a stack instead of recursion."""
        path: list[Key] = []
        todo: list[tuple[Key, bool]] = [(wanted, False)]
        while todo:
            key, done = todo.pop()
            if done:
                path.pop()
                self._cost(key)
            elif key in path:
                self._circle(path[path.index(key) :])
            elif key not in self.nodes:
                path.append(key)
                todo.append((key, True))
                todo.extend((below, False) for below in self._below(key))

    def _circle(self, found: list[Key]) -> None:
        words = " → ".join(item for item, _ in [*found, found[0]])
        allowed = f"supplied without being made of itself ({words}); give one of them another supply option"
        fault = Fault("items", min(item for item, _ in found), "", None, allowed)
        if all(fault.thing != f.thing for f in self.circles):
            self.circles.append(fault)

    def _ways(self, key: Key) -> list[tuple[SupplyOption | None, str, Fraction]]:
        """(option, process, share) of each way the item is had here, in the standard."""
        options = self._options.get(key, [])
        shared = [o for o in options if o.share > 0]
        if shared:
            total = sum((exact(o.share) for o in shared), ZERO)
            return [(o, o.process, exact(o.share) / total) for o in shared]
        if options:
            first = min(options, key=lambda o: o.priority)
            return [(first, first.process, Fraction(1))]
        process = self._processes.get(key)
        return [(None, process.name, Fraction(1))] if process else []

    def option(self, item: str, place: str, process: str) -> SupplyOption | None:
        """The option by which the standard makes an item by this process at a place; None where there is none."""
        return next((o for o, by, _ in self._ways((item, place)) if o is not None and by == process), None)

    def _below(self, key: Key) -> list[Key]:
        """What this one is made of, or moved from."""
        found: list[Key] = []
        for option, process, _ in self._ways(key):
            if option is not None and option.kind == "move":
                found.append((key[0], option.origin))
            elif process:
                sheet = self.costing.sheet(process, self.at, Fraction(1), lambda *_: Cost())
                found += [(line.subject, line.place) for line in sheet.lines if line.kind == "material"]
        return found

    def _cost(self, key: Key) -> None:
        sources = tuple(self._source(key, *way) for way in self._ways(key)) or (self._given(key),)
        total = Cost()
        for source in sources:
            total = total.plus(source.cost.times(source.share))
        self.nodes[key] = Node(*key, kept(total), sources)

    def _given(self, key: Key) -> Source:
        cost = self.items.get(key[0], ZERO)
        if not cost and key[0] not in self.costing.streams:
            self.doubts.append(f"{key[0]} has no cost: give the item a cost, or a supply option with one")
        return Source("given", "", Fraction(1), Cost(material=cost), Fraction(1))

    def _source(self, key: Key, option: SupplyOption | None, process: str, share: Fraction) -> Source:
        lot = self.lot(key, option)
        if option is None or option.kind == "make":
            sheet = self.costing.sheet(process, self.at, lot, self._unit, option)
            return Source("make", option.name if option else process, lot, sheet.unit(), share, sheet)
        extra = Cost(material=exact(option.order_cost) / lot if lot > 0 else ZERO)
        if option.kind == "move":
            origin = (key[0], option.origin)
            cost = self._unit(*origin).plus(extra).plus(Cost(material=exact(option.cost)))
            return Source("move", option.name, lot, cost, share, origin=origin)
        price = exact(option.cost) or self.items.get(key[0], ZERO)
        if not price:
            self.doubts.append(f"{key[0]} is bought without a cost: give the supply option {option.name} one")
        return Source("buy", option.name, lot, extra.plus(Cost(material=price)), share)

    def _unit(self, item: str, place: str) -> Cost:
        node = self.nodes.get((item, place))
        return node.cost if node is not None else Cost(material=self.items.get(item, ZERO))


def _uid(version: str, item: str, place: str) -> str:
    return hashlib.sha256("\x1f".join((version, item, place)).encode()).hexdigest()[:32]


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(EXACT)
