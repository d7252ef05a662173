"""What each demand takes, level by level: orders lot for lot, their tasks, and what is bought for them.

The tasks of all demands of an item are alike up to the quantity. So each item has one ``Tree``, and the arrays of
all trees one after another are the ``Forest``, in which rows of the schedule are looked up by number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.decide.supply.plain.recognise import Key, Make, Odd, Plain
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR
from gemba.solvers.assembly.problem import Assembly, Floats, Longs, assembly


@dataclass(slots=True)
class Tree:
    """Tasks and orders for one unit of an item, each task before the one that waits for it; numbers count from the first."""

    make: list[Make] = field(default_factory=list)  # of each order
    amount: list[float] = field(default_factory=list)  # of each order: units for each unit of the root
    into: list[int] = field(default_factory=list)  # of each order: the task that it is for; -1 for the root
    order: list[int] = field(default_factory=list)  # of each task
    step: list[int] = field(default_factory=list)  # of each task: its place in the process
    follower: list[int] = field(default_factory=list)  # of each task
    needs: list[tuple[int, Key, float]] = field(default_factory=list)  # task, what is bought, for each unit of the root


@dataclass(slots=True)
class Forest:
    """All trees. ``order_first`` and ``task_first``: where each tree's orders and tasks begin, and the end."""

    trees: list[Tree]
    order_first: Longs
    task_first: Longs


@dataclass(slots=True)
class Exploded:
    """The scheduling problem of a plain operation, and what its numbers stand for.

    ``tree[j]``: the tree of demand j, ``size[j]``: units in each of its pieces. ``first[j]``: its first task.
    """

    plain: Plain
    forest: Forest
    tree: Longs
    size: Floats
    first: Longs
    due: Longs
    weight: Floats
    materials: list[Key]
    supplied: Longs
    problem: Assembly


def explode(plain: Plain) -> Exploded:
    """The problem of all demands that take work.

    Raises:
        Odd: where machines do not follow one another from level to level, or are open at different hours for different work.
    """
    demands = plain.demands
    roots: dict[Key, int] = {}
    tree = np.array([roots.setdefault((d.item, d.place), len(roots)) for d in demands], np.int64)
    forest = _forest([_tree(plain, key) for key in roots])
    counts = np.diff(forest.task_first)[tree]
    first = np.cumsum(counts) - counts
    tasks = np.arange(int(counts.sum())) + np.repeat(forest.task_first[tree] - first, counts)  # in the forest
    offset = np.repeat(first - forest.task_first[tree], counts)
    quantity = np.array([d.quantity for d in demands], np.float64)
    whole = (quantity == np.floor(quantity)) & (quantity < 1 << 40)
    pieces, size = np.where(whole, quantity, 1).astype(np.int64), np.where(whole, 1.0, quantity)
    due, release = _moments(plain)
    weight = np.array([1.0 / d.priority if d.weight is None else d.weight for d in demands], np.float64)
    machines, calendar, hours = _machines(plain)
    materials = list(plain.buy)
    stock, supplied = _supply(plain, materials)
    t = _task_tables(forest, machines, {key: i for i, key in enumerate(materials)})
    scale = np.repeat(size, counts)
    follower, need_counts = t.follower[tasks], np.diff(t.needs)[tasks]
    start = np.cumsum(need_counts) - need_counts
    need = np.arange(int(need_counts.sum())) + np.repeat(t.needs[tasks] - start, need_counts)
    problem = assembly(
        due=due, weight=weight / 86400.0, release=release, pieces=pieces, tasks=np.append(first, len(tasks)),
        machine=t.machine[tasks], fixed=t.fixed[tasks], unit=t.unit[tasks] * scale,
        follower=np.where(follower < 0, -1, follower + offset), needs=np.append(start, len(need)), material=t.material[need],
        need=t.need[need] * np.repeat(scale, need_counts), calendar=calendar, stock=stock, supplied=supplied, hours=hours,
    )  # fmt: skip
    return Exploded(plain, forest, tree, size, first, due, weight, materials, supplied, problem)


def _tree(plain: Plain, key: Key) -> Tree:
    if key not in plain.make:
        raise Odd("a demand for what is bought")
    tree = Tree()
    _grow(plain, tree, key, 1.0)
    return tree


def _grow(plain: Plain, tree: Tree, key: Key, amount: float) -> int:
    """Add the orders and tasks for so much of an item; returns its last task."""
    make, order = plain.make[key], len(tree.make)
    tree.make.append(make)
    tree.amount.append(amount)
    tree.into.append(-1)
    last = -1
    for place, work in enumerate(make.steps):
        parts = [
            (part, q, len(tree.make), _grow(plain, tree, part, amount * q))
            for part, q in work.inputs
            if part in plain.make
        ]
        task = len(tree.order)
        tree.order.append(order)
        tree.step.append(place)
        tree.follower.append(-1)
        for _, _, child, end in parts:
            tree.into[child], tree.follower[end] = task, task
        if last >= 0:
            tree.follower[last] = task
        tree.needs += [(task, part, amount * q) for part, q in work.inputs if part in plain.buy]
        last = task
    return last


