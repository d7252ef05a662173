"""Gauge studies, against Montgomery's and AIAG's examples."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gemba.measure.spc.gauge import gauge_anova, gauge_ranges
from tests.measure.spc.worked import AIAG, GAUGE

STUDIES = arrays(np.float64, (4, 3, 2), elements=st.integers(-100, 100).map(float))


def test_the_analysis_of_variance_of_montgomerys_table() -> None:
    part, operator, both, error, total = gauge_anova(GAUGE).sources
    squares = [source.squares for source in (part, operator, both, error, total)]
    assert squares == pytest.approx([1185.425, 2.6166667, 27.05, 59.5, 1274.5916667], abs=5e-7)
    assert [part.f, operator.f, both.f] == pytest.approx([87.64695, 1.8379544, 0.71782397], abs=5e-7)
    assert [source.freedom for source in (part, operator, both, error, total)] == [19, 2, 38, 60, 119]
    assert (both.p, operator.p) == pytest.approx((0.861, 0.173), abs=5e-4)


def test_the_components_of_the_reduced_model() -> None:
    study = gauge_anova(GAUGE, tolerance=60 - 5)
    assert study.repeatability == pytest.approx(0.88316327, abs=5e-9)
    assert study.operator == pytest.approx(0.010629252, abs=5e-10)
    assert study.part == pytest.approx(10.251271, abs=5e-7)
    assert study.interaction == 0
    assert study.of_tolerance == pytest.approx(100 * 6 * sqrt(0.88316327 + 0.010629252) / 55)


def test_an_interaction_is_kept_where_it_must_not_be_pooled() -> None:
    full = gauge_anova(GAUGE, pool=1.0)
    assert full.repeatability == pytest.approx(59.5 / 60)
    assert full.interaction == 0, "(0.712 - 0.992) / 2 is below 0"
    assert full.part == pytest.approx((62.390789 - 0.711842) / 6, abs=1e-6)


def test_the_study_of_the_manual_by_analysis_of_variance() -> None:
    study = gauge_anova(AIAG)
    deviations = [sqrt(v) for v in (study.repeatability, study.reproducibility, study.gauge, study.part, study.total)]
    assert deviations == pytest.approx([0.199933, 0.226838, 0.302373, 1.042327, 1.085300], abs=1e-5)
    assert [
        round(study.share(v), 1) for v in (study.repeatability, study.reproducibility, study.gauge, study.part)
    ] == [
        18.4,
        20.9,
        27.9,
        96.0,
    ]
    assert study.categories == 4


def test_the_study_of_the_manual_by_averages_and_ranges() -> None:
    study = gauge_ranges(AIAG)
    deviations = [sqrt(v) for v in (study.repeatability, study.reproducibility, study.gauge, study.part, study.total)]
    assert deviations == pytest.approx([0.20188, 0.22963, 0.30575, 1.10460, 1.14610], abs=2e-4)
    assert study.grr == pytest.approx(26.68, abs=0.005)
    assert study.categories == 5


@given(STUDIES)
def test_squares_add_up_and_components_are_not_negative(values: np.ndarray) -> None:
    study = gauge_anova(values)
    assert sum(s.squares for s in study.sources[:-1]) == pytest.approx(study.sources[-1].squares, abs=1e-6)
    assert min(study.repeatability, study.operator, study.interaction, study.part) >= 0
    assert study.share(study.gauge) ** 2 + study.share(study.part) ** 2 == pytest.approx(100**2 if study.total else 0)


@given(STUDIES, st.integers(1, 20), st.integers(-50, 50))
def test_shares_do_not_depend_on_the_unit(values: np.ndarray, factor: int, shift: int) -> None:
    for method in (gauge_anova, gauge_ranges):
        assert method(values * factor + shift).grr == pytest.approx(method(values).grr, abs=1e-5)


def test_incomplete_studies_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(4, 3, 1\)"):
        gauge_anova(np.zeros((4, 3, 1)))
    with pytest.raises(ValueError, match="missing"):
        gauge_ranges(np.full((4, 3, 2), np.nan))
    with pytest.raises(ValueError, match="tolerance is 0"):
        gauge_anova(GAUGE, tolerance=0)
