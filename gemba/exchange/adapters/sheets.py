"""Sheets of Excel workbooks as Arrow tables of text, like CSV files: a number in its plain form, a date in ISO form."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

from gemba.exchange import sheet_worker, workbook
from gemba.exchange.adapters.wrong import wrong
from gemba.exchange.numbers import plain
from gemba.exchange.raw import MOST_COLUMNS, MOST_ROWS, is_blank
from gemba.operation.references import nearest


def sheet_names(file: Path) -> list[str]:
    """The workbook's sheets that have any cell."""
    return [
        name for name, content in _cells(file).items() if any(not is_blank(c) for row in content["rows"] for c in row)
    ]


def read_sheet(file: Path, sheet: str, said: dict[str, Any]) -> Any:
    """A sheet as an Arrow table of text columns; its first row that is not blank (after ``skip`` rows) is the header.

    Raises:
        OperationError: where the sheet is missing or a cell holds an error (where ``lenient`` is said it is blank).
    """
    import pyarrow as pa

    content = _content(file, sheet)
    rows = content["rows"]
    first = next((i for i, row in enumerate(rows) if i >= said.get("skip", 0) and not all(map(is_blank, row))), None)
    if first is None:
        raise wrong("sheet", sheet, "filled: it has no cells", source=file.name)
    header = [_text(cell) for cell in rows[first]]
    _refuse_spoiled(content["spoiled"], header, first, file, sheet, bool(said.get("lenient")))
    columns = {name: [_text(row[i]) for row in rows[first + 1 :]] for i, name in enumerate(header) if name}
    kept = [i for i in range(len(rows) - first - 1) if any(values[i] is not None for values in columns.values())]
    return pa.table({name: pa.array([values[i] for i in kept], pa.string()) for name, values in columns.items()})


def _content(file: Path, sheet: str) -> dict[str, Any]:
    cells = _cells(file)
    name = sheet or next(iter(cells))
    if name not in cells:
        raise wrong(
            "sheet", sheet, f"one of the sheets {', '.join(cells)}", near=nearest(sheet, cells), source=file.name
        )
    found: dict[str, Any] = cells[name]
    return found


def _refuse_spoiled(spoiled: list[Any], header: list[Any], first: int, file: Path, sheet: str, lenient: bool) -> None:
    for row, column, why in spoiled if not lenient else ():
        if row > first and column < len(header) and header[column]:
            raise wrong(sheet, f"row {row}", why, field=header[column], source=file.name)


def _cells(file: Path) -> dict[str, Any]:
    return _read(file, file.stat().st_mtime_ns, file.stat().st_size)


@lru_cache(maxsize=2)
def _read(file: Path, changed: int, size: int) -> dict[str, Any]:
    """Every sheet's cells, kept for the next sheet of the same workbook."""
    unpacked, problem = workbook.unpacked_size(file)
    if problem:
        raise wrong("file", file.name, problem)
    if unpacked <= workbook.SMALL:
        cells = sheet_worker.read_cells(str(file), MOST_ROWS, MOST_COLUMNS)
    else:
        cells = workbook._in_child(file)
    if "" in cells:
        raise wrong("file", file.name, str(cells[""]))
    return cells


def _text(cell: Any) -> str | None:
    if is_blank(cell):
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return plain(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds") if cell.time() != dt.time(0) else cell.date().isoformat()
    if isinstance(cell, dt.timedelta):
        return f"{plain(cell.total_seconds())} s"
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
