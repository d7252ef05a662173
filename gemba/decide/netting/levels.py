"""Low-level codes: how deep an item lies at most below the items nobody needs; and the bill of materials both ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.decide.netting.problem import CircleError, Ints, Problem
from gemba.solvers.netting import levels


def by_key(keys: Ints, n: int) -> tuple[Ints, Ints]:
    """Compressed rows: the entries with key i are ``order[start[i]:start[i + 1]]``."""
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=n), out=start[1:])
    return start, np.argsort(keys, kind="stable").astype(np.int64)


@dataclass(frozen=True)
class Structure:
    """What of a problem depends on its bill of materials alone: ``above`` are the lines by child, ``below`` by parent."""

    level: Ints
    sequence: Ints
    above: tuple[Ints, Ints]
    below: tuple[Ints, Ints]


def structure(problem: Problem) -> Structure:
    """Raises CircleError where an item needs itself."""
    p = problem
    below = by_key(p.parent, p.items)
    level, sequence = _codes(p.items, p.child, below)
    return Structure(level, sequence, by_key(p.child, p.items), below)


def low_level_codes(n: int, parent: Ints, child: Ints) -> tuple[Ints, Ints]:
    """The level of each item (0: no parent; else one more than its deepest parent), and the items with parents first.

    Items of one level stand in the order of their numbers, so that the order depends on the data only.

    Raises:
        CircleError: where an item needs itself.
    """
    return _codes(n, child, by_key(parent, n))


def _codes(n: int, child: Ints, below: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    start, lines = below
    level = np.empty(n, np.int64)
    levels(start, child[lines], np.bincount(child, minlength=n), level)
    if (level < 0).any():
        raise CircleError(int(np.flatnonzero(level < 0)[0]))
    return level, np.argsort(level, kind="stable").astype(np.int64)
