"""Large plans are looked at as whole columns first; what is found wrong, and in which words, is the same without that."""

from __future__ import annotations

import random
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba.decide.check import check, checker
from gemba.decide.check.book import Book
from gemba.decide.check.doubts import clear
from gemba.decide.check.needs import Needs
from gemba.operation import (
    Demand,
    Item,
    Operation,
    Plan,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    Stock,
    SupplyOption,
)
from tests.decide.check.random_operation import operations
from tests.decide.check.serial import serial
from tests.decide.check.shop import HOUR, NOW, at
from tests.decide.check.test_properties import shaken

SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def one_by_one(operation: Operation, plan: Plan) -> list[str]:
    """What the rules find without the look at columns."""
    with patch.object(checker, "clear", lambda book, needs: None):
        return check(operation, plan)


def nudged(plan: Plan, seed: int) -> Plan:
    """The plan with a single number a little off, by about what is still allowed."""
    chance = random.Random(seed)
    groups = [g for g in (plan.orders, plan.tasks, plan.flows, plan.pegs, plan.deliveries) if g]
    for _ in range(chance.randint(1, 2)):
        row = chance.choice(chance.choice(groups)) if groups else None
        field = chance.choice(
            [f for f in ("start", "end", "at", "date", "quantity", "setup") if hasattr(row, f)] or [""]
        )
        if field:
            off = (
                chance.choice([-2, -1, 1, 2]) if field != "quantity" else chance.choice([-1e-5, -1e-7, 1e-7, 1e-5, 1.0])
            )
            setattr(row, field, getattr(row, field) + off)
    return plan


@SETTINGS
@given(operations(), st.integers(0, 10**6))
def test_the_look_at_columns_hides_no_fault(operation: Operation, seed: int) -> None:
    for spoil in (nudged, shaken):
        plan = spoil(serial(operation), seed)
        assert check(operation, plan) == one_by_one(operation, plan)


def test_orders_of_a_good_plan_are_cleared() -> None:
    operation = Operation(
        settings=Settings(name="Mill", now=NOW),
        resources=(Resource(name="Saw"), Resource(name="Plane")),
        items=(Item(name="Log"), Item(name="Board")),
        stocks=(Stock(item="Log", quantity=3),),
        processes=(Process(name="Make board", item="Board"),),
        steps=(
            Step(process="Make board", name="Saw", sequence=1, setup_time=60, time_per_unit=100),
            Step(process="Make board", name="Plane", sequence=2, time=300, batch_size=4, time_per_unit=90),
        ),
        step_resources=(
            StepResource(process="Make board", step="Saw", resource="Saw"),
            StepResource(process="Make board", step="Plane", resource="Plane", speed=2),
        ),
        step_items=(StepItem(process="Make board", step="Saw", item="Log", quantity=0.5),),
        supply_options=(
            SupplyOption(name="Buy log", item="Log", kind="buy", lead_time=5 * HOUR, minimum=4, multiple=2),
        ),
        demands=tuple(Demand(name=f"SO-{i}", item="Board", quantity=5 + i, due=at(25, i)) for i in range(4)),
    )
    book = Book(operation, serial(operation))
    clear(book, Needs(book))
    assert len(book.cleared) == len(book.plan.orders) > 4
    assert (book.tight, book.scarce, book.unclear) == (set(), set(), set())
    assert not book.suspects
