"""A table as a download: an Excel workbook or a CSV file. Nothing in it runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from gemba.operation import moments

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Heads = Sequence[tuple[str, str]]  # (key of the row, heading); a key that ends in @ is a moment


def download(kind: str, name: str, heads: Heads, rows: Iterable[Any], zone: str) -> HttpResponse:
    """The rows as a file named after the page; moments on the operation's clocks."""
    cells = [[_cell(row, key, zone) for key, _ in heads] for row in rows]
    titles = [title for _, title in heads]
    content = _xlsx(name, titles, cells) if kind == "xlsx" else _csv(titles, cells)
    answer = HttpResponse(content, content_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.{kind}"'
    return answer


def links(request: HttpRequest) -> list[dict[str, str]]:
    """The export buttons of a page: the same view as a file."""
    query = request.GET.copy()
    query.pop("page", None)
    found = []
    for kind, name in (("xlsx", "Export to Excel"), ("csv", "CSV")):
        query["export"] = kind
        found.append({"name": name, "url": f"?{query.urlencode()}"})
    return found


def wanted(request: HttpRequest) -> str:
    """xlsx or csv where the address asks for a file, else blank."""
    kind = request.GET.get("export", "")
    return kind if kind in ("xlsx", "csv") else ""


def _cell(row: Any, key: str, zone: str) -> Any:
    value = row.get(key.rstrip("@"))
    if not key.endswith("@") or value is None:
        return value
    at = moments.seconds(value) if isinstance(value, datetime) else int(value)
    return moments.local(at, zone).replace(tzinfo=None)


def _xlsx(name: str, titles: list[str], cells: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        moment, bold = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_format({"bold": True})
        sheet = book.add_worksheet(name[:31])
        sheet.write_row(0, 0, titles, bold)
        for r, row in enumerate(cells, 1):
            for c, value in enumerate(row):
                _write(sheet, r, c, value, moment)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(cells)), len(titles) - 1)
        sheet.autofit()
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, moment)
    elif isinstance(value, bool | str):
        sheet.write_string(row, column, str(value))
    elif value is not None:
        sheet.write_number(row, column, value)


def _csv(titles: list[str], cells: list[list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(titles)
    writer.writerows([_safe(value) for value in row] for row in cells)
    return text.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> Any:
    """A text no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
