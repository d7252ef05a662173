"""Resources and stocks that are surely ample, and pegs that surely add up: the rules need look only at the others.

As with single orders (``screen``), what passes here passes the rules; the rules alone find faults and words.
"""

from __future__ import annotations

import numpy as np

from gemba.decide.check.book import Book
from gemba.decide.check.columns import Columns, Flags, Floats, Longs, Numbers, close, running
from gemba.decide.check.usage import Use
from gemba.decide.check.words import SECOND, SHARE
from gemba.operation.worktime import FAR

Key = tuple[str, str]  # item, place


def tight_resources(book: Book, columns: Columns, fixed: dict[str, list[Use]]) -> set[str]:
    """Finite resources of which at some moment more may be taken than there is; those with buckets are always among them."""
    numbers = Numbers((r.name, i) for i, r in enumerate(book.operation.resources))
    return overfull(book, numbers, _uses(columns, numbers), fixed)


def overfull(
    book: Book, numbers: Numbers, uses: tuple[Longs, Floats, Longs, Longs], fixed: dict[str, list[Use]]
) -> set[str]:
    """As ``tight_resources``, by the uses (resource, units, start, end) of proposed work; ``numbers`` are those of resources."""
    taken = {o.resource for o in book.operation.supply_options if o.resource}
    resource, units, start, end = uses
    more = [(numbers[name], u.units, u.start, u.end) for name, uses in fixed.items() for u in uses]
    resource = np.concatenate([resource, np.array([m[0] for m in more], np.int64)])
    units = np.concatenate([units, np.array([m[1] for m in more], np.float64)])
    start = np.concatenate([start, np.array([m[2] for m in more], np.int64)])
    end = np.concatenate([end, np.array([m[3] for m in more], np.int64)])
    lasting = end > start
    resource, units, start, end = resource[lasting], units[lasting], start[lasting], end[lasting]
    at, change, of = np.concatenate([start, end]), np.concatenate([units, -units]), np.concatenate([resource, resource])
    order = np.lexsort((change, at, of))  # what ends at a moment makes room for what begins then
    most = np.zeros(len(numbers))
    np.maximum.at(most, of[order], running(of[order], change[order]))
    found = set()
    for r, load in zip(book.operation.resources, most.tolist(), strict=True):
        capacity = book.hours.capacity(r.name)
        steady = capacity.is_constant() and not r.bucket and r.name not in taken
        if r.limited == "finite" and not (steady and load <= capacity.values[0] + SHARE / 2):
            found.add(r.name)
    return found


def _uses(c: Columns, numbers: Numbers) -> tuple[Longs, Floats, Longs, Longs]:
    """Resource, units, start and end of what proposed tasks take."""
    counts = np.array([len(held) for held in c.sets], np.int64)
    names = numbers.known(name for held in c.sets for name, _ in held)
    amounts = np.array([units for held in c.sets for _, units in held], np.float64)
    first = np.cumsum(counts) - counts
    mine = np.flatnonzero((c.task_order >= 0) & c.proposed[c.task_order])
    count = counts[c.task_set[mine]]
    task = np.repeat(mine, count)
    base = np.cumsum(count) - count
    row = np.arange(len(task)) + np.repeat(first[c.task_set[mine]] - base, count)
    known = names[row] >= 0
    task, row = task[known], row[known]
    return names[row], amounts[row], c.task_start[task], c.task_end[task]


def scarce_items(book: Book, columns: Columns) -> set[Key]:
    """Items and places of which the stock may at some moment be negative, or of which some may expire."""
    c, on_hand = columns, np.array([s.quantity for s in book.operation.stocks], np.float64)
    key = np.concatenate([c.stock_key, c.flow_key, c.delivery_key])
    quantity = np.concatenate([on_hand, c.flow_quantity, -c.delivery_quantity])
    at = np.concatenate([np.full(len(on_hand), -FAR), c.flow_at, c.delivery_date])
    timed = np.where(quantity > 0, at - SECOND, at)
    order = np.lexsort((-quantity, timed, key))
    level = running(key[order], quantity[order])
    bad = ~(level >= -SHARE / 2)
    lives = {i.name for i in book.operation.items if i.shelf_life is not None}
    expiring = {k for _, k in book.expiry}
    keys = list(c.keys)
    return {keys[k] for k in np.unique(key[order][bad]).tolist()} | {k for k in keys if k[0] in lives or k in expiring}


