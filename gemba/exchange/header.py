"""Which column of a table each column of a file is."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from gemba.exchange.raw import RawTable, is_blank, is_ignored, plain_name
from gemba.operation import Column, Fault
from gemba.operation.references import nearest


def match_header(raw: RawTable, given: Container[str] = ()) -> tuple[list[tuple[int, Column]], list[Fault]]:
    """The known columns by their position in the file, and what is wrong with the header.

    Unknown and repeated columns are faults, and so are missing ones that are required and not ``given``. Columns
    whose name starts with ``_`` or ``#`` are ignored, blank ones too where nothing stands below.
    """
    known = {plain_name(c.name): c for c in raw.declared.columns}
    found: dict[str, tuple[int, Column]] = {}
    faults: list[Fault] = []
    for i, cell in enumerate(raw.header):
        name = "" if is_blank(cell) else str(cell).strip()
        if not name:
            faults += _nameless(raw, i)
        elif is_ignored(name):
            continue
        elif plain_name(name) not in known:
            faults.append(_unknown(raw, name, known))
        elif plain_name(name) in found:
            faults.append(_fault(raw, name, name, "used once; two columns have this name"))
        else:
            found[plain_name(name)] = (i, known[plain_name(name)])
    faults += _missing(raw, {c.name for _, c in found.values()}, given, bool(faults))
    return list(found.values()), faults


def _fault(raw: RawTable, column: str, value: Any, allowed: str, near: str = "") -> Fault:
    return Fault(raw.table, "", f"column '{column}'" if column else "header", value, allowed, near, None, raw.source,
                 raw.header_line)  # fmt: skip


def _unknown(raw: RawTable, name: str, known: dict[str, Column]) -> Fault:
    near = known[close].name if (close := nearest(plain_name(name), known)) else ""
    columns = ", ".join(c.name for c in known.values())
    return _fault(raw, name, name, f"a column of {raw.table} ({columns}), or start with # to be ignored", near)


def _nameless(raw: RawTable, i: int) -> list[Fault]:
    rows = zip(raw.rows, raw.lines, strict=True)
    filled = next((line for row, line in rows if i < len(row) and not is_blank(row[i])), None)
    if filled is None:
        return []
    return [_fault(raw, "", "", f"given a name in column {column_letter(i)}: it has values (first in row {filled})")]


def _missing(raw: RawTable, found: set[str], given: Container[str], other_faults: bool) -> list[Fault]:
    if raw.header_line is None and not raw.rows and not other_faults:
        return []  # rows from a program: no rows, no columns
    return [
        _fault(raw, c.name, None, "there: this column is required")
        for c in raw.declared.columns
        if c.required and c.name not in found and c.name not in given
    ]


def column_letter(i: int) -> str:
    """The letters a spreadsheet shows for a column (0 is A)."""
    letters = ""
    while i >= 0:
        letters, i = chr(65 + i % 26) + letters, i // 26 - 1
    return letters
