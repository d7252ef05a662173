"""The product-limit estimate, against the leukaemia remissions of Freireich et al. (1963)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.reliability.survival import kaplan_meier, median_life, survival_at

# weeks in remission of 21 patients with 6-mercaptopurine (Freireich 1963; Gehan 1965; in Kalbfleisch & Prentice, 1.1)
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
REMISSION = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]

TIMES = st.lists(st.integers(1, 20).map(float), min_size=1, max_size=30)


def test_the_estimate_of_the_remissions() -> None:
    steps = kaplan_meier(RELAPSED, REMISSION)
    assert [s.time for s in steps] == [6, 7, 10, 13, 16, 22, 23]
    assert [s.at_risk for s in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert [s.survival for s in steps] == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert [s.error for s in steps] == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert (steps[0].low, steps[0].high) == pytest.approx((0.620, 0.952), abs=5e-4)


def test_survival_and_the_median_are_read_from_the_steps() -> None:
    steps = kaplan_meier(RELAPSED, REMISSION)
    assert [round(survival_at(steps, t), 3) for t in (0, 6, 9.9, 100)] == [1, 0.857, 0.807, 0.448]
    assert median_life(steps) == 23
    assert median_life(steps, 0.6) is None


@given(TIMES)
def test_without_censoring_it_is_the_share_that_has_not_failed(failed: list[float]) -> None:
    for step in kaplan_meier(failed):
        assert step.survival == pytest.approx(sum(t > step.time for t in failed) / len(failed), abs=1e-12)


@given(TIMES, TIMES)
def test_survival_falls_within_its_interval(failed: list[float], running: list[float]) -> None:
    before = 1.0
    for step in kaplan_meier(failed, running):
        assert 0 <= step.low <= step.survival <= step.high <= 1
        assert step.survival < before
        before = step.survival


@given(TIMES, TIMES)
def test_what_still_ran_after_the_last_failure_could_have_run_longer(failed: list[float], running: list[float]) -> None:
    longer = [t + 100 if t >= max(failed) else t for t in running]
    assert kaplan_meier(failed, longer) == kaplan_meier(failed, running)


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"failures\[0\] is -1"):
        kaplan_meier([-1])
