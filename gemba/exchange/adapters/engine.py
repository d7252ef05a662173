"""DuckDB shut in: it reads the source folder and nothing else, loads no extension, and stays within its memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gemba.exchange.adapters.wrong import wrong

MEMORY, THREADS = "2GB", 2


def connect() -> Any:
    """A DuckDB database in memory, still open to the files that its views are made of. ``lock`` shuts it."""
    try:
        import duckdb
    except ImportError:
        raise wrong("adapter", "duckdb", "installed to run an adapter: pip install 'gemba[analytics]'") from None
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY, "threads": THREADS, "temp_directory": "", "autoinstall_known_extensions": False,
            "autoload_known_extensions": False, "python_enable_replacements": False,
        },
    )  # fmt: skip


def lock(database: Any, folder: Path | None) -> None:
    """From here on SQL reads no file outside the folder and changes no setting."""
    if folder is not None:
        database.execute(f"SET allowed_directories = [{quoted(str(folder.resolve()))}]")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
