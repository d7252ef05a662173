"""Which items are counted when, how right the ledger is, how often stock turns."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from gemba.execute.ledger.counting import abc_classes, accuracy, due_counts, is_large, is_right, turns, usage_values
from gemba.operation import Count
from tests.execute.ledger.plant import AT, maker

DAY = timedelta(days=1)


def count(item: str, counted: str, book: str, days_ago: int = 0) -> Count:
    return Count(
        uid=f"{item}{days_ago}", at=AT - days_ago * DAY, item=item, place="Store", counted=Decimal(counted),
        book=Decimal(book),
    )  # fmt: skip


def test_few_items_with_most_of_the_value_are_class_a() -> None:
    # Values 700, 150, 100, 30, 20 of 1,000: shares before each are 0, .70, .85, .95, .98.
    usage = {name: Decimal(value) for name, value in zip("vwxyz", (700, 150, 100, 30, 20), strict=True)}
    assert abc_classes(usage) == {"v": "A", "w": "A", "x": "B", "y": "C", "z": "C"}
    assert abc_classes(usage, (0.5, 0.8)) == {"v": "A", "w": "B", "x": "C", "y": "C", "z": "C"}
    assert abc_classes({"unused": Decimal(0)}) == {"unused": "C"}


def test_usage_is_what_left_for_orders_and_customers_less_what_came_back() -> None:
    m = maker()
    moved = [
        m.issue("1", "Bag", 30, "Store", "MO-1"), m.unused("2", "Bag", 10, "Store", "MO-1"),
        m.shipment("3", "Bag", 5, "Store", "School"), m.transfer("4", "Bag", 9, "Store", "Shop"),
    ]  # fmt: skip
    assert usage_values(moved) == {"Bag": Decimal("2.5")}


def test_what_was_never_counted_is_due_and_class_a_first() -> None:
    there = [("a", "Store"), ("b", "Store"), ("c", "Store")]
    classes = {"a": "A", "b": "B", "c": "C"}
    counts = [count("a", "1", "1", 40), count("b", "1", "1", 40)]
    assert [d.item for d in due_counts(there, classes, counts, AT)] == ["a", "c"]
    assert [d.item for d in due_counts(there, classes, [*counts, count("a", "1", "1", 2)], AT)] == ["c"]


def test_accuracy_is_the_share_of_records_found_right_within_tolerance() -> None:
    counts = [
        count("a", "1000", "1000"),
        count("a", "999", "1000", 1),
        count("a", "990", "1000", 2),
        count("c", "96", "100"),
    ]
    assert [is_right(c, "A") for c in counts[:3]] == [True, True, False]
    assert accuracy(counts, {"a": "A", "c": "C"}) == 0.75
    assert accuracy([], {}) is None


def test_a_large_difference_is_counted_again() -> None:
    assert is_large(Decimal(70), Decimal(100))
    assert not is_large(Decimal(80), Decimal(100))
    assert is_large(Decimal(1), Decimal(0))


def test_turns_are_the_cost_of_shipments_over_the_average_stock() -> None:
    # 900,000 shipped in a year from stock of 150,000 on average: 6 turns.
    m = maker()
    moved = [m.shipment("1", "Oven", 900, "Store", "School"), m.receipt("2", "Oven", 9, "Store")]
    assert turns(moved, Decimal(150_000), 365) == pytest.approx(6.0)
    assert turns(moved, Decimal(0), 365) is None
