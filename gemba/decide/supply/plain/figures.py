"""How good a plain plan is, and what a person should know about it."""

from __future__ import annotations

import numpy as np

from gemba.decide.supply.plain.explode import Exploded
from gemba.operation import Objective, Plan, Problem
from gemba.solvers.assembly import Solution

_DAY = 86400.0


def objective(x: Exploded, solution: Solution, plan: Plan) -> Objective:
    """Service by the jobs' completion, makespan by their tasks, stock by all that moves it, cost of what is proposed."""
    late = np.maximum(0, solution.complete - x.due)
    o = Objective(tardiness=float(late.sum()) / _DAY, late=int((late > 0).sum()))
    o.on_time = len(late) - o.late
    o.value = o.weighted_tardiness = float(late @ x.weight) / _DAY
    o.makespan = int(solution.rows[:, 1].max()) - plan.now
    o.bound = min(o.value, solution.bound)
    o.proven = o.value <= o.bound + 1e-6
    o.stock, o.cost = _stock(x, plan), _cost(x, solution, plan)
    return o


def _stock(x: Exploded, plan: Plan) -> float:
    """Unit-days between now and the last movement of each item and place."""
    number: dict[tuple[str, str], int] = {}
    moves = [
        (number.setdefault((s.item, s.place), len(number)), s.quantity, plan.now) for s in x.plain.operation.stocks
    ]
    key = [number.setdefault((f.item, f.place), len(number)) for f in plan.flows]
    where = [number.setdefault((d.item, d.place), len(number)) for d in x.plain.demands]
    item = np.array([m[0] for m in moves] + key + where, np.int64)
    quantity = np.array(
        [m[1] for m in moves] + [f.quantity for f in plan.flows] + [-d.quantity for d in plan.deliveries]
    )
    at = np.array([m[2] for m in moves] + [f.at for f in plan.flows] + [d.date for d in plan.deliveries], np.int64)
    last = np.zeros(len(number), np.int64)
    np.maximum.at(last, item, at)
    return float(quantity @ (last[item] - at)) / _DAY


def _cost(x: Exploded, solution: Solution, plan: Plan) -> float:
    """Resource hours, alternatives, steps, purchases and orders."""
    options = {o.name: o for o in x.plain.operation.supply_options if o.cost or o.order_cost}
    total = 0.0
    if options:
        used = [(options[o.option], o.quantity) for o in plan.orders if o.option in options]
        total += sum(option.order_cost + option.cost * quantity for option, quantity in used)
    costly = [
        make for make in x.plain.make.values() if any(w.order_cost or w.unit_cost or w.hour_cost for w in make.steps)
    ]
    works = {(make.process, w.name): w for make in costly for w in make.steps}
    if works:
        process = {o.id: o.process for o in plan.orders}
        for t in plan.tasks:
            work = works.get((process[t.order], t.step))
            if work:
                worked = x.plain.hours.open(work.calendars).between(t.start, t.end) / 3600.0
                total += work.order_cost + work.unit_cost * t.quantity + work.hour_cost * worked
    return total


def problems(x: Exploded, solution: Solution) -> list[Problem]:
    """Demands that are late."""
    found = []
    for j in np.flatnonzero(solution.complete > x.due).tolist():
        d, due, at = x.plain.demands[j], int(x.due[j]), int(solution.complete[j])
        message = f"Demand {d.name} is {(at - due) / _DAY:.1f} days late"
        found.append(Problem("late", d.name, message, d.quantity, due, at))
    return found
