"""How well a draft serves the demands."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.decide.supply.draft import EPS, Draft
from gemba.operation import Demand
from gemba.operation.moments import seconds

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Target:
    """A demand as the score sees it; days of a short share count until ``limit``."""

    name: str
    quantity: float
    due: int
    weight: float
    limit: int


def targets(demands: list[Demand], horizon: int) -> dict[str, Target]:
    """The scoring side of every demand. Weight is the demand's own, else 1 / priority."""
    found = {}
    for d in demands:
        due = seconds(d.due)
        limit = due + int(d.maximum_lateness) if d.maximum_lateness is not None else horizon
        weight = d.weight if d.weight is not None else 1.0 / d.priority
        found[d.name] = Target(d.name, d.quantity, due, weight, max(min(limit, horizon), due))
    return found


def penalties(draft: Draft, wanted: dict[str, Target]) -> dict[str, float]:
    """Weighted tardiness of each demand in days: weight x (share late x days late), short shares until the limit."""
    late = dict.fromkeys(wanted, 0.0)
    got = dict.fromkeys(wanted, 0.0)
    for name, quantity, at, _ in draft.deliveries:
        t = wanted[name]
        got[name] += quantity
        if at > t.due:
            late[name] += t.weight * quantity / t.quantity * (at - t.due) / _DAY
    for name, t in wanted.items():
        short = t.quantity - got[name]
        if short > EPS * max(1.0, t.quantity):
            late[name] += t.weight * short / t.quantity * (t.limit - t.due) / _DAY
    return late


def last_ends(draft: Draft, wanted: dict[str, Target]) -> float:
    """Weighted days by which each demand's last delivery is late: a tie-breaker between equal scores."""
    last: dict[str, int] = {}
    for name, _, at, _ in draft.deliveries:
        last[name] = max(at, last.get(name, at))
    return sum(wanted[n].weight * max(0, at - wanted[n].due) / _DAY for n, at in last.items())
