"""What a new plan changes of a published one: which work moved and why, and what that means for demands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from gemba.decide.cycle.anchor import Anchored
from gemba.operation import Operation, Plan, PlannedTask
from gemba.operation.moments import seconds
from gemba.solvers.search.shop import BEFORE, END, FROM_START, IN, IN_END, NODE, SLOT, SLOT_END, START, TO_END

Key = tuple[str, str]  # order, step


@dataclass(frozen=True, slots=True)
class Moved:
    """A published task (or, without a step, an order to buy or move) at another time or on other resources."""

    order: str
    step: str
    before: tuple[int, int]
    after: tuple[int, int]
    resources_before: tuple[str, ...] = ()
    resources_after: tuple[str, ...] = ()
    why: str = ""
    pushed_by: Key | None = None  # the task that it now waits for, where it is not the event itself

    @property
    def elsewhere(self) -> bool:
        return self.resources_before != self.resources_after


@dataclass(frozen=True, slots=True)
class Effect:
    """A demand served otherwise than published: moment of its last delivery (None: none), seconds late, quantity short."""

    demand: str
    due: int
    before: int | None
    after: int | None
    late_before: int
    late_after: int
    short_before: float
    short_after: float

    @property
    def worse(self) -> bool:
        return self.late_after > self.late_before or self.short_after > self.short_before + 1e-9


def moves(published: Plan, plan: Plan, reasons: Mapping[Key, tuple[str, Key | None]]) -> list[Moved]:
    """All that moved, by its new start."""
    found = []
    tasks = {(t.order, t.step): t for t in published.tasks}
    for t in plan.tasks:
        old = tasks.get((t.order, t.step))
        if old is not None and old is not t and _where(old) != _where(t):
            found.append(_moved(t.order, t.step, _where(old), _where(t), reasons))
    fetched = {o.id: o for o in published.orders if o.kind in ("buy", "move")}
    for o in plan.orders:
        before = fetched.get(o.id)
        if before is not None and before is not o and (before.start, before.end) != (o.start, o.end):
            found.append(_moved(o.id, "", (before.start, before.end, ()), (o.start, o.end, ()), reasons))
    return sorted(found, key=lambda m: (m.after, m.order, m.step))


def _where(t: PlannedTask) -> tuple[int, int, tuple[str, ...]]:
    return t.start, t.end, tuple(name for name, _ in t.resources)


def _moved(
    order: str,
    step: str,
    old: tuple[int, int, tuple[str, ...]],
    new: tuple[int, int, tuple[str, ...]],
    reasons: Mapping[Key, tuple[str, Key | None]],
) -> Moved:
    why, by = reasons.get((order, step), ("", None))
    return Moved(order, step, old[:2], new[:2], old[2], new[2], why, by)


def effects(before: Operation, published: Plan, after: Operation, plan: Plan) -> list[Effect]:
    """Demands whose last delivery or whose quantity differs, the worst first; new ones too, cancelled ones not."""
    old, new = _served(before, published), _served(after, plan)
    found = []
    for d in after.demands:
        if d.status == "open" and (was := old.get(d.name, (None, 0.0))) != (now := new.get(d.name, (None, 0.0))):
            due = seconds(d.due)
            late = [0 if at is None else max(0, at - due) for at in (was[0], now[0])]
            found.append(Effect(d.name, due, was[0], now[0], late[0], late[1], was[1], now[1]))
    return sorted(found, key=lambda e: (e.late_before - e.late_after, e.short_before - e.short_after, e.demand))


def _served(operation: Operation, plan: Plan) -> dict[str, tuple[int | None, float]]:
    """Of each open demand the moment of its last delivery and the quantity that is not delivered."""
    last: dict[str, int] = {}
    given: dict[str, float] = defaultdict(float)
    for d in plan.deliveries:
        last[d.demand] = max(d.date, last.get(d.demand, d.date))
        given[d.demand] += d.quantity
    return {
        d.name: (last.get(d.name), round(max(0.0, d.quantity - given[d.name]), 6))
        for d in operation.demands
        if d.status == "open"
    }


def reasons(a: Anchored, event: str) -> dict[Key, tuple[str, Key | None]]:
    """Why each node of the shop moved: the event itself, or the task that it now waits for."""
    found: dict[Key, tuple[str, Key | None]] = {}
    for node in a.moved().tolist():
        key = _key(a, node)
        if key is None:
            continue
        way = a.swapped(node)
        by = _held_by(a, node)
        other = _key(a, by) if by is not None else None
        if way is not None:
            swaps = " and ".join(f"on '{after}' instead of '{before}'" for before, after, _ in way.swaps)
            found[key] = f"{event}: done {swaps}", None
        elif other is not None:
            step = f" step '{other[1]}'" if other[1] else ""
            found[key] = f"waits for order '{other[0]}'{step}", other
        else:
            found[key] = event, None
    return found


def _key(a: Anchored, node: int) -> Key | None:
    """The task, or the fetched order, that a node stands for."""
    plan = a.problem.plan
    if node in a.task_of:
        t = plan.tasks[a.task_of[node]]
        return t.order, t.step
    order = a.order_of.get(node)
    return None if order is None else (plan.orders[order].id, "")


def _held_by(a: Anchored, node: int) -> int | None:
    """The node whose end lets this one start no sooner than it does, and later than published; None where there is none."""
    best, who = int(a.home.times[node, START]), None
    nodes, slots, line = a.shop.nodes, a.shop.slots, a.match.line
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        before = int(line[slot, BEFORE])
        if before >= 0 and (end := int(a.times[slots[before, NODE], END])) > best:
            best, who = end, int(slots[before, NODE])
    for u, lag, kind in a.shop.arcs_in[nodes[node, IN] : nodes[node, IN_END]].tolist():
        moment = int(a.times[u, START if kind & FROM_START else END]) + lag
        if kind & TO_END:
            moment -= int(a.times[node, END] - a.times[node, START])
        if moment > best:
            best, who = moment, u
    return who
