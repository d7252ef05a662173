"""Estimates against worked examples of their sources, and what must always hold."""

from __future__ import annotations

from math import exp, sqrt
from random import Random
from statistics import NormalDist, fmean, mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.improve.learn.estimate import outliers, ratio, t_quantile, trimmed

#: Wilcox 2012, section 3.2.3: data of a study of self-awareness (Dana 1990), in hundredths of a second.
SELF_AWARENESS = [
    77, 87, 88, 114, 151, 210, 219, 246, 253, 262, 296, 299, 306, 376, 428, 515, 666, 1310, 2611,
]  # fmt: skip


def test_quantiles_of_students_t_are_those_of_the_tables() -> None:
    for p, freedom, t in ((0.975, 1, 12.706), (0.975, 10, 2.228), (0.95, 5, 2.015), (0.995, 30, 2.750), (0.5, 7, 0.0)):
        assert t_quantile(p, freedom) == pytest.approx(t, abs=5e-4)


def test_the_trimmed_mean_of_the_self_awareness_data_is_that_of_the_book() -> None:
    found = trimmed(SELF_AWARENESS)
    # 19 values, three left out at either end: 13 stay, their mean is 282.7 and its standard error 56.1; t_12 = 2.179
    assert found.value == pytest.approx(282.7, abs=0.05)
    assert (found.high - found.value) / t_quantile(0.975, 12) == pytest.approx(56.1, abs=0.05)
    assert (found.low, found.high) == (pytest.approx(160.4, abs=0.2), pytest.approx(404.9, abs=0.2))
    assert found.mean == pytest.approx(448.1, abs=0.05)
    assert found.median == 262


def test_values_far_from_the_others_are_named_and_still_counted() -> None:
    found = trimmed(SELF_AWARENESS)
    assert [SELF_AWARENESS[i] for i in found.outliers] == [1310, 2611]
    assert found.n == 19


def test_without_trimming_the_interval_is_students() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 10.0]
    found = trimmed(values, trim=0.0)
    assert found.value == mean(values)
    assert found.high - found.value == pytest.approx(2.7764 * stdev(values) / sqrt(5), rel=1e-4)


def test_a_yield_counts_each_lot_with_its_size() -> None:
    # 90 of 100 and 10 of 10: r = 100/110; residuals -10/11 and 10/11; sd = sqrt(2)*10/11; error = that/sqrt(2)/55
    found = ratio([90, 10], [100, 10])
    assert found.value == pytest.approx(100 / 110)
    assert found.value - ratio([90, 10], [100, 10], 0.5).low == pytest.approx(t_quantile(0.75, 1) * 10 / 11 / 55)
    assert found.high <= 1.0


def test_a_yield_without_any_scrap_is_not_sure_to_be_one() -> None:
    found = ratio([30, 20], [30, 20])
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(50 / (50 + 1.95996**2), rel=1e-4)


def test_equal_values_have_no_outliers_but_one_among_equals_is_one() -> None:
    assert outliers([5.0] * 9) == ()
    assert outliers([5.0] * 9 + [50.0]) == (9,)


def test_impossible_questions_are_refused() -> None:
    for wrong in (lambda: trimmed([1.0]), lambda: trimmed([1, 2], trim=0.5), lambda: ratio([1, 0], [1, 0]),
                  lambda: t_quantile(1.0, 3)):  # fmt: skip
        with pytest.raises(ValueError, match=r"must be|at least"):
            wrong()


@given(st.lists(st.floats(0.1, 1e5), min_size=2, max_size=60), st.floats(0.1, 100))
def test_estimates_lie_in_their_interval_and_grow_with_the_values(values: list[float], factor: float) -> None:
    found, times = trimmed(values), trimmed([v * factor for v in values])
    assert found.low <= found.value <= found.high
    assert min(values) <= found.value * (1 + 1e-12)
    assert found.value <= max(values) * (1 + 1e-12)
    assert times.value == pytest.approx(found.value * factor)
    assert times.high - times.low == pytest.approx((found.high - found.low) * factor, abs=1e-6)


def test_the_interval_holds_the_true_value_about_as_often_as_it_says() -> None:
    """Skewed times, as work has them: log-normal with a spread of 0.4; the true value is the trimmed mean of all."""
    chance, normal = Random(7), NormalDist()
    true = fmean(exp(0.4 * normal.inv_cdf(0.2 + 0.6 * (i + 0.5) / 10_000)) for i in range(10_000))
    held = 0
    for _ in range(1000):
        found = trimmed([chance.lognormvariate(0, 0.4) for _ in range(20)])
        held += found.low <= true <= found.high
    assert 0.92 < held / 1000 < 0.975
