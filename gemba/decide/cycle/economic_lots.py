"""Economic lots: how much to order at once where an order costs something, and so does stock.

Netting says what is needed when; capacitated lot sizing (Trigeiro, Thomas and McClain 1989) weighs the cost of orders and set-ups
against that of stock within the hours of the resources. A way to have an item then orders at least its mean lot. Which of
several ways, and the moment of each order, are left to the planner, so the lots are a proposal like any other variant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gemba.decide.cycle.unit_cost import UnitCost
from gemba.decide.netting import SCALE, from_operation, solve
from gemba.operation import Operation, SupplyOption
from gemba.operation.hours import Hours
from gemba.solvers import lots
from gemba.solvers.stop import Stop

Floats = NDArray[np.float64]

_DAY = 86400
_PERIODS = 52  # at most
_ITEMS = 500  # the ones whose orders cost most
_STEPS = 8  # of the search
_BEYOND = 20.0  # an hour beyond the capacity costs so many times an hour of set-up: only where there is no other way


def economic_lots(operation: Operation) -> Operation:
    """The operation with the mean economic lot as the least order of each way whose orders cost something."""
    ways = _ways(operation)
    if not ways:
        return operation
    needs, days = _needs(operation, ways)
    some = needs.sum(axis=1) > 0
    ways, needs = [w for w, any_ in zip(ways, some, strict=True) if any_], needs[some]
    if not ways:
        return operation
    found = lots.solve(_problem(operation, ways, needs, days), Stop(steps=_STEPS))
    least = {w.option.name: _size(w.option, row) for w, row in zip(ways, found.made, strict=True)}
    options = tuple(
        replace(o, minimum=max(o.minimum, least[o.name])) if o.name in least else o for o in operation.supply_options
    )
    return replace(operation, supply_options=options, checked=True)


@dataclass(frozen=True, slots=True)
class _Way:
    """An option, what an order by it costs and a unit in stock is worth, and seconds on resources (an order, a unit)."""

    option: SupplyOption
    order: float
    worth: float
    uses: dict[str, tuple[float, float]]


def _ways(operation: Operation) -> list[_Way]:
    """The preferred option of each item at a place, where orders by it cost something and stock of it is worth something."""
    cost, worth = UnitCost(operation), {i.name: i.cost for i in operation.items}
    preferred: dict[tuple[str, str], SupplyOption] = {}
    for o in sorted(operation.supply_options, key=lambda o: (o.priority, o.name)):
        if o.priority > 0:
            preferred.setdefault((o.item, o.place), o)
    found = []
    for o in preferred.values():
        once, uses = cost.of_an_order(o)
        value = worth.get(o.item, 0.0) or cost.option(replace(o, order_cost=0.0))
        if once > 0 and value > 0:
            found.append(_Way(o, once, value, uses))
    return sorted(found, key=lambda w: -w.order)[:_ITEMS]


def _needs(operation: Operation, ways: list[_Way]) -> tuple[Floats, int]:
    """Units to have by each way in each period, ordered as needed; and the days of a period."""
    options = tuple(replace(o, minimum=0.0) for o in operation.supply_options)
    policies = tuple(replace(p, period=0.0) for p in operation.stock_policies)
    netting = from_operation(replace(operation, supply_options=options, stock_policies=policies, checked=True))
    orders, row = solve(netting.problem).orders(), {(w.option.item, w.option.place): i for i, w in enumerate(ways)}
    days = ceil(netting.problem.buckets / _PERIODS)
    found = np.zeros((len(ways), ceil(netting.problem.buckets / days)))
    at = np.array([row.get(key, -1) for key in netting.keys], np.int64)[orders.item]
    mine = at >= 0
    np.add.at(found, (at[mine], orders.due[mine] // days), orders.quantity[mine] / SCALE)
    return found, days


def _problem(operation: Operation, ways: list[_Way], needs: Floats, days: int) -> lots.Problem:
    names = sorted({name for w in ways for name in w.uses})
    each, unit = np.zeros((len(ways), len(names))), np.zeros((len(ways), len(names)))
    for i, way in enumerate(ways):
        for name, (once, per_unit) in way.uses.items():
            each[i, names.index(name)], unit[i, names.index(name)] = once, per_unit
    orders = np.array([w.order for w in ways])
    dear = _BEYOND * float(orders.max()) / max(1.0, float(each.max(initial=0.0)))
    held = operation.settings.stock_cost_rate * days / 365.0
    return lots.Problem(
        demand=needs, unit_time=unit, setup_time=each, setup_cost=orders, holding=np.array([held * w.worth for w in ways]),
        capacity=_capacity(operation, names, needs.shape[1], days), overtime_cost=np.full(len(names), dear),
        overtime=np.full((len(names), needs.shape[1]), np.inf),
    )  # fmt: skip


def _capacity(operation: Operation, names: list[str], periods: int, days: int) -> Floats:
    """Seconds of each resource, or of all members of a group, in each period from today on."""
    hours, members = Hours(operation), defaultdict(list)
    for r in operation.resources:
        members[r.group].append(r.name)
    found = np.zeros((len(names), periods))
    first = hours.now // _DAY * _DAY
    for k, name in enumerate(names):
        for one in _units(name, members):
            open_ = hours.open(hours.resource_calendars(one))
            for t in range(periods):
                low = first + t * days * _DAY
                found[k, t] += hours.capacity(one).at(max(low, hours.now)) * open_.between(low, low + days * _DAY)
    return found


def _units(name: str, members: dict[str, list[str]]) -> Iterable[str]:
    """The resource, or those in the group down to the last."""
    if not members.get(name):
        yield name
    for one in members.get(name, ()):
        yield from _units(one, members)


def _size(option: SupplyOption, made: Floats) -> float:
    """The mean lot, in whole multiples (or units, where all needs are whole), within the option's limits."""
    mean = float(made.sum()) / max(1, int((made > 1e-9).sum()))
    step = option.multiple or (1.0 if np.allclose(made.sum(), np.round(made.sum())) else 0.0)
    size = ceil(mean / step - 1e-9) * step if step else mean
    return size if option.maximum is None else min(size, option.maximum)
