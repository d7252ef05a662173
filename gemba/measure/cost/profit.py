"""Profit and loss: postings with place, item and customer, in whole cents, grouped in any way with the same sum.

    revenue                       quantity x price of what was delivered, less what was taken back
    - variable cost of goods sold material, labour and machine of its standard cost
    = contribution
    - overhead of goods sold      overhead of its standard cost
    = gross profit
    - purchase price variance     paid - standard cost of what was received
    - production variances        what is left on the accounts of orders that are done (``variance``: closing)
    - scrap, waste, stock adjustments, maintenance, energy, overhead not absorbed
    = result

Standard cost of goods sold with the variances of the period charged to it whole: Horngren, Datar, Rajan, Cost
Accounting, the adjustment by write-off to cost of goods sold. Overhead counts as fixed, everything else as variable.
Overhead not absorbed is the production-volume variance: budgeted overhead - rate x actual units of its basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from gemba.measure.cost.money import ZERO, exact, spread
from gemba.measure.cost.rates import Rates
from gemba.operation import Measurement, Meter, Operation

#: Lines that are posted to, in the order of the statement, with the subtotal that follows each (blank: none).
LINES = {
    "revenue": "",
    "variable cost of goods sold": "contribution",
    "overhead of goods sold": "gross profit",
    "purchase price variance": "",
    "production variances": "",
    "scrap": "",
    "waste": "",
    "stock adjustments": "",
    "maintenance": "",
    "energy": "",
    "overhead not absorbed": "result",
}
#: What a statement can be grouped by.
GROUPS = ("month", "place", "family", "customer")


class Posting(NamedTuple):
    """An amount on a line of the statement: above 0 it adds to the result. ``month`` as 2026-11; blanks: of none."""

    month: str
    line: str
    place: str
    item: str
    customer: str
    amount: Fraction


class Cell(NamedTuple):
    """The same in whole cents, postings that agree in everything added up."""

    month: str
    line: str
    place: str
    item: str
    customer: str
    amount: Decimal


def cells(postings: Iterable[Posting]) -> list[Cell]:
    """Postings added up and rounded once. In each month and line the cents add up to the rounded sum (``spread``), so
    that every way to group or filter them shows the same cents."""
    sums: dict[tuple[str, str, str, str, str], Fraction] = defaultdict(Fraction)
    for p in postings:
        sums[p[:5]] += p.amount
    lines: dict[tuple[str, str], list[tuple[str, str, str, str, str]]] = defaultdict(list)
    for key in sorted(sums):
        lines[key[:2]].append(key)
    found = []
    for keys in lines.values():
        amounts = spread(sums[key] for key in keys)
        found += [Cell(*key, amount) for key, amount in zip(keys, amounts, strict=True) if amount]
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the statement: its amount in each group, and their sum."""

    line: str
    amounts: tuple[Decimal, ...]
    total: Decimal
    subtotal: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A profit and loss statement: groups as columns, lines and subtotals as rows."""

    groups: tuple[str, ...]
    rows: tuple[Row, ...]

    def total(self, line: str) -> Decimal:
        """A line's amount in all groups together."""
        return next(row.total for row in self.rows if row.line == line)


def statement(found: Iterable[Cell], group: Callable[[Cell], str], groups: Sequence[str] = ()) -> Statement:
    """The statement of these cells, by what ``group`` says of each; ``groups`` are shown even where they are empty."""
    sums: dict[str, dict[str, Decimal]] = {line: defaultdict(Decimal) for line in LINES}
    names = dict.fromkeys(groups)
    for cell in found:
        name = group(cell)
        names.setdefault(name)
        sums[cell.line][name] += cell.amount
    columns = tuple(sorted(names, key=lambda n: (n == "", n)))
    rows = []
    running: dict[str, Decimal] = defaultdict(Decimal)
    for line, subtotal in LINES.items():
        for name, amount in sums[line].items():
            running[name] += amount
        rows.append(_row(line, sums[line], columns, False))
        if subtotal:
            rows.append(_row(subtotal, running, columns, True))
    return Statement(columns, tuple(rows))


def _row(line: str, amounts: Mapping[str, Decimal], columns: Sequence[str], subtotal: bool) -> Row:
    shown = tuple(amounts.get(c, Decimal(0)) for c in columns)
    return Row(line, shown, sum(shown, Decimal(0)), subtotal)


def grouping(operation: Operation, by: str, within: str = "") -> Callable[[Cell], str]:
    """What each cell is grouped by: its month, family, customer, or the place below ``within`` (blank: the topmost)
    that its own place is in; what lies at ``within`` itself is grouped under it.

    Raises:
        ValueError: where ``by`` is not one of GROUPS.
    """
    families = {i.name: i.family for i in operation.items}
    parents = {p.name: p.parent for p in operation.places}
    if by not in GROUPS:
        raise ValueError(f"by is {by!r}; it must be one of {', '.join(GROUPS)}")
    if by == "place":
        return lambda cell: _below(cell.place, within, parents)
    if by == "family":
        return lambda cell: families.get(cell.item, "")
    return (lambda cell: cell.month) if by == "month" else (lambda cell: cell.customer)


def _below(place: str, within: str, parents: Mapping[str, str]) -> str:
    while place and place != within and parents.get(place, "") != within and parents.get(place):
        place = parents[place]
    return place


def unabsorbed(
    rates: Rates, operation: Operation, month: str, share: Fraction, used: Mapping[tuple[str, str], Fraction]
) -> list[Posting]:
    """Overhead of a month that no work was charged: rate x (budget x share of the month - units used inside the place).

    Args:
        share: how much of the month the books cover: from their first record until now.
        used: actual units by (basis, place).
    """
    found = []
    for o in operation.overheads:
        if o.budget > 0:
            done = sum((u for (basis, p), u in used.items() if basis == o.basis and o.place in rates.up(p)), ZERO)
            amount = exact(o.rate) * (done - exact(o.budget) * share)
            found.append(Posting(month, "overhead not absorbed", o.place, "", "", amount))
    return found


class Energy(NamedTuple):
    """What was used between two readings of a meter, at the moment of the second; the order it names, if any."""

    at: datetime
    meter: str
    place: str
    order: str
    cost: Fraction


def energy(operation: Operation, measurements: Iterable[Measurement]) -> list[Energy]:
    """Cost of metered energy and media: the difference of consecutive readings of a counter times its cost of a unit.

    A reading below the one before (a new meter, a reset) begins anew. Readings that were replaced do not count.
    """
    meters = {m.name: m for m in operation.meters if m.cost and m.kind == "counter" and m.media}
    places = {r.name: r.place for r in operation.resources}
    readings: dict[str, list[Measurement]] = defaultdict(list)
    known = list(measurements)
    replaced = {m.corrects for m in known if m.corrects}
    for m in known:
        if m.meter in meters and m.uid not in replaced:
            readings[m.meter].append(m)
    found = []
    for name, several in readings.items():
        found += _used(meters[name], places, sorted(several, key=lambda m: m.at))
    return found


def _used(meter: Meter, places: Mapping[str, str], readings: Sequence[Measurement]) -> list[Energy]:
    place, cost = meter.place or places.get(meter.resource, ""), exact(meter.cost)
    found = []
    for before, after in pairwise(readings):
        used = exact(after.value) - exact(before.value)
        if used > 0:
            found.append(Energy(after.at, meter.name, place, after.order, used * cost))
    return found