class _Pairs:
    """Sums and first moments by pairs of numbers."""

    def __init__(self, a: Longs, b: Longs, width: int, quantity: Floats, at: Longs) -> None:
        self.width = width
        self.pair, inverse = np.unique(a * width + b, return_inverse=True)
        self.total: Floats = np.bincount(inverse, quantity, len(self.pair)).astype(np.float64)
        self.first = np.full(len(self.pair), np.iinfo(np.int64).max)
        np.minimum.at(self.first, inverse, at)

    def find(self, a: Longs, b: Longs) -> tuple[Longs, Flags]:
        """The row of each pair, and whether there is one."""
        wanted = a * self.width + b
        if not len(self.pair):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
        row = np.minimum(np.searchsorted(self.pair, wanted), len(self.pair) - 1)
        return row, self.pair[row] == wanted


def doubtful_pegs(book: Book, columns: Columns) -> set[Key]:
    """Items and places whose pegs may not add up, or come too late."""
    c, pegs = columns, book.plan.pegs
    demands = Numbers((d.name, i + len(book.plan.orders)) for i, d in enumerate(book.operation.demands))
    peg_key = c.keys.of((p.item, p.place) for p in pegs)
    by_order = c.orders.known(p.order for p in pegs)
    by_demand = demands.known(p.demand for p in pegs)
    user = np.where(by_demand >= 0, by_demand, by_order)
    source = np.array([c.orders.get(p.supply, -2) if p.supply else -1 for p in pegs], np.int64)
    quantity = np.array([p.quantity for p in pegs], np.float64)
    bad = np.zeros(len(c.keys), bool)
    blank = np.array([bool(p.lot) and not p.supply for p in pegs], bool)  # of a lot of stock: by name
    odd = ~(quantity > 0) | (source == -2) | (user < 0) | blank
    odd |= np.array([bool(p.demand) and p.demand not in demands for p in pegs], bool)
    bad[peg_key[odd]] = True
    width = len(c.keys)
    takes, gives = c.flow_quantity < 0, c.flow_quantity > 0
    used = _Pairs(np.concatenate([c.flow_order[takes], demands.known(d.demand for d in c.deliveries)]),
                  np.concatenate([c.flow_key[takes], c.delivery_key]), width,
                  np.concatenate([-c.flow_quantity[takes], c.delivery_quantity]),
                  np.concatenate([c.flow_at[takes], c.delivery_date]))  # fmt: skip
    yields = _Pairs(c.flow_order[gives], c.flow_key[gives], width, c.flow_quantity[gives], c.flow_at[gives])
    _supplies_suffice(book, c, yields, source, peg_key, quantity, bad)
    _uses_are_met(c, used, yields, (source, user, peg_key, quantity), bad)
    bad[c.flow_key[c.flow_order < 0]] = True
    keys = list(c.keys)
    return {keys[k] for k in np.flatnonzero(bad).tolist()} | {k for _, k in book.expiry}


def _supplies_suffice(
    book: Book, c: Columns, yields: _Pairs, source: Longs, key: Longs, quantity: Floats, bad: Flags
) -> None:
    """No more is pegged to an order than it yields, nor to stock than there is."""
    ordered = source >= 0
    pegged = _Pairs(
        source[ordered], key[ordered], len(c.keys), quantity[ordered], np.zeros(int(ordered.sum()), np.int64)
    )
    order, item = np.divmod(pegged.pair, len(c.keys))
    row, there = yields.find(order, item)
    has = np.where(there, yields.total[row] if len(yields.total) else 0.0, 0.0)
    bad[item[pegged.total > has + SHARE / 2 * np.maximum(1.0, has)]] = True
    stock = np.zeros(len(c.keys))
    np.add.at(stock, c.stock_key, np.array([s.quantity for s in book.operation.stocks], np.float64))
    of_stock = source == -1
    taken = np.bincount(key[of_stock], quantity[of_stock], len(c.keys))
    bad |= taken > stock + SHARE / 2 * np.maximum(1.0, stock)


def _uses_are_met(
    c: Columns, used: _Pairs, yields: _Pairs, pegs: tuple[Longs, Longs, Longs, Floats], bad: Flags
) -> None:
    """Each use is pegged in full to what is there when it begins."""
    source, user, key, quantity = pegs
    row, there = used.find(user, key)
    bad[key[~there]] = True
    given: Floats = np.bincount(row[there], quantity[there], len(used.pair)).astype(np.float64)
    bad[(used.pair % used.width)[~close(given, used.total, SHARE / 2)]] = True
    ordered = source >= 0
    at, known = yields.find(source[ordered], key[ordered])
    comes = np.full(len(source), -FAR)
    if len(yields.first):
        comes[ordered] = np.where(known, yields.first[at], FAR)
    late = there & (comes > (used.first[row] if len(used.first) else comes) + SECOND)
    bad[key[late]] = True
