"""Lot sizes: how much to order at once where an order costs money, or a set-up takes hours that are short.

Netting says what is needed when; capacitated lot sizing (Trigeiro, Thomas and McClain 1989) weighs orders and set-ups against
stock within the hours of the resources. A way to have an item then orders at least its mean lot. Which of several ways, and the
moment of each order, are left to the planner, so the lots are a proposal like any other variant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gemba.decide.cycle.unit_cost import UnitCost
from gemba.decide.netting import SCALE, from_operation, solve
from gemba.operation import Operation, Plan, SupplyOption
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds
from gemba.solvers import lots
from gemba.solvers.stop import Stop

Floats = NDArray[np.float64]

_HOUR, _DAY = 3600, 86400
_PERIODS, _SETUPS = 50, 8.0  # about so many periods; a period is at least so many times the longest set-up
_ITEMS = 500  # the ones whose orders cost most
_NONE = 1e-9  # units
_FULL, _PART = 0.85, 0.1  # shares: of the hours that are taken, of the load that is set-up, from which hours are short
_SHARES = (1.0, 0.5, 0.25)  # of a lot that are tried
_STEPS, _GAP = 1, 0.05  # of the search for lots
_BEYOND = 20.0  # an hour beyond the capacity costs so many times an hour of set-up: only where there is no other way


def economic_lots(operation: Operation) -> Operation:
    """The operation with lots that weigh the cost of orders against that of stock, where orders cost something."""
    cost, worth = UnitCost(operation), {i.name: i.cost for i in operation.items}

    def way(o: SupplyOption) -> _Way:
        once, uses = cost.of_an_order(o)
        value = worth.get(o.item, 0.0) or cost.option(replace(o, order_cost=0.0))
        return _Way(o, once, value * operation.settings.stock_cost_rate / 365.0, uses)

    sizes = _lots(operation, way)
    return _least(operation, sizes, 1.0) if sizes else operation


def lots_for_hours(operation: Operation) -> list[Operation]:
    """The operation with whole lots, halves and quarters of them; none where no lot could grow. Lots are
    as small as the hours allow: an hour of set-up is worth as much as an hour's work that lies for a week. A process that is an
    option by itself becomes one that is stated."""
    cost, stated = UnitCost(operation), stated_options(operation)

    def way(o: SupplyOption) -> _Way:
        _, uses = cost.of_an_order(o)
        once, each = (sum(use[k] for use in uses.values()) / 3600.0 for k in (0, 1))
        return _Way(o, once, each / 7.0, uses)

    sizes = _lots(stated, way, _short_of_hours)
    return [_least(stated, sizes, share) for share in _SHARES] if sizes else []


def stated_options(operation: Operation) -> Operation:
    """The operation with an option for each process that makes an item which has none at its place."""
    taken = {o.name for o in operation.supply_options}
    stated = {(o.item, o.place) for o in operation.supply_options}
    implied = tuple(
        SupplyOption(name=_name(p.name, taken), item=p.item, place=p.place, kind="make", process=p.name)
        for p in operation.processes
        if p.item and p.kind == "make" and (p.item, p.place) not in stated
    )
    return replace(operation, supply_options=(*operation.supply_options, *implied), checked=True)


def unstated(operation: Operation, plan: Plan) -> Plan:
    """A plan made with stated options, without those that the operation does not have."""
    known = {o.name for o in operation.supply_options}
    for order in plan.orders:
        if order.option not in known:
            order.option = ""
    return plan


def _name(process: str, taken: set[str]) -> str:
    name = f"Make by {process}"
    while name in taken:
        name += "'"
    taken.add(name)
    return name


@dataclass(frozen=True, slots=True)
class _Way:
    """An option, what an order by it costs and a unit in stock for a day, and seconds on resources (an order, a unit)."""

    option: SupplyOption
    order: float
    stock: float
    uses: dict[str, tuple[float, float]]


def _lots(
    operation: Operation,
    way: Callable[[SupplyOption], _Way],
    asked: Callable[[lots.Problem, NDArray[np.int64]], bool] = lambda problem, orders: True,
) -> dict[str, float]:
    """The mean lot of each preferred option whose orders and stock cost something; none where no two needs share a lot, or the
    problem with that many orders is not ``asked`` for."""
    preferred: dict[tuple[str, str], SupplyOption] = {}
    for o in sorted(operation.supply_options, key=lambda o: (o.priority, o.name)):
        if o.priority > 0:
            preferred.setdefault((o.item, o.place), o)
    ways = [w for w in map(way, preferred.values()) if w.order > 0 and w.stock > 0]
    ways = sorted(ways, key=lambda w: -w.order)[:_ITEMS]
    if not ways:
        return {}
    try:
        needs = _needs(operation, ways)
    except ValueError:  # an item that needs itself, or quantities beyond what netting counts: lots are left as they are
        return {}
    some = np.flatnonzero(needs.units.any(axis=1))
    if not len(some):
        return {}
    ways, needs = [ways[i] for i in some], replace(needs, units=needs.units[some], orders=needs.orders[some])
    problem = _problem(operation, ways, needs)
    if not asked(problem, needs.orders):
        return {}
    made = lots.solve(problem, Stop(steps=_STEPS, gap=_GAP)).made
    if ((made > _NONE).sum(axis=1) >= needs.orders).all():
        return {}
    return {
        w.option.name: float(row.sum()) / max(1, int((row > _NONE).sum())) for w, row in zip(ways, made, strict=True)
    }


def _short_of_hours(problem: lots.Problem, orders: NDArray[np.int64]) -> bool:
    """Whether a resource has hardly the hours for an order for each need, and set-ups take a good part of them."""
    setups = orders @ problem.setup_time
    load = setups + problem.demand.sum(axis=1) @ problem.unit_time
    return bool(((load > _FULL * problem.capacity.sum(axis=1)) & (setups > _PART * load)).any())


def _least(operation: Operation, sizes: dict[str, float], share: float) -> Operation:
    """The operation with this share of a lot as the least order."""
    options = tuple(
        replace(o, minimum=max(o.minimum, _allowed(o, sizes[o.name] * share))) if o.name in sizes else o
        for o in operation.supply_options
    )
    return replace(operation, supply_options=options, checked=True)


@dataclass(frozen=True, slots=True)
class _Needs:
    """Units to have by each way in each period of so many seconds from a moment, and how many orders that is as needed."""

    units: Floats
    orders: NDArray[np.int64]
    start: int
    period: int


def _needs(operation: Operation, ways: list[_Way]) -> _Needs:
    """Ordered as needed, in periods of at least an hour, each long enough for several lots."""
    now = seconds(operation.now)
    last = max((seconds(d.due) for d in operation.demands if d.status == "open"), default=now)
    longest = max((once for w in ways for once, _ in w.uses.values()), default=0.0)
    least = max(_SETUPS * longest, (last - now) / _PERIODS, 1.0)
    period = ceil(least / _HOUR) * _HOUR
    options = tuple(replace(o, minimum=0.0) for o in operation.supply_options)
    policies = tuple(replace(p, period=0.0) for p in operation.stock_policies)
    bare = replace(operation, supply_options=options, stock_policies=policies, checked=True)
    netting = from_operation(bare, bucket=period)
    orders, row = solve(netting.problem).orders(), {(w.option.item, w.option.place): i for i, w in enumerate(ways)}
    found = np.zeros((len(ways), netting.problem.buckets))
    at = np.array([row.get(key, -1) for key in netting.keys], np.int64)[orders.item]
    mine = at >= 0
    np.add.at(found, (at[mine], orders.due[mine]), orders.quantity[mine] / SCALE)
    asked = Counter((d.item, d.place) for d in operation.demands if d.status == "open")
    count = np.array([asked[w.option.item, w.option.place] for w in ways], np.int64)
    return _Needs(found, np.maximum(count, (found > 0).sum(axis=1)), netting.start, period)


def _problem(operation: Operation, ways: list[_Way], needs: _Needs) -> lots.Problem:
    names = sorted({name for w in ways for name in w.uses})
    each, unit = np.zeros((len(ways), len(names))), np.zeros((len(ways), len(names)))
    for i, way in enumerate(ways):
        for name, (once, per_unit) in way.uses.items():
            each[i, names.index(name)], unit[i, names.index(name)] = once, per_unit
    orders = np.array([w.order for w in ways])
    dear = _BEYOND * float(orders.max()) / max(1.0, float(each.max(initial=0.0)))
    capacity = _capacity(operation, names, needs)
    return lots.Problem(
        demand=needs.units, unit_time=unit, setup_time=each, setup_cost=orders, capacity=capacity,
        holding=np.array([needs.period / _DAY * w.stock for w in ways]), overtime_cost=np.full(len(names), dear),
        overtime=np.full(capacity.shape, np.inf),
    )  # fmt: skip


def _capacity(operation: Operation, names: list[str], needs: _Needs) -> Floats:
    """Seconds of each resource, or of all members of a group, in each period from now on."""
    hours, members = Hours(operation), defaultdict[str, list[str]](list)
    for r in operation.resources:
        members[r.group].append(r.name)
    found = np.zeros((len(names), needs.units.shape[1]))
    for k, name in enumerate(names):
        for one in _units(name, members):
            open_ = hours.open(hours.resource_calendars(one))
            for t in range(found.shape[1]):
                low = needs.start + t * needs.period
                low, high = max(low, hours.now), low + needs.period
                found[k, t] += hours.capacity(one).at(low) * (open_.between(low, high) if high > low else 0)
    return found


def _units(name: str, members: dict[str, list[str]]) -> Iterable[str]:
    """The resource, or those in the group down to the last."""
    if not members.get(name):
        yield name
    for one in members.get(name, ()):
        yield from _units(one, members)


def _allowed(option: SupplyOption, size: float) -> float:
    """The size in whole multiples, or in whole units from 1 on, up to the option's maximum."""
    step = option.multiple or float(size >= 1)
    size = ceil(size / step - _NONE) * step if step else size
    return size if option.maximum is None else min(size, option.maximum)
