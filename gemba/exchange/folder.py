"""Writes an operation as a folder of CSV files, one for each table that has rows."""

from __future__ import annotations

import csv
from pathlib import Path

from gemba.exchange.cells import cell_text
from gemba.operation import TABLES, Operation


def write_folder(operation: Operation, path: str | Path) -> None:
    """Write every table that has rows as ``<table>.csv`` (UTF-8). ``read`` gives the same operation back.

    Raises:
        OSError: where the folder cannot be written.
    """
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    zone = operation.settings.zone
    for name, nouns in operation.tables().items():
        if not nouns:
            continue
        columns = TABLES[name].columns
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([c.name for c in columns])
            writer.writerows([[cell_text(c, getattr(n, c.name), zone) for c in columns] for n in nouns])
