"""Reads records from a folder of CSV files, one such file, or a workbook, named after the tables of records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gemba.exchange.assemble import unknown_table
from gemba.exchange.raw import RawTable, is_ignored, table_named
from gemba.exchange.records.csv_stream import ENDINGS, raw_chunks
from gemba.exchange.records.rows import CHUNK, Chunk, Converter
from gemba.exchange.workbook import read_workbook
from gemba.operation import RECORDS, Fault, OperationError


@dataclass(slots=True)
class Reading:
    """The good records by table, and every fault of the others."""

    records: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_records(source: str | Path, zone: str = "", *, lenient: bool = False) -> Reading:
    """All records of a file or folder.

    Args:
        source: a folder of CSV files (plain or .gz), one such file, or an .xlsx workbook, named after the tables.
        zone: the time zone of moments that are written without one; blank: UTC.
        lenient: take the good ones, and give the faults of the others back.

    Raises:
        OperationError: with every fault, where there is one and ``lenient`` is not set.
    """
    reading = Reading()
    for chunk in read_chunks(source, zone):
        reading.records.setdefault(chunk.table, []).extend(chunk.records)
        reading.faults += chunk.faults
    if reading.faults and not lenient:
        raise OperationError(reading.faults)
    return reading


def read_chunks(source: str | Path, zone: str = "", size: int = CHUNK) -> Iterator[Chunk]:
    """The records of a file or folder in chunks of at most ``size`` rows, in the order of the tables.

    Never more than a chunk of a CSV file is in memory, beside the uids; a workbook is read as a whole.
    """
    path = Path(source)
    converter = Converter(zone)
    raws, faults = _raws(path, size)
    if faults:
        yield Chunk("file", path.name, faults=faults)
    for raw in raws:
        yield raw if isinstance(raw, Chunk) else converter.chunk(raw)


def _raws(path: Path, size: int) -> tuple[Iterator[RawTable | Chunk], list[Fault]]:
    if not path.exists():
        return iter(()), [Fault("file", str(path), "", None, "there: no file or folder has this name")]
    if not path.is_dir() and not path.name.lower().endswith(ENDINGS):
        raws, faults = read_workbook(path, RECORDS)
        order = list(RECORDS)
        return iter(sorted(raws, key=lambda raw: order.index(raw.table))), faults
    return _tables(path, size)


def _tables(path: Path, size: int) -> tuple[Iterator[RawTable | Chunk], list[Fault]]:
    """The CSV files of a folder (or the one file), those of one table once each, in the order of the tables."""
    files = sorted(f for f in path.iterdir() if f.name.lower().endswith(ENDINGS)) if path.is_dir() else [path]
    found: dict[str, Path] = {}
    faults = []
    for file in files:
        stem = _stem(file)
        table = table_named(stem, RECORDS)
        if table is None and not is_ignored(stem):
            faults.append(unknown_table(stem, file.name, "file", RECORDS))
        elif table in found:
            first = found[table].name
            faults.append(Fault(table, "", "", None, f"given once; {first} has it too", source=file.name))
        elif table is not None:
            found[table] = file
    if not found and not faults:
        allowed = "a folder with a .csv file for each table of records, such as events.csv"
        faults.append(Fault("folder", path.name, "", None, allowed))
    ordered = (raw_chunks(found[table], table, size) for table in RECORDS if table in found)
    return (raw for raws in ordered for raw in raws), faults


def _stem(path: Path) -> str:
    ending = next(e for e in sorted(ENDINGS, key=len, reverse=True) if path.name.lower().endswith(e))
    return path.name[: -len(ending)]
