"""The cost of an order: what it should have cost, what it did cost, and the differences by cause.

For each line of the cost sheet (``sheet``) with standard rate SR, and for the order's output of g units of the process:

    AQ, AC   actual quantity (units, hours) and what it cost
    SQw      standard quantity for the units really worked on at the step:  Q(N * Y), N units worked, Y its yields
    SQa      standard quantity allowed for the output in an order of its size:  Q(g)
    SQs      the part of Q(L) that the output is of what an order of the costing lot L yields

    price, rate, spending = AC - AQ * SR       usage, efficiency = (AQ - SQw) * SR
    scrap and yield = (SQw - SQa) * SR         lot size = (SQa - SQs) * SR
    method = standard cost by the process as it is now - standard cost at which the output was put into stock

They add up to actual cost - standard cost of the output, exactly, for SQs * SR of all lines is the first term of the
method variance. Above 0 is unfavourable. Price and efficiency variances as in Horngren, Datar, Rajan, Cost Accounting:
price variance = (actual price - budgeted price) x actual input, efficiency variance = (actual input - budgeted input
allowed for actual output) x budgeted price; the latter is split here into usage, scrap and yield, and lot size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from gemba.measure.cost.build import HOUR, Costing
from gemba.measure.cost.crew import Place, crew, names
from gemba.measure.cost.facts import Amount, Facts, Work
from gemba.measure.cost.money import COMPONENTS, ZERO, spread
from gemba.measure.cost.rollup import Roller
from gemba.measure.cost.sheet import Line, Sheet
from gemba.measure.cost.standards import Standards
from gemba.operation import Operation, ReleasedOrder

#: What the first two variances are called for each kind of line.
NAMES = {
    "material": ("material price", "material usage"),
    "by-product": ("material price", "scrap and yield"),
    "waste": ("material price", "scrap and yield"),
    "labour": ("labour rate", "labour efficiency"),
    "machine": ("machine spending", "machine efficiency"),
    "overhead": ("overhead spending", "overhead efficiency"),
}
#: Every variance of an order, in the order in which they are shown.
VARIANCES = (
    "material price", "material usage", "labour rate", "labour efficiency", "machine spending", "machine efficiency",
    "overhead spending", "overhead efficiency", "scrap and yield", "lot size", "method",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineCost:
    """A line of the order's cost: standard beside actual (see the module for the symbols)."""

    line: Line
    actual: Fraction  # AQ
    cost: Fraction  # AC
    worked: Fraction  # SQw
    allowed: Fraction  # SQa
    absorbed: Fraction  # SQs

    @property
    def standard(self) -> Fraction:
        return self.absorbed * self.line.rate

    def variances(self) -> Iterator[tuple[str, Fraction]]:
        price, usage = NAMES[self.line.kind]
        rate = self.line.rate
        yield price, self.cost - self.actual * rate
        yield usage, (self.actual - self.worked) * rate
        yield "scrap and yield", (self.worked - self.allowed) * rate
        yield "lot size", (self.allowed - self.absorbed) * rate


@dataclass(frozen=True, slots=True)
class OrderCost:
    """An order's cost; amounts are exact. ``output`` in units of its item, ``value`` is its standard cost."""

    order: ReleasedOrder
    output: Fraction
    value: Fraction
    lines: tuple[LineCost, ...]
    facts: Facts
    lot: Fraction

    @property
    def actual(self) -> Fraction:
        return sum((line.cost for line in self.lines), ZERO)

    @property
    def variance(self) -> Fraction:
        """Actual cost less standard cost of the output."""
        return self.actual - self.value

    @property
    def closing(self) -> Fraction:
        """What is left on the order's account and is closed to the variances of the period: scrap and waste that were
        moved out of it with a value are losses of their own."""
        lost = self.facts.scrapped.value + sum((a.value for a in self.facts.waste.values()), ZERO)
        return self.variance - lost

    def variances(self) -> dict[str, Fraction]:
        """Each variance, exact; their sum is ``variance``."""
        found = dict.fromkeys(VARIANCES, ZERO)
        for line in self.lines:
            for name, amount in line.variances():
                found[name] += amount
        found["method"] = sum((line.standard for line in self.lines), ZERO) - self.value
        return found

    def in_cents(self) -> dict[str, Decimal]:
        """The variances in whole cents; they add up to the variance in whole cents."""
        found = self.variances()
        return dict(zip(found, spread(found.values()), strict=True))

    def components(self) -> dict[str, tuple[Fraction, Fraction]]:
        """(standard by the process as it is now, actual) of material, labour, machine and overhead."""
        found = dict.fromkeys(COMPONENTS, (ZERO, ZERO))
        for line in self.lines:
            name = line.line.kind if line.line.kind in found else "material"
            standard, actual = found[name]
            found[name] = (standard + line.standard, actual + line.cost)
        return found


