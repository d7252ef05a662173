"""Stock that has expired, or will have, is not used, whatever purchases are put together."""

from __future__ import annotations

from datetime import datetime, timedelta

from gemba.decide.cycle import plan
from gemba.operation import Demand, Item, Operation, Settings, Stock, SupplyOption

NOW = datetime(2026, 1, 5)


def test_purchases_for_what_an_expired_lot_cannot_give_are_not_put_together_with_it() -> None:
    operation = Operation(
        settings=Settings(name="dairy", now=NOW),
        items=(Item(name="milk"),),
        supply_options=(SupplyOption(name="buy", item="milk", kind="buy", order_cost=9.0),),
        stocks=(Stock(item="milk", lot="old", quantity=2, expires=NOW - timedelta(hours=3)),),
        demands=(Demand(name="d", item="milk", quantity=3, due=NOW + timedelta(days=2)),),
    )
    found = plan(operation, seconds=None, steps=2)
    assert found.violations == []
    assert sum(o.quantity for o in found.orders) == 3
    assert {p.lot for p in found.pegs if not p.supply} <= {""}
