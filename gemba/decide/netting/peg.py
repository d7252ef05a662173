"""Pegging: which supply serves which need, first come first served, for the items that are asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gemba.decide.netting.levels import by_key
from gemba.decide.netting.problem import Ints
from gemba.decide.netting.solve import Result, table
from gemba.solvers.netting import times

#: Kinds of supply, in the order in which those of one bucket are used.
STOCK, RECEIPT, ORDER = 0, 1, 2


@dataclass(frozen=True)
class Pegs:
    """As columns: ``quantity`` of ``item`` from the supply of this kind and bucket goes to the need of ``need_bucket``.

    ``line`` is the number of the bill of materials line whose parent's orders need it; -1 is independent demand.
    """

    item: Ints
    kind: Ints
    supply_bucket: Ints  # -1 for stock on hand
    line: Ints
    need_bucket: Ints
    quantity: Ints


def pegs(result: Result, items: Iterable[int] | None = None) -> Pegs:
    """Pegs of the given items (all where none are given).

    Supplies and needs are taken in time order, so the pegs of an item are the pieces between the steps of its
    cumulative supply and cumulative need. Needs beyond all supply have no peg.
    """
    p = result.problem
    own = table(p, p.need_item, p.need_bucket, p.need_quantity)
    start, _ = by_key(p.child, p.items)
    # By child as before; its parents in the order of their numbers, and lines of one parent by what tells them apart.
    lines = np.lexsort((p.last, p.first, p.fixed, p.per, p.parent, p.child))
    found = [
        _of_item(result, i, own[i], lines[start[i] : start[i + 1]])
        for i in (range(p.items) if items is None else sorted(set(items)))
    ]
    columns = np.concatenate(found, axis=1) if found else np.zeros((6, 0), np.int64)
    return Pegs(*columns)


def _of_item(result: Result, item: int, own: Ints, lines: Ints) -> Ints:
    kind, supply_bucket, supply = _supplies(result, item)
    line, need_bucket, need = _needs(result, own, lines)
    had, wanted = np.cumsum(supply), np.cumsum(need)
    if not len(had) or not len(wanted):
        return np.zeros((6, 0), np.int64)
    edges = np.unique(np.concatenate((had, wanted)))
    edges = edges[(edges > 0) & (edges <= min(had[-1], wanted[-1]))]
    s, n = np.searchsorted(had, edges), np.searchsorted(wanted, edges)
    quantity = np.diff(edges, prepend=0)
    return np.stack((np.full(len(edges), item), kind[s], supply_bucket[s], line[n], need_bucket[n], quantity))


def _supplies(result: Result, item: int) -> tuple[Ints, Ints, Ints]:
    """(kind, bucket, quantity) of what is there or comes, in the order in which it is used."""
    buckets = np.arange(result.problem.buckets)
    kind = np.append(STOCK, np.tile([RECEIPT, ORDER], len(buckets)))
    bucket = np.append(-1, np.repeat(buckets, 2))
    both = np.stack((result.receipt[item], result.due[item]), axis=1).ravel()
    quantity = np.append(result.problem.stock[item], both)
    some = quantity > 0
    return kind[some], bucket[some], quantity[some]


def _needs(result: Result, own: Ints, lines: Ints) -> tuple[Ints, Ints, Ints]:
    """(line, bucket, quantity) of what is needed, by bucket; independent demand before the lines in their order."""
    rows = [own, *(_taken(result, int(k)) for k in lines)]
    quantity = np.stack(rows, axis=1)
    bucket, which = np.nonzero(quantity)
    return np.append(-1, lines)[which], bucket.astype(np.int64), quantity[bucket, which]


def _taken(result: Result, k: int) -> Ints:
    """What the orders of a line's parent take of its child in each bucket."""
    p = result.problem
    release = result.release[p.parent[k]]
    taken = np.zeros(p.buckets, np.int64)
    low, high = max(int(p.first[k]), 0), int(p.last[k])
    for t in np.flatnonzero(release[low:high]) + low:
        taken[t] = times(int(release[t]), int(p.per[k])) + p.fixed[k]
    return taken
