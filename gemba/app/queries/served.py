"""Which demand an order is for in the end, through however many other orders."""

from __future__ import annotations

from typing import NamedTuple

from gemba.operation import Operation, Plan
from gemba.operation.worktime import FAR


class Served(NamedTuple):
    """The most pressing demand an order serves, and how much time it has to spare (negative: it is late or short)."""

    demand: str
    slack: int


def served(operation: Operation, plan: Plan) -> dict[str, Served]:
    """The most pressing demand of each order that serves any; every order and peg is looked at once."""
    from gemba.measure.service import demand_results

    slacks = {
        r.demand: -max(r.lateness, 1) if r.status != "on time" else r.slack for r in demand_results(operation, plan)
    }
    to_demand: dict[str, list[str]] = {}
    to_order: dict[str, list[str]] = {}
    for peg in plan.pegs:
        if peg.supply:
            side = to_demand if peg.demand else to_order
            side.setdefault(peg.demand or peg.order, []).append(peg.supply)
    found: dict[str, Served] = {}
    for demand in sorted(to_demand, key=lambda name: slacks.get(name, FAR)):
        open_ = list(to_demand[demand])
        while open_:
            order = open_.pop()
            if order not in found:
                found[order] = Served(demand, slacks.get(demand, FAR))
                open_.extend(to_order.get(order, ()))
    return found
