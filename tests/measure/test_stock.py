"""Projected stock."""

from __future__ import annotations

from gemba.measure.stock import projected_stock
from gemba.operation import Delivery, Flow, Plan
from tests.measure.facts import at, plan, shop


def test_stock_begins_with_what_is_on_hand_in_all_lots() -> None:
    assert projected_stock(shop(), Plan("Shop", at(23, 6)))["Leg", ""] == [(at(23, 6), 40.0)]


def test_stock_follows_the_flows_of_the_plan() -> None:
    assert projected_stock(shop(), plan())["Leg", ""] == [(at(23, 6), 40.0), (at(23, 12), 0.0), (at(24, 6), 20.0)]


def test_deliveries_leave_the_stock() -> None:
    assert projected_stock(shop(), plan())["Chair", ""] == [
        (at(23, 6), 0.0), (at(24, 11), 4.0), (at(24, 12), 2.0), (at(25, 12), -2.0),
    ]  # fmt: skip


def test_what_joins_and_leaves_at_the_same_moment_is_one_step() -> None:
    found = Plan(
        "Shop", at(23, 6), flows=[Flow("A", "", "Chair", "", 4, at(24))], deliveries=[Delivery("Early", 4, at(24))]
    )
    assert projected_stock(shop(), found)["Chair", ""] == [(at(23, 6), 0.0)]


def test_what_happened_before_now_counts_from_now() -> None:
    found = Plan("Shop", at(23, 6), flows=[Flow("A", "", "Leg", "", -5, at(23, 5))])
    assert projected_stock(shop(), found)["Leg", ""] == [(at(23, 6), 35.0)]


def test_rounding_noise_is_no_stock() -> None:
    flows = [Flow("A", "", "Chair", "", q, at(24, h)) for h, q in ((1, 0.1), (2, 0.2), (3, -0.3))]
    assert projected_stock(shop(), Plan("Shop", at(23, 6), flows=flows))["Chair", ""][-1] == (at(24, 3), 0.0)
