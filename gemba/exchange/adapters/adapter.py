"""What an adapter is: its SQL files, its sources and its parameters, as its folder says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gemba.exchange.adapters.wrong import wrong
from gemba.exchange.raw import table_named
from gemba.operation import RECORDS, TABLES
from gemba.operation.references import nearest

_HOME = Path(__file__).parent
SOURCES = "sources.toml"


@dataclass(frozen=True)
class Parameter:
    """A value the SQL uses as ``$name``. Without a default the caller must give it."""

    name: str
    default: Any = None
    description: str = ""


@dataclass(frozen=True)
class Adapter:
    """A folder of SQL files.

    ``queries`` are (table, file) of the model's tables, ``records`` those of records; ``steps`` are (name, file) of
    files whose name starts with ``_``: they run first, in the order of their file names, and what they select can be
    used by those after them.
    ``sources`` says which views are made of which files and database tables; None: one of each that is there.
    """

    name: str
    folder: Path
    description: str
    parameters: tuple[Parameter, ...]
    sources: dict[str, dict[str, Any]] | None
    steps: tuple[tuple[str, Path], ...]
    queries: tuple[tuple[str, Path], ...]
    records: tuple[tuple[str, Path], ...] = ()


def list_adapters() -> list[Adapter]:
    """The adapters that come with Gemba, by name."""
    return [_open(folder) for folder in sorted(_HOME.iterdir()) if any(folder.glob("*.sql"))]


def find_adapter(adapter: str | Path) -> Adapter:
    """An adapter that comes with Gemba, by its name; else the folder of that name.

    Raises:
        OperationError: where there is neither, or the folder is no adapter.
    """
    shipped = {a.name: a for a in list_adapters()}
    if str(adapter) in shipped:
        return shipped[str(adapter)]
    folder = Path(adapter)
    if not folder.is_dir():
        allowed = f"a folder of SQL files, or one of the adapters {', '.join(shipped)}"
        raise wrong("adapter", str(adapter), allowed, near=nearest(str(adapter), shipped))
    if not any(folder.glob("*.sql")):
        raise wrong("adapter", folder.name, "a folder with SQL files named after tables, such as items.sql")
    return _open(folder)


def _open(folder: Path) -> Adapter:
    said = _read_toml(folder / SOURCES)
    steps, queries, records = [], [], []
    for file in sorted(folder.glob("*.sql")):
        if file.name.startswith("_"):
            steps.append((file.stem.lstrip("_0123456789"), file))
        elif (record := table_named(file.stem, RECORDS)) is not None:
            records.append((record, file))
        else:
            queries.append((_table(file), file))
    parameters = tuple(_parameter(name, value) for name, value in said.get("parameters", {}).items())
    description = str(said.get("description", ""))
    sources = said.get("sources")
    return Adapter(folder.name, folder, description, parameters, sources, tuple(steps), tuple(queries), tuple(records))


def _table(file: Path) -> str:
    table = table_named(file.stem)
    if table is None:
        allowed = f"named after a table ({', '.join((*TABLES, *RECORDS))}), or start with _ where it only prepares"
        raise wrong("adapter", file.name, allowed, near=nearest(file.stem.casefold(), (*TABLES, *RECORDS)))
    return table


def _parameter(name: str, value: Any) -> Parameter:
    if isinstance(value, dict):
        return Parameter(name, value.get("default"), str(value.get("description", "")))
    return Parameter(name, value)


def _read_toml(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong("adapter", file.name, f"TOML that can be read ({error})") from None
