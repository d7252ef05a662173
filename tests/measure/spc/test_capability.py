"""Capability indices, against the NIST handbook and Montgomery."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc.capability import (
    Specification,
    capability,
    capability_of_values,
    cp,
    cp_interval,
    cpk,
    cpk_interval,
    cpm,
    cpm_interval,
    ppm,
)
from tests.measure.spc.worked import FLOW, RINGS

HANDBOOK = Specification(8, 20)  # NIST e-Handbook 6.1.6: mean 16, standard deviation 2


def test_indices_of_the_handbook() -> None:
    assert cp(HANDBOOK, 2) == 1.0
    assert cpk(HANDBOOK, 16, 2) == pytest.approx(0.6667, abs=5e-5)
    assert cpm(HANDBOOK, 16, 2) == pytest.approx(0.7071, abs=5e-5)


def test_the_interval_of_cp_in_montgomerys_example() -> None:
    value = cp(Specification(38, 62), 1.75)  # 20 parts
    assert value == pytest.approx(2.29, abs=5e-3)
    found = cp_interval(value, 19)
    assert (found.low, found.high) == pytest.approx((1.57, 3.01), abs=6e-3)


def test_the_interval_of_cpk_is_bissells() -> None:
    found = cpk_interval(1.33, 20, 19)
    reach = 1.33 * 1.959964 * (1 / (9 * 20 * 1.33**2) + 1 / (2 * 19)) ** 0.5
    assert (found.low, found.high) == pytest.approx((1.33 - reach, 1.33 + reach), abs=1e-6)
    assert (round(found.low, 2), round(found.high, 2)) == (0.88, 1.78)


@pytest.mark.parametrize(
    ("index", "both", "one"),
    [(0.5, 133_614, 66_807), (1.0, 2_700, 1_350), (1.33, 66, 33), (1.5, 7, 4)],  # Montgomery, table 8.2
)
def test_parts_per_million_are_those_of_the_table(index: float, both: int, one: int) -> None:
    reach = 3 * index
    assert ppm(Specification(-reach, reach), 0, 1) == pytest.approx(both, abs=1)
    assert ppm(Specification(upper=reach), 0, 1) == pytest.approx(one, abs=1)


def test_a_specification_with_one_limit_has_no_cp_and_the_cpk_of_that_side() -> None:
    spec = Specification(lower=8)
    assert cp(spec, 2) is None
    assert cpm(spec, 16, 2) is None
    assert cpm_interval(spec, 16, 2, 30) is None
    assert cpk(spec, 16, 2) == pytest.approx(8 / 6)


def test_the_piston_rings_hold_74_mm_plus_or_minus_0_05() -> None:
    found = capability(RINGS[:25], Specification(73.95, 74.05), by="range")
    assert found.cp == pytest.approx(0.1 / (6 * 0.0097853376), rel=1e-7)  # Montgomery, 6.2: 1.68 with sigma 0.0099
    assert found.cpk == pytest.approx((74.05 - found.mean) / (3 * 0.0097853376), rel=1e-7)
    assert found.sigma_overall == pytest.approx(RINGS[:25].std(ddof=1))
    assert found.pp is not None
    assert found.pp_interval is not None
    assert found.pp_interval.low < found.pp < found.pp_interval.high
    assert found.ppk_interval.low < found.ppk < found.ppk_interval.high
    assert (found.count, found.out, found.ppm_within < 1) == (125, 0, True)


def test_single_values_take_the_spread_within_from_their_moving_ranges() -> None:
    found = capability_of_values(FLOW, Specification(40, 60))
    assert found.sigma_within == pytest.approx(1.8777778 / 1.128, abs=5e-8)
    assert found.cp == pytest.approx(20 / (6 * 1.8777778 / 1.128), rel=1e-7)
    assert found.sigma_overall == pytest.approx(np.std(FLOW, ddof=1))


def test_values_out_of_the_specification_are_counted() -> None:
    assert capability([[1, 2], [3, 9]], Specification(1.5, 8)).out == 2


@given(st.floats(-5, 5), st.floats(0.1, 5))
def test_cpk_and_cpm_reach_cp_only_in_the_middle(mean: float, sigma: float) -> None:
    spec = Specification(-6, 6)
    best = cp(spec, sigma)
    assert best is not None
    assert cpk(spec, mean, sigma) <= best + 1e-12
    assert (cpm(spec, mean, sigma) or 0) <= best + 1e-12
    assert cpk(spec, 0, sigma) == pytest.approx(best)


@given(st.floats(-2, 2), st.floats(0.5, 2), st.integers(5, 200))
def test_an_interval_holds_its_index_and_is_wider_where_more_sure(mean: float, sigma: float, count: int) -> None:
    spec = Specification(-6, 6)
    value = cpm(spec, mean, sigma)
    wide, narrow = (cpm_interval(spec, mean, sigma, count, c) for c in (0.99, 0.9))
    assert value is not None
    assert wide is not None
    assert narrow is not None
    assert wide.low < narrow.low < value < narrow.high < wide.high


@given(st.integers(-100, 100), st.integers(1, 50))
def test_indices_do_not_depend_on_the_unit(shift: int, factor: int) -> None:
    rows = np.array([[9.0, 11.0, 10.0], [12.0, 9.0, 10.5]])
    before = capability(rows, Specification(5, 15))
    after = capability(rows * factor + shift, Specification(5 * factor + shift, 15 * factor + shift))
    assert (after.cp, after.cpk, after.cpm, after.ppk) == pytest.approx((before.cp, before.cpk, before.cpm, before.ppk))


def test_bad_specifications_are_refused() -> None:
    with pytest.raises(ValueError, match="lower is 5 and upper 5; lower must be below upper"):
        Specification(5, 5)
    with pytest.raises(ValueError, match="no limit"):
        Specification(target=3)
    with pytest.raises(ValueError, match="sigma is 0"):
        capability([[1, 1], [1, 1]], HANDBOOK)
