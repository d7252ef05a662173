"""Solve a netting problem: planned orders of every item, its needs and its projected stock."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.decide.netting.levels import Structure, structure
from gemba.decide.netting.problem import Ints, Problem
from gemba.solvers.netting import LIMIT, SCALE, Items, Lines, Tables, run


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
    structure: Structure = field(repr=False)

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
    shape = structure(problem)
    need = table(problem, problem.need_item, problem.need_bucket, problem.need_quantity)
    receipt = table(problem, problem.receipt_item, problem.receipt_bucket, problem.receipt_quantity)
    due, release, stock = (np.zeros_like(need) for _ in range(3))
    tables = Tables(need, receipt, due, release, stock, np.zeros(problem.items, np.int64))
    beyond = run(shape.sequence, *arguments(problem, shape), tables)
    if beyond >= 0:
        raise OverflowError(f"the needs of item {beyond} go beyond {LIMIT // SCALE:,} units")
    return Result(problem, shape.level, *tables, shape)


def arguments(problem: Problem, shape: Structure) -> tuple[Lines, Items]:
    """A problem as the kernels want it."""
    p = problem
    rule = np.ascontiguousarray(np.stack((p.period, p.minimum, p.multiple, p.lead), axis=1))
    lines = Lines(p.parent, p.child, p.per, p.fixed, p.first, p.last, *shape.above, *shape.below)
    return lines, Items(p.stock, p.safety, rule, p.orders)


def table(problem: Problem, item: Ints, bucket: Ints, quantity: Ints) -> Ints:
    """Quantities of a list as items x buckets, summed in whole numbers."""
    found = np.zeros((problem.items, problem.buckets), np.int64)
    add(found, item, bucket, quantity)
    return found


def add(table: Ints, item: Ints, bucket: Ints, quantity: Ints) -> None:
    """Add the quantities of a list to a table.

    Raises:
        OverflowError: where they are too many for the arithmetic.
    """
    if quantity.sum(dtype=np.float64) > LIMIT:
        raise OverflowError(f"quantities of all items together must be at most {LIMIT // SCALE:,} units")
    np.add.at(table, (item, bucket), quantity)
