"""A formula as a tree, its value and the names in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

#: A value for each figure; NaN where there is none.
Values = NDArray[np.float64]
#: What a name stands for.
Look = Callable[[str], Values]


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: int = 0  # its place in the formula


@dataclass(frozen=True, slots=True)
class Operation:
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    function: str  # min, max
    parts: tuple[Node, ...]


Node = Number | Name | Operation | Call


def values(node: Node, look: Look) -> Values:
    """The tree's value for many figures at once. It is none (NaN) where a name has none, where something is divided
    by 0, or where it is beyond a float."""
    if isinstance(node, Number):
        return np.array(node.value)
    if isinstance(node, Name):
        return look(node.name)
    if isinstance(node, Call):
        merge = np.minimum if node.function == "min" else np.maximum
        return reduce(merge, (values(p, look) for p in node.parts))
    with np.errstate(all="ignore"):
        found = _done(node.sign, values(node.left, look), values(node.right, look))
    return np.where(np.isfinite(found), found, np.nan)


def _done(sign: str, left: Values, right: Values) -> Values:
    if sign == "/":
        return np.asarray(left / right)
    if sign == "*":
        return np.asarray(left * right)
    return np.asarray(left + right if sign == "+" else left - right)


def names(node: Node) -> Iterator[Name]:
    """Every name in the tree, in reading order."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Operation):
        yield from names(node.left)
        yield from names(node.right)
    elif isinstance(node, Call):
        for part in node.parts:
            yield from names(part)
