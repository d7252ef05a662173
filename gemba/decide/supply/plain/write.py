"""From a schedule of a plain operation to a Plan: its orders, tasks, flows, pegs and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gemba.decide.supply.plain.explode import Exploded
from gemba.decide.supply.plain.purchase import Bought, Needs, buy
from gemba.operation import Delivery, Flow, Peg, Plan, PlannedOrder, PlannedTask, Stock
from gemba.solvers.assembly import Solution
from gemba.solvers.assembly.problem import Floats, Longs

Names = NDArray[np.object_]


@dataclass(slots=True)
class Made:
    """Production orders in the order of their rows. ``kind``: number in the forest; ``into``: the row (of a task) it is for."""

    kind: Longs
    job: Longs
    quantity: Floats
    start: Longs
    end: Longs
    into: Longs


@dataclass(slots=True)
class Rows:
    """The schedule's rows: tasks with their number in the forest and the order that they are of."""

    start: Longs
    end: Longs
    task: Longs
    order: Longs


def to_plan(exploded: Exploded, solution: Solution) -> Plan:
    """The schedule as plain records, orders numbered by their start."""
    plan = Plan(operation=exploded.plain.operation.name, now=exploded.plain.hours.now)
    if not exploded.plain.demands:
        return plan
    rows, made = _orders(exploded, solution)
    stocks, needs, taker = _needs(exploded, rows, made)
    bought = buy(exploded.plain, exploded.materials, stocks, needs)
    ids, sort = _ids(made, bought)
    _write_orders(plan, exploded, made, bought, ids, sort)
    _write_tasks(plan, exploded, rows, made, ids)
    _write_flows(plan, exploded, rows, made, (needs, taker, bought), ids)
    _write_pegs(plan, exploded, rows, made, (taker, bought, stocks), ids)
    dates = np.maximum(solution.complete, np.maximum(exploded.due, exploded.plain.hours.now)).tolist()
    demands = exploded.plain.demands
    plan.deliveries = list(map(Delivery, [d.name for d in demands], [float(d.quantity) for d in demands], dates))
    return plan


def _orders(x: Exploded, solution: Solution) -> tuple[Rows, Made]:
    """Which order each row is of; the rows of one part of a job follow one another in the order of its tree."""
    start, end, task, job, pieces = solution.rows.T
    forest, tree = x.forest, x.tree[job]
    order_in, last_in, into_in = _forest_orders(x)
    within = task - x.first[job]
    task = forest.task_first[tree] + within
    begins = np.flatnonzero(within == 0)
    counts = np.diff(forest.order_first)[tree[begins]]
    base = np.cumsum(counts) - counts
    block = np.cumsum(within == 0) - 1
    order = base[block] + order_in[task]
    kind = np.arange(int(counts.sum())) + np.repeat(forest.order_first[tree[begins]] - base, counts)
    amount = np.array([a for t in forest.trees for a in t.amount], np.float64)
    owner = np.repeat(begins, counts)
    quantity = pieces[owner] * x.size[job[owner]] * amount[kind]
    first, last = np.full(len(kind), np.iinfo(np.int64).max), np.zeros(len(kind), np.int64)
    np.minimum.at(first, order, start)
    last[order[last_in[task]]] = end[last_in[task]]
    into = np.where(into_in[kind] < 0, -1, owner + into_in[kind])
    return Rows(start, end, task, order), Made(kind, job[owner], quantity, first, last, into)


def _forest_orders(x: Exploded) -> tuple[Longs, NDArray[np.bool_], Longs]:
    """Of each task of the forest its order's number in the tree, and whether it is the order's last; of each order its task."""
    order = np.array([o for t in x.forest.trees for o in t.order], np.int64)
    last = np.array(
        [s == len(t.make[o].steps) - 1 for t in x.forest.trees for o, s in zip(t.order, t.step, strict=True)], bool
    )
    into = np.array([i for t in x.forest.trees for i in t.into], np.int64)
    return order, last, into


def _needs(x: Exploded, rows: Rows, made: Made) -> tuple[list[Stock], Needs, Longs]:
    """Rows of stock on hand, what the tasks take of what is bought, and which row takes it."""
    number = {key: i for i, key in enumerate(x.materials)}
    stocks = [s for s in x.plain.operation.stocks if (s.item, s.place) in number and s.quantity > 0]
    lists: list[list[tuple[int, float]]] = []
    for tree in x.forest.trees:
        of: list[list[tuple[int, float]]] = [[] for _ in tree.order]
        for task, key, quantity in tree.needs:
            of[task].append((number[key], quantity / tree.amount[tree.order[task]]))
        lists += of
    count = np.array([len(of) for of in lists], np.int64)
    first = np.cumsum(count) - count
    material = np.array([m for of in lists for m, _ in of], np.int64)
    each = np.array([q for of in lists for _, q in of], np.float64)
    taker = np.repeat(np.arange(len(rows.task)), count[rows.task])
    start = np.cumsum(count[rows.task]) - count[rows.task]
    at = np.arange(len(taker)) - start[taker] + first[rows.task[taker]]
    quantity = each[at] * made.quantity[rows.order[taker]]
    return stocks, Needs(material[at], rows.start[taker], quantity), taker


def _ids(made: Made, bought: Bought) -> tuple[Names, Longs]:
    """Names of the production orders, then of the purchases; and all of them by their start."""
    start, end = np.concatenate([made.start, bought.start]), np.concatenate([made.end, bought.end])
    sort = np.lexsort((end, start))
    width = max(4, len(str(len(sort))))
    ids = np.empty(len(sort), object)
    making = sort < len(made.start)
    for prefix, who in (("MO", sort[making]), ("PO", sort[~making])):
        ids[who] = [f"{prefix}-{i:0{width}}" for i in range(1, len(who) + 1)]
    return ids, sort


