"""Builds small sources that are right, so that a test can spoil one thing in them."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

Tables = dict[str, list[list[Any]]]
Make = Callable[[Path], Path]

GOOD: Tables = {
    "settings": [["name", "now", "zone"], ["Shop", "2026-11-23 06:00", "Europe/Berlin"]],
    "calendars": [["name", "value", "zone"], ["Shift", "0", ""]],
    "calendar_rules": [["calendar", "rule", "days", "start_time", "end_time", "start", "end"],
                       ["Shift", "1", "Mon-Fri", "06:00", "14:00", "", ""]],
    "places": [["name", "kind", "parent"], ["Plant", "site", ""], ["Hall", "area", "Plant"]],
    "resources": [["name", "kind", "capacity", "calendar", "group"], ["Saw", "equipment", "1", "Shift", ""],
                  ["Saws", "equipment", "1", "", ""]],
    "items": [["name", "kind", "cost"], ["Chair", "product", "40"], ["Leg", "component", "4"]],
    "processes": [["name", "item", "place", "start", "end"], ["Make chair", "Chair", "Plant", "", ""]],
    "steps": [["process", "name", "sequence", "time", "pausable"], ["Make chair", "Cut", "10", "1 h", "true"],
              ["Make chair", "Glue", "20", "30 min", "true"]],
    "step_links": [["process", "before", "after"], ["Make chair", "Cut", "Glue"]],
    "step_resources": [["process", "step", "resource", "quantity"], ["Make chair", "Cut", "Saw", "1"]],
    "step_items": [["process", "step", "item", "quantity"], ["Make chair", "Cut", "Leg", "4"]],
    "suppliers": [["name"], ["Timber Ltd"]],
    "supply_options": [["name", "item", "place", "kind", "supplier", "process", "lead_time"],
                       ["Buy leg", "Leg", "Plant", "buy", "Timber Ltd", "", "2 d"]],
    "demands": [["name", "item", "place", "quantity", "due", "priority", "whole"],
                ["D-1", "Chair", "Plant", "10", "2026-11-30 17:00", "2", "true"]],
    "orders": [["name", "process", "item", "place", "quantity", "start", "end"],
               ["MO-1", "Make chair", "Chair", "Plant", "5", "2026-11-23 06:00", "2026-11-23 12:00"]],
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A broken source: what is wrong in a sentence, how it is made, and what the message must name."""

    sentence: str
    make: Make
    says: tuple[str, ...]


def case(sentence: str, make: Make, *says: str) -> Case:
    return Case(sentence, make, says)


def good(**changes: Any) -> Tables:
    """The right tables with whole tables replaced; None leaves one out."""
    tables = {**copy.deepcopy(GOOD), **changes}
    return {name: rows for name, rows in tables.items() if rows is not None}


def with_cell(table: str, column: str, value: Any, row: int = 1) -> Tables:
    """The right tables with one cell (of the first row, or another) changed; a new column where needed."""
    tables = good()
    header = tables[table][0]
    if column not in header:
        header.append(column)
        for cells in tables[table][1:]:
            cells.append("")
    tables[table][row][header.index(column)] = value
    return tables


def with_row(table: str, **cells: Any) -> Tables:
    """The right tables with a row more."""
    tables = good()
    tables[table].append([cells.get(name, "") for name in tables[table][0]])
    return tables


def write_csv_folder(folder: Path, tables: Tables) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def write_xlsx(path: Path, tables: Tables, spoil: Callable[[Any, dict[str, Any]], None] | None = None) -> Path:
    """A workbook with these cells; ``spoil(book, sheets)`` may write over them."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheets = {}
    for name, rows in tables.items():
        sheet = sheets[name] = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(r, c, cell, date)
                elif cell not in ("", None):
                    sheet.write(r, c, cell)
    if spoil:
        spoil(book, sheets)
    book.close()
    return path


def folder(tables: Tables) -> Make:
    return lambda tmp: write_csv_folder(tmp / "shop", tables)


def xlsx(tables: Tables, spoil: Callable[[Any, dict[str, Any]], None] | None = None) -> Make:
    return lambda tmp: write_xlsx(tmp / "shop.xlsx", tables, spoil)


def file(name: str, content: bytes) -> Make:
    """A single file with this content."""

    def make(tmp: Path) -> Path:
        (tmp / name).write_bytes(content)
        return tmp / name

    return make


def file_in_folder(name: str, content: bytes) -> Make:
    """The right folder with one file's content replaced."""

    def make(tmp: Path) -> Path:
        made = write_csv_folder(tmp / "shop", good())
        (made / name).write_bytes(content)
        return made

    return make
