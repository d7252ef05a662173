"""Moments, lengths and quantities as the pages write them."""

from __future__ import annotations

import pytest

from gemba.app.web import formats
from gemba.app.web.charts import nice_steps, step_path, stock_chart


def test_a_moment_is_written_on_the_operations_clock() -> None:
    assert formats.when(1795446000, "Europe/Berlin") == "Mon 23 Nov 16:00"
    assert formats.when(1795446000, "") == "Mon 23 Nov 15:00"
    assert formats.when(None) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (40, "40 s"), (1500, "25 min"), (27000, "7.5 h"), (7200, "2 h"), (276480, "3.2 d"), (-7200, "-2 h")],
)
def test_a_length_is_written_in_the_unit_a_person_would_use(seconds: int, text: str) -> None:
    assert formats.length(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [(40.0, "40"), (2.5, "2.5"), (12000, "12,000"), (0.1 + 0.2, "0.3"), (None, "")]
)
def test_a_quantity_has_no_superfluous_zeros(value: float | None, text: str) -> None:
    assert formats.quantity(value) == text


def test_levels_of_a_chart_are_round_and_span_the_range() -> None:
    steps = nice_steps(-80, 420)
    assert (steps[0], steps[-1]) == (-100, 500)


def test_a_stock_line_stays_level_until_it_steps() -> None:
    assert step_path([(0, 10), (5, 20)], 9) == "M0.0 10.0H5.0V20.0H9.0"


def test_a_chart_marks_where_stock_is_missing() -> None:
    chart = stock_chart([(0, 50), (100, -30), (200, 20)], 0, 400, 10, "")
    assert len(chart["gaps"]) == 1
    assert chart["gap_text"] == "short 30"
    assert chart["safety_y"] > chart["top"]
