"""Reads the cells of a workbook. Also a program of its own, run as a child with little memory and time.

Imports nothing of Gemba, so that the child starts at once. Its answer, and what the parent gets:
``{sheet: {"rows": [[cell, ...], ...], "spoiled": [[row, column, what it must be], ...]}}``,
or ``{"": reason}`` where the workbook cannot be read.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import sys
import zipfile
from typing import Any

_NO_VALUE = "a value; its formula was saved without one: open the file in a spreadsheet and save it"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb"\b([rt])\s*=\s*[\"']([^\"']*)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_PLACE = re.compile(rb"([A-Z]{1,3})(\d{1,7})\Z")
_SUSPECT = re.compile(rb"\bt\s*=\s*[\"']e[\"']|<(?:\w+:)?f\b")
_REFERENCE = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>")


def read_cells(path: str, most_rows: int, most_columns: int) -> dict[str, Any]:
    """The cells of every sheet."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        parts = sheet_parts(path)
        for name, part in parts.items():
            if far := _too_far(_part(path, part), most_rows, most_columns):
                return {"": f"a workbook whose cells are within {most_rows} rows and {most_columns} columns; "
                            f"sheet '{name}' has a value in {far}: delete it"}  # fmt: skip
        book = CalamineWorkbook.from_path(path)
        return {name: _sheet(book, name, path, parts.get(name)) for name in book.sheet_names}
    except PasswordError:
        return {"": "a workbook without a password: save it without one"}
    except (CalamineError, zipfile.BadZipFile, OSError, KeyError, ValueError, EOFError) as error:
        return {"": f"a workbook that can be read ({error}): open it and save it again as .xlsx"}


def sheet_parts(path: str) -> dict[str, str]:
    """The part of the package that holds each sheet."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(path) as package:
        book = fromstring(package.read("xl/workbook.xml"), forbid_dtd=True)
        links = fromstring(package.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            identity = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
            target = targets.get(identity, "")
            found[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return found


def _part(path: str, part: str | None) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(part) if part in package.namelist() else b""


def _too_far(xml: bytes, most_rows: int, most_columns: int) -> str:
    """A cell with a value beyond the limits: the reader would lay out every cell before it."""
    for match in _REFERENCE.finditer(xml):
        letters, row = match.groups()
        if int(row) > most_rows or column_index(letters) >= most_columns:
            return (letters + row).decode()
    return ""


def column_index(letters: bytes) -> int:
    """0 for A."""
    n = 0
    for letter in letters:
        n = n * 26 + letter - 64
    return n - 1


def _sheet(book: Any, name: str, path: str, part: str | None) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    spoiled = [*_merged(sheet.merged_cell_ranges or ()), *_without_value(_part(path, part))]
    return {"rows": rows, "spoiled": spoiled}


def _merged(ranges: Any) -> list[list[Any]]:
    """All cells of merged areas but the first, which alone has the value (at most 1000 of each area)."""
    found: list[list[Any]] = []
    for (top, left), (bottom, right) in ranges:
        why = f"a cell of its own; it is merged with row {top + 1}: unmerge the cells and fill each one"
        cells = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1) if (r, c) != (top, left))
        found += [[r + 1, c, why] for (r, c), _ in zip(cells, range(1000), strict=False)]
    return found


def _without_value(xml: bytes) -> list[list[Any]]:
    """Cells that hold an error, and formulas saved without their value; both look blank to the reader."""
    if not _SUSPECT.search(xml):
        return []
    found: list[list[Any]] = []
    for match in _CELL.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        kind, body = attributes.get(b"t", b""), match[2] or b""
        value, place = _VALUE.search(body), _PLACE.match(attributes.get(b"r", b""))
        if place is None:
            continue
        where = [int(place[2]), column_index(place[1])]
        if kind == b"e":
            shown = value[1].decode("utf-8", "replace") if value else "an error"
            found.append([*where, f"a value; the cell shows {shown}: correct its formula"])
        elif kind != b"str" and value is None and _FORMULA.search(body):
            found.append([*where, _NO_VALUE])
    return found


def _plain(cell: Any) -> Any:
    """Cells that JSON has no type for, as a tagged text."""
    if isinstance(cell, dt.datetime):
        return {"m": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    if isinstance(cell, dt.time):
        return {"t": cell.isoformat()}
    if isinstance(cell, dt.timedelta):
        return {"s": cell.total_seconds()}
    raise TypeError(type(cell))


def restored(cell: dict[str, Any]) -> Any:
    """The cell that ``_plain`` tagged."""
    ((kind, value),) = cell.items()
    if kind == "m":
        return dt.datetime.fromisoformat(value)
    if kind == "d":
        return dt.date.fromisoformat(value)
    return dt.time.fromisoformat(value) if kind == "t" else dt.timedelta(seconds=value)


def main(path: str, most_rows: str, most_columns: str, memory: str, seconds: str) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
    except (ImportError, ValueError, OSError):
        pass  # this system has no such limits; the parent's clock still holds
    import orjson

    cells = read_cells(path, int(most_rows), int(most_columns))
    sys.stdout.buffer.write(orjson.dumps(cells, _plain, orjson.OPT_PASSTHROUGH_DATETIME))


if __name__ == "__main__":
    main(*sys.argv[1:6])
