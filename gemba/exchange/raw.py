"""A table as a file holds it: a header and rows of cells, each with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gemba.operation import RECORDS, TABLES, Table

#: More rows than this in one table are refused: no plan needs them, and they would fill the memory.
MOST_ROWS = 2_000_000
#: More columns than this are refused likewise; the widest table of the model has fewer than thirty.
MOST_COLUMNS = 500


@dataclass(slots=True)
class RawTable:
    """Rows of cells for one table: of the model, or of ``tables`` where these are others (the records).

    ``lines`` are the row numbers a person sees (the header of a file is row 1). ``spoiled`` says of single cells
    (line, index) that their value could not be had, and what they must be: merged cells, spreadsheet errors.
    """

    table: str
    source: str
    header: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    lines: Sequence[int | None]
    header_line: int | None = 1
    spoiled: Mapping[tuple[int | None, int], str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=lambda: TABLES)

    @property
    def declared(self) -> Table:
        """What the table is declared to be."""
        return self.tables[self.table]


def plain_name(name: str) -> str:
    """A name without case, spaces, underscores and hyphens, so that ``Step Items`` finds ``step_items``."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


_NAMES = {plain_name(name): name for name in (*TABLES, *RECORDS)}


def table_named(name: str, tables: Mapping[str, Table] = TABLES) -> str | None:
    """The table (of the model) that a sheet or file of this name holds, if any."""
    found = _NAMES.get(plain_name(name))
    return found if found in tables else None


def is_ignored(name: str) -> bool:
    """Whether a sheet, file or column of this name is a person's own note: README, or a name with _ or # first."""
    return name.startswith(("_", "#", ".", "~$")) or plain_name(name) == "readme"


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def raw_from_dicts(table: str, rows: Iterable[Mapping[str, Any]], where: Any) -> RawTable:
    """A raw table from rows as dictionaries; ``where(table, index)`` gives each row's source and line."""
    rows = list(rows)
    header = list(dict.fromkeys(name for row in rows for name in row))
    source = where(table, 0)[0]
    cells = [[row.get(name) for name in header] for row in rows]
    return RawTable(table, source, header, cells, [where(table, i)[1] for i in range(len(rows))], None)
