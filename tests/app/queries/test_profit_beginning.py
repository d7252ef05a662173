"""The books begin with the first record: before it no overhead is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gemba.app.actions import import_operation
from gemba.app.queries.profit import Books
from gemba.app.store.clock import set_now
from gemba.app.store.records import append
from gemba.operation import Event, Overhead
from tests.execute.orders.facts import shop

pytestmark = pytest.mark.django_db

AUTUMN, WINTER = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def books(planner: Any) -> Books:
    """Overhead of 720 units a month at 2 each: 2 an hour in November, which has 720 hours."""
    overhead = Overhead(place="Shop", basis="machine hours", rate=2.0, budget=720.0)
    import_operation(planner, shop(overheads=(overhead,)), "by hand")
    set_now("Shop", datetime(2026, 11, 24, tzinfo=UTC), stands=True)
    return Books("Shop")


def test_overhead_is_missing_from_the_first_record_on(books: Books) -> None:
    began = Event(uid="first", at=datetime(2026, 11, 23, 6, tzinfo=UTC), kind="down", resource="Saw", place="Shop")
    with transaction.atomic():
        append("Shop", [began])
    # 06:00 on the 23rd until midnight: 18 hours, in which nothing was charged
    assert [(c.month, c.line, c.amount) for c in books.cells(AUTUMN, WINTER)] == [
        ("2026-11", "overhead not absorbed", Decimal(-36))
    ]


def test_without_any_record_there_is_no_loss(books: Books) -> None:
    assert books.cells(AUTUMN, WINTER) == []
