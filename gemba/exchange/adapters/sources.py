"""Makes the views an adapter selects from: files of the source folder, sheets of workbooks, tables of databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gemba.exchange.adapters.adapter import SOURCES, Adapter
from gemba.exchange.adapters.databases import SQLITE_ENDINGS, is_database, read_database, table_names
from gemba.exchange.adapters.engine import named, quoted
from gemba.exchange.adapters.sheets import read_sheet, sheet_names
from gemba.exchange.adapters.wrong import wrong

TEXT_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")
#: What sources.toml may say of a text file, and DuckDB's name for it.
CSV_OPTIONS = {"delimiter": "delim", "quote": "quote", "encoding": "encoding", "skip": "skip", "null": "nullstr"}
KNOWN = {"file", "workbook", "sheet", "database", "table", "query", "columns", "header", "lenient", *CSV_OPTIONS}


def make_views(database: Any, adapter: Adapter, source: str, parameters: Mapping[str, Any]) -> None:
    """A view for each of the adapter's sources.

    Raises:
        OperationError: where a file, sheet or table is missing or cannot be read; it names it.
    """
    wanted = adapter.sources if adapter.sources is not None else _everything(source)
    for view, said in wanted.items():
        unknown = sorted(set(said) - KNOWN)
        if unknown:
            raise wrong("adapter", view, f"one of {', '.join(sorted(KNOWN))}", field=unknown[0], source=SOURCES)
        _make_view(database, view, said, source, parameters)


def _make_view(database: Any, view: str, said: dict[str, Any], source: str, parameters: Mapping[str, Any]) -> None:
    columns = said.get("columns", {})
    if "file" in said:
        selected = _file(_files(source, said["file"], view), said)
    else:
        raw = f"{view} (as exported)" if columns else view
        table = _table(view, said, source, parameters)
        if not table.num_columns:
            raise wrong("adapter", view, "read by a query that gives columns", source=SOURCES)
        database.register(raw, table)
        selected = named(raw)
        if not columns:
            return
    replaced = ", ".join(f"CAST({named(c)} AS {kind}) AS {named(c)}" for c, kind in columns.items())
    star = f"* REPLACE ({replaced})" if columns else "*"
    try:
        database.execute(f"CREATE VIEW {named(view)} AS SELECT {star} FROM {selected}")
    except database_error() as error:
        what = said.get("file") or said.get("sheet") or said.get("table") or view
        raise wrong("adapter", view, f"readable: {error}", source=str(what)) from None


def database_error() -> type[Exception]:
    import duckdb

    return duckdb.Error


def _table(view: str, said: dict[str, Any], source: str, parameters: Mapping[str, Any]) -> Any:
    """An Arrow table of a sheet or of a database's table."""
    if "workbook" in said or "sheet" in said:
        (file,) = _files(source, said.get("workbook", ""), view)
        return read_sheet(file, said.get("sheet", ""), said)
    if "table" in said or "query" in said:
        return read_database(_database(said, source, view, parameters), view, said.get("table"), said.get("query"))
    raise wrong("adapter", view, "given a file, a workbook and sheet, or a database and table", source=SOURCES)


def _database(said: dict[str, Any], source: str, view: str, parameters: Mapping[str, Any]) -> str:
    """The address of a database: the source itself where none is said; $name stands for a parameter."""
    address = str(said.get("database", source))
    for name, value in parameters.items():
        address = address.replace(f"${name}", str(value))
    if address.startswith("sqlite:"):
        address = str(_files(source, address.removeprefix("sqlite:"), view)[0])
    return address


def _files(source: str, pattern: str, view: str) -> list[Path]:
    """The files of the source folder that a pattern names; without a pattern the source itself."""
    base = Path(source)
    folder = base if base.is_dir() else base.parent
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise wrong("adapter", view, "a file inside the source folder", field=pattern, source=SOURCES)
    found = sorted(folder.glob(pattern)) if pattern else [base]
    found = [f for f in found if f.is_file() and f.resolve().is_relative_to(folder.resolve())]
    if not found:
        raise wrong("file", pattern or source, f"there, in {folder.name or folder}: source '{view}' is read from it")
    return found


def _file(files: list[Path], said: dict[str, Any]) -> str:
    paths = "[" + ", ".join(quoted(str(f.resolve())) for f in files) + "]"
    if files[0].name.lower().endswith(".parquet"):
        return f"read_parquet({paths}, union_by_name = true)"
    options = ["all_varchar = true", "union_by_name = true", f"header = {bool(said.get('header', True))}"]
    for name, theirs in CSV_OPTIONS.items():
        if name in said:
            value = said[name]
            options.append(f"{theirs} = {value if isinstance(value, int) else quoted(str(value))}")
    if ".tsv" in files[0].name.lower() and "delimiter" not in said:
        options.append("delim = '\t'")
    return f"read_csv({paths}, {', '.join(options)})"


def _everything(source: str) -> dict[str, dict[str, Any]]:
    """One view for each file, sheet and table that is there, named like it."""
    if is_database(source) and "://" in source:
        raise wrong("adapter", "sources", "said for a database server: which tables become which views", source=SOURCES)
    base = Path(source)
    files = sorted(base.iterdir()) if base.is_dir() else [base]
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        for view, said in _views_of(file):
            if view in found:
                allowed = f"named once; {file.name} has it too: say in {SOURCES} which is which"
                raise wrong("adapter", view, allowed, source=str(next(iter(found[view].values()))))
            found[view] = said
    return found


def _views_of(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    name = file.name.lower()
    several: list[tuple[bool, Callable[[Path], list[str]], str, str]] = [
        (name.endswith((".xlsx", ".xlsm")) and not name.startswith("~$"), sheet_names, "workbook", "sheet"),
        (name.endswith(SQLITE_ENDINGS), table_names, "database", "table"),
    ]
    if name.endswith((*TEXT_ENDINGS, ".parquet")):
        ending = next(e for e in (*sorted(TEXT_ENDINGS, key=len, reverse=True), ".parquet") if name.endswith(e))
        yield file.name[: -len(ending)], {"file": _literal(file.name)}
    for fits, parts, whole, part in several:
        for each in parts(file) if fits else ():
            address = f"sqlite:{_literal(file.name)}" if whole == "database" else _literal(file.name)
            yield each, {whole: address, part: each}


def _literal(name: str) -> str:
    """A file name as a pattern that names only it."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
