"""Pareto: which few of the causes make most of the loss (Juran, Quality Control Handbook, 1951)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """A cause with its ``amount`` a_i and ``count`` of records; with A the sum of all amounts,

    ``share`` = a_i / A, ``cumulated`` = (a_1 + ... + a_i) / A, the largest first; 0 where A is 0.
    """

    name: str
    amount: Decimal
    count: int
    share: float
    cumulated: float


def pareto(records: Iterable[Any], by: str, of: str | Callable[[Any], Decimal | float]) -> list[ParetoRow]:
    """The amounts of records added up by a field, the largest first; equal ones by name.

    Args:
        by: the field that names the cause, such as ``reason``, ``place`` or ``item``.
        of: the field to be added up, or what gives the amount of a record. Records whose amount is 0 do not count.
    """
    take = of if callable(of) else lambda record: getattr(record, of)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    counts: dict[str, int] = defaultdict(int)
    for record in records:
        given = take(record)
        amount = given if isinstance(given, Decimal) else Decimal(repr(given))
        if amount:
            amounts[getattr(record, by)] += amount
            counts[getattr(record, by)] += 1
    total, so_far, rows = sum(amounts.values(), Decimal(0)), Decimal(0), []
    for name, amount in sorted(amounts.items(), key=lambda pair: (-pair[1], pair[0])):
        so_far += amount
        share, cumulated = (float(a / total) if total else 0.0 for a in (amount, so_far))
        rows.append(ParetoRow(name, amount, counts[name], share, cumulated))
    return rows
