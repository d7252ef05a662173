"""Tables from Parquet files (needs pyarrow, the extra ``analytics``)."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gemba.exchange.raw import MOST_COLUMNS, MOST_ROWS, RawTable
from gemba.operation import Fault


def read_parquet(path: Path, table: str) -> tuple[RawTable | None, list[Fault]]:
    """The file's rows with the types they have, or what is wrong with it."""
    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows > MOST_ROWS or file.metadata.num_columns > MOST_COLUMNS:
            return None, [_fault(path, table, f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns")]
        columns = [column.to_pylist() for column in file.read().columns]
    except (pa.ArrowException, OSError) as error:
        return None, [_fault(path, table, f"a Parquet file that can be read ({error})")]
    rows = list(zip(*columns, strict=True))
    return RawTable(table, path.name, file.schema_arrow.names, rows, range(2, len(rows) + 2)), []


def _fault(path: Path, table: str, allowed: str) -> Fault:
    return Fault(table, "", "file", None, allowed, source=path.name)
