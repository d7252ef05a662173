"""Event logs from CSV files: any separator and column names, plain or compressed with gzip, and back."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from gemba.exchange.event_log.columns import LogColumns, guessed, lacking
from gemba.exchange.event_log.reading import LogReading, Window
from gemba.exchange.event_log.sift import Columns, Sifting, sift
from gemba.exchange.raw import is_blank
from gemba.operation import Fault, OperationError

#: Larger files (unpacked, in characters) and longer ones are refused.
MOST_CHARACTERS = 2_000_000_000
MOST_EVENTS = 20_000_000


def read_csv_log(
    path: str | Path,
    columns: LogColumns | None = None,
    *,
    zone: str = "",
    time_format: str = "",
    low: datetime | None = None,
    high: datetime | None = None,
    fold: bool = True,
) -> LogReading:
    """The event log of a CSV file (UTF-8).

    Args:
        columns: which column means what; what it leaves blank is guessed from the header.
        zone: the zone of moments without an offset, such as Europe/Amsterdam; blank is UTC.
        time_format: how moments are written where it is not ISO 8601, as ``strptime`` has it.
        low, high: moments before low or from high on are mistakes (default: 1970-01-02, 2100-01-01).
        fold: False takes each event of a log with lifecycles as a row of its own; its transition is in ``extra``.

    Raises:
        OperationError: where the file cannot be read at all, or lacks a column. What is wrong with single rows is in
            the reading.
    """
    file = Path(path)
    with _opened(file) as text:
        header, separator = _header(file, text)
        found = guessed(header, columns)
        if wrong := lacking(found, header):
            raise OperationError([_fault(file, name, value, allowed) for name, value, allowed in wrong])
        raw = _columns(file, text, header, separator, found)
    return sift(raw, Sifting(found, Window.between(low, high), zone, time_format, fold))


def _fault(file: Path, name: str, value: object, allowed: str, line: int | None = None) -> Fault:
    return Fault("events", "", name, value, allowed, source=file.name, line=line)


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """The file as text; what goes wrong while it is read becomes a fault."""
    try:
        packed = file.name.lower().endswith(".gz")
        with gzip.open(file, "rb") if packed else file.open("rb") as binary:
            yield io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
    except UnicodeDecodeError as error:
        allowed = f"in UTF-8; byte {error.object[error.start]:#04x} is not: save it as CSV UTF-8"
        raise OperationError([_fault(file, "file", None, allowed)]) from None
    except (OSError, EOFError, zlib.error) as error:
        raise OperationError([_fault(file, "file", None, f"a file that can be read ({error})")]) from None
    except csv.Error as error:
        raise OperationError(
            [_fault(file, "file", None, f"CSV that can be read ({error}): check the quotes")]
        ) from None


def _header(file: Path, text: TextIO) -> tuple[list[str], str]:
    line = text.readline(1_000_000)
    if "\0" in line:
        raise OperationError([_fault(file, "file", None, "a text file; it has NUL bytes: save it as CSV UTF-8")])
    if is_blank(line):
        raise OperationError([_fault(file, "file", None, "filled: its first row names the columns")])
    separator = max(",;\t|", key=line.count)
    header = [name.strip() for name in next(csv.reader([line], delimiter=separator))]
    double = sorted({name for name in header if name and header.count(name) > 1})
    if double:
        raise OperationError([_fault(file, name, None, "the name of one column only", 1) for name in double])
    return header, separator


def _columns(file: Path, text: TextIO, header: list[str], separator: str, found: LogColumns) -> Columns:
    """The columns that are needed. Rows that are too short are filled with blanks; blank rows are no rows."""
    named = found.named()
    places = [header.index(name) for name in named.values()]
    pick = itemgetter(*places) if len(places) > 1 else lambda r: (r[places[0]],)
    width, rows, lines, size = len(header), list[Sequence[str]](), list[int](), 0
    reader = csv.reader(text, delimiter=separator, strict=True)
    for record in reader:
        if not any(record):
            continue
        if len(record) < width:
            record += [""] * (width - len(record))
        rows.append(pick(record))
        lines.append(reader.line_num + 1)
        size += len(record[0]) + width
        if len(rows) > MOST_EVENTS or size > MOST_CHARACTERS:
            raise OperationError(
                [_fault(file, "file", None, f"at most {MOST_EVENTS} rows and {MOST_CHARACTERS} characters")]
            )
    texts = list(zip(*rows, strict=True)) if rows else [()] * len(places)
    return Columns(file.name, dict(zip(named, texts, strict=True)), lines)
