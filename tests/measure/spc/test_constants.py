"""Constants of control charts against the printed tables."""

from __future__ import annotations

from math import pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc.constants import c4, constants, d2, d2_star, d3


@pytest.mark.parametrize(
    ("n", "mean_range", "sd_range", "mean_s"),
    [  # d2 and d3 by numerical integration, c4 in closed form; to three or four digits in Montgomery, appendix VI
        (2, 1.1283792, 0.85250247, 0.79788456),
        (3, 1.6925688, 0.888368, 0.88622693),
        (4, 2.0587507, 0.8798082, 0.92131773),
        (5, 2.3259289, 0.86408194, 0.9399856),
        (6, 2.5344127, 0.84803969, 0.95153286),
        (7, 2.7043568, 0.83320534, 0.95936879),
        (8, 2.8472006, 0.81983149, 0.96503046),
        (9, 2.9700263, 0.80783427, 0.9693107),
        (10, 3.0775055, 0.79705067, 0.97265927),
    ],
)
def test_means_and_deviations_of_ranges(n: int, mean_range: float, sd_range: float, mean_s: float) -> None:
    assert d2(n) == pytest.approx(mean_range, abs=6e-8)
    assert d3(n) == pytest.approx(sd_range, abs=6e-8)
    assert c4(n) == pytest.approx(mean_s, abs=6e-9)


def test_two_values_have_closed_forms() -> None:
    assert d2(2) == pytest.approx(2 / sqrt(pi), rel=1e-12)
    assert d3(2) == pytest.approx(sqrt(2 - 4 / pi), rel=1e-12)


@pytest.mark.parametrize(
    ("n", "row"),
    [  # Montgomery, appendix VI: A2, A3, B3, B4, D3, D4
        (2, (1.880, 2.659, 0, 3.267, 0, 3.267)),
        (5, (0.577, 1.427, 0, 2.089, 0, 2.114)),
        (7, (0.419, 1.182, 0.118, 1.882, 0.076, 1.924)),
        (10, (0.308, 0.975, 0.284, 1.716, 0.223, 1.777)),
        (25, (0.153, 0.606, 0.565, 1.435, 0.459, 1.541)),
    ],
)
def test_factors_for_limits_are_those_of_the_table(n: int, row: tuple[float, ...]) -> None:
    found = constants(n)
    factors = (found.a2, found.a3, found.b3, found.b4, found.lower_range, found.upper_range)
    assert factors == pytest.approx(row, abs=6e-4)


@pytest.mark.parametrize(("n", "k"), [(2, 0.7071), (3, 0.5231), (5, 0.4030), (10, 0.3146)])
def test_factors_for_one_range_are_those_of_the_gauge_manual(n: int, k: float) -> None:
    assert 1 / d2_star(n, 1) == pytest.approx(k, abs=6e-5)


@given(st.integers(2, 400))
def test_a_larger_subgroup_has_a_larger_range_and_a_less_biased_deviation(n: int) -> None:
    assert d2(n) < d2(n + 1)
    assert c4(n) < c4(n + 1) < 1


@pytest.mark.parametrize("n", [1, 0, 1001])
def test_a_subgroup_has_2_to_1000_values(n: int) -> None:
    with pytest.raises(ValueError, match=f"n is {n}; a subgroup has 2 to 1000 values"):
        d2(n)
