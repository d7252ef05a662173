"""Targets: which hold, how they stand, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.targets import branches, cascade_faults, forecast, met, slope, standing_targets, status
from gemba.operation import Target

AT = datetime(2026, 11, 23, tzinfo=UTC)


def target(uid: str = "t", goal: float = 0.9, **more: Any) -> Target:
    return Target(**{"uid": uid, "at": AT, "kpi": "first pass yield", "place": "Plant", "goal": goal, **more})


def test_of_two_targets_for_the_same_thing_the_later_one_holds() -> None:
    old, new = target("a"), target("b", 0.95, at=AT + timedelta(days=1))
    assert standing_targets([new, old], AT + timedelta(days=2)) == [new]
    assert standing_targets([new, old], AT) == [old]


def test_a_target_taken_back_holds_no_more_and_the_one_before_does_not_come_back() -> None:
    taken = target("b", withdrawn=True, at=AT + timedelta(days=1))
    assert standing_targets([target("a"), taken], AT + timedelta(days=2)) == []


def test_a_target_for_december_does_not_replace_the_one_for_november() -> None:
    december = datetime(2026, 12, 1, tzinfo=UTC)
    now, then = target("a", end=december), target("b", 0.95, start=december)
    assert standing_targets([now, then], AT) == [now]
    assert standing_targets([now, then], december) == [then]


@pytest.mark.parametrize(
    ("value", "better", "reached"), [(0.9, "higher", True), (0.89, "higher", False), (5, "lower", True)]
)
def test_a_goal_is_reached_from_the_better_side(value: float, better: str, reached: bool) -> None:
    assert met(value, 0.9 if better == "higher" else 5, better) is reached
    assert not met(None, 0.9, better)


def test_a_sum_is_foreseen_to_grow_with_the_period_and_a_ratio_to_stay() -> None:
    sums = {"GQ": 90.0, "PQ": 100.0, "stock": 7.0}

    def of(name: str) -> Any:
        return lambda s: s[name]

    assert forecast(sums, 0.25, of("GQ")) == 360
    assert forecast(sums, 0.25, lambda s: s["GQ"] / s["PQ"]) == pytest.approx(0.9)  # type: ignore[operator]
    assert forecast(sums, 0.25, of("stock"), frozenset({"stock"})) == 7
    with pytest.raises(ValueError, match="share"):
        forecast(sums, 0, of("GQ"))


def test_a_trend_is_told_from_chance() -> None:
    # x̄ = 1.5, b = 0.1 exactly, no residual
    assert slope([1.0, 1.1, 1.2, 1.3]) == pytest.approx(0.1)
    # b = 0.06, residual sum 0.182, se = sqrt(0.182 / 2 / 5) = 0.135; t = 0.44 < 4.303
    assert slope([1.0, 1.4, 1.0, 1.4]) == 0.0
    assert slope([1.0, None, 2.0, 3.0]) is None


@pytest.mark.parametrize(
    ("value", "foreseen", "over", "state"),
    [
        (0.95, 0.95, False, "on track"), (0.8, 0.87, False, "at risk"), (0.8, 0.8, False, "off track"),
        (0.91, 0.91, True, "met"), (0.89, 0.89, True, "missed"), (None, None, False, "no data"),
    ],
)  # fmt: skip
def test_how_a_target_stands(value: float | None, foreseen: float | None, over: bool, state: str) -> None:
    found = status(target(alert=0.85), "higher", value, foreseen, [0.95, 0.8, 0.85], over)
    assert (found.state, found.misses) == (state, 2)


def test_who_is_told_goes_up_with_the_periods_missed() -> None:
    top = target("top", owner="general_manager", place="")
    site = target("site", owner="operations_manager", parent="top")
    line = target("line", owner="supervisor", parent="site", place="Line")

    def told(misses: int, value: float) -> tuple[str, ...]:
        former = [0.95, *([0.5] * misses)]
        found = [status(t, "higher", value, value, former) for t in (top, site, line)]
        (tree,) = branches(found)
        return tree.below[0].below[0].told

    assert told(0, 0.95) == ()
    assert told(0, 0.5) == ("supervisor",)
    assert told(2, 0.5) == ("supervisor", "operations_manager")
    assert told(4, 0.5) == ("supervisor", "operations_manager", "general_manager")


def test_the_worst_target_of_a_level_comes_first() -> None:
    good, bad = target("a", place="A"), target("b", place="B")
    found = branches([status(good, "higher", 0.95, 0.95, []), status(bad, "higher", 0.1, 0.1, [])])
    assert [b.target.place for b in found] == ["B", "A"]


def test_a_part_of_a_target_is_of_the_same_kpi_and_inside_its_place() -> None:
    places: Mapping[str, str] = {"Line": "Plant", "Plant": "", "Office": ""}
    above = target("a")
    assert cascade_faults(target("b", place="Line"), above, places) == []
    assert cascade_faults(target("b", place="Line"), target("a", place=""), places) == []
    assert [f.field for f in cascade_faults(target("b", place="Office"), above, places)] == ["place"]
    assert [f.field for f in cascade_faults(target("b", place="Line", kpi="OEE"), above, places)] == ["kpi"]
    assert [f.field for f in cascade_faults(target("b"), above, places)] == ["place"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=12), st.floats(-1e3, 1e3))
def test_a_trend_does_not_change_with_the_level(values: list[float], level: float) -> None:
    one, other = slope(values), slope([v + level for v in values])
    assert one is not None
    assert other is not None
    if one and other:
        assert one == pytest.approx(other, rel=1e-3, abs=1e-3)
