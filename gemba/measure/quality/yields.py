"""First-pass yield from what was reported, and Pareto of what was wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gemba.operation import Event
from gemba.operation.records import ZERO


@dataclass(frozen=True, slots=True)
class StepYield:
    """What a step has made of an item the first time, in item units."""

    item: str
    step: str
    good: Decimal = ZERO
    scrap: Decimal = ZERO
    rework: Decimal = ZERO

    @property
    def inspected(self) -> Decimal:
        return self.good + self.scrap + self.rework

    @property
    def first_pass(self) -> float | None:
        """Good without rework / all; None where nothing was made."""
        return float(self.good / self.inspected) if self.inspected > 0 else None


def first_pass(events: Iterable[Event], rework: Collection[str] = ()) -> list[StepYield]:
    """First-pass yield by item and step (ISO 22400-2: good / inspected, the first time through).

    What rework orders make is not the first time. Events that void others take their quantities back.
    """
    found: dict[tuple[str, str], StepYield] = {}
    for e in events:
        if e.order in rework or not (e.good or e.scrap or e.rework) or e.kind in ("reserved", "unreserved"):
            continue
        was = found.get((e.item, e.step)) or StepYield(e.item, e.step)
        found[e.item, e.step] = StepYield(e.item, e.step, was.good + e.good, was.scrap + e.scrap, was.rework + e.rework)
    return [y for _, y in sorted(found.items()) if y.inspected > 0]


def rolled(yields: Iterable[StepYield]) -> dict[str, float]:
    """Rolled throughput yield of each item: the product of its steps' first-pass yields."""
    found: dict[str, float] = {}
    for y in yields:
        if y.first_pass is not None:
            found[y.item] = found.get(y.item, 1.0) * y.first_pass
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a Pareto chart: its share of all, and the shares added up from the largest."""

    name: str
    amount: float
    share: float
    until: float


def pareto(amounts: Mapping[str, float]) -> list[Bar]:
    """From the largest to the smallest; equal ones by name. Nothing that is 0 or less."""
    some = sorted(((n, a) for n, a in amounts.items() if a > 0), key=lambda e: (-e[1], e[0]))
    total, until, found = sum(a for _, a in some), 0.0, []
    for name, amount in some:
        until += amount / total
        found.append(Bar(name, amount, amount / total, until))
    return found


def by_reason(events: Iterable[Event]) -> dict[str, float]:
    """Scrapped and reworked units by their reason."""
    found: dict[str, Decimal] = {}
    for e in events:
        if e.scrap or e.rework:
            found[e.reason or "no reason"] = found.get(e.reason or "no reason", ZERO) + e.scrap + e.rework
    return {name: float(amount) for name, amount in found.items()}
