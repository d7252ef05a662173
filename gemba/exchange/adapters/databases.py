"""Tables of SQLite and PostgreSQL databases as Arrow tables, through ADBC. Databases are only read."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

from gemba.exchange.adapters.engine import named
from gemba.exchange.adapters.wrong import wrong

SQLITE_ENDINGS = (".db", ".sqlite", ".sqlite3")
_SERVER = ("postgresql://", "postgres://")
_SECRET = re.compile(r"://[^@/]*@")


def is_database(address: str) -> bool:
    """Whether an address is that of a database: a PostgreSQL server's, or a SQLite file's."""
    return address.startswith(_SERVER) or address.lower().endswith(SQLITE_ENDINGS)


def shown(address: str) -> str:
    """An address fit to be shown: without user and password."""
    return _SECRET.sub("://", address).split("?")[0]


def read_database(address: str, view: str, table: str | None, query: str | None) -> Any:
    """A table, or what a query selects, as an Arrow table.

    Raises:
        OperationError: where the database cannot be reached or the table is not there; it names them.
    """
    statement = query or "SELECT * FROM " + ".".join(named(part) for part in str(table).split("."))
    connect, error = _driver(address)
    try:
        with closing(connect()) as connection, closing(connection.cursor()) as cursor:
            if address.startswith(_SERVER):
                cursor.execute("SET TRANSACTION READ ONLY")
            else:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": 1_000_000})
            cursor.execute(statement)
            return _plain(cursor.fetch_arrow_table())
    except error as reason:
        said = _SECRET.sub("://", str(reason)).strip()
        raise wrong("database", shown(address), f"readable: {said}", field=table or view) from None


def table_names(file: Path) -> list[str]:
    """The tables and views of a SQLite file."""
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
    found: list[str] = read_database(str(file), "sqlite_master", None, query).column(0).to_pylist()
    return found


def _driver(address: str) -> tuple[Any, type[Exception]]:
    """How to connect to a database, and what its driver raises."""
    kind = "postgresql" if address.startswith(_SERVER) else "sqlite"
    try:
        from importlib import import_module

        driver = import_module(f"adbc_driver_{kind}.dbapi")
    except ImportError:
        extra = "postgres,analytics" if kind == "postgresql" else "analytics"
        raise wrong("adapter", f"adbc-driver-{kind}", f"installed: pip install 'gemba[{extra}]'") from None
    where = address if kind == "postgresql" else f"{Path(address).resolve().as_uri()}?mode=ro"
    return lambda: driver.connect(where), driver.Error


def _plain(table: Any) -> Any:
    """The table without types that only its driver knows (PostgreSQL's numeric): as the text they are kept in."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if isinstance(field.type, pa.BaseExtensionType):
            column = pa.chunked_array([c.storage for c in table.column(i).chunks], field.type.storage_type)
            table = table.set_column(i, field.name, column)
    return table
