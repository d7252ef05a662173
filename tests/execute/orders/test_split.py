"""An order in two."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.execute.orders.split import split
from tests.execute.orders.facts import NOW, head, tasks


def test_a_split_order_is_two_with_the_same_work_in_proportion() -> None:
    ids = count()
    made = split(head(), tasks(), Decimal(4), NOW, lambda: str(next(ids)))
    assert [(o.order, o.quantity, o.parent) for o in made.orders] == [("MO-1-S1", 6, "MO-1"), ("MO-1-S2", 4, "MO-1")]
    assert [(t.order, t.step, t.run, t.setup) for t in made.tasks if t.step == "Cut"] == [
        ("MO-1-S1", "Cut", 360, 600), ("MO-1-S2", "Cut", 240, 600),
    ]  # fmt: skip


@given(st.integers(1, 9_999_999), st.integers(2, 10_000_000))
def test_whatever_is_split_off_the_quantities_add_up(part: int, whole: int) -> None:
    size, off = Decimal(whole) / 1000, Decimal(part) / 1000
    if off >= size:
        with pytest.raises(ValueError, match="below the order's quantity"):
            split(head(), tasks(), Decimal(10) + off, NOW, lambda: "x")
        return
    made = split(replace(head(), quantity=size), [], off, NOW, lambda: "x")
    assert sum(o.quantity for o in made.orders) == size
