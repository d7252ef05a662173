"""Money: exact while it is worked with, rounded once, and what rounding takes from one part another part gets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

ZERO = Fraction(0)
#: Units of the smallest coin in one unit of the currency; and of the smallest difference that records keep.
CENTS, MILLIONTHS = 100, 1_000_000


def exact(value: float | int | Decimal | Fraction) -> Fraction:
    """The number as it is written: 0.1 is a tenth, not its binary neighbour."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def spread(parts: Iterable[Fraction], smallest: int = CENTS) -> list[Decimal]:
    """The parts in whole smallest units (cents), half to even, so that they add up to their rounded total.

    With S_k the sum of the first k parts and R rounding half to even, part k is R(S_k) - R(S_k-1): what is left over is
    carried on, so that no part is more than one unit away from itself.
    """
    found, total, before = [], ZERO, 0
    for part in parts:
        total += part
        after = round(total * smallest)  # of a fraction: half to even
        found.append(_units(after - before, smallest))
        before = after
    return found


def _units(count: int, smallest: int) -> Decimal:
    return Decimal(count).scaleb(-2 if smallest == CENTS else -6)


def cents(value: Fraction) -> Decimal:
    """The amount in whole cents, half to even."""
    return spread((value,))[0]


class Cost(NamedTuple):
    """An amount of money by what it is spent on."""

    material: Fraction = ZERO
    labour: Fraction = ZERO
    machine: Fraction = ZERO
    overhead: Fraction = ZERO

    @property
    def total(self) -> Fraction:
        return self.material + self.labour + self.machine + self.overhead

    def plus(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, factor: Fraction) -> Cost:
        return Cost(*(part * factor for part in self))


#: What a cost is made up of, in the order in which it is shown.
COMPONENTS = Cost._fields


def kept(cost: Cost) -> Cost:
    """The cost of a unit as it is recorded: components to the millionth that add up to the total to the millionth."""
    return Cost(*(Fraction(part) for part in spread(cost, MILLIONTHS)))
