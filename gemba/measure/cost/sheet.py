"""The cost sheet of a process: what one order should use, line by line, and what that should cost.

For an order of g units of the process each line uses Q(g) = fixed + per_unit * g (of batches: fixed + per_batch *
ceil(g / Y / B)) at a standard rate R, so that the order should cost the sum of R * Q(g). Times are those of the
planning rules: a step works on g / Y units, Y being its yield times the yields of all steps after it; efficiency of a
resource is not part of the standard. A unit costs the order's cost at the costing lot L / what that order yields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from gemba.measure.cost.money import COMPONENTS, ZERO, Cost


@dataclass(frozen=True, slots=True)
class Line:
    """One thing an order uses, in the order's standard.

    ``kind`` is material, by-product, waste, labour, machine or overhead; ``basis`` says what its quantity counts: an
    item's units, hours, units of work or money; ``on`` is the line that an overhead line is charged on. ``rate`` is
    money for a unit of it. ``batch`` is B (0: none), ``share`` is Y. ``parts`` splits the rate of an item that is made.
    """

    key: tuple[str, ...]
    kind: str
    step: str
    subject: str
    place: str
    basis: str
    rate: Fraction
    fixed: Fraction = ZERO
    per_unit: Fraction = ZERO
    batch: Fraction = ZERO
    share: Fraction = Fraction(1)
    setup: bool = False
    on: tuple[str, ...] = ()
    parts: Cost | None = None

    def quantity(self, g: Fraction) -> Fraction:
        """Q(g); nothing for no units."""
        if g <= 0:
            return ZERO
        if self.batch > 0:
            return self.fixed + self.per_unit * ceil(g / self.share / self.batch)
        return self.fixed + self.per_unit * g / self.share

    def cost(self, g: Fraction) -> Cost:
        """R * Q(g), by component."""
        quantity = self.quantity(g)
        if self.parts is not None:
            return self.parts.times(quantity)
        component = self.kind if self.kind in COMPONENTS else "material"
        return Cost()._replace(**{component: quantity * self.rate})


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a process, its costing lot, and what an order of g units yields: per_unit * g + fixed."""

    process: str
    item: str
    place: str
    lot: Fraction
    lines: tuple[Line, ...]
    per_unit: Fraction = Fraction(1)
    fixed: Fraction = ZERO
    shares: Mapping[str, Fraction] = field(default_factory=dict)  # Y by step

    def output(self, g: Fraction) -> Fraction:
        return self.per_unit * g + self.fixed if g > 0 else ZERO

    def size(self, output: Fraction, orders: int = 1) -> Fraction:
        """g: the units of the process that yield this much in so many orders."""
        if not self.per_unit:
            return self.lot * orders if output > 0 else ZERO
        return max(ZERO, (output - self.fixed * orders) / self.per_unit)

    def cost(self, g: Fraction) -> Cost:
        """What an order of g units should cost."""
        total = Cost()
        for line in self.lines:
            total = total.plus(line.cost(g))
        return total

    def unit(self) -> Cost:
        """What a unit of the item should cost: R * Q(L) of all lines / output(L)."""
        output = self.output(self.lot)
        return self.cost(self.lot).times(1 / output) if output > 0 else Cost()
