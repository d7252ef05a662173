"""Purchases: what each need takes of the stock on hand, and what is bought, when it is needed and in the lots there are.

Needs are served in the order of their moments, from stock first, then from purchases as they come. Quantities of a material
are laid end to end, once for the needs and once for the supplies; where two pieces lie over one another they are pegged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.decide.supply.plain.recognise import Key, Plain
from gemba.operation import Stock, SupplyOption
from gemba.solvers.assembly.problem import Floats, Longs

_TINY = 1e-7


@dataclass(slots=True)
class Needs:
    """Needs in any order: which material, when, and how much."""

    material: Longs
    at: Longs
    quantity: Floats


@dataclass(slots=True)
class Bought:
    """Purchases, and pegs as (need, supply, quantity): supplies are the stocks, then the purchases."""

    material: Longs
    quantity: Floats
    start: Longs
    end: Longs
    need: Longs
    supply: Longs
    taken: Floats


def buy(plain: Plain, materials: list[Key], stocks: list[Stock], needs: Needs) -> Bought:
    """Serve all needs.

    Args:
        stocks: rows of stock on hand of the materials.
    """
    order = np.lexsort((needs.at, needs.material))
    material, at, quantity = needs.material[order], needs.at[order], needs.quantity[order]
    number = {key: i for i, key in enumerate(materials)}
    of_stock = np.array([number[s.item, s.place] for s in stocks], np.int64)
    on_hand = np.array([s.quantity for s in stocks], np.float64)
    options = [plain.buy[key] for key in materials]
    stock = np.bincount(of_stock, on_hand, len(materials)).astype(np.float64)
    lots = _lots(material, at, quantity, stock, options)
    rows = np.flatnonzero(lots > 0)
    start, end = _times(plain, options, material[rows], at[rows])
    need, supply, taken = _pegs(
        len(materials),
        material,
        quantity,
        np.concatenate([of_stock, material[rows]]),
        np.concatenate([on_hand, lots[rows]]),
    )
    return Bought(material[rows], lots[rows], start, end, order[need], supply, taken)


def _lots(material: Longs, at: Longs, quantity: Floats, on_hand: Floats, options: list[SupplyOption]) -> Floats:
    """What is bought for each need (sorted by material and moment)."""
    total = _running(material, quantity, len(options))
    short = np.maximum(0.0, total - on_hand[material])
    short[short <= _TINY * np.maximum(1.0, total)] = 0.0
    multiple = np.array([o.multiple for o in options], np.float64)[material]
    whole = np.ceil(short / np.where(multiple > 0, multiple, 1.0) - _TINY) * multiple
    bought = np.where(multiple > 0, whole, short)
    lots = np.diff(bought, prepend=0.0)
    first = np.flatnonzero(np.diff(material, prepend=-1))
    lots[first] = bought[first]
    lots[lots < _TINY] = 0.0
    for m, option in enumerate(options):
        if option.minimum > option.multiple or option.batch_window > 0:
            span = slice(*np.searchsorted(material, [m, m + 1]))
            lots[span] = _one_by_one(at[span].tolist(), quantity[span].tolist(), float(on_hand[m]), option)
    return lots


def _one_by_one(at: list[int], quantity: list[float], left: float, option: SupplyOption) -> list[float]:
    """The same where lots have a least size, or where needs of some time share one."""
    lots = []
    for i, (moment, wanted) in enumerate(zip(at, quantity, strict=True)):
        lot = 0.0
        if wanted > left + _TINY * max(1.0, wanted):
            lot = wanted - left
            for k in range(i + 1, len(at)):
                if at[k] >= moment + option.batch_window:
                    break
                lot += quantity[k]
            lot = max(lot, option.minimum)
            if option.multiple > 0:
                lot = float(np.ceil(lot / option.multiple - _TINY)) * option.multiple
        lots.append(lot)
        left += lot - wanted
    return lots


def _running(material: Longs, quantity: Floats, count: int) -> Floats:
    """Sums of the quantities of each material so far."""
    total = np.cumsum(quantity)
    before = np.concatenate([[0.0], np.cumsum(np.bincount(material, quantity, count))])
    found: Floats = total - before[material]
    return found


def _times(plain: Plain, options: list[SupplyOption], material: Longs, at: Longs) -> tuple[Longs, Longs]:
    """Each purchase as late as it may be ordered, and when it arrives."""
    lead = np.array([int(o.lead_time) for o in options], np.int64)[material]
    start, end = at - lead, at.copy()
    shipping = {s.name: s.calendar for s in plain.operation.suppliers}
    for m, option in enumerate(options):
        calendar = shipping.get(option.supplier, "")
        if calendar:
            hours = plain.hours.open(frozenset({calendar}))
            for i in np.flatnonzero(material == m).tolist():
                start[i] = hours.next_open(hours.begin(int(at[i]), int(option.lead_time)))
                end[i] = hours.finish(int(start[i]), int(option.lead_time))
    return start, end


def _pegs(
    count: int, material: Longs, quantity: Floats, of_supply: Longs, supplied: Floats
) -> tuple[Longs, Longs, Floats]:
    """(need, supply, quantity) of needs sorted by material and supplies each material of which come in their order."""
    length = np.maximum(np.bincount(material, quantity, count), np.bincount(of_supply, supplied, count))
    origin = np.concatenate([[0.0], np.cumsum(length + 1.0)])[:-1]
    needed = origin[material] + _running(material, quantity, count)
    order = np.argsort(of_supply, kind="stable")
    given = origin[of_supply[order]] + _running(of_supply[order], supplied[order], count)
    cuts = np.unique(np.concatenate([needed, needed - quantity, given]))
    middle, width = (cuts[1:] + cuts[:-1]) / 2, np.diff(cuts)
    need = np.minimum(np.searchsorted(needed, middle), len(needed) - 1)
    supply = np.minimum(np.searchsorted(given, middle), max(0, len(given) - 1))
    within = (middle > needed[need] - quantity[need]) & (middle < needed[need]) & (width > _TINY)
    return need[within], order[supply[within]], width[within]
