"""From rows of cells to records, a chunk at a time, each uid once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from gemba.exchange.raw import RawTable, raw_from_dicts
from gemba.exchange.records.faults import contradictions
from gemba.exchange.rows import convert_table
from gemba.operation import RECORDS, Fault

#: Rows converted at once; more would only take memory.
CHUNK = 50_000


@dataclass(slots=True)
class Chunk:
    """Some rows of a table: the ``records`` that are right, the lines they stand on, and the faults of the others."""

    table: str
    source: str
    records: list[Any] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Converter:
    """Converts chunks and remembers the uids it has seen: a record is given once."""

    def __init__(self, zone: str = "") -> None:
        self.zone = zone
        self.seen: dict[str, set[str]] = {name: set() for name in RECORDS}
        self.told: set[tuple[str, str]] = set()

    def chunk(self, raw: RawTable) -> Chunk:
        """The records of a raw table. What is wrong with its header is said once for each file."""
        made = convert_table(raw, self.zone)
        faults = made.faults
        if (raw.source, raw.table) in self.told:
            faults = [f for f in faults if f.line is None or f.line != raw.header_line]
        self.told.add((raw.source, raw.table))
        found = Chunk(raw.table, raw.source, faults=faults)
        for thing, line in zip(made.nouns, made.lines, strict=True):
            if isinstance(thing, raw.declared.noun):
                self._take(thing, line, found)
        return found

    def _take(self, thing: Any, line: int | None, found: Chunk) -> None:
        wrong = contradictions(thing, found.source, line)
        seen = self.seen[found.table]
        if thing.uid in seen:
            allowed = "used once; an earlier row has it too"
            wrong.append(Fault(found.table, thing.uid, "uid", thing.uid, allowed, source=found.source, line=line))
        found.faults += wrong
        if not wrong:
            seen.add(thing.uid)
            found.records.append(thing)
            found.lines.append(line)


def chunks_from_rows(
    rows_by_table: Mapping[str, Iterable[Mapping[str, Any]]], source: str = "", zone: str = "", size: int = CHUNK
) -> Iterator[Chunk]:
    """Chunks of records from rows as dictionaries, by table, as an adapter or a program gives them.

    ``source`` stands for all; lines count from 1. A row may leave out what has a default.
    """
    converter = Converter(zone)
    for table, rows in rows_by_table.items():
        given, start = iter(rows), 1
        while some := list(islice(given, size)):
            raw = raw_from_dicts(table, some, lambda name, i, start=start: (source or name, start + i))
            raw.tables = RECORDS
            start += len(some)
            yield converter.chunk(raw)
