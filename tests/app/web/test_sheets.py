"""Exports: what is downloaded reads back, and no cell runs as a formula."""

from __future__ import annotations

import csv
import io

from python_calamine import CalamineWorkbook

from gemba.app.web.sheets import download

HEADS = [("name", "Order"), ("quantity", "Qty"), ("due@", "Due")]
ROWS = [{"name": "=1+1", "quantity": 2.5, "due": 1795446000}, {"name": "SO-2", "quantity": None, "due": None}]


def test_a_workbook_has_the_rows_and_the_operations_clock() -> None:
    answer = download("xlsx", "Orders", HEADS, ROWS, "Europe/Berlin")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["Order", "Qty", "Due"]
    assert sheet[1][:2] == ["=1+1", 2.5]
    assert f"{sheet[1][2]:%Y-%m-%d %H:%M}" == "2026-11-23 16:00"
    assert answer["Content-Disposition"] == 'attachment; filename="orders.xlsx"'


def test_a_csv_file_escapes_what_looks_like_a_formula() -> None:
    text = download("csv", "Orders", HEADS, ROWS, "").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == ["'=1+1", "2.5", "2026-11-23 15:00"]
    assert rows[2] == ["SO-2", "", ""]
