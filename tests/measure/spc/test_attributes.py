"""Charts of counts, against Montgomery's chapter 7."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc.attributes import c_chart, np_chart, p_chart, u_chart
from gemba.measure.spc.chart import Chart
from tests.measure.spc import worked

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=40)


def limits(chart: Chart) -> tuple[float, float, float]:
    return float(chart.centre[0]), float(chart.upper[0]), float(chart.lower[0])


def test_p_chart_of_the_orange_juice() -> None:
    found = p_chart(worked.JUICE, 50)
    assert limits(found) == pytest.approx((0.23133333, 0.41023912, 0.052427548), abs=5e-9)
    assert [i + 1 for i in found.beyond] == [15, 23]


def test_p_chart_without_the_samples_with_an_assigned_cause() -> None:
    found = p_chart(worked.JUICE, 50, leave_out=[14, 22])
    assert limits(found) == pytest.approx((0.215, 0.38929716, 0.04070284), abs=5e-9)
    assert [i + 1 for i in found.beyond] == [15, 21, 23], "the book finds no cause for sample 21 and keeps it"


def test_c_chart_of_the_printed_circuit_boards() -> None:
    found = c_chart(worked.BOARDS)
    assert limits(found) == pytest.approx((19.846154, 33.210861, 6.4814472), abs=5e-7)
    assert [i + 1 for i in found.beyond] == [6, 20]
    revised = c_chart(worked.BOARDS, leave_out=[5, 19])
    assert limits(revised) == pytest.approx((19.666667, 32.970801, 6.362532), abs=5e-7)


def test_u_chart_of_the_personal_computers() -> None:
    found = u_chart(worked.COMPUTERS, 5)
    assert limits(found) == pytest.approx((1.93, 3.7938669, 0.066133052), abs=5e-8)
    assert found.in_control


def test_larger_samples_have_narrower_limits() -> None:
    assert (np.diff(p_chart([5, 5, 5], [50, 80, 200]).sigma) < 0).all()
    assert (np.diff(u_chart([5, 5, 5], [1, 2, 4]).sigma) < 0).all()


def test_a_share_stays_within_0_and_1() -> None:
    found = p_chart([9, 1, 10], 10)
    assert (found.lower[0], found.upper[0]) == (pytest.approx(0.2195, abs=5e-5), 1)
    assert p_chart([1, 1], 10).lower[0] == 0


def test_given_parameters_set_the_limits() -> None:
    assert limits(c_chart([99], c=4)) == (4, 10, 0)
    assert limits(u_chart([99], 4, u=1)) == (1, 2.5, 0)
    assert limits(p_chart([1], 100, p=0.5)) == pytest.approx((0.5, 0.65, 0.35))
    assert limits(np_chart([1], 100, p=0.5)) == pytest.approx((50, 65, 35))


@given(COUNTS)
def test_np_is_p_times_the_size_and_both_find_the_same_points(counts: list[int]) -> None:
    share, number = p_chart(counts, 50), np_chart(counts, 50)
    assert number.points == pytest.approx(share.points * 50)
    assert number.upper == pytest.approx(share.upper * 50)
    assert number.beyond == share.beyond


@given(COUNTS, st.integers(1, 9))
def test_c_is_u_of_samples_of_one_unit_whatever_the_unit_of_size(counts: list[int], factor: int) -> None:
    assert u_chart(counts, 1).upper == pytest.approx(c_chart(counts).upper)
    assert u_chart(counts, factor).upper * factor == pytest.approx(c_chart(counts).upper)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="sample 1: count is 12, size is 10; a count must be from 0 to its size 10"):
        p_chart([1, 12], 10)
    with pytest.raises(ValueError, match="sample 0: count is -1"):
        c_chart([-1])
    with pytest.raises(ValueError, match="size is 0"):
        u_chart([1], 0)
