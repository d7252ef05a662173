"""Quantities as whole millionths, and how two of them are multiplied within 64 bits."""

from __future__ import annotations

from gemba.solvers.compiled import kernel

#: A quantity of 1 is stored as this; so is a quantity per unit. The smallest quantity is one millionth of a unit.
SCALE = 1_000_000
#: No stored quantity, and no item's needs over all buckets, may be larger than this (a million million units): then
#: no sum leaves 64 bits.
LIMIT = 1_000_000_000_000 * SCALE


@kernel
def times(quantity, per):  # type: ignore[no-untyped-def]
    """quantity x per, both scaled, rounded up to the next millionth; -1 where it goes beyond the limit.

    With S the scale and q = a·S + b, p = c·S + d: q·p / S = a·p + b·c + b·d / S, where no product leaves 64 bits.
    """
    if float(quantity) * float(per) > float(LIMIT) * SCALE:
        return -1
    high, low = quantity // SCALE, quantity % SCALE
    per_high, per_low = per // SCALE, per % SCALE
    return high * per + low * per_high + (low * per_low + SCALE - 1) // SCALE


@kernel
def within(need):  # type: ignore[no-untyped-def]
    """Whether an item's needs stay within the limit."""
    total = 0.0
    for t in range(len(need)):
        total += float(need[t])
    return total <= float(LIMIT)
