"""Netting worked by hand: each rule on an example small enough to follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gemba.decide.netting import SCALE, CircleError, Problem, low_level_codes, pegs, scaled, solve


def one_item(needs: list[float], **given: Any) -> Problem:
    """A single item needed so much in each bucket; quantities in units."""
    quantities = {name: scaled([given.pop(name, 0)]) for name in ("stock", "safety", "minimum", "multiple")}
    rest = {name: np.array([value]) for name, value in given.items()}
    t = np.arange(len(needs))
    wanted = {"need_item": 0 * t, "need_bucket": t, "need_quantity": scaled(needs)}
    return Problem(buckets=len(needs), **wanted, **quantities, **rest)


def due(problem: Problem, **options: bool) -> list[float]:
    return list(solve(problem, **options).due[0] / SCALE)


def test_without_rules_each_bucket_orders_what_it_needs() -> None:
    assert due(one_item([5, 0, 7])) == [5, 0, 7]


def test_stock_is_used_before_anything_is_ordered() -> None:
    assert due(one_item([5, 4, 7], stock=8)) == [0, 1, 7]


def test_safety_stock_is_ordered_at_once_where_it_is_not_there() -> None:
    assert due(one_item([0, 4, 7], stock=3, safety=5)) == [2, 4, 7]


def test_an_order_is_at_least_the_minimum_and_the_rest_serves_later_needs() -> None:
    assert due(one_item([5, 4, 7], minimum=10)) == [10, 0, 10]


def test_an_order_is_a_multiple_of_the_lot() -> None:
    assert due(one_item([5, 4, 7], multiple=6)) == [6, 6, 6]
    assert due(one_item([5, 4, 7], minimum=8, multiple=6)) == [12, 0, 12]


def test_needs_within_the_period_share_one_order() -> None:
    assert due(one_item([5, 4, 7, 1], period=2)) == [9, 0, 8, 0]


def test_a_period_orders_no_more_than_lasts_with_the_receipts_in_it() -> None:
    problem = one_item([5, 4, 7], period=3, receipt_item=0, receipt_bucket=1, receipt_quantity=6 * SCALE)
    assert due(problem) == [10, 0, 0]
    assert (solve(problem).stock >= 0).all()


def test_an_order_starts_its_lead_time_before_it_is_due() -> None:
    result = solve(one_item([0, 0, 7], lead=2))
    assert list(result.release[0] / SCALE) == [7, 0, 0]
    assert result.orders().start.tolist() == [0]


def test_an_order_that_should_have_started_in_the_past_starts_at_once_and_is_counted() -> None:
    result = solve(one_item([3, 4], lead=3))
    assert list(result.release[0] / SCALE) == [7, 0]
    assert result.overdue[0] == 7 * SCALE
    assert result.orders().start.tolist() == [-3, -2]


def test_an_item_that_may_not_be_ordered_shows_its_shortage() -> None:
    result = solve(one_item([5, 4], stock=6, orders=False))
    assert not result.due.any()
    assert list(result.stock[0] / SCALE) == [1, -3]


def test_gross_explosion_leaves_out_stock_and_lead_times() -> None:
    problem = one_item([5, 4], stock=100, safety=9, lead=1)
    assert due(problem, net=False, offset=False) == [5, 4]


def test_components_are_needed_when_the_order_of_their_parent_starts() -> None:
    problem = Problem(
        buckets=3, stock=scaled([0, 1]), lead=np.array([1, 0]), parent=np.array([0]), child=np.array([1]),
        per=scaled([2]), fixed=scaled([0.5]),
        need_item=np.array([0]), need_bucket=np.array([2]), need_quantity=scaled([3]),
    )  # fmt: skip
    result = solve(problem)
    assert list(result.need[1] / SCALE) == [0, 6.5, 0]
    assert list(result.due[1] / SCALE) == [0, 5.5, 0]


def test_a_line_counts_only_for_orders_that_start_in_its_period() -> None:
    problem = Problem(
        buckets=4, stock=scaled([0, 0]), parent=np.array([0]), child=np.array([1]), per=scaled([1]),
        first=np.array([1]), last=np.array([3]),
        need_item=np.zeros(4, int), need_bucket=np.arange(4), need_quantity=scaled([1, 2, 3, 4]),
    )  # fmt: skip
    assert list(solve(problem).need[1] / SCALE) == [0, 2, 3, 0]


def test_low_level_codes_are_the_longest_way_from_the_top() -> None:
    parent, child = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    level, order = low_level_codes(5, parent, child)
    assert level.tolist() == [0, 1, 2, 3, 0]
    assert order.tolist() == [0, 4, 1, 2, 3]


def test_a_circle_names_an_item_in_it() -> None:
    with pytest.raises(CircleError, match="item 1"):
        low_level_codes(4, np.array([0, 1, 2]), np.array([1, 2, 1]))


def test_quantities_beyond_the_arithmetic_are_refused_and_never_wrap_around() -> None:
    n = 10
    problem = Problem(
        buckets=1, stock=np.zeros(n, int), parent=np.arange(n - 1), child=np.arange(1, n), per=scaled([1e4] * (n - 1)),
        need_item=np.array([0]), need_bucket=np.array([0]), need_quantity=scaled([1]),
    )  # fmt: skip
    with pytest.raises(OverflowError, match="item 4"):
        solve(problem)


def test_a_quantity_that_would_be_lost_in_rounding_is_refused() -> None:
    with pytest.raises(ValueError, match="smaller unit"):
        scaled([1e-9])
    with pytest.raises(ValueError, match="finite"):
        scaled([float("nan")])


def test_arrays_of_the_wrong_length_or_range_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="safety"):
        Problem(buckets=1, stock=scaled([1, 2]), safety=scaled([1]))
    with pytest.raises(ValueError, match="need_bucket"):
        Problem(
            buckets=1, stock=scaled([1]), need_item=np.array([0]), need_bucket=np.array([1]), need_quantity=scaled([1])
        )
    with pytest.raises(TypeError, match="stock"):
        Problem(buckets=1, stock=np.array([0.5]))


def test_pegs_take_the_earliest_supply_for_the_earliest_need() -> None:
    problem = one_item([5, 4, 7], stock=8, receipt_item=0, receipt_bucket=2, receipt_quantity=2 * SCALE)
    found = pegs(solve(problem))
    rows = [found.kind, found.supply_bucket, found.need_bucket, found.quantity // SCALE]
    assert np.stack(rows, axis=1).tolist() == [[0, -1, 0, 5], [0, -1, 1, 3], [2, 1, 1, 1], [1, 2, 2, 2], [2, 2, 2, 5]]
