"""The netting problem as flat arrays. Quantities are whole numbers: the item's unit times ``SCALE``.

Whole numbers make sums independent of their order, so that the same data in another order give the same plan;
with floating point a lot rule can turn a difference in the last digit into another whole lot.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gemba.solvers.netting import LIMIT, SCALE

Ints = NDArray[np.int64]


class CircleError(ValueError):
    """An item needs itself. ``item`` is the number of one of the items in the circle."""

    def __init__(self, item: int) -> None:
        self.item = item
        super().__init__(f"item {item} is part of a circle in the bill of materials")


def scaled(values: ArrayLike) -> Ints:
    """Quantities in units as whole millionths, rounded to the nearest.

    Raises:
        ValueError: where a quantity is no number, beyond the limit, or so small that it would be lost.
    """
    given = np.asarray(values, dtype=np.float64)
    if not np.isfinite(given).all() or (np.abs(given) * SCALE > LIMIT).any():
        raise ValueError(f"quantities must be finite numbers of at most {LIMIT // SCALE:,}")
    found = np.rint(given * SCALE).astype(np.int64)
    if ((found == 0) & (given != 0)).any():
        raise ValueError(f"quantities must be 0 or at least {1 / SCALE:f} units; use a smaller unit")
    return found


def _empty() -> Ints:
    return np.zeros(0, np.int64)


def _no_flags() -> NDArray[np.bool_]:
    return np.zeros(0, np.bool_)


@dataclass(frozen=True)
class Problem:
    """Items, their bill of materials, needs and stock, over ``buckets`` periods of equal length.

    Per item (n of each): ``stock`` on hand before the first bucket; ``safety`` stock to keep; ``minimum`` and
    ``multiple`` of an order (0: any); ``period`` in buckets whose needs share an order (1: lot-for-lot); ``lead`` time
    in buckets from an order's start to its receipt; ``orders``: false where nothing may be ordered.
    Per line (m of each): one unit of ``parent`` takes ``per`` of ``child``, and each order of it ``fixed`` more, where
    the order starts in a bucket from ``first`` to before ``last``.
    An array left empty holds its default everywhere: 0, a period of 1, all buckets, ``orders`` true.
    Needs (independent demand) and receipts (of orders that exist) are lists of item, bucket and quantity.
    """

    buckets: int
    stock: Ints
    parent: Ints = field(default_factory=_empty)
    child: Ints = field(default_factory=_empty)
    per: Ints = field(default_factory=_empty)
    fixed: Ints = field(default_factory=_empty)
    first: Ints = field(default_factory=_empty)
    last: Ints = field(default_factory=_empty)
    safety: Ints = field(default_factory=_empty)
    minimum: Ints = field(default_factory=_empty)
    multiple: Ints = field(default_factory=_empty)
    period: Ints = field(default_factory=_empty)
    lead: Ints = field(default_factory=_empty)
    orders: NDArray[np.bool_] = field(default_factory=_no_flags)
    need_item: Ints = field(default_factory=_empty)
    need_bucket: Ints = field(default_factory=_empty)
    need_quantity: Ints = field(default_factory=_empty)
    receipt_item: Ints = field(default_factory=_empty)
    receipt_bucket: Ints = field(default_factory=_empty)
    receipt_quantity: Ints = field(default_factory=_empty)

    def __post_init__(self) -> None:
        self._fill()
        _same_length(self, len(self.stock), "stock", "safety", "minimum", "multiple", "period", "lead", "orders")
        _same_length(self, len(self.parent), "parent", "child", "per", "fixed", "first", "last")
        for kind in ("need", "receipt"):
            items = getattr(self, f"{kind}_item")
            _same_length(self, len(items), f"{kind}_item", f"{kind}_bucket", f"{kind}_quantity")
            _within(self, f"{kind}_bucket", 0, self.buckets - 1)
        for name in ("parent", "child", "need_item", "receipt_item"):
            _within(self, name, 0, len(self.stock) - 1)
        for name in ("stock", "safety", "minimum", "multiple", "lead", "per", "fixed"):
            _within(self, name, 0, LIMIT)
        for name in ("need_quantity", "receipt_quantity"):
            _within(self, name, 0, LIMIT)
        _within(self, "period", 1, LIMIT)

    def _fill(self) -> None:
        """Put the defaults in the place of arrays that were left empty, and make all of one type."""
        n, m = len(self.stock), len(self.parent)
        defaults = {"safety": (n, 0), "minimum": (n, 0), "multiple": (n, 0), "period": (n, 1), "lead": (n, 0),
                    "orders": (n, True), "fixed": (m, 0), "first": (m, 0), "last": (m, self.buckets)}  # fmt: skip
        for name in self.__dataclass_fields__:
            if name == "buckets":
                continue
            value = np.asarray(getattr(self, name))
            if name in defaults and not value.size:
                value = np.full(*defaults[name])
            object.__setattr__(self, name, value.astype(np.bool_) if name == "orders" else _whole(name, value))

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.stock)

    def without_stock(self) -> Problem:
        """The same needs as if nothing were there: no stock, no safety stock, no receipts."""
        none = np.zeros(self.items, np.int64)
        return replace(self, stock=none, safety=none, receipt_item=_empty(), receipt_bucket=_empty(),
                       receipt_quantity=_empty())  # fmt: skip

    def without_lead_time(self) -> Problem:
        """The same as if every order were received in the bucket in which it starts."""
        return replace(self, lead=np.zeros(self.items, np.int64))


def _whole(name: str, value: ArrayLike) -> Ints:
    given = np.asarray(value)
    if given.dtype.kind not in "iu" and given.size:
        raise TypeError(f"{name} must hold whole numbers (see scaled), not {given.dtype}")
    return np.ascontiguousarray(given, np.int64)


def _same_length(problem: Problem, length: int, *names: str) -> None:
    for name in names:
        if getattr(problem, name).shape != (length,):
            raise ValueError(f"{name} must have {length} entries, not {getattr(problem, name).shape}")


def _within(problem: Problem, name: str, low: int, high: int) -> None:
    values = getattr(problem, name)
    if values.size and (values.min() < low or values.max() > high):
        raise ValueError(f"{name} must be between {low} and {high}; found {values.min()} to {values.max()}")
