"""Words for violations: orders, steps, moments and quantities as a person reads them."""

from __future__ import annotations

#: Allowed error of moments (seconds) and of quantities (share of the quantity).
SECOND = 1
SHARE = 1e-6


def more(a: float, b: float) -> bool:
    """Whether quantity ``a`` exceeds ``b`` by more than the tolerance."""
    return a > b and a - b > SHARE * max(1.0, abs(a), abs(b))


def differs(a: float, b: float) -> bool:
    """Whether two quantities differ by more than the tolerance."""
    return a != b and (more(a, b) or more(b, a))


def number(quantity: float) -> str:
    """A quantity without needless digits."""
    return f"{quantity:.6f}".rstrip("0").rstrip(".") if abs(quantity) < 1e15 else f"{quantity:g}"


def at_place(item: str, place: str) -> str:
    """An item and where it is."""
    return f"'{item}' at '{place}'" if place else f"'{item}'"


def step_of(order: str, step: str) -> str:
    """The beginning of a sentence about a step of an order."""
    return f"Order '{order}', step '{step}'"
