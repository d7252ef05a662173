"""Writes records as a folder of CSV files or a workbook; ``read_records`` gives the same back, moments to the second."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gemba.exchange.cells import cell_text
from gemba.operation import RECORDS, Table


def write_records_folder(records: Mapping[str, Iterable[Any]], path: str | Path, zone: str = "") -> dict[str, int]:
    """Write each table that has records as ``<table>.csv`` (UTF-8), row by row; how many rows each has.

    Moments are local times of ``zone``; blank: UTC.

    Raises:
        OSError: where the folder cannot be written.
    """
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, things in records.items():
        first = next(given := iter(things), None)
        if first is not None:
            counts[name] = _write_csv(folder / f"{name}.csv", RECORDS[name], first, given, zone)
    return counts


def _write_csv(path: Path, table: Table, first: Any, rest: Iterable[Any], zone: str) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([c.name for c in table.columns])
        for things in ([first], rest):
            for thing in things:
                writer.writerow([cell_text(c, getattr(thing, c.name), zone) for c in table.columns])
                count += 1
    return count


def write_records_workbook(records: Mapping[str, Sequence[Any]], path: str | Path, zone: str = "") -> None:
    """Write the records as a workbook, one sheet for each table that has any.

    Raises:
        ValueError: where a table has more rows, or a cell more text, than a sheet holds (use the folder).
        OSError: where the file cannot be written.
    """
    from gemba.exchange.workbook_out import write_tables

    write_tables([(RECORDS[name], list(things)) for name, things in records.items() if things], Path(path), zone)


def write_records_template(path: str | Path) -> None:
    """Write a workbook to fill in: every table of records with its notes and one row as an example.

    Raises:
        OSError: where the file cannot be written.
    """
    write_records_workbook({name: [_example(table)] for name, table in RECORDS.items()}, path)


def _example(table: Table) -> Any:
    """A record made of the examples that the declaration gives."""
    given = {c.name: c.example for c in table.columns if c.example is not None}
    given |= {c.name: c.choices[0] for c in table.columns if c.required and c.choices and c.example is None}
    return table.noun(**given)