class Coster:
    """Costs orders of an operation at the standards that held."""

    def __init__(self, operation: Operation, standards: Standards) -> None:
        self.costing, self.standards = Costing(operation), standards
        self._lots = Roller(operation, operation.now, {})
        self._sheets: dict[tuple[str, str, datetime], Sheet | None] = {}
        self._crews: dict[tuple[str, ...], list[Place]] = {}

    def sheet(self, order: ReleasedOrder, at: datetime) -> Sheet | None:
        """The cost sheet of the order's process; None where the operation does not know it."""
        key = order.process, order.option, at
        if key not in self._sheets:
            option = self.costing.options.get(order.option) or self._lots.option(order.item, order.place, order.process)
            shape = self.costing.shapes.get(order.process)
            if shape is None:
                self._sheets[key] = None
            else:
                lot = self._lots.lot((shape.process.item, shape.process.place), option)
                self._sheets[key] = self.costing.sheet(
                    order.process, at, lot, lambda item, place: self.standards.unit(item, place, at), option
                )
        return self._sheets[key]

    def crew(self, process: str, work: Work, at: datetime) -> list[Place]:
        """Who and what was at work (see ``crew``)."""
        key = (process, work.step, work.resource, work.person, work.planned, at.isoformat())
        if key not in self._crews:
            reported = names(work.resource) + names(work.person)
            self._crews[key] = crew(self.costing, process, work.step, at, reported, names(work.planned))
        return self._crews[key]

    def cost(self, order: ReleasedOrder, facts: Facts, at: datetime) -> OrderCost:
        """The cost of an order by the standards of a moment: that at which it was done."""
        sheet = self.sheet(order, at)
        output, value = self.output(order, facts, at)
        g = sheet.size(output, facts.orders) if sheet else ZERO
        used = self._used(order, facts, at, sheet, g)
        if sheet is None:
            lines = tuple(LineCost(u.line, u.quantity, u.cost, ZERO, ZERO, ZERO) for u in used.values())
            return OrderCost(order, output, value, lines, facts, ZERO)
        standard = {line.key: line for line in sheet.lines}
        share = output / sheet.output(sheet.lot) if sheet.lot > 0 else ZERO
        found = []
        for key in [*standard, *(k for k in used if k not in standard)]:
            u, own = used.get(key) or Used(standard[key]), standard.get(key)
            if own is None:
                found.append(LineCost(u.line, u.quantity, u.cost, ZERO, ZERO, ZERO))
                continue
            at_work = own.quantity(worked(own, sheet, facts, g))
            found.append(LineCost(own, u.quantity, u.cost, at_work, own.quantity(g), own.quantity(sheet.lot) * share))
        return OrderCost(order, output, value, tuple(found), facts, sheet.lot)

    def output(self, order: ReleasedOrder, facts: Facts, at: datetime) -> tuple[Fraction, Fraction]:
        """What the order has yielded and its standard cost: as it was put into stock; of a service, as reported."""
        if facts.output != (ZERO, ZERO) or order.kind not in ("service", "inspection"):
            return facts.output
        return facts.reported, facts.reported * self.standards.unit(order.item, order.place, at).total

    def _used(
        self, order: ReleasedOrder, facts: Facts, at: datetime, sheet: Sheet | None, g: Fraction
    ) -> dict[tuple[str, ...], Used]:
        """What was really used, by the key of its line."""
        tally = Tally(self, order, at, sheet)
        for (item, step), amount in facts.issued.items():
            tally.material(item, step, amount)
        for (item, amount), kind in [(x, "by-product") for x in facts.by_products.items()] + [
            (x, "waste") for x in facts.waste.items()
        ]:
            tally.yielded(kind, item, amount)
        for work, seconds in facts.seconds.items():
            for place in self.crew(order.process, work, at):
                tally.time(work, place, seconds / HOUR)
        for line in sheet.lines if sheet else ():
            tally.other(line, facts, g)
        for meter, cost in facts.energy.items():
            own = ("machine", "", "energy", meter)
            tally.add(Line(own, "machine", "", meter, order.place, "energy", ZERO), ZERO, cost)
        return tally.found


