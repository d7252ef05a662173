"""Profit and loss without a database: cells, groupings, overhead not absorbed and metered energy, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.measure.cost import GROUPS, LINES, Cell, Posting, cells, energy, grouping, statement, unabsorbed
from gemba.measure.cost.rates import Rates
from gemba.operation import Item, Measurement, Meter, Operation, Overhead, Place, Settings

AT = datetime(2026, 1, 1, tzinfo=UTC)


def operation(**more: Any) -> Operation:
    places = tuple(
        Place(name=n, parent=p) for n, p in (("Works", ""), ("East", "Works"), ("Saw", "East"), ("West", "Works"))
    )
    items = (Item(name="Chair", family="Seating"), Item(name="Table", family="Tables"))
    return Operation(settings=Settings(name="Plant", now=AT), places=places, items=items, **more)


POSTINGS = st.lists(
    st.builds(
        Posting,
        st.sampled_from(["2026-01", "2026-02"]),
        st.sampled_from(list(LINES)),
        st.sampled_from(["", "Works", "East", "Saw", "West"]),
        st.sampled_from(["", "Chair", "Table"]),
        st.sampled_from(["", "Ann Shop", "Bob Shop"]),
        st.fractions(-10_000, 10_000, max_denominator=1_000_003),
    ),
    max_size=60,
)


@settings(max_examples=40)
@given(POSTINGS)
def test_any_grouping_and_any_filter_add_up_to_the_same_cents(postings: list[Posting]) -> None:
    found, op = cells(postings), operation()
    whole = sum((c.amount for c in found), Decimal(0))
    exact = sum((p.amount for p in postings), Fraction(0))
    assert abs(Fraction(whole) - exact) <= Fraction(len(LINES) * 2, 200)  # each line of a month is rounded once
    for by in GROUPS:
        made = statement(found, grouping(op, by))
        assert made.total("result") == whole
        for row in made.rows:
            assert sum(row.amounts, Decimal(0)) == row.total
        parts = [statement([c for c in found if grouping(op, by)(c) == g], grouping(op, "month")) for g in made.groups]
        assert sum((p.total("gross profit") for p in parts), Decimal(0)) == made.total("gross profit")


def test_the_statement_has_its_subtotals_after_their_lines() -> None:
    amounts = {"revenue": 100, "variable cost of goods sold": -60, "overhead of goods sold": -10, "scrap": -5}
    found = [Cell("2026-01", line, "East", "Chair", "", Decimal(a)) for line, a in amounts.items()]
    made = statement(found, grouping(operation(), "family"))
    assert made.groups == ("Seating",)
    assert [made.total(n) for n in ("contribution", "gross profit", "result")] == [40, 30, 25]


def test_places_are_grouped_one_level_below_the_one_that_is_seen() -> None:
    cell = Cell("2026-01", "scrap", "Saw", "", "", Decimal(-1))
    assert grouping(operation(), "place")(cell) == "Works"
    assert grouping(operation(), "place", "Works")(cell) == "East"
    assert grouping(operation(), "place", "East")(cell) == "Saw"
    assert grouping(operation(), "place", "Saw")(cell) == "Saw"
    with pytest.raises(ValueError, match="by is 'colour'"):
        grouping(operation(), "colour")


def test_overhead_that_no_work_was_charged_is_the_production_volume_variance() -> None:
    # Budget 320 h x 12 = 3840; the east has worked 200 h and its saw 50 h: 250 x 12 = 3000; 840 are left.
    op = operation(overheads=(Overhead(place="East", basis="machine hours", rate=12, budget=320),))
    used = {("machine hours", p): Fraction(h) for p, h in (("East", 200), ("Saw", 50), ("West", 999))}
    (posting,) = unabsorbed(Rates(op), op, "2026-01", Fraction(1), used)
    assert (posting.place, posting.amount) == ("East", -840)
    (half,) = unabsorbed(Rates(op), op, "2026-01", Fraction(1, 2), used)
    assert half.amount == 3000 - 1920  # halfway through the month more was charged than budgeted


def test_energy_costs_what_the_meter_moved_on_and_a_reset_begins_anew() -> None:
    op = operation(meters=(Meter(name="Power", place="East", unit="kWh", media="electricity", cost=0.3),))

    def read(day: int, value: float, **more: Any) -> Measurement:
        return Measurement(uid=f"{day}{more}", at=AT + timedelta(days=day), meter="Power", value=value, **more)

    wrong = read(2, 999)
    readings = [
        read(3, 160, order="MO-1"),
        read(1, 100),
        wrong,
        read(2, 130, corrects=wrong.uid),
        read(4, 5),
        read(5, 15),
    ]
    assert [(e.at.day, e.order, float(e.cost)) for e in energy(op, readings)] == [
        (3, "", 9),
        (4, "MO-1", 9),
        (6, "", 3),
    ]
