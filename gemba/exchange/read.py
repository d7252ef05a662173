"""Reads an operation from what it is kept in: a workbook, a folder of tables, frePPLe XML, another system's files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from gemba.exchange.assemble import assemble, operation_from_rows, unknown_table
from gemba.exchange.csv_files import read_csv
from gemba.exchange.raw import RawTable, is_ignored, table_named
from gemba.exchange.workbook import read_workbook
from gemba.operation import Fault, Operation, OperationError

_ENDINGS = (".csv", ".csv.gz", ".tsv", ".parquet")


def read(source: str | Path, adapter: str | Path | None = None, *, now: datetime | None = None) -> Operation:
    """The operation that a file or folder describes, complete and checked.

    Args:
        source: an .xlsx workbook (one sheet for each table), a folder of CSV and Parquet files (named after the
            tables), one CSV file, a frePPLe XML file, or a folder of frePPLe's tables;
            with ``adapter`` whatever that adapter reads.
        adapter: the name of an adapter that comes with Gemba, or a folder of SQL files.
        now: the planning moment where the data's settings do not say; without a zone it is the data's local time.

    Raises:
        OperationError: with every fault found, each with file, row, column, value and what is allowed.
    """
    path = Path(source)
    if not path.exists():
        raise OperationError([Fault("file", str(source), "", None, "there: no file or folder has this name")])
    if adapter is not None or (path.is_dir() and any(path.glob("*.sql"))):
        return operation_from_rows(_adapted(path, adapter), path.name, name=path.name, now=now)
    if path.suffix.lower() == ".xml":
        return _read_xml(path)
    if path.is_dir() and import_module("gemba.exchange.frepple").is_frepple_tables(path):
        tables: Operation = import_module("gemba.exchange.frepple").read_frepple_tables(path)
        return tables
    raws, faults = _read_folder(path) if path.is_dir() else _read_file(path)
    if faults and not raws:
        raise OperationError(faults)
    return assemble(raws, faults, name=_name_of(path), now=now)


def _name_of(path: Path) -> str:
    name = path.name if path.is_dir() else path.stem
    return name or path.resolve().name or "operation"


def _adapted(path: Path, adapter: str | Path | None) -> dict[str, list[dict[str, Any]]]:
    adapters = import_module("gemba.exchange.adapters")  # heavy, and needed for other systems' files only
    rows: dict[str, list[dict[str, Any]]] = adapters.run(adapter if adapter is not None else path, path)
    return rows


def _read_xml(path: Path) -> Operation:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        with path.open("rb") as file:  # entities can only be declared before the first element
            next(iter(iterparse(file, events=("start",), forbid_dtd=True)), None)
    except DefusedXmlException:
        allowed = "XML without a document type (DOCTYPE) and entities: remove them"
        raise OperationError([Fault("file", path.name, "", None, allowed)]) from None
    except (ParseError, ValueError, LookupError) as error:
        raise OperationError([Fault("file", path.name, "", None, f"XML that can be read ({error})")]) from None
    operation: Operation = import_module("gemba.exchange.frepple").read_frepple(path)
    return operation


def _read_file(path: Path) -> tuple[list[RawTable], list[Fault]]:
    if path.name.lower().endswith(_ENDINGS):
        return _read_tables([path])
    if path.suffix.lower() in (".txt", ".json", ".pdf", ".doc", ".docx", ".sql"):
        allowed = "an .xlsx workbook, a folder of .csv files or a frePPLe .xml file"
        return [], [Fault("file", path.name, "", None, allowed)]
    return read_workbook(path)


def _read_folder(folder: Path) -> tuple[list[RawTable], list[Fault]]:
    files = sorted(f for f in folder.iterdir() if f.name.lower().endswith(_ENDINGS) and not is_ignored(_stem(f)))
    if not files:
        allowed = "a folder with a .csv or .parquet file for each table, such as items.csv and demands.csv"
        return [], [Fault("folder", folder.name, "", None, allowed)]
    return _read_tables(files)


def _stem(path: Path) -> str:
    ending = next(e for e in sorted(_ENDINGS, key=len, reverse=True) if path.name.lower().endswith(e))
    return path.name[: -len(ending)]


def _read_tables(files: Iterable[Path]) -> tuple[list[RawTable], list[Fault]]:
    raws, faults = [], []
    for file in files:
        table = table_named(_stem(file))
        if table is None:
            faults.append(unknown_table(_stem(file), file.name, "file"))
            continue
        raw, wrong = _read_parquet(file, table) if file.suffix.lower() == ".parquet" else read_csv(file, table)
        raws += [raw] if raw else []
        faults += wrong
    return raws, faults


def _read_parquet(path: Path, table: str) -> tuple[RawTable | None, list[Fault]]:
    try:
        from gemba.exchange.parquet import read_parquet
    except ImportError:
        allowed = "read with pyarrow, which is not installed: pip install 'gemba[analytics]', or save it as CSV"
        return None, [Fault(table, "", "file", None, allowed, source=path.name)]
    return read_parquet(path, table)
