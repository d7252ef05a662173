"""Projected stock: how much of each item lies at each place, from now on, if the plan is carried out."""

from __future__ import annotations

from itertools import groupby

from gemba.operation import Operation, Plan

#: Differences below this are rounding noise of summing quantities, not stock.
NOISE = 1e-9


def projected_stock(operation: Operation, plan: Plan) -> dict[tuple[str, str], list[tuple[int, float]]]:
    """Stock levels by (item, place): (moment, level from then on), beginning at now with the stock on hand.

    The level at now includes what happens up to now. Deliveries leave the stock of the demand's item and place;
    everything else is in the plan's flows. Moments are seconds since 1970 UTC, levels in the item's unit.
    """
    moves: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for stock in operation.stocks:
        moves.setdefault((stock.item, stock.place), []).append((plan.now, stock.quantity))
    for flow in plan.flows:
        moves.setdefault((flow.item, flow.place), []).append((max(flow.at, plan.now), flow.quantity))
    demands = {d.name: d for d in operation.demands}
    for delivery in plan.deliveries:
        demand = demands[delivery.demand]
        moves.setdefault((demand.item, demand.place), []).append((max(delivery.date, plan.now), -delivery.quantity))
    return {key: _levels(plan.now, moves[key]) for key in sorted(moves)}


def _levels(now: int, moves: list[tuple[int, float]]) -> list[tuple[int, float]]:
    level, found = 0.0, [(now, 0.0)]
    for at, group in groupby(sorted(moves), key=lambda move: move[0]):
        level += sum(quantity for _, quantity in group)
        level = 0.0 if abs(level) < NOISE else level
        if at == now:
            found = [(now, level)]
        elif level != found[-1][1]:
            found.append((at, level))
    return found
