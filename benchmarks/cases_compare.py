"""How well a plan serves the demands of a case, measured in two ways, for two plans alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.cases_expected import Delivered
from gemba.operation.demand import Demand
from gemba.operation.moments import seconds

_DAY = 86400
_SMALL = 1e-6
#: Lateness may be larger by this share, or by this many weighted days: rounding to seconds and three digits.
_TOLERANCE = 1e-3


@dataclass(slots=True)
class Served:
    """What one plan delivers to one demand, and how late. Lateness is in days, weighted with 1 / priority."""

    demand: str
    short: float = 0.0  # quantity
    by_parts: float = 0.0  # sum of share delivered x days late
    at_last: float = 0.0  # days the last part is late


@dataclass(slots=True)
class Service:
    """What one plan delivers to all demands."""

    served: dict[str, Served] = field(default_factory=dict)

    @property
    def short(self) -> float:
        return sum(s.short for s in self.served.values())

    @property
    def shorts(self) -> int:
        return sum(s.short > _SMALL for s in self.served.values())

    @property
    def by_parts(self) -> float:
        return sum(s.by_parts for s in self.served.values())

    @property
    def at_last(self) -> float:
        return sum(s.at_last for s in self.served.values())


def compare(
    demands: Iterable[Demand], ours: Iterable[Delivered], theirs: Iterable[Delivered]
) -> tuple[Service, Service]:
    """The service of two plans for the open demands.

    What is short counts in both lateness measures as if it came with the last delivery of either plan, so that a plan
    is not rewarded for leaving a late part out altogether.
    """
    demands = [d for d in demands if d.status == "open"]
    mine, other = _by_demand(ours), _by_demand(theirs)
    dates = [part.date for parts in (*mine.values(), *other.values()) for part in parts]
    end = max([*dates, *(seconds(d.due) for d in demands)], default=0)
    return (
        Service({d.name: _served(d, mine.get(d.name, []), end) for d in demands}),
        Service({d.name: _served(d, other.get(d.name, []), end) for d in demands}),
    )


def _by_demand(parts: Iterable[Delivered]) -> dict[str, list[Delivered]]:
    found: dict[str, list[Delivered]] = {}
    for part in sorted(parts, key=lambda part: part.date):
        found.setdefault(part.demand, []).append(part)
    return found


def _served(demand: Demand, parts: list[Delivered], end: int) -> Served:
    """Deliveries count in order of time until the quantity is reached; more than that is of no use."""
    weight = 1 / demand.priority
    due, left = seconds(demand.due), demand.quantity
    found = Served(demand.name)
    for part in parts:
        taken = min(part.quantity, left)
        if taken > _SMALL * demand.quantity:
            _late(found, taken / demand.quantity, (part.date - due) / _DAY, weight)
            left -= taken
    if left > _SMALL * demand.quantity:
        found.short = left
        _late(found, left / demand.quantity, (end - due) / _DAY, weight)
    return found


def _late(found: Served, share: float, days: float, weight: float) -> None:
    if days > 0:
        found.by_parts += weight * share * days
        found.at_last = max(found.at_last, weight * days)


def failing(ours: Service, theirs: Service) -> list[str]:
    """In which respects the first plan serves worse than the second; empty where in none."""
    found = []
    if ours.short > theirs.short + _SMALL * max(1.0, theirs.short):
        found.append(f"short {ours.short:g} > {theirs.short:g}")
    for name, mine, other in (
        ("lateness by parts", ours.by_parts, theirs.by_parts),
        ("lateness of last deliveries", ours.at_last, theirs.at_last),
    ):
        if mine > other + _TOLERANCE * max(1.0, other):
            found.append(f"{name} {mine:.4g} > {other:.4g}")
    return found
