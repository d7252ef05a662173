"""What is written reads back as the same operation, whatever it holds."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba.exchange import read, write_folder, write_template, write_workbook
from gemba.exchange.cells import cell_text, cell_value
from gemba.exchange.convert import converter
from gemba.exchange.example import chair_factory
from gemba.exchange.quoting import quote, unquote
from gemba.exchange.raw import is_blank
from gemba.operation import TABLES, Column, Item, Operation, Settings
from tests.exchange.operations import operations, values

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(operation=operations)
def test_any_operation_survives_a_folder_of_csv_files(operation: Operation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(operation, folder)
        assert read(folder) == operation


@FEW
@given(operation=operations)
def test_any_operation_survives_a_workbook(operation: Operation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "operation.xlsx"
        write_workbook(operation, path)
        assert read(path) == operation


COLUMNS = [pytest.param(c, id=f"{t.name}.{c.name}") for t in TABLES.values() for c in t.columns if not c.refers_to]


@pytest.mark.parametrize("column", COLUMNS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_value_of_a_column_survives_its_cell(column: Column, data: st.DataObject) -> None:
    value = data.draw(values(column))
    zone = data.draw(st.sampled_from(["", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]))
    for cell in (cell_text(column, value, zone), cell_value(column, value, zone)):
        blank = is_blank(cell)
        assert (column.default if blank else converter(column, zone)(cell)) == value
        assert not (blank and column.required and value != "")


@given(st.text(alphabet="=+-@\t\r'\"ab(blank)", max_size=8))
def test_quoting_a_text_and_reading_it_gives_the_text(text: str) -> None:
    assert unquote(quote(text)) == text


@given(st.text(max_size=12))
def test_no_quoted_text_can_start_a_formula(text: str) -> None:
    assert quote(text)[:1] not in tuple("=+-@\t\r")


def test_the_example_survives_every_format(tmp_path: Path) -> None:
    operation = chair_factory()
    write_template(tmp_path / "template.xlsx")
    write_workbook(operation, tmp_path / "book.xlsx")
    write_folder(operation, tmp_path / "folder")
    for written in ("template.xlsx", "book.xlsx", "folder"):
        assert read(tmp_path / written) == operation


def test_a_formula_in_a_name_is_written_harmless(tmp_path: Path) -> None:
    moment = chair_factory().now
    name = "=cmd|' /C calc'!A0"
    write_folder(Operation(settings=Settings(name="Shop", now=moment), items=(Item(name=name),)), tmp_path)
    with (tmp_path / "items.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["name"] == "'" + name
    assert read(tmp_path).items[0].name == name


def test_a_table_with_more_rows_than_a_sheet_is_refused_with_the_way_out(tmp_path: Path) -> None:
    operation = chair_factory()
    many = Operation.of({**operation.tables(), "customers": operation.customers * 600_000}, checked=True)
    with pytest.raises(ValueError, match="use write_folder"):
        write_workbook(many, tmp_path / "book.xlsx")


def test_a_text_longer_than_a_cell_is_refused_with_the_way_out(tmp_path: Path) -> None:
    operation = Operation(settings=Settings(name="Shop", now=chair_factory().now, description="x" * 40_000))
    with pytest.raises(ValueError, match="use write_folder"):
        write_workbook(operation, tmp_path / "book.xlsx")
