"""From rows of cells to the nouns of the model, with every fault found and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from gemba.exchange.convert import Convert, converter
from gemba.exchange.header import match_header
from gemba.exchange.raw import MOST_ROWS, RawTable, is_blank
from gemba.exchange.wrong import WrongCellError
from gemba.operation import TABLES, Column, Fault, OperationError, Table

#: After so many faults the rest of a table is not looked at: nobody reads on, and the cause is one and the same.
MOST_FAULTS = 10_000


@dataclass(slots=True)
class Converted:
    """A table's nouns. For a row at fault with a readable key a stand-in keeps its name known to references."""

    nouns: list[Any] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def convert_table(raw: RawTable, zone: str, defaults: Mapping[str, Any] | None = None) -> Converted:
    """Every row as a noun. ``defaults`` stand in for required values that the file leaves blank."""
    columns, faults = match_header(raw, defaults or ())
    made = Converted(faults=faults)
    if len(raw.rows) > MOST_ROWS:
        made.faults.append(_of_table(raw, len(raw.rows), f"at most {MOST_ROWS} rows"))
        return made
    reader = _RowReader(raw, [(i, c, converter(c, zone)) for i, c in columns], dict(defaults or {}))
    for row, line in zip(raw.rows, raw.lines, strict=True):
        if not all(is_blank(cell) for cell in row):
            reader.read(row, line, made)
        if len(made.faults) > MOST_FAULTS:
            made.faults.append(_of_table(raw, None, "corrected first: the rest of its rows was not read"))
            break
    return made


def _of_table(raw: RawTable, value: Any, allowed: str) -> Fault:
    return Fault(raw.table, "", "", value, allowed, source=raw.source)


class _RowReader:
    """Reads the rows of one table."""

    def __init__(self, raw: RawTable, plan: Sequence[tuple[int, Column, Convert]], defaults: dict[str, Any]) -> None:
        self.raw, self.plan, self.defaults = raw, plan, defaults
        self.table: Table = raw.declared
        self.spoiled_lines = {line for line, _ in raw.spoiled}
        present = {c.name for _, c, _ in plan} | set(defaults)
        self.required = [c.name for c in self.table.columns if c.required and c.name in present]
        self.required_keys = {c.name for c in self.table.columns if c.required}.intersection(self.table.key)
        self.complete = all(c.name in present for c in self.table.columns if c.required)

    def read(self, row: Sequence[Any], line: int | None, made: Converted) -> None:
        values: dict[str, Any] = {}
        faults = self._cells(row, line, values)
        bad = {f.field for f in faults}
        for name in self.required:
            if name not in values and name not in bad:
                if name in self.defaults:
                    values[name] = self.defaults[name]
                else:
                    faults.append(self._fault(row, line, name, None, "given; the cell is blank"))
        noun = None if faults or not self.complete else self._make(values, line, faults)
        made.faults += faults
        if noun is None:
            noun = self._stand_in(values, {f.field for f in faults})
        if noun is not None:
            made.nouns.append(noun)
            made.lines.append(line)

    def _make(self, values: dict[str, Any], line: int | None, faults: list[Fault]) -> Any:
        try:
            return self.table.noun(**values)
        except OperationError as error:
            faults += [replace(f, source=self.raw.source, line=line) for f in error.faults]
            return None

    def _cells(self, row: Sequence[Any], line: int | None, values: dict[str, Any]) -> list[Fault]:
        faults = []
        spoiled = self.raw.spoiled if line in self.spoiled_lines else {}
        for i, column, convert in self.plan:
            cell = row[i] if i < len(row) else None
            if spoiled and (line, i) in spoiled:
                faults.append(self._fault(row, line, column.name, None, spoiled[line, i]))
            elif not is_blank(cell):
                try:
                    values[column.name] = convert(cell)
                except WrongCellError as wrong:
                    faults.append(self._fault(row, line, column.name, cell, str(wrong), wrong.nearest))
                except (ValueError, OverflowError):
                    faults.append(self._fault(row, line, column.name, cell, "a value within the limits of its field"))
        return faults

    def _fault(self, row: Sequence[Any], line: int | None, name: str, value: Any, why: str, near: str = "") -> Fault:
        key = [row[i] for part in self.table.key for i, c, _ in self.plan if c.name == part and i < len(row)]
        thing = " / ".join(str(k).strip() for k in key if not is_blank(k))
        return Fault(self.raw.table, thing[:120], name, value, why, near, None, self.raw.source, line)

    def _stand_in(self, values: dict[str, Any], bad: set[str]) -> Any:
        """What is right in a row at fault, so that its name is known to the rows that refer to it."""
        if bad.intersection(self.table.key) or not self.required_keys.issubset(values):
            return None
        stand_in = SimpleNamespace(**{c.name: "" if c.required else c.default for c in self.table.columns})
        for name, value in values.items():
            if name not in bad:
                setattr(stand_in, name, value.strip() if isinstance(value, str) else value)
        return stand_in


def located(faults: Iterable[Fault], raws: Mapping[str, RawTable], tables: Mapping[str, Converted]) -> list[Fault]:
    """Faults between tables with the file and line of the row they are about."""
    found, rows = [], _Rows(tables)
    for fault in faults:
        raw = raws.get(fault.table)
        if raw is None or fault.table not in tables:
            found.append(fault)
            continue
        row = fault.row if fault.row is not None else rows.about(fault)
        found.append(
            replace(fault, source=raw.source, line=tables[fault.table].lines[row] if row is not None else None)
        )
    return found


class _Rows:
    """Finds the first row with a value, by an index for each field that is asked for."""

    def __init__(self, tables: Mapping[str, Converted]) -> None:
        self.tables = tables
        self.known: dict[tuple[str, str], dict[Any, int]] = {}

    def about(self, fault: Fault) -> int | None:
        for name in (TABLES[fault.table].key[0], fault.field):
            row = self._index(fault.table, name).get(fault.thing)
            if row is not None:
                return row
        return None

    def _index(self, table: str, name: str) -> dict[Any, int]:
        if (table, name) not in self.known:
            nouns = self.tables[table].nouns
            self.known[table, name] = {getattr(nouns[i], name, None): i for i in range(len(nouns) - 1, -1, -1)}
        return self.known[table, name]
