"""Tables from an .xlsx workbook, read so that no file, however made, takes the memory or the time of the machine."""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

import orjson

from gemba.exchange import sheet_worker
from gemba.exchange.assemble import unknown_table
from gemba.exchange.raw import MOST_COLUMNS, MOST_ROWS, RawTable, is_blank, is_ignored, table_named
from gemba.operation import TABLES, Fault, Table

#: A workbook may unpack to so many bytes, and no part of it to more than so many times its packed size.
MOST_BYTES, MOST_RATIO, MOST_PARTS = 200_000_000, 200, 5_000
#: Up to this size (unpacked) a workbook is read in this process; a child for it would only cost time.
SMALL = 5_000_000
CHILD_MEMORY, CHILD_SECONDS = 3_000_000_000, 120
_ENCRYPTED = "an .xlsx workbook without a password; this is an old .xls or an encrypted file: save it again as .xlsx"
_NONE = "an .xlsx workbook; this file is none (or is cut short): open it in a spreadsheet and save it as .xlsx"
_TOO_MUCH = "a workbook that can be read with little memory and time: remove unused sheets, or use CSV files"
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")  # how .xls files and encrypted .xlsx files begin


def read_workbook(path: Path, tables: Mapping[str, Table] = TABLES) -> tuple[list[RawTable], list[Fault]]:
    """The tables of a workbook, one sheet each, and what is wrong with the file and its sheets."""
    size, problem = unpacked_size(path)
    if problem:
        return [], [Fault("file", path.name, "", None, problem)]
    if size <= SMALL and not _sizes_are_true(path):
        return [], [Fault("file", path.name, "", None, _NONE)]
    cells = _in_process(path) if size <= SMALL else _in_child(path)
    if "" in cells:
        return [], [Fault("file", path.name, "", None, str(cells[""]))]
    raws, faults = [], []
    for sheet, content in cells.items():
        table = table_named(sheet, tables)
        if table is not None:
            raw = _raw(table, path.name, content, tables)
            raws += [raw] if raw else []
        elif not is_ignored(sheet) and any(not is_blank(cell) for row in content["rows"] for cell in row):
            faults.append(unknown_table(sheet, path.name, "sheet", tables))
    if not raws and not faults:
        allowed = "a workbook with a sheet for each table, such as items and demands; 'gemba template' makes one"
        faults.append(Fault("file", path.name, "", None, allowed))
    return raws, faults


def unpacked_size(path: Path) -> tuple[int, str]:
    """The bytes a workbook unpacks to as its directory declares, and why it may not be unpacked (blank: it may)."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLD:
        return 0, _ENCRYPTED
    if not start:
        return 0, "filled: the file is empty"
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return 0, _NONE
    return _judge(parts, path)


def _judge(parts: list[zipfile.ZipInfo], path: Path) -> tuple[int, str]:
    size = sum(part.file_size for part in parts)
    packed = max(path.stat().st_size, 1)
    if any(part.flag_bits & 1 for part in parts):
        return size, "a workbook without a password: save it without one"
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        return size, "an .xlsx workbook: this one has too many parts, or parts that overlap"
    if size > MOST_BYTES:
        return size, f"at most {MOST_BYTES // 1_000_000} MB unpacked; this file unpacks to {size / 1e6:.0f} MB"
    if size > SMALL and size > MOST_RATIO * packed:
        return size, f"packed by at most {MOST_RATIO} times; this file unpacks to {size / packed:.0f} times its size"
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        return size, "an .xlsx workbook; this is another kind of file: save it as .xlsx"
    return size, ""


def _sizes_are_true(path: Path) -> bool:
    """Whether each part unpacks to what the directory declares: a lie could fill the memory of this process."""
    try:
        with zipfile.ZipFile(path) as package:
            for part in package.infolist():
                room = copy(part)
                room.file_size += 1  # one byte more is read than declared, where there is one
                with package.open(room) as content:
                    if len(content.read()) != part.file_size:
                        return False
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zlib.error):
        return False
    return True


def _in_process(path: Path) -> dict[str, Any]:
    return sheet_worker.read_cells(str(path), MOST_ROWS, MOST_COLUMNS)


def _in_child(path: Path) -> dict[str, Any]:
    limits = [MOST_ROWS, MOST_COLUMNS, CHILD_MEMORY, CHILD_SECONDS]
    command = [sys.executable, "-P", sheet_worker.__file__, str(path.resolve()), *map(str, limits)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=CHILD_SECONDS + 10, check=True)
        found: dict[str, Any] = orjson.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"": _TOO_MUCH}
    for content in found.values():
        if isinstance(content, dict):
            content["rows"] = [
                [sheet_worker.restored(c) if type(c) is dict else c for c in row] for row in content["rows"]
            ]
    return found


def _raw(table: str, source: str, content: dict[str, Any], tables: Mapping[str, Table]) -> RawTable | None:
    rows = content["rows"]
    first = next((i for i, row in enumerate(rows) if any(not is_blank(cell) for cell in row)), None)
    if first is None:
        return None
    spoiled = {(row, column): why for row, column, why in content["spoiled"]}
    body = rows[first + 1 :]
    return RawTable(table, source, rows[first], body, range(first + 2, len(rows) + 1), first + 1, spoiled, tables)
