"""Solve a netting problem: planned orders of every item, its needs and its projected stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.decide.netting import kernel
from gemba.decide.netting.levels import by_key, low_level_codes
from gemba.decide.netting.problem import LIMIT, SCALE, Ints, Problem


@dataclass(frozen=True)
class Orders:
    """Planned orders as columns, by item and then by due bucket. ``start`` is negative where it lies in the past."""

    item: Ints
    due: Ints
    start: Ints
    quantity: Ints


@dataclass(frozen=True)
class Result:
    """Items x buckets, scaled: ``need`` (gross requirements), ``receipt`` (of existing orders), ``due`` (planned orders
    by receipt), ``release`` (the same by start), ``stock`` (at the end of each bucket).

    In every bucket: stock before + receipt + due - need = stock after. Stock below the safety stock is a shortage of an
    item that may not be ordered. ``overdue`` is what of each item should have started before the first bucket.
    """

    problem: Problem  # the one solved, after stock or lead times were left out
    level: Ints
    need: Ints
    receipt: Ints
    due: Ints
    release: Ints
    stock: Ints
    overdue: Ints

    def orders(self) -> Orders:
        """The planned orders one by one."""
        item, due = np.nonzero(self.due)
        item, due = item.astype(np.int64), due.astype(np.int64)
        return Orders(item, due, due - self.problem.lead[item], self.due[item, due])


def solve(problem: Problem, *, net: bool = True, offset: bool = True) -> Result:
    """Plan every item, parents before children.

    ``net`` false leaves out stock, safety stock and receipts (a gross explosion), ``offset`` false lead times.

    Raises:
        CircleError: where an item needs itself.
        OverflowError: where a quantity grows beyond the limit of the arithmetic.
    """
    if not net:
        problem = problem.without_stock()
    if not offset:
        problem = problem.without_lead_time()
    level, sequence = low_level_codes(problem.items, problem.parent, problem.child)
    need = table(problem, problem.need_item, problem.need_bucket, problem.need_quantity)
    receipt = table(problem, problem.receipt_item, problem.receipt_bucket, problem.receipt_quantity)
    due, release, overdue = _run(problem, sequence, need, receipt)
    stock = problem.stock[:, None] + np.cumsum(receipt + due - need, axis=1)
    return Result(problem, level, need, receipt, due, release, stock, overdue)


def _run(problem: Problem, sequence: Ints, need: Ints, receipt: Ints) -> tuple[Ints, Ints, Ints]:
    p = problem
    start, lines = by_key(p.child, p.items)
    rules = kernel.rules_of(p.period, p.minimum, p.multiple, p.lead)
    lines_of = (start, lines, p.parent, p.per, p.fixed, p.first, p.last)
    items_of = (p.stock, p.safety, rules, p.orders)
    due, release, overdue, beyond = kernel.run(sequence, *lines_of, *items_of, need, receipt)
    if beyond >= 0:
        raise OverflowError(f"the needs of item {beyond} go beyond {LIMIT // SCALE:,} units")
    return due, release, overdue


def table(problem: Problem, item: Ints, bucket: Ints, quantity: Ints) -> Ints:
    """Quantities of a list as items x buckets, summed in whole numbers."""
    if quantity.sum(dtype=np.float64) > LIMIT:
        raise OverflowError(f"quantities of all items together must be at most {LIMIT // SCALE:,} units")
    found = np.zeros((problem.items, problem.buckets), np.int64)
    np.add.at(found, (item, bucket), quantity)
    return found