def _objects(values: list[Any]) -> Names:
    """An array of any objects, one for each value."""
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _write_orders(plan: Plan, x: Exploded, made: Made, bought: Bought, ids: Names, sort: Longs) -> None:
    """Production orders and purchases, all by their start."""
    makes = [m for t in x.forest.trees for m in t.make]
    options = [x.plain.buy[key] for key in x.materials]
    kinds = [("make", *m.key, m.option.name if m.option else "", m.process, "") for m in makes]
    kinds += [("buy", *key, o.name, "", o.supplier) for key, o in zip(x.materials, options, strict=True)]
    columns = [_objects([k[i] for k in kinds]) for i in range(6)]
    kind = np.concatenate([made.kind, len(makes) + bought.material])[sort]
    quantity = np.concatenate([made.quantity, bought.quantity])[sort].tolist()
    start = np.concatenate([made.start, bought.start])[sort].tolist()
    end = np.concatenate([made.end, bought.end])[sort].tolist()
    what, item, place, option, process, supplier = (c[kind].tolist() for c in columns)
    plan.orders = list(
        map(PlannedOrder, ids[sort].tolist(), what, item, place, quantity, start, end, option, process, supplier)
    )


def _steps(x: Exploded) -> list[Any]:
    return [t.make[o].steps[s] for t in x.forest.trees for o, s in zip(t.order, t.step, strict=True)]


def _write_tasks(plan: Plan, x: Exploded, rows: Rows, made: Made, ids: Names) -> None:
    steps = _steps(x)
    held = {work.resource: ((work.resource, 1.0),) for work in steps}
    name, resources = _objects([w.name for w in steps]), _objects([])
    resources = np.empty(len(steps), object)
    for i, work in enumerate(steps):
        resources[i] = held[work.resource]
    setup = np.array([w.setup for w in steps], np.int64)
    sort = np.lexsort((rows.end, rows.start))
    task, order = rows.task[sort], rows.order[sort]
    plan.tasks = list(
        map(PlannedTask, ids[order].tolist(), name[task].tolist(), rows.start[sort].tolist(), rows.end[sort].tolist(),
            resources[task].tolist(), setup[task].tolist(), made.quantity[order].tolist())
    )  # fmt: skip


def _write_flows(
    plan: Plan, x: Exploded, rows: Rows, made: Made, supply: tuple[Needs, Longs, Bought], ids: Names
) -> None:
    """What orders yield, what they take of one another, and what they take of what is bought."""
    needs, taker, bought = supply
    makes, steps = [m for t in x.forest.trees for m in t.make], _steps(x)
    item, place = _objects([m.key[0] for m in makes]), _objects([m.key[1] for m in makes])
    step = _objects([w.name for w in steps])
    raw_item, raw_place = _objects([k[0] for k in x.materials]), _objects([k[1] for k in x.materials])
    parts = np.flatnonzero(made.into >= 0)
    into = made.into[parts]
    columns = (
        (ids[: len(made.kind)], repeat(""), item[made.kind], place[made.kind], made.quantity, made.end),
        (ids[rows.order[into]], step[rows.task[into]].tolist(), item[made.kind[parts]], place[made.kind[parts]],
         -made.quantity[parts], rows.start[into]),
        (ids[rows.order[taker]], step[rows.task[taker]].tolist(), raw_item[needs.material], raw_place[needs.material],
         -needs.quantity, needs.at),
        (ids[len(made.kind):], repeat(""), raw_item[bought.material], raw_place[bought.material], bought.quantity, bought.end),
    )  # fmt: skip
    for order, names, items, places, quantity, at in columns:
        plan.flows += map(Flow, order.tolist(), names, items.tolist(), places.tolist(), quantity.tolist(), at.tolist())


def _write_pegs(
    plan: Plan, x: Exploded, rows: Rows, made: Made, supply: tuple[Longs, Bought, list[Stock]], ids: Names
) -> None:
    """Orders to the orders that they are for, the last ones to demands, and stock and purchases to what takes them."""
    taker, bought, stocks = supply
    makes, steps = [m for t in x.forest.trees for m in t.make], _steps(x)
    item, place = _objects([m.key[0] for m in makes]), _objects([m.key[1] for m in makes])
    step, demand = _objects([w.name for w in steps]), _objects([d.name for d in x.plain.demands])
    parts, roots = np.flatnonzero(made.into >= 0), np.flatnonzero(made.into < 0)
    into, kind = made.into[parts], made.kind[parts]
    plan.pegs += map(Peg, item[kind].tolist(), place[kind].tolist(), made.quantity[parts].tolist(), ids[parts].tolist(),
                     ids[rows.order[into]].tolist(), repeat(""), step[rows.task[into]].tolist())  # fmt: skip
    kind = made.kind[roots]
    plan.pegs += map(Peg, item[kind].tolist(), place[kind].tolist(), made.quantity[roots].tolist(), ids[roots].tolist(),
                     repeat(""), demand[made.job[roots]].tolist())  # fmt: skip
    keys = [(s.item, s.place) for s in stocks] + [x.materials[m] for m in bought.material.tolist()]
    sources = np.concatenate([_objects([""] * len(stocks)), ids[len(made.kind) :]])
    lots = _objects([s.lot for s in stocks] + [""] * len(bought.material))
    of, by = bought.supply, taker[bought.need]
    raw_item, raw_place = _objects([k[0] for k in keys]), _objects([k[1] for k in keys])
    plan.pegs += map(Peg, raw_item[of].tolist(), raw_place[of].tolist(), bought.taken.tolist(), sources[of].tolist(),
                     ids[rows.order[by]].tolist(), repeat(""), step[rows.task[by]].tolist(), lots[of].tolist())  # fmt: skip
