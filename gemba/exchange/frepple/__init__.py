"""Reads frePPLe's models (https://frepple.com): its XML files, and its tables as a folder of CSV files."""

from __future__ import annotations

from pathlib import Path

from gemba.exchange.frepple.operation import to_operation
from gemba.exchange.frepple.table_source import is_tables, read_tables
from gemba.exchange.frepple.xml_source import read_xml
from gemba.operation.operation import Operation

__all__ = [
    "is_frepple_tables", "read_frepple", "read_frepple_tables", "read_frepple_tables_with_warnings",
    "read_frepple_with_warnings",
]  # fmt: skip


def read_frepple(path: Path | str) -> Operation:
    """The operation that a frePPLe XML file describes.

    Raises:
        OperationError: with every fault found; a fault names the element, the field, its value and what is allowed.
        OSError: where the file cannot be read.
    """
    return read_frepple_with_warnings(path)[0]


def read_frepple_with_warnings(path: Path | str) -> tuple[Operation, list[str]]:
    """Like :func:`read_frepple`, with a sentence for each thing in the file that could not be represented."""
    model = read_xml(Path(path))
    return to_operation(model), model.warnings


def is_frepple_tables(folder: Path | str) -> bool:
    """Whether a folder holds frePPLe's tables (``item.csv``, ``demand.csv``, ... or the same with ``.gz``)."""
    return is_tables(Path(folder))


def read_frepple_tables(folder: Path | str) -> Operation:
    """The operation that a folder of frePPLe's tables describes.

    Raises:
        OperationError: with every fault found, or where the folder holds no such tables.
    """
    return read_frepple_tables_with_warnings(folder)[0]


def read_frepple_tables_with_warnings(folder: Path | str) -> tuple[Operation, list[str]]:
    """Like :func:`read_frepple_tables`, with a sentence for each thing that could not be represented."""
    model = read_tables(Path(folder))
    return to_operation(model), model.warnings
