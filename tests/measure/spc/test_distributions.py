"""Distributions against tabled values and against one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc import counts
from gemba.measure.spc.distributions import (
    beta_share,
    chi_square_cdf,
    chi_square_quantile,
    f_tail,
    gamma_share,
    normal_cdf,
    normal_quantile,
)


@pytest.mark.parametrize(("p", "z"), [(0.9, 1.2816), (0.95, 1.6449), (0.975, 1.96), (0.995, 2.5758), (0.999, 3.0902)])
def test_normal_quantiles_are_those_of_the_tables(p: float, z: float) -> None:
    assert normal_quantile(p) == pytest.approx(z, abs=5e-5)
    assert normal_cdf(z) == pytest.approx(p, abs=5e-5)


@pytest.mark.parametrize(
    ("p", "freedom", "x"),
    [  # NIST e-Handbook 1.3.6.7.4, critical values of the chi-square distribution
        (0.95, 1, 3.841),
        (0.99, 5, 15.086),
        (0.975, 10, 20.483),
        (0.975, 19, 32.852),
        (0.025, 19, 8.907),
        (0.05, 30, 18.493),
        (0.90, 100, 118.498),
        (0.001, 2, 0.002),
    ],
)
def test_chi_square_quantiles_are_those_of_the_tables(p: float, freedom: int, x: float) -> None:
    assert chi_square_quantile(p, freedom) == pytest.approx(x, abs=5e-4)


@pytest.mark.parametrize(
    ("f", "above", "below", "p"),
    [  # NIST e-Handbook 1.3.6.7.3, upper critical values of the F distribution
        (4.965, 1, 10, 0.05),
        (2.978, 10, 10, 0.05),
        (3.493, 2, 20, 0.05),
        (10.044, 1, 10, 0.01),
    ],
)
def test_tails_of_f_are_those_of_the_tables(f: float, above: int, below: int, p: float) -> None:
    assert f_tail(f, above, below) == pytest.approx(p, abs=2e-5)


def test_an_exponential_is_a_gamma_with_shape_1() -> None:
    assert gamma_share(1, 2.5) == pytest.approx(1 - 2.718281828459045**-2.5, rel=1e-14)


@given(st.floats(0.001, 0.999), st.floats(0.5, 500))
def test_a_chi_square_quantile_gives_its_probability_back(p: float, freedom: float) -> None:
    assert chi_square_cdf(chi_square_quantile(p, freedom), freedom) == pytest.approx(p, rel=1e-9)


@given(st.floats(0.1, 200), st.floats(0.1, 200), st.floats(0.001, 0.999))
def test_the_beta_function_has_its_mirror_image(a: float, b: float, x: float) -> None:
    assert beta_share(a, b, x) + beta_share(b, a, 1 - x) == pytest.approx(1, abs=1e-11)


@given(st.integers(0, 30), st.integers(1, 60), st.floats(0.001, 0.999))
def test_a_sum_of_binomials_is_a_beta_share(k: int, n: int, p: float) -> None:
    expected = beta_share(n - k, k + 1, 1 - p) if k < n else 1.0
    assert counts.binomial_cdf(k, n, p) == pytest.approx(expected, abs=1e-11)


@given(st.integers(0, 30), st.floats(0.001, 40))
def test_a_sum_of_poissons_is_the_rest_of_a_gamma_share(k: int, mean: float) -> None:
    assert counts.poisson_cdf(k, mean) == pytest.approx(1 - gamma_share(k + 1, mean), abs=1e-11)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_hypergeometric_chances_add_up_to_1(lot: int, bad: int, n: int) -> None:
    bad, n = min(bad, lot), min(n, lot)
    assert sum(counts.hypergeometric(k, n, bad, lot) for k in range(n + 1)) == pytest.approx(1, abs=1e-11)


@pytest.mark.parametrize("p", [0, 1, -0.1, float("nan")])
def test_a_probability_outside_0_and_1_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(p)
    with pytest.raises(ValueError, match="p is"):
        chi_square_quantile(p, 3)
