"""Writes operations as workbooks that read back: one sheet for each table, its header explained in notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from gemba.exchange.cells import cell_value
from gemba.exchange.example import chair_factory
from gemba.operation import TABLES, Column, Operation, Table
from gemba.operation.reference import allowed_values

_INK, _PAPER, _LINE = "#1F3A4D", "#E4ECF2", "#B8C7D1"
_LAST_ROW, _LONGEST_TEXT = 1_048_575, 32_767
_GUIDE = (
    ("Gemba: describe your operation in this workbook", "title"),
    ("Each sheet is a table. Its rows here are a small example (a chair factory): replace them with your own.", ""),
    ("Delete what you do not need: optional columns and whole sheets may be missing; a blank cell is the default.", ""),
    ("Dark headers are required. Point at a header to read what the column means, its unit and what is allowed.", ""),
    ("Times take 45 min, 2 h, 3 d, 1 wk or 1:30 (hours and minutes); a bare number means hours.", ""),
    ("Dates are local times of the zone in the sheet settings: a date cell, or text such as 2026-11-30 17:00.", ""),
    ("Codes such as 007 or 1E5 stay as they are in cells formatted as text.", ""),
    ("Write (blank) for an empty text where a blank cell would mean the default.", ""),
    ("Sheets and columns whose name starts with _ or # are yours: they are not read.", ""),
    ("Then: gemba check FILE says what is missing or wrong; gemba plan FILE plans it.", ""),
)  # fmt: skip


def write_template(path: str | Path) -> None:
    """Write the import template: every table with notes, lists of choices and the chair factory as an example.

    Raises:
        OSError: where the file cannot be written.
    """
    _write(chair_factory(), Path(path), guide=True)


def write_workbook(operation: Operation, path: str | Path) -> None:
    """Write an operation as a workbook in the template's format. ``read`` gives the same operation back.

    Raises:
        ValueError: where a table has more rows, or a cell more text, than a sheet holds (use ``write_folder``).
        OSError: where the file cannot be written.
    """
    for name, nouns in operation.tables().items():
        if len(nouns) > _LAST_ROW:
            raise ValueError(f"{name} has {len(nouns)} rows; a sheet holds {_LAST_ROW}: use write_folder")
    _write(operation, Path(path), guide=False)


def _write(operation: Operation, path: Path, *, guide: bool) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        book.set_properties({"title": operation.name, "created": operation.now.replace(tzinfo=None)})
        formats = _formats(book)
        if guide:
            _guide_sheet(book, formats)
        for name, nouns in operation.tables().items():
            _table_sheet(book.add_worksheet(name), TABLES[name], nouns, operation.settings.zone, formats)
    finally:
        book.close()


def write_tables(tables: Sequence[tuple[Table, Sequence[Any]]], path: Path, zone: str) -> None:
    """Write rows of any tables as a workbook in the template's format, one sheet each.

    Raises:
        ValueError: where a table has more rows, or a cell more text, than a sheet holds.
        OSError: where the file cannot be written.
    """
    for table, rows in tables:
        if len(rows) > _LAST_ROW:
            raise ValueError(
                f"{table.name} has {len(rows)} rows; a sheet holds {_LAST_ROW}: write a folder of CSV files"
            )
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        formats = _formats(book)
        for table, rows in tables:
            _table_sheet(book.add_worksheet(table.name), table, rows, zone, formats)
    finally:
        book.close()


def _formats(book: Any) -> dict[str, Any]:
    header = {"bold": True, "border": 1, "border_color": _LINE}
    return {
        "title": book.add_format({"bold": True, "font_size": 15, "font_color": _INK}),
        "required": book.add_format({**header, "bg_color": _INK, "font_color": "#FFFFFF"}),
        "optional": book.add_format({**header, "bg_color": _PAPER, "font_color": _INK}),
        "date": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "seconds": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        "text": book.add_format({"num_format": "@"}),
        "bold": book.add_format({"bold": True}),
    }


def _guide_sheet(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("README")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (line, style) in enumerate(_GUIDE):
        sheet.write_string(row, 0, line, formats["title"] if style else None)
    for row, table in enumerate(TABLES.values(), len(_GUIDE) + 1):
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", string=table.name)
        sheet.write_string(row, 1, " ".join(table.doc.split()))


def _table_sheet(sheet: Any, table: Table, nouns: Sequence[Any], zone: str, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, len(table.key) if len(table.key) < 3 else 1)
    for i, column in enumerate(table.columns):
        values = [cell_value(column, getattr(noun, column.name), zone) for noun in nouns]
        _header(sheet, i, column, formats)
        _validation(sheet, i, column, len(nouns))
        widest = max((len(str(v)) for v in values[:200] if v is not None), default=0)
        style = formats["text"] if column.kind in ("text", "choice", "duration", "clock") else None
        sheet.set_column(i, i, min(max(len(column.name), widest) + 3, 60), style)
        for row, value in enumerate(values, 1):
            _cell(sheet, row, i, value, formats)


def _header(sheet: Any, i: int, column: Column, formats: dict[str, Any]) -> None:
    sheet.write_string(0, i, column.name, formats["required" if column.required else "optional"])
    note = f"{column.doc}\n\n{allowed_values(column)}"
    sheet.write_comment(0, i, note, {"x_scale": 2.2, "y_scale": 1.4, "author": "Gemba"})


def _validation(sheet: Any, i: int, column: Column, rows: int) -> None:
    choices = [c for c in column.choices if c] if column.kind == "choice" else []
    if column.kind == "flag":
        choices = ["TRUE", "FALSE"]
    if choices and len(",".join(choices)) <= 255:
        rule = {
            "validate": "list",
            "source": choices,
            "error_title": column.name,
            "error_message": "Choose from the list.",
        }
        sheet.data_validation(1, i, max(rows, 1000), i, rule)


def _cell(sheet: Any, row: int, i: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, i, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, i, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, i, value, formats["seconds" if value.second else "date"])
    elif len(value) > _LONGEST_TEXT:
        raise ValueError(
            f"{sheet.name}, row {row + 1}: a sheet's cell holds {_LONGEST_TEXT} characters: use write_folder"
        )
    else:
        sheet.write_string(row, i, value, formats["text"])
