"""The checker and the explanation keep up with large plans."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from gemba.decide.check import check, measure
from gemba.improve.explain import explain
from gemba.operation import (
    Delivery,
    Demand,
    Flow,
    Item,
    Operation,
    Peg,
    Plan,
    PlannedOrder,
    PlannedTask,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    Stock,
)
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds
from tests.decide.check.shop import DAY, NOW, shop

LINES, ORDERS = 100, 100  # lines of three machines, and orders on each


def lines() -> Operation:
    """Lines that make an item each from wood, in three steps on machines of their own, every demand wanted at once."""
    steps = [(f"M{i}", f"S{k}", k) for i in range(LINES) for k in range(3)]
    return shop(
        settings=Settings(name="Shop", now=NOW, horizon=3000 * DAY),
        items=(*(Item(name=f"I{i}") for i in range(LINES)), Item(name="Wood")),
        processes=tuple(Process(name=f"M{i}", item=f"I{i}", place="Plant") for i in range(LINES)),
        steps=tuple(Step(process=p, name=s, sequence=k, setup_time=60, time_per_unit=60) for p, s, k in steps),
        resources=tuple(Resource(name=f"{p} {s}", place="Plant", calendar="Day shift") for p, s, _ in steps),
        step_resources=tuple(StepResource(process=p, step=s, resource=f"{p} {s}") for p, s, _ in steps),
        step_items=tuple(StepItem(process=f"M{i}", step="S0", item="Wood", quantity=1) for i in range(LINES)),
        stocks=(Stock(item="Wood", place="Plant", quantity=1e9),),
        supply_options=(), resource_skills=(), skills=(), suppliers=(),
        demands=tuple(Demand(name=f"D{i}-{n}", item=f"I{i}", place="Plant", quantity=10, due=NOW + timedelta(minutes=n))
                      for i in range(LINES) for n in range(ORDERS)),
    )  # fmt: skip


def one_after_another(operation: Operation) -> Plan:
    """Each line's orders in turn, as soon as its machines are free."""
    plan, hours = Plan("Shop", seconds(NOW)), Hours(operation).open(frozenset({"Day shift"}))
    for i in range(LINES):
        free = [plan.now] * 3
        for n in range(ORDERS):
            name, start, ready = f"P{i}-{n}", hours.next_open(free[0]), plan.now
            for k in range(3):
                begin = hours.next_open(max(free[k], ready))
                ready = free[k] = hours.finish(begin, 660)
                plan.tasks.append(PlannedTask(name, f"S{k}", begin, ready, ((f"M{i} S{k}", 1.0),), 60, 10.0))
            plan.orders.append(PlannedOrder(name, "make", f"I{i}", "Plant", 10.0, start, ready, process=f"M{i}"))
            plan.flows.append(Flow(name, "S0", "Wood", "Plant", -10.0, start))
            plan.flows.append(Flow(name, "", f"I{i}", "Plant", 10.0, ready))
            plan.pegs.append(Peg("Wood", "Plant", 10.0, "", order=name, step="S0"))
            plan.pegs.append(Peg(f"I{i}", "Plant", 10.0, name, demand=f"D{i}-{n}"))
            plan.deliveries.append(Delivery(f"D{i}-{n}", 10.0, ready))
    plan.objective = measure(operation, plan)
    return plan


@pytest.mark.slow
def test_thirty_thousand_tasks_are_checked_and_ten_thousand_late_demands_explained_in_a_minute() -> None:
    operation = lines()
    plan = one_after_another(operation)
    begun = time.perf_counter()
    assert check(operation, plan) == []
    checked = time.perf_counter()
    reasons = explain(operation, plan)
    explained = time.perf_counter()
    assert len(reasons) == LINES * ORDERS
    assert all(sum(p.seconds for p in r.parts) == r.lateness for r in reasons)
    assert checked - begun < 60
    assert explained - checked < 60
