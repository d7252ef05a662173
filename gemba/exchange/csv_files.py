"""Tables from CSV files: UTF-8, separated by comma, semicolon or tab, plain or compressed with gzip."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from pathlib import Path
from typing import Any

from gemba.exchange.raw import MOST_ROWS, RawTable, is_blank, plain_name
from gemba.operation import TABLES, Fault, Table

#: Larger files (unpacked) are refused.
MOST_BYTES = 200_000_000
_SAVE = "save it as CSV UTF-8"


def read_csv(path: Path, table: str) -> tuple[RawTable | None, list[Fault]]:
    """The file's rows, or what is wrong with it. Every value stays the text it is."""
    data, problem = _bytes(path)
    text, problem = ("", problem) if problem else _decode(data)
    if problem:
        return None, [_fault(path, table, problem)]
    if not text.strip():
        return None, [_fault(path, table, f"filled: it is empty; its first row names the columns ({_columns(table)})")]
    return _parse(path, table, text)


def _fault(path: Path, table: str, allowed: str, line: int | None = None, value: Any = None) -> Fault:
    return Fault(table, "", "" if line else "file", value, allowed, source=path.name, line=line)


def _columns(table: str) -> str:
    return ", ".join(c.name for c in TABLES[table].columns[:4]) + " ..."


def _bytes(path: Path) -> tuple[bytes, str]:
    too_large = f"at most {MOST_BYTES // 1_000_000} MB unpacked"
    try:
        if not path.name.lower().endswith(".gz"):
            return (b"", too_large) if path.stat().st_size > MOST_BYTES else (path.read_bytes(), "")
        with gzip.open(path) as file:
            data = file.read(MOST_BYTES + 1)
        return (b"", too_large) if len(data) > MOST_BYTES else (data, "")
    except (OSError, EOFError, zlib.error) as error:
        return b"", f"a file that can be read ({error})"


def _decode(data: bytes) -> tuple[str, str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", f"in UTF-8, it is in UTF-16: {_SAVE}"
    if b"\0" in data:
        row = data[: data.index(b"\0")].count(b"\n") + 1
        return "", f"a text file; it has a NUL byte in line {row}: {_SAVE}"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        at = error.start
        start = data.rfind(b"\n", 0, at) + 1
        near = data[start : at + 12].decode("latin-1").strip()[-40:]
        line = data[:at].count(b"\n") + 1
        return "", f"in UTF-8; byte {data[at]:#04x} in line {line} is not (near '{near}'): {_SAVE}"


def separator(first: str, declared: Table) -> str:
    """The separator that finds most of the table's columns in the first line."""
    known = {plain_name(c.name) for c in declared.columns}
    return max(",;\t", key=lambda s: len(known.intersection(plain_name(n.strip(' "')) for n in first.split(s))))


def _parse(path: Path, table: str, text: str) -> tuple[RawTable | None, list[Fault]]:
    lines = io.StringIO(text, newline="")
    by = separator(text.lstrip().split("\n", 1)[0], TABLES[table])
    records, faults = [], []
    try:
        for record in csv.reader(lines, delimiter=by, strict=True):
            records.append(record)
            if len(records) > MOST_ROWS + 1:
                return None, [_fault(path, table, f"at most {MOST_ROWS} rows")]
    except csv.Error as error:
        return None, [_fault(path, table, f"CSV that can be read ({error}): check the quotes", len(records) + 1)]
    first = next(i for i, record in enumerate(records) if any(not is_blank(c) for c in record))
    header, body = records[first], records[first + 1 :]
    for number, record in enumerate(body, first + 2):
        extra = [cell for cell in record[len(header) :] if not is_blank(cell)]
        short = len(record) < len(header) and any(not is_blank(c) for c in record)
        if extra or short:
            allowed = f"as long as the header: it has {len(record)} cells, the header {len(header)} "
            allowed += f"(quote text that holds '{by}')"
            faults.append(_fault(path, table, allowed, number, by.join(record)[:60]))
    return RawTable(table, path.name, header, body, range(first + 2, first + 2 + len(body)), first + 1), faults
