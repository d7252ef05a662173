"""Mean times and availability; each says its denominator."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.reliability.rates import (
    Record,
    inherent_availability,
    mtbf,
    mtbf_interval,
    mttf,
    mttr,
    operational_availability,
)


def test_mean_times_divide_by_failures_or_by_failures_and_one() -> None:
    assert (mtbf(900, 3), mtbf(900, 3, plus_one=True)) == (300, 225)
    assert (mttr(60, 3), mttr(60, 3, plus_one=True)) == (20, 15)


def test_without_a_failure_there_is_no_mean_time() -> None:
    assert mtbf(900, 0) is None
    assert mttr(0, 0) is None
    assert mttf([], [100]) is None
    assert mtbf(900, 0, plus_one=True) == 900


def test_mean_time_to_failure_counts_the_time_of_what_still_runs() -> None:
    assert mttf([100, 200], [300, 400]) == 500


def test_availability_follows_from_mean_times() -> None:
    assert inherent_availability(300, 20) == pytest.approx(0.9375)
    assert operational_availability(900, 100) == 0.9


def test_the_interval_of_mtbf_has_the_factors_of_the_handbook() -> None:
    found = mtbf_interval(1600, 2, 0.90)  # NIST e-Handbook 8.4.5.1: factors 0.3177 and 5.6281 for 2 failures, 90 %
    assert (found.low / 800, found.high / 800) == pytest.approx((0.3177, 5.6281), abs=5e-5)
    assert mtbf_interval(1600, 0).high == inf
    assert mtbf_interval(1600, 2, at_failure=True).low > mtbf_interval(1600, 2).low


@given(st.floats(0.1, 1e6), st.floats(0, 1e6), st.integers(1, 100))
def test_a_record_is_available_as_its_mean_times_say(operating: float, repair: float, failures: int) -> None:
    record = Record(operating, repair, failures)
    between, to_repair = mtbf(operating, failures), mttr(repair, failures)
    assert between is not None
    assert to_repair is not None
    assert record.availability == pytest.approx(inherent_availability(between, to_repair))
    assert (record + record).availability == pytest.approx(record.availability)


@given(st.floats(1, 1e6), st.integers(1, 100), st.floats(0.5, 0.98))
def test_the_interval_holds_the_estimate_and_widens_with_confidence(time: float, failures: int, sure: float) -> None:
    narrow, wide = mtbf_interval(time, failures, sure), mtbf_interval(time, failures, sure + 0.01)
    assert wide.low < narrow.low < time / failures < narrow.high < wide.high


def test_nothing_happened_has_no_availability() -> None:
    assert Record(0, 0, 0).availability is None
    with pytest.raises(ValueError, match="up and down are 0"):
        operational_availability(0, 0)


def test_impossible_times_are_refused() -> None:
    with pytest.raises(ValueError, match="operating is -1"):
        mtbf(-1, 2)
    with pytest.raises(ValueError, match="failures is -1"):
        mttr(1, -1)
    with pytest.raises(ValueError, match="failures at least 1"):
        mtbf_interval(100, 0, at_failure=True)
    with pytest.raises(ValueError, match="running is inf"):
        mttf([1], [inf])
