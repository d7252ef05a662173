"""The Weibull distribution and its fit, against the NIST handbook."""

from __future__ import annotations

from math import exp, inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gemba.measure.reliability.weibull import Weibull, fit, log_likelihood

# NIST e-Handbook 8.4.1.3: 20 units on test for 500 hours, 10 of them failed
FAILED = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386]
RUNNING = [500.0] * 10

LIVES = st.builds(Weibull, st.floats(0.3, 8), st.floats(1, 1e5))
AGES = st.lists(st.floats(1, 1e4), min_size=2, max_size=30, unique=True)


def test_the_fit_of_the_handbook() -> None:
    found = fit(FAILED, RUNNING)
    assert found.life.shape == pytest.approx(1.7207973, abs=5e-8)
    assert found.life.scale == pytest.approx(606.52755, abs=2e-5)  # 606.5280 in the handbook, from a coarser search
    assert -found.log_likelihood == pytest.approx(75.134618, abs=5e-7)
    assert found.aic == pytest.approx(154.26924, abs=5e-6)
    assert found.life.mean == pytest.approx(540.73702, abs=1e-5)
    assert (found.failures, found.censored) == (10, 10)


def test_standard_errors_of_the_fit_are_those_of_the_handbooks_regression() -> None:
    found = fit(FAILED, RUNNING)
    errors = [found.covariance[i][i] ** 0.5 for i in (0, 1)]
    assert errors == pytest.approx([0.292, 0.206], abs=5e-4)
    assert found.shape_interval.high / found.life.shape == pytest.approx(exp(1.959964 * errors[0]), rel=1e-6)


def test_information_is_the_curvature_of_the_likelihood() -> None:
    found, step = fit(FAILED, RUNNING), 1e-3

    def at(a: float, b: float) -> float:
        return log_likelihood(Weibull(found.life.shape * exp(a), found.life.scale * exp(b)), FAILED, RUNNING)

    top = at(0, 0)
    a = (at(step, 0) - 2 * top + at(-step, 0)) / step**2
    b = (at(0, step) - 2 * top + at(0, -step)) / step**2
    both = (at(step, step) - at(step, -step) - at(-step, step) + at(-step, -step)) / (4 * step**2)
    expected = np.linalg.inv(-np.array([[a, both], [both, b]]))
    assert np.array(found.covariance) == pytest.approx(expected, rel=1e-4)


def test_shape_1_is_the_exponential_distribution() -> None:
    life = Weibull(1, 200)
    assert (life.mean, life.deviation) == pytest.approx((200, 200))
    assert life.hazard(5) == life.hazard(500) == pytest.approx(1 / 200)
    assert life.conditional(100, age=700) == pytest.approx(life.reliability(100))


def test_one_in_ten_has_failed_at_the_b10_life() -> None:
    life = fit(FAILED, RUNNING).life
    assert life.failed(life.life(0.10)) == pytest.approx(0.10)
    assert life.life(0.10) == pytest.approx(164.0, abs=0.05)
    assert life.life(1 - exp(-1)) == pytest.approx(life.scale), "63.2 % have failed at the scale"


def test_early_failures_begin_with_an_infinite_rate() -> None:
    assert (Weibull(0.5, 10).hazard(0), Weibull(2, 10).hazard(0)) == (inf, 0)


@given(AGES, st.lists(st.floats(1, 1e4), max_size=20), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_no_other_parameters_are_likelier_than_the_fit(
    failed: list[float], running: list[float], a: float, b: float
) -> None:
    assume(max(failed) > 1.01 * min(failed))
    found = fit(failed, running)
    other = Weibull(found.life.shape * exp(a), found.life.scale * exp(b))
    assert log_likelihood(other, failed, running) <= found.log_likelihood + 1e-7 * abs(found.log_likelihood) + 1e-9
    assert found.shape_interval.low < found.life.shape < found.shape_interval.high
    assert found.scale_interval.low < found.life.scale < found.scale_interval.high


@given(AGES, st.floats(0.01, 100))
def test_another_unit_of_time_changes_the_scale_alone(failed: list[float], unit: float) -> None:
    assume(max(failed) > 1.01 * min(failed))
    before, after = fit(failed).life, fit([t * unit for t in failed]).life
    assert after.shape == pytest.approx(before.shape, rel=1e-6)
    assert after.scale == pytest.approx(before.scale * unit, rel=1e-6)


@given(LIVES, st.floats(0, 3))
def test_reliability_failures_and_rate_belong_together(life: Weibull, share: float) -> None:
    t, step = share * life.scale + 0.01 * life.scale, 1e-6 * life.scale
    assert life.reliability(t) + life.failed(t) == pytest.approx(1)
    slope = (life.reliability(t - step) - life.reliability(t + step)) / (2 * step)
    assert slope == pytest.approx(life.hazard(t) * life.reliability(t), rel=1e-4, abs=1e-6 / life.scale)


@given(LIVES, st.floats(0.01, 3))
def test_mean_time_in_service_is_the_area_below_the_reliability(life: Weibull, share: float) -> None:
    t = share * life.scale
    grid = np.linspace(0, 1, 2001) ** 4 * t  # dense near 0, where early failures make it steep
    values = [life.reliability(float(x)) for x in grid]
    assert life.mean_until(t) == pytest.approx(float(np.trapezoid(values, grid)), rel=1e-4)
    assert life.mean_until(1e6 * life.scale) == pytest.approx(life.mean, rel=0.02)


@given(LIVES)
def test_simulated_lives_have_its_mean_and_deviation(life: Weibull) -> None:
    shares = (np.arange(20_000) + 0.5) / 20_000
    lives = life.scale * (-np.log1p(-shares)) ** (1 / life.shape)
    assert lives.mean() == pytest.approx(life.mean, rel=0.02)
    assert lives.std() == pytest.approx(life.deviation, rel=0.15)


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(ValueError, match="failures has 0 ages"):
        fit([], [5])
    with pytest.raises(ValueError, match="failures has 2 ages; a shape needs a failure and a later, different age"):
        fit([5, 5])
    with pytest.raises(ValueError, match=r"censored\[1\] is 0"):
        fit([5], [6, 0])
    with pytest.raises(ValueError, match="shape is 0 and scale 1"):
        Weibull(0, 1)
    with pytest.raises(ValueError, match="share is 1"):
        Weibull(2, 1).life(1)
