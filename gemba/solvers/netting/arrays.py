"""What the netting kernels are given: named groups of arrays. Quantities are whole millionths, times are buckets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Lines(NamedTuple):
    """The bill of materials. Per line: ``parent``, ``child``, quantity ``per`` unit and ``fixed`` per order of the parent,
    valid for orders that start in the buckets ``first`` to before ``last``.

    ``above[above_start[i] : above_start[i + 1]]`` are the lines whose child is item i, ``below`` those whose parent is.
    """

    parent: Ints
    child: Ints
    per: Ints
    fixed: Ints
    first: Ints
    last: Ints
    above_start: Ints
    above: Ints
    below_start: Ints
    below: Ints


class Items(NamedTuple):
    """Per item: ``stock``, ``safety`` stock, ``rule`` (period, minimum, multiple, lead), whether one ``orders`` it."""

    stock: Ints
    safety: Ints
    rule: Ints
    orders: NDArray[np.bool_]


class Tables(NamedTuple):
    """Items x buckets: needs, receipts, orders by receipt (``due``) and by start (``release``), ``stock`` at the end of
    the bucket. Per item: what should have started before bucket 0 (``overdue``)."""

    need: Ints
    receipt: Ints
    due: Ints
    release: Ints
    stock: Ints
    overdue: Ints