def _forest(trees: list[Tree]) -> Forest:
    orders, tasks = [len(t.make) for t in trees], [len(t.order) for t in trees]
    return Forest(trees, np.append(0, np.cumsum(orders)), np.append(0, np.cumsum(tasks)))


@dataclass(slots=True)
class _Tasks:
    """Of each task of the forest."""

    machine: Longs
    fixed: Floats
    unit: Floats
    follower: Longs  # number in its tree
    needs: Longs
    material: Longs
    need: Floats


def _task_tables(forest: Forest, machines: dict[str, int], materials: dict[Key, int]) -> _Tasks:
    machine, fixed, unit, follower = [], [], [], []
    counts, material, need = [], [], []
    for tree, first in zip(forest.trees, forest.task_first.tolist(), strict=False):
        for order, step, after in zip(tree.order, tree.step, tree.follower, strict=True):
            work = tree.make[order].steps[step]
            machine.append(machines[work.resource])
            fixed.append(work.fixed)
            unit.append(work.unit * tree.amount[order])
            follower.append(-1 if after < 0 else first + after)
            counts.append(0)
        for task, key, quantity in tree.needs:
            counts[first + task] += 1
            material.append(materials[key])
            need.append(quantity)
    return _Tasks(
        np.array(machine), np.array(fixed), np.array(unit), np.array(follower), np.append(0, np.cumsum(counts)),
        np.array(material, np.int64), np.array(need, np.float64),
    )  # fmt: skip


def _moments(plain: Plain) -> tuple[Longs, Longs]:
    """Due date and first moment of each demand's work."""
    now = plain.hours.now + int(plain.operation.settings.frozen)
    fences = [now + int(m.option.fence) for m in plain.make.values() if m.option]
    if fences and max(fences) > now:
        raise Odd("a fence of what is made")
    due = np.array([seconds(d.due) for d in plain.demands], np.int64)
    release = [max(now, seconds(d.earliest)) if d.earliest else now for d in plain.demands]
    return due, np.array(release, np.int64)


def _machines(plain: Plain) -> tuple[dict[str, int], list[int], list[list[tuple[int, int]]]]:
    """Resources by number, the calendar of each, and the open stretches of the calendars from now on."""
    calendars: dict[frozenset[str], int] = {}
    of: dict[str, frozenset[str]] = {}
    hours: list[list[tuple[int, int]]] = []
    after: dict[str, set[str]] = {}
    for make in plain.make.values():
        for i, work in enumerate(make.steps):
            if of.setdefault(work.resource, work.calendars) != work.calendars:
                raise Odd("hours that depend on the work")
            before = {plain.make[part].steps[-1].resource for part, _ in work.inputs if part in plain.make}
            before |= {make.steps[i - 1].resource} if i else set()
            for name in before - {work.resource}:
                after.setdefault(name, set()).add(work.resource)
    _require_levels(after)
    for names in of.values():
        opened = plain.hours.open(names)
        if names not in calendars:
            calendars[names] = -1 if opened.always else len(hours)
            if not opened.always:
                hours.append(list(zip(opened.starts, opened.ends, strict=True)))
    return {name: i for i, name in enumerate(of)}, [calendars[c] for c in of.values()], hours


def _require_levels(after: dict[str, set[str]]) -> None:
    """Placing jobs one after another is good where every job visits the machines in the same direction."""
    done: dict[str, bool] = {}

    def visit(name: str) -> None:
        if name in done:
            if not done[name]:
                raise Odd("work goes back and forth between machines")
            return
        done[name] = False
        for following in after.get(name, ()):
            visit(following)
        done[name] = True

    for name in list(after):
        visit(name)


def _supply(plain: Plain, materials: list[Key]) -> tuple[Floats, Longs]:
    """Stock on hand of what is bought, and when a purchase ordered at once arrives."""
    on_hand: dict[Key, float] = {}
    for s in plain.operation.stocks:
        on_hand[s.item, s.place] = on_hand.get((s.item, s.place), 0.0) + s.quantity
    frozen = plain.hours.now + int(plain.operation.settings.frozen)
    shipping = {s.name: s.calendar for s in plain.operation.suppliers}
    supplied = []
    for key in materials:
        option = plain.buy[key]
        hours = plain.hours.open(frozenset({shipping.get(option.supplier, "")} - {""}))
        start = hours.next_open(max(frozen, plain.hours.now + int(option.fence)))
        supplied.append(min(FAR - 1, hours.finish(start, int(option.lead_time))))
    return np.array([on_hand.get(key, 0.0) for key in materials], np.float64), np.array(supplied, np.int64)
