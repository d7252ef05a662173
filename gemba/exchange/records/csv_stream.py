"""CSV files of any length as raw tables of some rows each."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gemba.exchange.csv_files import separator
from gemba.exchange.raw import RawTable, is_blank
from gemba.exchange.records.rows import Chunk
from gemba.operation import RECORDS, Fault

ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
_SAVE = "save it as CSV UTF-8"


def raw_chunks(path: Path, table: str, size: int) -> Iterator[RawTable | Chunk]:
    """The file's rows, at most ``size`` at a time; a chunk without records says what is wrong with the file."""
    try:
        with _open(path) as file:
            yield from _chunks(file, path, table, size)
    except UnicodeDecodeError as error:
        yield _wrong(path, table, f"in UTF-8 ({error.reason}): {_SAVE}")
    except csv.Error as error:
        yield _wrong(path, table, f"CSV that can be read ({error}): check the quotes")
    except (OSError, EOFError, zlib.error) as error:
        yield _wrong(path, table, f"a file that can be read ({error})")


def _open(path: Path) -> Any:
    if path.name.lower().endswith(".gz"):
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _wrong(path: Path, table: str, allowed: str, line: int | None = None, value: Any = None) -> Chunk:
    fault = Fault(table, "", "" if line else "file", value, allowed, source=path.name, line=line)
    return Chunk(table, path.name, faults=[fault])


def _chunks(file: Any, path: Path, table: str, size: int) -> Iterator[RawTable | Chunk]:
    """As the reader of nouns numbers them, a row's line is its number among the rows: the header is row 1."""
    first, number = "", 0
    while not first.strip(" \t\r\n,;"):
        first, number = file.readline(1_000_000), number + 1
        if not first:
            yield _wrong(path, table, "filled: it is empty; its first row names the columns")
            return
    by = separator(first, RECORDS[table])
    header = next(csv.reader([first], delimiter=by, strict=True))
    rows: list[list[str]] = []
    lines: list[int | None] = []
    at = number
    for at, row in enumerate(csv.reader(file, delimiter=by, strict=True), number + 1):
        if _misfits(row, header):
            allowed = f"as long as the header: it has {len(row)} cells, the header {len(header)} "
            yield _wrong(path, table, allowed + f"(quote text that holds '{by}')", at, by.join(row)[:60])
            continue
        rows.append(row)
        lines.append(at)
        if len(rows) == size:
            yield RawTable(table, path.name, header, rows, lines, number, tables=RECORDS)
            rows, lines = [], []
    if rows or at == number:
        yield RawTable(table, path.name, header, rows, lines, number, tables=RECORDS)


def _misfits(row: list[str], header: list[str]) -> bool:
    if len(row) == len(header):
        return False
    extra = any(not is_blank(cell) for cell in row[len(header) :])
    return extra or (len(row) < len(header) and any(not is_blank(cell) for cell in row))
