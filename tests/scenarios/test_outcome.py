"""The facts themselves can fail: a wrong plan does not pass for a right one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gemba.operation import Delivery, Demand, Flow, Item, Operation, Plan, Settings, Stock
from gemba.operation.moments import from_local
from tests.scenarios import facts
from tests.scenarios.outcome import Outcome

BERLIN = "Europe/Berlin"
DUE = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(BERLIN))


def at(hour: int) -> int:
    return from_local(datetime(2026, 11, 23, hour), BERLIN)


def outcome(*deliveries: tuple[float, int]) -> Outcome:
    operation = Operation(
        settings=Settings(name="Test", now=datetime(2026, 11, 23, 8, tzinfo=ZoneInfo(BERLIN)), zone=BERLIN),
        items=(Item(name="Mug"),),
        stocks=(Stock(item="Mug", quantity=4),),
        demands=(Demand(name="D", item="Mug", quantity=10, due=DUE),),
    )
    plan = Plan("Test", at(8))
    plan.deliveries = [Delivery("D", quantity, at(hour)) for quantity, hour in deliveries]
    plan.flows = [Flow("B-1", "", "Mug", "", 8, at(10))]
    return Outcome(operation, plan)


def test_a_delivery_at_the_due_moment_is_on_time() -> None:
    facts.on_time(outcome((10, 12)), ["D"])


def test_a_delivery_after_the_due_moment_is_not_on_time() -> None:
    with pytest.raises(AssertionError, match="late"):
        facts.on_time(outcome((10, 13)), ["D"])


def test_part_of_a_quantity_in_time_is_not_on_time() -> None:
    with pytest.raises(AssertionError, match="short"):
        facts.on_time(outcome((6, 11)), ["D"])


def test_a_late_delivery_must_be_late_to_the_minute() -> None:
    facts.late(outcome((6, 11), (4, 14)), {"D": "2026-11-23T14:00"})
    with pytest.raises(AssertionError):
        facts.late(outcome((6, 11), (4, 15)), {"D": "2026-11-23T14:00"})


def test_what_is_not_delivered_is_short() -> None:
    facts.short(outcome((6, 11)), {"D": 4})
    with pytest.raises(AssertionError):
        facts.short(outcome((10, 11)), {"D": 4})


def test_stock_at_the_end_counts_stock_now_what_comes_and_what_is_delivered() -> None:
    facts.stock_at_end(outcome((10, 12)), {"Mug": 2})
