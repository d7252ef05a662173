"""Charts of subgroups, against Montgomery's piston rings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gemba.measure.spc.chart import Process
from gemba.measure.spc.constants import c4, d2
from gemba.measure.spc.rules import RULES
from gemba.measure.spc.variables import estimate, xbar_r, xbar_s
from tests.measure.spc.worked import RINGS

SETUP, LATER = RINGS[:25], RINGS[25:]
TABLES = arrays(np.float64, (6, 4), elements=st.integers(-1000, 1000).map(float))


def test_mean_and_range_charts_of_the_piston_rings() -> None:
    found = xbar_r(SETUP)
    assert found.process.mean == pytest.approx(74.001176, abs=5e-7)
    assert found.spread.centre[0] == pytest.approx(0.02276, abs=5e-9)
    assert found.process.sigma == pytest.approx(0.0097853376, abs=5e-11)
    assert found.location.upper[0] == pytest.approx(74.014304, abs=5e-7)
    assert found.location.lower[0] == pytest.approx(73.988048, abs=5e-7)
    assert found.spread.upper[0] == pytest.approx(0.048126001, abs=5e-10)
    assert found.spread.lower[0] == 0
    assert found.location.in_control
    assert found.spread.in_control


def test_mean_and_standard_deviation_charts_of_the_piston_rings() -> None:
    found = xbar_s(SETUP)
    assert found.spread.centre[0] == pytest.approx(0.0092400366, abs=5e-11)
    assert found.spread.upper[0] == pytest.approx(0.019302417, abs=5e-10)
    assert (found.spread.lower[0], found.spread.kind) == (0, "standard deviation")


def test_later_samples_37_to_39_are_beyond_the_limits_of_the_first_25() -> None:
    later = xbar_r(LATER, process=xbar_r(SETUP).process)
    assert [26 + i for i in later.location.beyond] == [37, 38, 39]
    assert later.spread.in_control


def test_a_sample_with_an_assigned_cause_is_shown_and_not_counted() -> None:
    samples = np.vstack([SETUP, SETUP[:1] + 1])
    found = xbar_r(samples, leave_out=[25])
    assert found.process == xbar_r(SETUP).process
    assert found.location.beyond == (25,)
    assert found.location.left_out == (25,)


def test_smaller_samples_have_wider_limits() -> None:
    chart = xbar_s([[1, 2, 3, 4], [2, 3], [1, 3, 2]]).location
    assert chart.sigma[1] > chart.sigma[2] > chart.sigma[0]
    assert chart.upper - chart.centre == pytest.approx(3 * chart.sigma)


def test_samples_of_varying_size_are_weighted_by_the_precision_of_their_spread() -> None:
    rows = [[0.0, 2.0], [0.0, 1.0, 5.0]]
    weights = [d2(2) ** 2 / (2 - d2(2) ** 2), (d2(3) / 0.888368) ** 2]
    expected = (weights[0] * 2 / d2(2) + weights[1] * 5 / d2(3)) / sum(weights)
    assert estimate(rows, "range").sigma == pytest.approx(expected, rel=1e-6)
    assert estimate(rows, "range").mean == pytest.approx(8 / 5)


def test_a_pooled_deviation_weights_squares_by_their_degrees_of_freedom() -> None:
    assert estimate([[0, 2], [0, 1, 5]], "pooled").sigma == pytest.approx(((2 + 14) / 3) ** 0.5)


def test_a_missing_value_makes_a_smaller_sample() -> None:
    with_gap = np.array([[1.0, 2.0, np.nan], [2.0, 4.0, 6.0]])
    assert estimate(with_gap) == estimate([[1, 2], [2, 4, 6]])


@given(TABLES, st.integers(-50, 50), st.integers(1, 20))
def test_shifting_and_stretching_the_data_shifts_and_stretches_the_charts(
    table: np.ndarray, shift: int, factor: int
) -> None:
    for chart in (xbar_r, xbar_s):
        before, after = chart(table), chart(table * factor + shift)
        for name in ("points", "centre", "lower", "upper"):
            assert getattr(after.location, name) == pytest.approx(
                getattr(before.location, name) * factor + shift, abs=1e-7
            )
            assert getattr(after.spread, name) == pytest.approx(getattr(before.spread, name) * factor, abs=1e-7)


@given(TABLES)
def test_limits_enclose_the_centre_and_equal_sizes_give_the_plain_mean_of_spreads(table: np.ndarray) -> None:
    for chart in (xbar_r(table), xbar_s(table)):
        for one in (chart.location, chart.spread):
            assert (one.lower <= one.centre + 1e-9).all()
            assert (one.centre <= one.upper + 1e-9).all()
        assert chart.spread.centre[0] == pytest.approx(chart.spread.points.mean(), abs=1e-9)


@given(st.floats(-1e6, 1e6), st.integers(1, 30), st.integers(2, 9))
def test_equal_values_are_no_signal_whatever_their_last_digit(value: float, rows: int, n: int) -> None:
    for chart in (xbar_r(np.full((rows, n), value), rules=RULES), xbar_s(np.full((rows, n), value), rules=RULES)):
        assert {s.rule for s in (*chart.location.signals, *chart.spread.signals)} <= {"15 within 1 sigma"}


def test_given_parameters_set_the_limits() -> None:
    found = xbar_s([[9.0, 11.0]], process=Process(10, 2))
    assert found.location.upper[0] == pytest.approx(10 + 6 / 2**0.5)
    assert found.spread.centre[0] == pytest.approx(2 * c4(2))


def test_bad_samples_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"samples\[1\] has 1 values"):
        xbar_r([[1, 2], [3]])
    with pytest.raises(ValueError, match=r"samples\[0\]\[1\] is inf"):
        xbar_r([[1, float("inf")]])
    with pytest.raises(ValueError, match="leave_out has 7; points are numbered from 0 to 1"):
        xbar_r([[1, 2], [3, 4]], leave_out=[7])
    with pytest.raises(ValueError, match="leave_out has every point"):
        xbar_r([[1, 2]], leave_out=[0])
    with pytest.raises(ValueError, match="no subgroup"):
        xbar_r([])
    with pytest.raises(ValueError, match="by is 'mad'"):
        estimate([[1, 2]], "mad")
