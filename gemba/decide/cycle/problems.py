"""What a person should know about a plan, as problems by name."""

from __future__ import annotations

from gemba.decide.supply.network import BufferNode
from gemba.decide.supply.score import Target
from gemba.operation import Plan, Problem


def at_place(at: BufferNode) -> str:
    return f"{at.item} at {at.place}" if at.place else at.item


def short(wanted: dict[str, Target], left: dict[str, float]) -> list[Problem]:
    """Demands that are not delivered, or not wholly."""
    return [
        Problem(
            "short", name, f"{quantity:g} of {wanted[name].quantity:g} of demand {name} cannot be delivered", quantity
        )
        for name, quantity in left.items()
    ]


def late(plan: Plan, wanted: dict[str, Target]) -> list[Problem]:
    """Demands whose last delivery comes after their due date."""
    last: dict[str, int] = {}
    for d in plan.deliveries:
        last[d.demand] = max(d.date, last.get(d.demand, d.date))
    found = []
    for name, at in last.items():
        t = wanted[name]
        if at > t.due:
            days = (at - t.due) / 86400
            found.append(Problem("late", name, f"Demand {name} is {days:.1f} days late", t.quantity, t.due, at))
    return found


def lacking(rows: list[tuple[BufferNode, int, float]]) -> list[Problem]:
    """Safety stock that cannot be had in time."""
    return [
        Problem("safety_stock", at_place(at), f"Safety stock of {at_place(at)} lacks {quantity:g}", quantity, moment)
        for at, moment, quantity in rows
    ]


def no_supply(buffers: list[BufferNode]) -> list[Problem]:
    """Items that are wanted but that nothing supplies: data that are probably missing."""
    return [
        Problem(
            "no_supply", at_place(at), f"Nothing supplies {at_place(at)}: it has no supply option, process or stock"
        )
        for at in buffers
    ]
