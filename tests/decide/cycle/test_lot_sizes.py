"""Economic lots, worked out by hand (dynamic lot size: Wagner and Whitin 1958)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gemba.decide.check import check
from gemba.decide.cycle import plan
from gemba.decide.cycle.lot_sizes import economic_lots, lots_for_hours
from gemba.operation import (
    Demand,
    Item,
    Operation,
    Process,
    Resource,
    Settings,
    Step,
    StepResource,
    SupplyOption,
)  # fmt: skip
from tests.decide.cycle.small_shop import HOUR, NOW

WEEK = 168 * HOUR


def bought(value: float, weeks: int = 8) -> Operation:
    """10 boards every week; an order costs 100, a board in stock 20 % of its value a year."""
    return Operation(
        settings=Settings(name="lots", now=NOW, horizon=200 * 86400.0), items=(Item(name="Board", cost=value),),
        supply_options=(SupplyOption(name="Buy", item="Board", kind="buy", cost=3.0, order_cost=100.0),),
        demands=tuple(
            Demand(name=f"D{k}", item="Board", quantity=10, due=NOW + 24 * HOUR + k * WEEK) for k in range(weeks)
        ),
    )  # fmt: skip


def least(operation: Operation) -> float:
    return economic_lots(operation).supply_options[0].minimum


def test_the_lot_weighs_orders_against_stock() -> None:
    """A board at 500 costs 1.92 in stock for a week: two orders of four weeks cost 200 + 231, three orders 300 + 135. At 550 it
    costs 2.11: 200 + 254 is more than 300 + 148, and 80 boards in three orders are 27 each."""
    assert least(bought(500.0)) == 40
    assert least(bought(550.0)) == 27


def test_cheap_stock_is_ordered_at_once_and_dear_stock_as_needed() -> None:
    assert least(bought(1.0)) == 80
    dear = bought(1e6)
    assert economic_lots(dear) is dear


def test_the_rules_of_an_option_are_kept() -> None:
    """Dozens are needed in seven weeks, 84 boards in three orders: 28 each, three dozen."""
    operation = bought(500.0)
    (buy,) = operation.supply_options
    for rules, lot in (({"maximum": 25.0}, 25), ({"multiple": 12.0}, 36), ({"minimum": 60.0}, 60)):
        assert least(replace(operation, supply_options=(replace(buy, **rules),))) == lot


def test_without_a_cost_of_orders_or_a_value_of_stock_nothing_changes() -> None:
    operation = bought(0.0)
    (buy,) = operation.supply_options
    for option in (replace(buy, cost=0.0), replace(buy, order_cost=0.0)):
        same = replace(operation, supply_options=(option,))
        assert economic_lots(same) is same


def test_least_cost_puts_orders_together() -> None:
    """80 boards at 3 and two orders at 100: 440, where eight orders cost 1,040."""
    operation = bought(500.0)
    cheap = plan(operation, policy="least_cost", seconds=None, steps=6)
    assert cheap.violations == [] == check(operation, cheap)
    assert plan(operation, seconds=None, steps=6).objective.cost == 1040
    assert cheap.objective.cost == 440


def test_a_set_up_is_what_an_order_of_made_parts_costs_and_small_capacity_limits_the_lot() -> None:
    """A set-up of an hour at 100: the same lots as those of the bought boards, as long as the saw has the hours for them."""
    operation = replace(
        bought(500.0),
        resources=(Resource(name="Saw", cost_per_hour=100.0),),
        processes=(Process(name="Saw boards", item="Board"),),
        steps=(Step(process="Saw boards", name="Saw", setup_time=3600.0, time_per_unit=36.0),),
        step_resources=(StepResource(process="Saw boards", step="Saw", resource="Saw"),),
        supply_options=(SupplyOption(name="Make", item="Board", kind="make", process="Saw boards"),),
    )
    assert least(operation) == 40
    slow = replace(operation, steps=(replace(operation.steps[0], time_per_unit=7200.0),))  # twelve boards a day at most
    assert least(slow) < 40


def pressed(orders: int, *, stated: bool) -> Operation:
    """Four parts from one press: an hour of set-up for each lot, ten minutes of work for each of so many orders of ten pieces."""
    names = [f"Part {k}" for k in range(4)]
    return Operation(
        settings=Settings(name="press", now=NOW, horizon=200 * 86400.0), items=tuple(Item(name=n) for n in names),
        resources=(Resource(name="Press"),), processes=tuple(Process(name=f"Press {n}", item=n) for n in names),
        steps=tuple(Step(process=f"Press {n}", name="Press", setup_time=3600.0, time_per_unit=60.0) for n in names),
        step_resources=tuple(StepResource(process=f"Press {n}", step="Press", resource="Press") for n in names),
        supply_options=tuple(
            SupplyOption(name=f"Make {n}", item=n, kind="make", process=f"Press {n}") for n in names if stated
        ),
        demands=tuple(
            Demand(name=f"{n}, {k}", item=n, quantity=10, due=NOW + (8 + 2 * k) * HOUR)
            for n in names for k in range(orders)
        ),
    )  # fmt: skip


@pytest.mark.parametrize("stated", [True, False])
def test_lots_grow_where_set_ups_take_hours_that_are_short(stated: bool) -> None:
    """80 lots take 80 x 70 min = 93 h, due within 46 h; in lots of five demands it is 16 x 110 min = 29 h."""
    operation = pressed(20, stated=stated)
    found = plan(operation, seconds=None, steps=6)
    assert found.violations == [] == check(operation, found)
    assert len(found.orders) < 40
    assert {o.option for o in found.orders} <= {s.name for s in operation.supply_options} | {""}
    assert found.objective.weighted_tardiness < 0.5


def test_lots_grow_in_large_plain_operations_too() -> None:
    """404 lots take 471 h, due within 210 h."""
    operation = pressed(101, stated=True)
    found = plan(operation, seconds=None, steps=2)
    assert found.violations == [] == check(operation, found)
    assert found.objective.weighted_tardiness < 5


def test_lots_stay_as_they_are_where_no_two_orders_are_for_the_same() -> None:
    operation = pressed(1, stated=True)
    assert lots_for_hours(operation) == []
