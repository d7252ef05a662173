"""The reference of the model, generated: every table and field with its kind, unit, limits, default and meaning.

``python -m gemba.operation.reference docs/reference`` writes ``model.md`` and ``records.md`` there.
"""

from __future__ import annotations

import sys
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from gemba.operation import RECORDS, TABLES, Column, Table

_KINDS = {
    "text": "text",
    "number": "number",
    "exact": "decimal number",
    "whole": "whole number",
    "flag": "true or false",
    "duration": "length of time (45 min, 2 h, 3 d, 1 wk, 1:30; a bare number is hours)",
    "moment": "date and time (2026-11-30 17:00)",
    "local_moment": "local date and time (2026-11-30 17:00)",
    "clock": "time of day (06:00)",
    "choice": "one of",
}
_SHORT = {
    **_KINDS,
    "duration": "length of time",
    "moment": "date and time",
    "local_moment": "local date and time",
    "clock": "time of day",
}
_START = """# The model: tables and fields

<!-- Generated from gemba/operation by python -m gemba.operation.reference docs/reference. Do not edit. -->

An operation is described by the tables below. The [template](../howto/import-your-data.md) has a sheet for each; a
folder of CSV files has a file for each. Fields in **bold** are required; a blank cell is the default. The key tells the
rows of a table apart: no two rows may have the same. What the fields mean for a plan is in [its rules](rules.md).

Lengths of time are kept in seconds and typed as `45 min`, `2 h`, `3 d`, `1 wk`, `1 d 4 h` or `1:30` (hours and
minutes); a bare number means hours. Dates and times are those of the zone in `settings`; a local date and time, and a
time of day, those of the calendar's zone.
"""


_RECORDS_START = """# The records: what happened

<!-- Generated from gemba/operation by python -m gemba.operation.reference docs/reference. Do not edit. -->

While [the model](model.md) says what the operation is, records say what happened in it. They are only ever added: a
correction is a record of its own, which names the one it corrects. The same `uid` is taken once, however often it is
sent. Records name orders, items and resources in words, and stay when the model is imported anew. Quantities and money
are exact decimals with six places.
"""


def limits(column: Column) -> str:
    """The field's limits in words; blank where it has none but those of its kind."""
    parts = []
    if column.low is not None and column.above is None:
        parts.append(f"at least {column.low:g}")
    if column.above is not None:
        parts.append(f"more than {column.above:g}")
    if column.high is not None:
        parts.append(f"at most {column.high:g}")
    return ", ".join(parts)


def default_text(column: Column) -> str:
    """The default as a person would type it; blank where it is blank."""
    value = column.default
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.kind == "duration":
        size, unit = next(((s, u) for s, u in ((86400, "d"), (3600, "h"), (60, "min")) if value % s == 0), (1, "s"))
        return f"{value / size:g} {unit}" if value else "0"
    if isinstance(value, datetime | time):
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat("minutes")
    return f"{value:g}" if isinstance(value, float | Decimal) else str(value)


def allowed_values(column: Column) -> str:
    """What the field may hold, in a sentence or two: kind, choices, unit, limits, reference, default."""
    kind = _KINDS[column.kind]
    if column.choices:
        kind += " " + ", ".join(c or "(blank)" for c in column.choices)
    elif column.refers_to:
        kind = f"a name from {column.refers_to}"
    unit = f" in {column.unit}" if column.unit and column.kind != "duration" else ""
    text = f"{kind[0].upper()}{kind[1:]}{unit}"
    text += f"; {limits(column)}." if limits(column) and column.kind != "duration" else "."
    if column.required:
        return f"{text} Required."
    default = default_text(column)
    return f"{text} Blank means {default}." if default else f"{text} May be blank."


def _row(table: Table, column: Column) -> str:
    kind = _SHORT[column.kind]
    if column.choices:
        kind = ", ".join(f"`{c}`" if c else "blank" for c in column.choices)
    name = f"**{column.name}**" if column.required else column.name
    refers = f"[{column.refers_to}](#{column.refers_to})" if column.refers_to else ""
    default = f"`{default_text(column)}`" if default_text(column) else ""
    unit = "" if column.kind == "duration" else column.unit
    cells = (name, kind, unit, limits(column), default, refers, column.doc)
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        " ".join(table.doc.split()),
        "",
        f"Key: {', '.join(f'`{k}`' for k in table.key)}.",
        "",
    ]
    lines += ["| field | kind | unit | limits | default | refers to | meaning |", "|---|---|---|---|---|---|---|"]
    lines += [_row(table, column) for column in table.columns]
    return "\n".join(lines) + "\n"


def model_reference() -> str:
    """The page of the operation's tables in Markdown."""
    return _page(_START, TABLES)


def records_reference() -> str:
    """The page of the records in Markdown."""
    return _page(_RECORDS_START, RECORDS)


def _page(start: str, tables: dict[str, Table]) -> str:
    contents = "\n".join(f"- [{t.name}](#{t.name}): {' '.join(t.doc.split())}" for t in tables.values())
    return "\n".join([start, contents, "", *(_section(t) for t in tables.values())])


def main(arguments: list[Any]) -> None:
    """Write model.md and records.md into the folder named by the first argument."""
    folder = Path(arguments[0] if arguments else "docs/reference")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.md").write_text(model_reference(), encoding="utf-8")
    (folder / "records.md").write_text(records_reference(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
