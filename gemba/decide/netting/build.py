"""A netting problem from an operation: items by place, the ways they are had, their stock, needs and open orders.

What is simplified, because netting looks at quantities and dates only:

- An item at a place is had by one option: the usable one of the lowest priority number (then name) that is valid now.
  Of alternative inputs the one of the lowest priority number is used.
- The lead time of a make order is that of its steps with nothing to wait for: set-up, run, queue and move times of
  one lot of the minimum size, whatever the calendars. ``lead_times`` replaces it where a better one is known.
- By-products are not counted on; yields of the item itself are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gemba.decide.netting.problem import Ints, Problem, scaled
from gemba.decide.netting.recipe import Key, Recipe, Source, recipes, sources
from gemba.operation import Operation, Order
from gemba.operation.moments import seconds
from gemba.solvers.netting import SCALE

DAY = 86400
Need = tuple[Key, int, float]  # item at place, bucket, quantity


@dataclass(frozen=True)
class Netting:
    """A problem and what its numbers mean: ``keys[i]`` is (item, place) of item i; bucket 0 starts at ``start``."""

    problem: Problem
    keys: tuple[Key, ...]
    start: int  # seconds UTC
    bucket: int  # seconds

    def moment(self, bucket: int) -> int:
        """The first second (UTC) of a bucket."""
        return self.start + bucket * self.bucket


def from_operation(
    operation: Operation,
    *,
    bucket: int = DAY,
    lead_times: Mapping[Key, float] | None = None,
    start: datetime | None = None,
) -> Netting:
    """The netting problem of an operation, in buckets of so many seconds from ``start`` (else midnight UTC before now).

    Demands due before the first bucket count in it. ``lead_times`` gives seconds by (item, place).
    """
    zero = seconds(start) if start else seconds(operation.now) // bucket * bucket
    how = sources(operation)
    book = recipes(operation)
    clock = _Clock(zero, bucket)
    needs = [*_demands(operation, clock), *_inputs_of_orders(operation, book, clock)]
    receipts = _receipts(operation, book, clock)
    keys = _keys(operation, how, book, needs, receipts)
    number = {key: i for i, key in enumerate(keys)}
    buckets = 1 + max((t for _, t, _ in [*needs, *receipts]), default=0)
    problem = Problem(
        buckets=buckets,
        orders=_may_order(operation, keys, how),
        **_item_columns(operation, keys, number, how, book, clock, lead_times or {}),
        **_lines(keys, number, how, book, clock, buckets),
        **_listed("need", needs, number),
        **_listed("receipt", receipts, number),
    )
    return Netting(problem, keys, zero, bucket)


@dataclass(frozen=True)
class _Clock:
    zero: int
    bucket: int

    def of(self, moment: datetime) -> int:
        return max(0, (seconds(moment) - self.zero) // self.bucket)

    def first_from(self, moment: datetime | None, default: int) -> int:
        """The first bucket that starts at or after a moment."""
        return default if moment is None else max(0, -((self.zero - seconds(moment)) // self.bucket))

    def length(self, duration: float) -> int:
        """Whole buckets, rounded up."""
        return int(-(-duration // self.bucket))


def _demands(operation: Operation, clock: _Clock) -> Iterable[Need]:
    early = timedelta(seconds=operation.settings.safety_time)
    return (((d.item, d.place), clock.of(d.due - early), d.quantity) for d in operation.demands if d.status == "open")


def _existing(operation: Operation) -> list[Order]:
    return [o for o in operation.orders if o.state in ("firm", "started")]


def _receipts(operation: Operation, book: Mapping[str, Recipe], clock: _Clock) -> list[Need]:
    found = []
    for order in _existing(operation):
        recipe = book.get(_process_of(operation, order))
        end = order.end or order.start or operation.now
        key = (order.item, order.place or (recipe.key[1] if recipe else ""))
        found.append((key, clock.of(end), order.quantity * (recipe.out if recipe else 1.0)))
    return found


def _process_of(operation: Operation, order: Order) -> str:
    if order.process or not order.option:
        return order.process
    return next((o.process for o in operation.supply_options if o.name == order.option), "")


def _inputs_of_orders(operation: Operation, book: Mapping[str, Recipe], clock: _Clock) -> Iterable[Need]:
    for order in _existing(operation):
        recipe = book.get(_process_of(operation, order))
        at = order.start or order.end or operation.now
        if recipe and order.uses_inputs:
            for line in recipe.inputs:
                yield line.key, clock.of(at), line.quantity * order.quantity + line.fixed


def _keys(
    operation: Operation, how: Mapping[Key, Source], book: Mapping[str, Recipe], *lists: list[Need]
) -> tuple[Key, ...]:
    found = set(how) | {(s.item, s.place) for s in operation.stocks}
    found |= {(p.item, p.place) for p in operation.stock_policies}
    found |= {source.origin for source in how.values() if source.origin}
    found |= {line.key for recipe in book.values() for line in recipe.inputs}
    for needs in lists:
        found |= {key for key, _, _ in needs}
    return tuple(sorted(found))


def _item_columns(
    operation: Operation, keys: tuple[Key, ...], number: Mapping[Key, int], how: Mapping[Key, Source],
    book: Mapping[str, Recipe], clock: _Clock, lead_times: Mapping[Key, float],
) -> dict[str, Ints]:  # fmt: skip
    options = [how.get(key, Source()) for key in keys]
    policies = {(s.item, s.place): s for s in operation.stock_policies}
    kept = [policies.get(key) for key in keys]
    leads = [lead_times.get(k, s.lead(book)) for k, s in zip(keys, options, strict=True)]
    return {
        "stock": _stock(operation, number),
        "safety": scaled([0.0 if p is None or p.supply == "unlimited" else p.safety_stock for p in kept]),
        "minimum": scaled([s.minimum for s in options]),
        "multiple": scaled([s.multiple for s in options]),
        "period": np.array([max(1, clock.length(p.period)) if p else 1 for p in kept], np.int64),
        "lead": np.array([clock.length(x) for x in leads], np.int64),
    }


def _may_order(operation: Operation, keys: tuple[Key, ...], how: Mapping[Key, Source]) -> NDArray[np.bool_]:
    """False for what has no source and for what is always there."""
    free = {(p.item, p.place) for p in operation.stock_policies if p.supply == "unlimited"}
    return np.array([key in how and key not in free for key in keys], np.bool_)


def _stock(operation: Operation, number: Mapping[Key, int]) -> Ints:
    """Stock by item and place, all lots together, without those that have expired by now."""
    there = [s for s in operation.stocks if s.expires is None or s.expires > operation.now]
    found = np.zeros(len(number), np.int64)
    np.add.at(found, [number[s.item, s.place] for s in there], scaled([s.quantity for s in there]))
    return found


def _lines(
    keys: tuple[Key, ...], number: Mapping[Key, int], how: Mapping[Key, Source], book: Mapping[str, Recipe],
    clock: _Clock, buckets: int,
) -> dict[str, Ints]:  # fmt: skip
    """The bill of materials of the chosen sources; a move takes one unit from its origin."""
    rows = []
    for key in keys:
        source = how.get(key, Source())
        if source.origin:
            rows.append((number[key], number[source.origin], SCALE, 0, 0, buckets))
        elif source.process:
            recipe = book[source.process]
            for line in recipe.inputs:
                per, fixed = scaled([line.quantity / recipe.out, line.fixed])
                first, last = clock.first_from(line.start, 0), clock.first_from(line.end, buckets)
                rows.append((number[key], number[line.key], per, fixed, first, last))
    columns = np.array(rows, np.int64).reshape(-1, 6).T
    return dict(zip(("parent", "child", "per", "fixed", "first", "last"), columns, strict=True))


def _listed(kind: str, needs: list[Need], number: Mapping[Key, int]) -> dict[str, Ints]:
    return {
        f"{kind}_item": np.array([number[key] for key, _, _ in needs], np.int64),
        f"{kind}_bucket": np.array([t for _, t, _ in needs], np.int64),
        f"{kind}_quantity": scaled([q for _, _, q in needs]),
    }
