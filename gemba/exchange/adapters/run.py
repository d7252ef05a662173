"""Runs an adapter: makes its views, shuts the database in, and gives the rows each SQL file selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from gemba.exchange.adapters.adapter import SOURCES, Adapter, find_adapter
from gemba.exchange.adapters.databases import is_database, shown
from gemba.exchange.adapters.engine import connect, lock, named
from gemba.exchange.adapters.sources import database_error, make_views
from gemba.exchange.adapters.wrong import wrong
from gemba.exchange.assemble import operation_from_rows
from gemba.operation import RECORDS, TABLES, Operation
from gemba.operation.references import nearest

Rows = dict[str, list[dict[str, Any]]]


def run(adapter: str | Path, source: str | Path, parameters: Mapping[str, Any] | None = None) -> Rows:
    """The rows of each table that the adapter's SQL selects from the source, ordered by their values.

    Args:
        adapter: the name of an adapter that comes with Gemba, or a folder of SQL files.
        source: the folder of exported files, one such file, or the address of a PostgreSQL database.
        parameters: values for the adapter's parameters; those not given have the adapter's defaults.

    Raises:
        OperationError: where a source is missing, a parameter is unknown, or SQL fails; it names the file and why.
    """
    found = find_adapter(adapter)
    with _opened(found, source, parameters or {}) as (database, values):
        return {table: _rows(database, table, file, values) for table, file in found.queries}


def run_records(
    adapter: str | Path, source: str | Path, parameters: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of each table of records that the adapter's SQL selects, one table after the other, in their order.

    Arguments and errors are those of ``run``.
    """
    found = find_adapter(adapter)
    files = dict(found.records)
    with _opened(found, source, parameters or {}) as (database, values):
        for table in RECORDS:
            if table in files:
                yield table, _rows(database, table, files[table], values)


@contextmanager
def _opened(
    found: Adapter, source: str | Path, parameters: Mapping[str, Any]
) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """The database with the adapter's views and steps, shut in."""
    server = is_database(str(source)) and "://" in str(source)
    path = Path(source)
    if not server and not path.exists():
        raise wrong("file", str(source), "there: no file or folder has this name")
    values = _parameters(found, parameters)
    with connect() as database:
        make_views(database, found, str(source), values)
        lock(database, None if server else path if path.is_dir() else path.parent)
        for name, file in found.steps:
            _select(database, name, file, values, f"CREATE TEMP TABLE {named(name)} AS ")
        yield database, values


def load(
    adapter: str | Path,
    source: str | Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
) -> Operation:
    """The operation that an adapter finds in a source, complete and checked (arguments as those of ``run``).

    Raises:
        OperationError: with every fault found.
    """
    rows = run(adapter, source, parameters)
    name = shown(str(source)).rstrip("/").rpartition("/")[2]
    return operation_from_rows(rows, lambda table, index: (f"{table}.sql", index + 1), name=name, now=now)


def _parameters(adapter: Adapter, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {p.name: p.default for p in adapter.parameters}
    for name in given:
        if name not in known:
            allowed = f"one of the parameters {', '.join(known)}" if known else "left out: there are no parameters"
            raise wrong("adapter", name, allowed, near=nearest(name, known), source=adapter.name)
    return {**known, **given}


def _rows(database: Any, table: str, file: Path, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    result = _select(database, table, file, values, "SELECT * FROM (", ") ORDER BY ALL")
    names = [column[0] for column in result.description]
    _refuse_unknown(names, table, file)
    zoned = [name for name, kind, *_ in result.description if str(kind) == "TIMESTAMP WITH TIME ZONE"]
    try:
        if zoned:
            text = ", ".join(
                f"strftime(make_timestamp(epoch_us({named(n)})), '%Y-%m-%dT%H:%M:%SZ') AS {named(n)}" for n in zoned
            )
            result = _select(database, table, file, values, f"SELECT * REPLACE ({text}) FROM (", ") ORDER BY ALL")
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except database_error() as error:
        raise wrong(table, "", f"selected by SQL that runs: {error}", source=file.name) from None


def _refuse_unknown(names: list[str], table: str, file: Path) -> None:
    known = [c.name for c in (TABLES | RECORDS)[table].columns]
    for name in names:
        if name not in known:
            allowed = f"one of {', '.join(known)}"
            raise wrong(table, name, allowed, field="column", near=nearest(name, known), source=file.name)


def _select(database: Any, name: str, file: Path, values: Mapping[str, Any], before: str, after: str = "") -> Any:
    """Run one file's SELECT within other SQL."""
    sql = file.read_text(encoding="utf-8")
    try:
        statements = database.extract_statements(sql)
        if len(statements) != 1 or statements[0].type.name != "SELECT":
            raise wrong(name, "", "selected by one SELECT, without other statements", source=file.name)
        used = {p: _value(p, values, file) for p in statements[0].named_parameters}
        return database.execute(f"{before}{statements[0].query.strip().removesuffix(';')}\n{after}", used)
    except database_error() as error:
        raise wrong(name, "", f"selected by SQL that runs: {error}", source=file.name) from None


def _value(name: str, values: Mapping[str, Any], file: Path) -> Any:
    if values.get(name) is None:
        raise wrong("adapter", f"${name}", f"given: it has no default in {SOURCES}", source=file.name)
    return values[name]
