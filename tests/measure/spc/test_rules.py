"""Rules for signals: each pattern by hand, at the point that completes it and not one before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc.rules import NELSON, RULES, WESTERN_ELECTRIC, signals

VALUES = st.lists(st.floats(-4, 4), min_size=1, max_size=40)


def found(z: list[float], *names: str) -> list[tuple[str, int]]:
    points = np.array(z, dtype=np.float64)
    none, one = np.zeros(len(z)), np.ones(len(z))
    return [(s.rule, s.point) for s in signals(points, none, one, -3 * one, 3 * one, names or tuple(RULES))]


@pytest.mark.parametrize(
    ("rule", "z", "points"),
    [
        ("beyond limits", [0, 3.1, 3, -3.2], [1, 3]),
        ("2 of 3 beyond 2 sigma", [2.1, 0, 2.1, 0, 0, 2.1], [2]),
        ("2 of 3 beyond 2 sigma", [2.1, -2.1, 0, -2.1], [3]),
        ("2 of 3 beyond 2 sigma", [2.1, 2.2, 0], [1]),
        ("4 of 5 beyond 1 sigma", [1.1, 1.1, 0, 1.1, 1.1, 0], [4]),
        ("4 of 5 beyond 1 sigma", [1.1, 1.1, -1.1, 0, 1.1, 1.1], []),
        ("8 on one side", [-1, *[0.1] * 8], [8]),
        ("8 on one side", [*[0.1] * 7, 0, 0.1], []),
        ("9 on one side", [-0.1] * 10, [8, 9]),
        ("6 trending", [0, 1, 2, 3, 4, 5, 5], [5]),
        ("6 trending", [3, 2, 1, 1, 0, -1, -2, -2.5, -2.7], [8]),
        ("14 alternating", [0, 1] * 7, [13]),
        ("14 alternating", [1, 0] * 7 + [0], [13]),
        ("15 within 1 sigma", [0.9, -0.9] * 7 + [0.5], [14]),
        ("15 within 1 sigma", [0.9, -0.9] * 7 + [1.5], []),
        ("8 outside 1 sigma", [1.1, -1.1] * 4 + [0.9], [7]),
    ],
)
def test_a_rule_flags_the_point_that_completes_its_pattern(rule: str, z: list[float], points: list[int]) -> None:
    assert found(z, rule) == [(rule, point) for point in points]


def test_a_signal_says_where_its_pattern_began() -> None:
    ones = np.ones(9)
    (signal,) = signals(np.array([-1.0, *[0.1] * 8]), ones * 0, ones, -3 * ones, 3 * ones, ["8 on one side"])
    assert (signal.first, signal.point) == (1, 8)


def test_the_sets_are_those_of_western_electric_and_of_nelson() -> None:
    assert (len(WESTERN_ELECTRIC), len(NELSON)) == (4, 8)
    assert set(WESTERN_ELECTRIC) | set(NELSON) == set(RULES)
    assert all(rule.name == name for name, rule in RULES.items())


def test_limits_count_even_where_sigma_is_0() -> None:
    none = np.zeros(3)
    assert [s.point for s in signals(np.array([0.0, 1.0, 0.0]), none, none, none, none, ["beyond limits"])] == [1]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="rules has 'run of luck'; it may have beyond limits, "):
        found([0], "run of luck")


@given(VALUES)
def test_rules_see_a_chart_and_its_mirror_image_alike(z: list[float]) -> None:
    assert found(z) == found([-v for v in z])


@given(VALUES, st.integers(0, 39))
def test_what_comes_later_does_not_change_a_signal(z: list[float], cut: int) -> None:
    assert found(z[: cut + 1]) == [s for s in found(z) if s[1] <= cut]


@given(VALUES)
def test_a_longer_run_holds_a_shorter_one_and_signals_begin_at_or_before_their_point(z: list[float]) -> None:
    at = {name: {p for n, p in found(z) if n == name} for name in RULES}
    assert at["9 on one side"] <= at["8 on one side"]
    none, one = np.zeros(len(z)), np.ones(len(z))
    for signal in signals(np.array(z), none, one, -3 * one, 3 * one, RULES):
        assert 0 <= signal.first <= signal.point < len(z)
