"""Formulas are read strictly, and every fault says where it is and what is near."""

from __future__ import annotations

from contextlib import suppress
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.kpi import FormulaError, catalogue_of, evaluate, parse
from gemba.measure.kpi.tree import values
from gemba.operation import Kpi, OperationError

VALUES = {
    "GQ": 90.0,
    "PQ": 100.0,
    "APT": 8.0,
    "quality ratio": 0.9,
    "none": None,
    "zero": 0.0,
    "service level, 1 day": 2,
}


def worth(formula: str) -> float | None:
    found = float(values(parse(formula), lambda name: np.array(VALUES[name], float)))
    return None if isnan(found) else found


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("GQ / PQ", 0.9),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 - 3 - 2", 3),
        ("8 / 4 / 2", 1),
        ("-GQ + 100", 10),
        ("2 * -3", -6),
        ("quality  ratio * .5", 0.45),
        ('"service level, 1 day" * 2', 4),
        ("min(GQ, PQ, 95)", 90),
        ("max(1, 2 * 3)", 6),
        ("GQ / zero", None),
        ("GQ / (PQ - 100)", None),
        ("none + 1", None),
        ("min(1, none)", None),
        ("1" + "0" * 200 + " * 1" + "0" * 200, None),
    ],
)
def test_a_formula_has_the_value_that_arithmetic_gives_it(formula: str, expected: float | None) -> None:
    assert worth(formula) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("", "the formula ends at character 1"),
        ("GQ /", "the formula ends at character 5"),
        ("GQ PQ / ", "the formula ends"),
        ("(GQ", "closing parenthesis"),
        ("GQ ** 2", r"'\*' at character 5"),
        ("GQ; PQ", "';' at character 3"),
        ("__import__('os')", "no meaning"),
        ("GQ.real", r"'\.' at character 3"),
        ("2GQ", "no meaning"),
        ("f(2)", "expected an operator"),
        ("(" * 60 + "1" + ")" * 60, "levels deep"),
        ("1+" * 300 + "1", "at most 500 characters"),
    ],
)
def test_anything_else_is_refused_with_its_place(formula: str, says: str) -> None:
    with pytest.raises(FormulaError, match=says):
        parse(formula)


@given(st.text(alphabet="GQ1.+-*/(), min\"ab'\\", max_size=40))
def test_no_text_does_more_than_be_read_or_refused(text: str) -> None:
    with suppress(FormulaError, KeyError):
        worth(text)


def own(name: str, formula: str) -> Kpi:
    return Kpi(name=name, formula=formula)


def test_users_define_kpis_over_elements_and_other_kpis() -> None:
    known = catalogue_of([own("Chairs per hour", "GQ / APWT"), own("Weighted", "Chairs per hour * quality ratio")])
    figure = evaluate(known, "Weighted", {"GQ": 90.0, "SQ": 10.0, "PQ": 100.0, "APWT": 9.0})
    assert figure.value == pytest.approx(10 * 0.9)
    assert figure.elements == {"GQ": 90.0, "APWT": 9.0, "PQ": 100.0}


def test_faults_of_users_kpis_name_the_kpi_the_place_and_near_names() -> None:
    with pytest.raises(OperationError) as caught:
        catalogue_of([own("A", "availabilty * 2"), own("GQ", "1"), own("B", "GQ +")])
    text = str(caught.value)
    assert "did you mean availability?" in text
    assert "character 1" in text
    assert "a name that no element or KPI of the standards has" in text
    assert "the formula ends at character 5" in text


def test_a_kpi_may_not_lead_back_to_itself() -> None:
    with pytest.raises(OperationError, match="lead back to itself") as caught:
        catalogue_of([own("A", "B + 1"), own("B", "C + 1"), own("C", "A + 1"), own("D", "1")])
    assert "D" not in {f.thing for f in caught.value.faults}
