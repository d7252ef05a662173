"""Reading what people really have: their own names for sheets, notes beside the data, several formats."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from gemba.exchange import operation_from_rows, read, workbook
from gemba.operation import OperationError
from tests.exchange.broken.build import good, with_cell, write_csv_folder, write_xlsx

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_sheets_and_columns_are_found_whatever_their_case_and_spaces(tmp_path: Path) -> None:
    tables = good()
    tables = {name.replace("_", " ").title(): rows for name, rows in tables.items()}
    tables["Step Items"][0] = ["Process", "STEP", " item ", "Quantity"]
    assert read(write_xlsx(tmp_path / "a.xlsx", tables)) == read(write_csv_folder(tmp_path / "b", good()))


def test_notes_of_ones_own_are_ignored(tmp_path: Path) -> None:
    tables = with_cell("items", "_note", "ask Kim")
    tables["items"][0].append("# colour")
    tables["README"] = [["hello"]]
    tables["_scratch"] = [["1", "2"]]
    tables["Sheet1"] = []
    assert len(read(write_xlsx(tmp_path / "a.xlsx", tables)).items) == 2


def test_blank_rows_and_rows_above_the_header_do_not_matter(tmp_path: Path) -> None:
    tables = good()
    tables["items"] = [
        ["", "", ""],
        ["", "", ""],
        tables["items"][0],
        tables["items"][1],
        ["", "", ""],
        tables["items"][2],
    ]
    assert [i.name for i in read(write_xlsx(tmp_path / "a.xlsx", tables)).items] == ["Chair", "Leg"]


def test_the_row_of_a_fault_is_the_one_a_spreadsheet_shows(tmp_path: Path) -> None:
    tables = good()
    tables["items"] = [["", "", ""], tables["items"][0], ["", "", ""], tables["items"][1], ["Leg", "x", "1"]]
    for source in (write_xlsx(tmp_path / "a.xlsx", tables), write_csv_folder(tmp_path / "a", tables)):
        with pytest.raises(OperationError) as error:
            read(source)
        assert error.value.faults[0].line == 5


def test_a_spreadsheets_own_numbers_dates_and_times_are_read(tmp_path: Path) -> None:
    tables = good()
    tables["demands"][1] = [1001, "Chair", "Plant", 10, datetime(2026, 11, 30, 17), 2, True]

    def times(book: Any, sheets: dict[str, Any]) -> None:
        sheets["steps"].write_datetime(1, 3, time(1, 30), book.add_format({"num_format": "hh:mm"}))
        sheets["steps"].write_number(2, 3, 1.25, book.add_format({"num_format": "[h]:mm"}))
        sheets["calendar_rules"].write_datetime(1, 3, time(6), book.add_format({"num_format": "hh:mm"}))

    operation = read(write_xlsx(tmp_path / "a.xlsx", tables, times))
    (demand,) = operation.demands
    assert (demand.name, demand.quantity, demand.whole) == ("1001", 10.0, True)
    assert demand.due == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert [s.time for s in operation.steps] == [5400, 30 * 3600]
    assert operation.calendar_rules[0].start_time == time(6)


def test_a_folder_may_mix_plain_and_packed_csv_and_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    folder = write_csv_folder(tmp_path / "a", good())
    expected = read(folder)
    items = (folder / "items.csv").read_bytes()
    (folder / "items.csv").unlink()
    (folder / "items.csv.gz").write_bytes(gzip.compress(items))
    (folder / "demands.csv").unlink()
    due = datetime(2026, 11, 30, 16, tzinfo=UTC)
    cells = {"name": "D-1", "item": "Chair", "place": "Plant", "quantity": 10, "due": due, "priority": 2, "whole": True}
    table = pa.table({**{name: [cell] for name, cell in cells.items()}, "price": pa.array([None], pa.float64())})
    pq.write_table(table, folder / "demands.parquet")
    (folder / "notes.txt").write_text("not a table")
    (folder / "_old.csv").write_text("not a table either")
    assert read(folder) == expected


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_of_csv_are_found_out(tmp_path: Path, separator: str) -> None:
    folder = write_csv_folder(tmp_path / "a", good())
    rows = [["name", "kind", "cost"], ["Chair", "product", "40,5"], ["Leg, round", "component", "4"]]
    (folder / "items.csv").write_text("\ufeff" + "\r\n".join(separator.join(r) for r in rows), encoding="utf-8")
    for name in ("step_items", "supply_options"):
        (folder / f"{name}.csv").unlink()
    assert [(i.name, i.cost) for i in read(folder).items] == [("Chair", 40.5), ("Leg, round", 4.0)]


def test_line_breaks_and_quotes_within_a_cell_are_kept(tmp_path: Path) -> None:
    folder = write_csv_folder(tmp_path / "a", with_cell("steps", "instructions", 'Glue,\nthen "press"; wait'))
    assert read(folder).steps[0].instructions == 'Glue,\nthen "press"; wait'


def test_a_table_with_a_header_only_is_empty(tmp_path: Path) -> None:
    assert read(write_csv_folder(tmp_path / "a", good(demands=good()["demands"][:1]))).demands == ()


def test_without_settings_the_name_is_the_files_and_now_is_given(tmp_path: Path) -> None:
    operation = read(write_xlsx(tmp_path / "My shop.xlsx", good(settings=None)), now=NOW)
    assert (operation.name, operation.now) == ("My shop", NOW)


def test_the_moment_in_the_settings_counts_more_than_the_given_one(tmp_path: Path) -> None:
    later = NOW + timedelta(days=9)
    assert read(write_csv_folder(tmp_path / "a", good()), now=later).now == NOW


def test_a_blank_moment_in_the_settings_is_the_given_one_on_the_zones_clocks(tmp_path: Path) -> None:
    tables = with_cell("settings", "now", "")
    given = datetime(2026, 11, 23, 6)
    assert read(write_csv_folder(tmp_path / "a", tables), now=given).now == NOW


def test_a_blank_cell_is_the_default_and_blank_in_brackets_is_empty_text(tmp_path: Path) -> None:
    changes = [["matrix", "before", "after", "time"], ["Colours", "", "", "1"], ["Colours", "(blank)", "red", "2"]]
    tables = good(setup_matrices=[["name"], ["Colours"]], setup_changes=changes)
    assert [(c.before, c.after, c.time) for c in read(write_csv_folder(tmp_path / "a", tables)).setup_changes] == [
        ("*", "*", 3600), ("", "red", 7200)]  # fmt: skip


def test_a_single_csv_file_is_read_as_its_table(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("name\nChair\n")
    assert read(tmp_path / "items.csv", now=NOW).items[0].name == "Chair"


def test_large_workbooks_are_read_by_a_child_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = good()
    tables["demands"][1][4] = datetime(2026, 11, 30, 17)

    def times(book: Any, sheets: dict[str, Any]) -> None:
        sheets["steps"].write_number(1, 3, 1.25, book.add_format({"num_format": "[h]:mm"}))
        sheets["steps"].write_datetime(2, 3, time(1, 30), book.add_format({"num_format": "hh:mm"}))

    path = write_xlsx(tmp_path / "a.xlsx", tables, times)
    here = read(path)
    monkeypatch.setattr(workbook, "SMALL", 0)
    assert read(path) == here


@pytest.mark.parametrize(("limit", "value"), [("CHILD_MEMORY", 20_000_000), ("CHILD_SECONDS", 0)])
def test_a_workbook_that_takes_too_much_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    rows = [["name"], *([f"Item {i}"] for i in range(30_000))]
    path = write_xlsx(tmp_path / "a.xlsx", good(items=rows))
    monkeypatch.setattr(workbook, "SMALL", 0)
    monkeypatch.setattr(workbook, limit, value)
    with pytest.raises(OperationError, match="little memory and time"):
        read(path)


def test_rows_of_a_program_may_have_pythons_own_types() -> None:
    operation = operation_from_rows(
        {
            "settings": [{"name": "Shop", "now": NOW, "horizon": timedelta(days=30)}],
            "items": [{"name": "Chair", "cost": 3}, {"name": "Leg", "kind": None, "unit": "m"}],
            "demands": [{"name": 7, "item": "Chair", "quantity": "2.5", "due": datetime(2026, 12, 1)}],
            "orders": [],
        }
    )
    assert operation.settings.horizon == 30 * 86400
    assert (operation.demands[0].name, operation.demands[0].quantity) == ("7", 2.5)


def test_a_fault_in_a_programs_row_says_where_it_came_from() -> None:
    rows = {"items": [{"name": "Chair"}, {"name": "Leg", "cost": "cheap"}]}
    with pytest.raises(OperationError) as error:
        operation_from_rows(rows, lambda table, index: (f"{table}.sql", 100 + index), now=NOW)
    (fault,) = error.value.faults
    assert (fault.source, fault.line, fault.field) == ("items.sql", 101, "cost")


def test_faults_of_one_row_name_the_row_and_each_field(tmp_path: Path) -> None:
    tables = with_cell("demands", "quantity", "ten")
    tables["demands"][1][4] = "soon"
    with pytest.raises(OperationError) as error:
        read(write_csv_folder(tmp_path / "a", tables))
    assert [(f.thing, f.field, f.line) for f in error.value.faults] == [("D-1", "quantity", 2), ("D-1", "due", 2)]