def worked(line: Line, sheet: Sheet, facts: Facts, g: Fraction) -> Fraction:
    """Units of the process that the units worked on at the line's step stand for: N * Y; g where none were told."""
    units = facts.units.get(line.step, ZERO) if line.step else ZERO
    return units * sheet.shares[line.step] if units > 0 else g


@dataclass(slots=True)
class Used:
    """What was used of a line: AQ and AC."""

    line: Line
    quantity: Fraction = ZERO
    cost: Fraction = ZERO


class Tally:
    """Adds up what was used, on the lines of the cost sheet and on lines of its own for what that does not have."""

    def __init__(self, coster: Coster, order: ReleasedOrder, at: datetime, sheet: Sheet | None) -> None:
        self.coster, self.order, self.at = coster, order, at
        self.rates = coster.costing.rates
        self.lines = {line.key: line for line in sheet.lines} if sheet else {}
        self.found: dict[tuple[str, ...], Used] = {}

    def add(self, line: Line, quantity: Fraction, cost: Fraction) -> None:
        used = self.found.setdefault(line.key, Used(self.lines.get(line.key, line)))
        used.quantity += quantity
        used.cost += cost

    def _line(self, kind: str, item: str, step: str) -> Line | None:
        """The sheet's line of an item: that of the step, else the first."""
        of = [line for line in self.lines.values() if line.kind == kind and line.subject == item]
        return next((line for line in of if line.step == step), of[0] if of else None)

    def material(self, item: str, step: str, amount: Amount) -> None:
        line = self._line("material", item, step)
        if line is None:
            place, key = self.order.place, ("material", item, step, "")
            rate = self.coster.standards.unit(item, place, self.at).total
            line = Line(key, "material", step, item, place, "item", rate)
        self.add(line, *amount)
        charge = self.rates.overhead("material value", line.place)
        if charge and item not in self.coster.costing.made:
            own, rate = ("overhead", *line.key), charge * line.rate
            over = Line(own, "overhead", step, f"on {item}", line.place, "item", rate, on=line.key)
            self.add(over, amount.quantity, charge * amount.value)

    def yielded(self, kind: str, item: str, amount: Amount) -> None:
        """By-products are worth what they are booked at; waste costs its disposal."""
        cost = self.coster.costing.streams.get(item, ZERO) if kind == "waste" else ZERO
        line = self._line(kind, item, "")
        if line is None:
            value = cost if kind == "waste" else self.coster.costing.values.get(item, ZERO)
            line = Line((kind, item, "", ""), kind, "", item, self.order.place, "item", value)
        if kind == "waste":
            self.add(line, amount.quantity, amount.quantity * cost)
        else:
            self.add(line, -amount.quantity, -amount.value)

    def time(self, work: Work, place: Place, hours: Fraction) -> None:
        part, other = ("set-up", "run") if work.setup else ("run", "set-up")
        key = (place.category, work.step, place.slot, part)
        each = place.rate / place.units if place.units else ZERO
        sibling = self.lines.get((*key[:3], other))
        rate = sibling.rate if sibling else each
        line = self.lines.get(key) or Line(
            key, place.category, work.step, place.name, place.place, "h", rate, setup=work.setup
        )
        self.add(line, hours * place.units, hours * place.rate)
        charge = self.rates.on_hours(place.category, place.place, each)
        over = ("overhead", *key)
        if charge or over in self.lines:
            standard = self.rates.on_hours(place.category, line.place, line.rate)
            own = Line(over, "overhead", work.step, f"on {line.subject}", line.place, "h", standard, on=key)
            self.add(own, hours * place.units, hours * place.units * charge)

    def other(self, line: Line, facts: Facts, g: Fraction) -> None:
        """Lines that cost what they should by what was done: for each unit, use, order."""
        if line.basis == "unit":
            quantity = facts.units.get(line.step, ZERO) if line.step else g
        elif line.basis == "use":
            quantity = Fraction(facts.touched.get(line.step, 0))
        elif line.basis == "order":
            quantity = Fraction(facts.orders)
        elif line.basis == "units":
            quantity = facts.output.quantity
        else:
            return
        self.add(line, quantity, quantity * line.rate)
