"""What was bought or moved is not produced."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gemba.measure.kpi.rows import Context, events, order_facts
from gemba.operation import Event, ReleasedOrder

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "sort"), [("make", ""), ("service", ""), ("buy", "transport"), ("move", "transport")])
def test_orders_that_buy_or_move_count_apart(kind: str, sort: str) -> None:
    order = ReleasedOrder(uid="o", at=AT, order="X-1", kind=kind, item="Board", quantity=Decimal(800))
    arrived = Event(uid="e", at=AT, kind="finished", order="X-1", item="Board", good=Decimal(800))
    (row,) = events([arrived], Context(orders={"X-1": order_facts(order)}))
    assert row.columns["maintenance"] == sort
