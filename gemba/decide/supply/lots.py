"""Lot sizes: how much to order so that a need is met and the option's rules are kept."""

from __future__ import annotations

from math import ceil, floor, inf

from gemba.decide.supply.network import OptionNode

_SLACK = 1e-9
_MOST_LOTS = 5000


def round_up(quantity: float, multiple: float) -> float:
    return ceil(quantity / multiple - _SLACK) * multiple if multiple > 0 else quantity


def round_down(quantity: float, multiple: float) -> float:
    return floor(quantity / multiple + _SLACK) * multiple if multiple > 0 else quantity


def lot_sizes(option: OptionNode, quantity: float, lots: int = 1) -> list[float]:
    """Sizes of the orders (in units of the order) that together supply at least ``quantity`` of the buffer's item.

    ``lots`` asks for that many orders side by side, as far as minimum and multiple (else whole units) allow.
    """
    low = round_up(option.minimum, option.multiple)
    high = round_down(option.maximum, option.multiple) if option.maximum < inf else inf
    if high < low:
        return []
    if lots > 1:
        part = quantity / max(option.per_unit, _SLACK) / lots
        high = min(high, max(round_up(part, option.multiple or 1.0), low))
    sizes: list[float] = []
    left = quantity
    while left > _SLACK * max(1.0, quantity):
        size = low
        if option.per_unit > _SLACK:
            size = min(
                max(round_up((left - option.fixed_yield) / option.per_unit, option.multiple), low), max(high, low)
            )
        if size <= 0:  # what an order yields whatever its size is enough
            size = min(option.multiple or 1.0, high)
        got = size * option.per_unit + option.fixed_yield
        if got <= 0 or len(sizes) >= _MOST_LOTS:
            return []
        sizes.append(size)
        left -= got
    return sizes
