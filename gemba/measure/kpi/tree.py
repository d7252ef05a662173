"""A formula as a tree, its value and the names in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite

Value = float | None
#: What a name stands for.
Look = Callable[[str], Value]


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


def value(node: Node, look: Look) -> Value:
    """The tree's value; None where a name has none, where something is divided by 0, or where it is beyond a float."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return look(node.name)
    if isinstance(node, Call):
        parts = [value(p, look) for p in node.parts]
        known = [p for p in parts if p is not None]
        return None if len(known) < len(parts) else (min if node.function == "min" else max)(known)
    left, right = value(node.left, look), value(node.right, look)
    return None if left is None or right is None else _done(node.sign, left, right)


def _done(sign: str, left: float, right: float) -> Value:
    if sign == "/":
        return None if right == 0 else _finite(left / right)
    if sign == "*":
        return _finite(left * right)
    return _finite(left + right if sign == "+" else left - right)


def _finite(number: float) -> Value:
    return number if isfinite(number) else None


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
