"""Net change: a plan brought up to date by replanning only the items that a change of the data reaches."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gemba.decide.netting.levels import by_key, structure
from gemba.decide.netting.problem import Ints, Problem
from gemba.decide.netting.solve import Result, add, arguments, solve
from gemba.solvers.netting import Tables, again

Flags = NDArray[np.bool_]

_COLUMNS = ("stock", "safety", "minimum", "multiple", "period", "lead", "orders")
_LINES = ("parent", "per", "fixed", "first", "last")


def solve_again(before: Result, problem: Problem, *, reuse: bool = False) -> Result:
    """The same as ``solve(problem)``, from the result of an earlier problem with the same items and buckets.

    Items whose data differ are replanned, and then, level by level, those whose needs differ because of it. With other
    items or buckets everything is planned anew.

    Args:
        reuse: write into the arrays of ``before``, which must not be used any more; saves copying the tables.
    """
    old = before.problem
    if (old.items, old.buckets) != (problem.items, problem.buckets):
        return solve(problem)
    lines = _differ(old.child, _rows(old, _LINES), problem.child, _rows(problem, _LINES), problem.items)
    shape = structure(problem) if lines.any() or not np.array_equal(old.child, problem.child) else before.structure
    receipts = _listed(old, problem, "receipt")
    changed = lines | receipts | _listed(old, problem, "need")
    for name in _COLUMNS:
        changed |= getattr(old, name) != getattr(problem, name)
    tables = Tables(*(getattr(before, name) if reuse else getattr(before, name).copy() for name in Tables._fields))
    _fill(tables.need, problem, "need", changed)
    _fill(tables.receipt, problem, "receipt", receipts)
    dirty = np.zeros(problem.items, np.bool_)
    if again(shape.sequence, *arguments(problem, shape), tables, changed, dirty) >= 0:
        return solve(problem)
    return Result(problem, shape.level, *tables, shape)


def _rows(problem: Problem, names: Iterable[str]) -> tuple[Ints, ...]:
    return tuple(getattr(problem, name) for name in names)


def _listed(old: Problem, new: Problem, kind: str) -> Flags:
    """The items whose needs or receipts differ."""
    names = (f"{kind}_bucket", f"{kind}_quantity")
    item = f"{kind}_item"
    return _differ(getattr(old, item), _rows(old, names), getattr(new, item), _rows(new, names), new.items)


def _differ(old_key: Ints, old: tuple[Ints, ...], new_key: Ints, new: tuple[Ints, ...], n: int) -> Flags:
    """Of n items, those whose rows in two lists differ (or stand in another order)."""
    found = np.zeros(n, np.bool_)
    pairs = [(old_key, new_key), *zip(old, new, strict=True)]
    if all(np.array_equal(a, b) for a, b in pairs):
        return found
    if len(old_key) == len(new_key):
        rows = np.zeros(len(old_key), np.bool_)
        for a, b in pairs:
            rows |= a != b
        found[old_key[rows]] = found[new_key[rows]] = True
        return found
    (old_start, old_rows), (new_start, new_rows) = by_key(old_key, n), by_key(new_key, n)
    found |= np.diff(old_start) != np.diff(new_start)
    old_rows, new_rows = old_rows[~found[old_key[old_rows]]], new_rows[~found[new_key[new_rows]]]
    keys = new_key[new_rows]
    for a, b in zip(old, new, strict=True):
        found[keys[a[old_rows] != b[new_rows]]] = True
    return found


def _fill(table: Ints, problem: Problem, kind: str, items: Flags) -> None:
    """Put into an item's row what the list of its needs or receipts says."""
    item, bucket, quantity = _rows(problem, (f"{kind}_item", f"{kind}_bucket", f"{kind}_quantity"))
    table[items] = 0
    rows = items[item]
    add(table, item[rows], bucket[rows], quantity[rows])
