"""The age to replace at, against a direct search and closed forms."""

from __future__ import annotations

from math import erf, exp, inf, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.reliability.replacement import best_age, cost_rate
from gemba.measure.reliability.weibull import Weibull

LIVES = st.builds(Weibull, st.floats(1.2, 6), st.floats(10, 1e4))


def test_the_cost_rate_of_shape_2_is_that_of_its_closed_form() -> None:
    t, planned, failure = 0.4, 1.0, 10.0  # scale 1: R = exp(-t²), its integral is √π / 2 erf(t)
    expected = (planned * exp(-(t**2)) + failure * (1 - exp(-(t**2)))) / (sqrt(pi) / 2 * erf(t))
    assert cost_rate(Weibull(2, 1), t, planned, failure) == pytest.approx(expected)


def test_the_best_age_meets_its_condition() -> None:
    found = best_age(Weibull(2, 1), 1, 10)
    t = found.age
    assert 2 * t * sqrt(pi) / 2 * erf(t) - (1 - exp(-(t**2))) == pytest.approx(1 / 9)
    assert t == pytest.approx(0.33645, abs=5e-6)
    assert found.run_to_failure == pytest.approx(10 / (sqrt(pi) / 2))
    assert found.saving == pytest.approx(1 - found.cost / found.run_to_failure)
    assert found.planned == pytest.approx(exp(-(t**2)))


@given(LIVES, st.floats(1, 100), st.floats(1.5, 200))
def test_no_age_costs_less_than_the_best(life: Weibull, planned: float, ratio: float) -> None:
    found = best_age(life, planned, planned * ratio)
    ages = life.scale * np.geomspace(0.01, 10, 60)
    costs = [cost_rate(life, float(age), planned, planned * ratio) for age in ages]
    assert found.cost <= min(costs) * (1 + 1e-7)
    assert found.cost <= found.run_to_failure


@given(LIVES, st.floats(2, 100))
def test_dearer_failures_call_for_earlier_replacement(life: Weibull, ratio: float) -> None:
    assert best_age(life, 1, ratio * 1.5).age <= best_age(life, 1, ratio).age


@pytest.mark.parametrize(("shape", "failure"), [(1.0, 10), (0.7, 10), (3.0, 1), (3.0, 0.5)])
def test_without_wear_or_dearer_failures_it_is_best_to_run_to_failure(shape: float, failure: float) -> None:
    found = best_age(Weibull(shape, 100), 1, failure)
    assert (found.age, found.saving, found.planned) == (inf, 0, 0)
    assert found.cost == pytest.approx(failure / Weibull(shape, 100).mean)
    assert cost_rate(Weibull(shape, 100), inf, 1, failure) == found.cost


def test_impossible_costs_are_refused() -> None:
    with pytest.raises(ValueError, match="planned is 0 and failure 5"):
        best_age(Weibull(2, 1), 0, 5)
    with pytest.raises(ValueError, match="age is 0"):
        cost_rate(Weibull(2, 1), 0, 1, 5)
