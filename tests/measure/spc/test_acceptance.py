"""Operating characteristics of sampling plans, against the NIST handbook and Montgomery."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.spc.acceptance import acceptance, curve, double_acceptance, smallest_plan

SHARES = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12]
# NIST e-Handbook 6.2.3.1, n = 52, c = 3; the handbook prints .845 for the fourth and .739 for the fifth
ACCEPTED = [
    0.99815307, 0.97976508, 0.92953738, 0.84598947, 0.73831741, 0.61959387,
    0.50184725, 0.39376303, 0.30027992, 0.2231871, 0.16206553, 0.11519842,
]  # fmt: skip


def test_the_operating_characteristic_of_the_handbook() -> None:
    assert [acceptance(p, 52, 3) for p in SHARES] == pytest.approx(ACCEPTED, abs=5e-9)


def test_the_average_outgoing_quality_of_the_handbook() -> None:
    found = curve(52, 3, 10_000, [0.01, 0.03, 0.05, 0.07, 0.1])
    expected = [0.0099296267, 0.027741114, 0.036723908, 0.034946635, 0.022202653]
    assert found.outgoing == pytest.approx(expected, abs=5e-10)
    assert found.outgoing_limit == found.outgoing[2]
    assert found.inspected[0] == pytest.approx(52 + (1 - ACCEPTED[0]) * 9948, abs=1e-4)


@pytest.mark.parametrize(("p1", "p2", "plan"), [(0.01, 0.06, (110, 3)), (0.02, 0.08, (98, 4)), (0.005, 0.03, (221, 3))])
def test_the_smallest_plan_is_that_of_an_exact_search(p1: float, p2: float, plan: tuple[int, int]) -> None:
    assert smallest_plan(p1, 0.05, p2, 0.1) == plan


def test_double_sampling_of_montgomerys_example() -> None:
    assert double_acceptance(0.05, 50, 1, 100, 3) == pytest.approx(0.29041548, abs=5e-9)  # 0.291 in the book


def test_a_lot_counts_its_items_and_poisson_counts_nonconformities() -> None:
    assert acceptance(0.2, 2, 0, "hypergeometric", lot=10) == pytest.approx(8 / 10 * 7 / 9)
    assert acceptance(1.5, 2, 0, "poisson") == pytest.approx(np.exp(-3))


def test_a_sample_of_the_whole_lot_decides_without_risk() -> None:
    chances = [acceptance(bad / 20, 20, 2, "hypergeometric", lot=20) for bad in range(6)]
    assert chances == pytest.approx([1, 1, 1, 0, 0, 0], abs=1e-12)


@given(st.integers(1, 80), st.integers(0, 6), st.floats(0, 0.95), st.sampled_from(["binomial", "poisson"]))
def test_worse_quality_is_accepted_less_and_a_higher_number_more(n: int, c: int, p: float, model: str) -> None:
    chance = acceptance(p, n, c, model)
    assert -1e-12 <= acceptance(p + 0.05, n, c, model) <= chance + 1e-12
    assert chance <= acceptance(p, n, c + 1, model) + 1e-12 <= 1 + 1e-9


@given(st.integers(1, 50), st.integers(0, 4), st.floats(0.001, 0.999))
def test_a_second_sample_of_nothing_new_makes_double_sampling_single(n: int, c: int, p: float) -> None:
    assert double_acceptance(p, n, c, 10, c, r1=c + 1) == pytest.approx(acceptance(p, n, c))


@given(st.integers(1, 400))
def test_outgoing_quality_is_never_worse_than_incoming(n: int) -> None:
    found = curve(n, 2, 1000, np.linspace(0, 0.3, 13))
    assert (found.outgoing <= found.p + 1e-15).all()
    assert ((found.inspected >= n - 1e-9) & (found.inspected <= 1000)).all()


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(ValueError, match="n is 20 and lot is 10"):
        acceptance(0.1, 20, 1, "hypergeometric", lot=10)
    with pytest.raises(ValueError, match="lot is missing"):
        acceptance(0.1, 20, 1, "hypergeometric")
    with pytest.raises(ValueError, match="model is 'normal'"):
        acceptance(0.1, 20, 1, "normal")
    with pytest.raises(ValueError, match=r"p is 1.1; it must be from 0 to 1"):
        acceptance(1.1, 20, 1)
    with pytest.raises(ValueError, match="0 < p1 < p2 < 1"):
        smallest_plan(0.1, 0.05, 0.1, 0.1)
