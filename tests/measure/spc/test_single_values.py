"""Individuals, EWMA and CUSUM charts, against Montgomery's viscosity and the NIST handbook."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc.chart import Process
from gemba.measure.spc.individuals import individuals
from gemba.measure.spc.memory import cusum, ewma
from tests.measure.spc import worked

VALUES = st.lists(st.integers(-1000, 1000).map(float), min_size=3, max_size=40)


def test_individuals_of_the_handbook() -> None:
    found = individuals(worked.FLOW)
    assert found.process.mean == pytest.approx(50.81)
    assert found.spread.centre[0] == pytest.approx(1.8777778, abs=5e-8)
    assert found.location.upper[0] == pytest.approx(55.80409, abs=5e-6)
    assert found.location.lower[0] == pytest.approx(45.81591, abs=5e-6)
    assert found.location.in_control


def test_individuals_of_the_viscosity() -> None:
    found = individuals(worked.VISCOSITY)
    assert found.process.mean == pytest.approx(34.088)
    assert found.spread.centre[0] == pytest.approx(0.57263158, abs=5e-9)
    assert found.location.upper[0] == pytest.approx(35.610956, abs=5e-7)
    assert found.location.lower[0] == pytest.approx(32.565044, abs=5e-7)
    assert found.location.beyond == (3,)


def test_the_upper_limit_of_moving_ranges_is_3_267_times_their_mean() -> None:
    spread = individuals(worked.FLOW).spread
    assert spread.upper[0] / spread.centre[0] == pytest.approx(3.267, abs=6e-4)
    assert spread.lower[0] == 0


def test_a_value_left_out_takes_its_two_moving_ranges_with_it() -> None:
    found = individuals([1, 2, 100, 4, 6], leave_out=[2])
    assert found.process.mean == pytest.approx(13 / 4)
    assert found.spread.centre[0] == pytest.approx((1 + 2) / 2)
    assert found.spread.left_out == (1, 2)
    assert found.location.beyond == (2,)


def test_moving_ranges_need_two_neighbours() -> None:
    with pytest.raises(ValueError, match="no two neighbours"):
        individuals([1, 2, 3], leave_out=[1])


def test_ewma_of_the_handbook() -> None:
    found = ewma(worked.EWMA, Process(50, 2.0539), weight=0.3, exact=False)
    series = [
        50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33,
        50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
    ]  # fmt: skip
    assert found.points == pytest.approx(series, abs=0.0051)
    assert found.points[-1] == pytest.approx(51.988243, abs=5e-7)
    assert (found.lower[0], found.upper[0]) == pytest.approx((47.411568, 52.588432), abs=5e-7)
    assert found.in_control


def test_exact_limits_of_an_ewma_start_narrow_and_grow_to_those_of_the_long_run() -> None:
    exact, long_run = (ewma([50.0] * 60, Process(50, 2), 0.3, exact=e) for e in (True, False))
    assert exact.upper[0] - 50 == pytest.approx(3 * 2 * 0.3)
    assert (np.diff(exact.upper) >= 0).all()
    assert exact.upper[-1] == pytest.approx(long_run.upper[-1])


@given(VALUES)
def test_an_ewma_of_weight_1_is_the_individuals_chart(values: list[float]) -> None:
    process = Process(3.0, 2.0)
    chart = individuals(values, process=process).location
    moving = ewma(values, process, weight=1)
    assert moving.points == pytest.approx(chart.points)
    assert moving.upper == pytest.approx(chart.upper)
    assert moving.beyond == chart.beyond


def test_cusum_of_the_handbook() -> None:
    found = cusum(worked.CUSUM, 325, 0.3175, 4.1959)
    high = [0, 0, 0, 0, 0.0325, 0, 0, 0, 0, 0, 0, 0, 3.0075, 4.94, 7.4475, 10.63, 11.9875, 14.445, 16.0025, 19.035]
    low = [0, 0.0075, 0, 0.3325, 0, 0, 0.5575, 0.715, 0.1725, 0.255, 0.3125, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert found.high.points == pytest.approx(high, abs=1e-9)
    assert found.low.points == pytest.approx(low, abs=1e-9)
    assert found.first_signal == 13, "the 14th value"
    assert found.since_high[13] == 2, "the shift began with the 13th value"


def test_a_head_start_finds_a_shift_sooner() -> None:
    shifted = [1.0] * 10
    assert (cusum(shifted, 0, 0.5, 4, start=2).first_signal, cusum(shifted, 0, 0.5, 4).first_signal) == (4, 8)


@given(VALUES, st.integers(-100, 100))
def test_cusums_see_only_the_distance_from_the_target_and_mirror_one_another(values: list[float], shift: int) -> None:
    found = cusum(values, 0, 1, 50)
    moved = cusum([v + shift for v in values], shift, 1, 50)
    mirrored = cusum([-v for v in values], 0, 1, 50)
    assert moved.high.points == pytest.approx(found.high.points)
    assert mirrored.low.points == pytest.approx(found.high.points)
    assert (found.high.points >= 0).all()


@given(VALUES, st.integers(-100, 100), st.integers(1, 9))
def test_limits_of_individuals_move_and_stretch_with_the_data(values: list[float], shift: int, factor: int) -> None:
    before, after = individuals(values).location, individuals([v * factor + shift for v in values]).location
    assert after.upper == pytest.approx(before.upper * factor + shift, abs=1e-6)
    assert after.lower == pytest.approx(before.lower * factor + shift, abs=1e-6)


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="weight is 0; it must be above 0"):
        ewma([1, 2], Process(0, 1), weight=0)
    with pytest.raises(ValueError, match="allowance is -1"):
        cusum([1, 2], 0, -1, 4)
    with pytest.raises(ValueError, match=r"values\[1\] is nan"):
        individuals([1, float("nan"), 2])
