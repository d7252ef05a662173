"""Orders on time, the few causes of most loss, and who worked how long: small examples worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gemba.measure.delivery import order_reliability
from gemba.measure.pareto import pareto
from gemba.measure.utilisation import utilisation
from gemba.operation import Event, ReleasedOrder

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def event(uid: str, kind: str, days: int = 0, **more: Any) -> Event:
    return Event(uid=uid, at=DAY + timedelta(days), kind=kind, **more)


def test_of_three_orders_done_one_is_two_days_late_and_one_is_open() -> None:
    orders = [ReleasedOrder(uid=n, at=DAY, order=n, due=DAY + timedelta(5)) for n in "abcd"]
    ends = [event("1", "closed", 4, order="a"), event("2", "closed", 5, order="b"), event("3", "closed", 7, order="c")]
    found = order_reliability(orders, ends)
    assert (found.due.closed, found.due.open, found.due.late) == (3, 1, 1)
    assert found.due.share == pytest.approx(2 / 3)
    assert [e.order for e in found.late] == ["c"]
    assert found.longest == found.due.mean_late == 2 * 86400


def test_a_closing_that_was_voided_does_not_count() -> None:
    order = ReleasedOrder(uid="a", at=DAY, order="a", due=DAY)
    again = [event("1", "closed", 4, order="a"), event("2", "closed", 4, order="a", corrects="1")]
    assert order_reliability([order], again).due.open == 1


def test_a_pareto_puts_the_largest_first_and_adds_up_to_one() -> None:
    scrap = [event(str(i), "reported", scrap=q, reason=r) for i, (q, r) in enumerate([(1, "a"), (6, "b"), (3, "a")])]
    rows = pareto([*scrap, event("none", "reported", reason="c")], "reason", "scrap")
    assert [(r.name, r.amount, r.count, r.share, r.cumulated) for r in rows] == [
        ("b", Decimal(6), 1, 0.6, 0.6), ("a", Decimal(4), 2, 0.4, 1.0),
    ]  # fmt: skip


def test_a_pareto_takes_any_amount() -> None:
    events = [event("1", "worked", seconds=0.1, place="P"), event("2", "worked", seconds=0.2, place="P")]
    assert pareto(events, "place", lambda e: e.seconds)[0].amount == Decimal("0.3")
    assert pareto([], "place", "scrap") == []


def test_utilisation_is_work_over_open_time_and_pauses_are_no_work() -> None:
    events = [event("1", "set_up", resource="Saw", seconds=600), event("2", "finished", resource="Saw", seconds=3000),
              event("3", "resumed", resource="Saw", seconds=900), event("4", "worked", resource="Mill", seconds=7200),
              event("5", "worked", resource="Mill", seconds=-3600, corrects="x")]  # fmt: skip
    mill, saw = utilisation(events, "resource", {"Saw": 7200})
    assert (saw.seconds, saw.share, dict(saw.by_time)) == (3600, 0.5, {"set-up": 600, "production": 3000})
    assert (mill.seconds, mill.events, mill.share) == (3600, 0, None)
