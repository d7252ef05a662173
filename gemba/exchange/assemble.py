"""From raw tables to a whole operation, or every reason why they are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from gemba.exchange.raw import RawTable, is_blank, is_ignored, raw_from_dicts, table_named
from gemba.exchange.rows import Converted, convert_table, located
from gemba.operation import TABLES, Fault, Operation, OperationError, Table
from gemba.operation.calendar import is_zone
from gemba.operation.moments import from_local, moment
from gemba.operation.references import check, nearest

#: Gives the source (file) and the line of a table's row by its index.
SourceOf = Callable[[str, int], tuple[str, int | None]]


def operation_from_rows(
    rows_by_table: Mapping[str, Iterable[Mapping[str, Any]]],
    source_of: SourceOf | str = "",
    *,
    name: str = "",
    now: datetime | None = None,
) -> Operation:
    """An operation from rows as dictionaries, by table name, as an adapter gives them.

    Values may be Python's own types or text as a person types it; None and blank text are the field's default; a bare
    number in a duration is hours (give a timedelta, or text with its unit). ``source_of(table, index)`` says where a
    row comes from; a plain text is the source of all. ``name`` and ``now`` stand in where the settings lack them.

    Raises:
        OperationError: with every fault found.
    """
    where: SourceOf = source_of if callable(source_of) else lambda _table, index: (str(source_of), index + 1)
    raws, faults = [], []
    for given, rows in rows_by_table.items():
        table = table_named(given)
        if table is not None:
            raws.append(raw_from_dicts(table, rows, where))
        elif not is_ignored(given):
            faults.append(unknown_table(given, where(given, 0)[0], "table"))
    return assemble(raws, faults, name=name, now=now)


def unknown_table(given: str, source: str, what: str, tables: Mapping[str, Table] = TABLES) -> Fault:
    """The fault of a sheet, file or table whose name is none of the model's (or of these tables)."""
    allowed = f"named after a table ({', '.join(tables)}), or start with _ to be ignored"
    return Fault(what, given, "name", given, allowed, nearest(given.casefold(), tables), source=source)


def assemble(raws: Iterable[RawTable], faults: list[Fault], *, name: str, now: datetime | None) -> Operation:
    """The operation that these raw tables describe.

    Raises:
        OperationError: with the faults given and every one found here.
    """
    by_table: dict[str, RawTable] = {}
    for raw in raws:
        if raw.table in by_table:
            first = by_table[raw.table].source
            faults.append(Fault(raw.table, "", "", None, f"given once; {first} has it too", source=raw.source))
        else:
            by_table[raw.table] = raw
    made = {"settings": _settings(by_table.get("settings"), name, now)}
    zone = made["settings"].nouns[0].zone if made["settings"].nouns else ""
    zone = zone if is_zone(zone) else ""
    for table in TABLES:
        if table in by_table and table != "settings":
            made[table] = convert_table(by_table[table], zone)
    faults += [f for converted in made.values() for f in converted.faults]
    tables = {table: tuple(converted.nouns) for table, converted in made.items()}
    faults += [f for f in located(check(tables), by_table, made) if not (f.table == "settings" and faults)]
    if faults:
        raise OperationError(faults)
    return Operation.of({**tables}, checked=True)


def _settings(raw: RawTable | None, name: str, now: datetime | None) -> Converted:
    if raw is None or all(is_blank(cell) for row in raw.rows for cell in row):
        return _settings_without_sheet(name, now)
    zone = next((str(row[i]).strip() for i, cell in enumerate(raw.header) for row in raw.rows[:1]
                 if str(cell).strip().casefold() == "zone" and i < len(row) and row[i]), "")  # fmt: skip
    zone = zone if is_zone(zone) else ""
    defaults: dict[str, Any] = {} if now is None else {"now": _aware(now, zone)}
    made = convert_table(raw, zone, defaults)
    for line in made.lines[1:]:
        allowed = "removed: settings must have exactly one row"
        made.faults.append(Fault("settings", "", "", None, allowed, source=raw.source, line=line))
    del made.nouns[1:], made.lines[1:]
    return made


def _settings_without_sheet(name: str, now: datetime | None) -> Converted:
    if now is None:
        allowed = "given: fill in the sheet settings (name, now), or say now= where the data is read"
        return Converted(faults=[Fault("settings", "", "now", None, allowed)])
    settings = TABLES["settings"].noun(name=name or "operation", now=_aware(now, ""))
    return Converted(nouns=[settings], lines=[None])


def _aware(now: datetime, zone: str) -> datetime:
    """The planning moment in UTC. Where the data has no zone its dates are wall-clock times, and so is this one."""
    if now.tzinfo is not None and zone:
        return now
    return moment(from_local(now.replace(tzinfo=None), zone))
