"""Tables: what the address asks for is what is shown."""

from __future__ import annotations

from gemba.app.web.tables import PAGE, Column, table

COLUMNS = [Column("name", "Order"), Column("quantity", "Qty", number=True), Column("end", "End")]
ROWS = [
    {"name": "SO-1", "item": "Chair", "quantity": 40, "end": 30},
    {"name": "SO-2", "item": "Table", "quantity": 5, "end": None},
    {"name": "so-3", "item": "Chair", "quantity": 12, "end": 10},
]


def names(query: dict[str, str]) -> list[str]:
    return [row["name"] for row in table(query, ROWS, COLUMNS, search=("name", "item")).rows]


def test_without_a_sort_rows_stay_as_they_come() -> None:
    assert names({}) == ["SO-1", "SO-2", "so-3"]


def test_a_minus_sorts_from_the_largest() -> None:
    assert names({"sort": "-quantity"}) == ["SO-1", "so-3", "SO-2"]


def test_rows_without_a_value_come_last_either_way() -> None:
    assert names({"sort": "end"}) == ["so-3", "SO-1", "SO-2"]
    assert names({"sort": "-end"}) == ["SO-1", "so-3", "SO-2"]


def test_text_sorts_without_regard_to_capitals() -> None:
    assert names({"sort": "-name"}) == ["so-3", "SO-2", "SO-1"]


def test_every_word_searched_for_must_be_there() -> None:
    assert names({"q": "chair so-3"}) == ["so-3"]
    assert names({"q": "chair table"}) == []


def test_a_sort_by_an_unknown_column_changes_nothing() -> None:
    assert names({"sort": "password"}) == ["SO-1", "SO-2", "so-3"]


def test_a_second_click_on_a_heading_turns_the_sort_round() -> None:
    shown = table({"sort": "name"}, ROWS, COLUMNS, search=()).columns[0]
    assert (shown.sorted, shown.next) == ("ascending", "-name")


def test_pages_stay_within_what_there_is() -> None:
    many = [{"name": str(k)} for k in range(PAGE + 1)]
    found = table({"page": "99"}, many, COLUMNS, search=())
    assert (found.page, found.pages, len(found.rows), found.total) == (2, 2, 1, PAGE + 1)
    assert table({"page": "x"}, many, COLUMNS, search=()).page == 1
