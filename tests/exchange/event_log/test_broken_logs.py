"""CSV files that are no event logs are refused whole, with what to do."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gemba.exchange.event_log import LogColumns, read_csv_log
from gemba.operation import OperationError

GOOD = b"case,activity,end\n1,A,2026-03-02\n"
BROKEN = {
    "an empty file": (b"", "its first row names the columns"),
    "blank lines": (b"\n\n", "its first row names the columns"),
    "another encoding": ("case,activity,end\n1,Prüfen,2026-03-02\n".encode("latin-1"), "byte 0xfc is not: save it as"),
    "a spreadsheet": (b"PK\x03\x04\0\0\0\0", "NUL bytes"),
    "no case": (b"activity,end\nA,2026-03-02\n", "case must be a column of the file, whose columns are activity, end"),
    "no moment": (b"case,activity\n1,A\n", "end must be a column"),
    "a column twice": (b"case,activity,end,end\n1,A,2026-03-02,2026-03-03\n", "end must be the name of one column"),
    "an open quote": (b'case,activity,end\n1,"A,2026-03-02\n', "check the quotes"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_a_message_that_helps(tmp_path: Path, data: tuple[bytes, str]) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(data[0])
    with pytest.raises(OperationError) as error:
        read_csv_log(file)
    assert data[1] in str(error.value)
    assert "log.csv" in str(error.value)


def test_a_column_that_is_named_and_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(GOOD)
    with pytest.raises(OperationError, match="resource is 'nurse'; must be a column of the file"):
        read_csv_log(file, LogColumns(resource="nurse"))


@pytest.mark.parametrize("cut", [20, 40])
def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "log.csv.gz"
    file.write_bytes(gzip.compress(GOOD * 50)[:cut])
    with pytest.raises(OperationError, match="a file that can be read"):
        read_csv_log(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="a file that can be read"):
        read_csv_log(tmp_path / "none.csv")


def test_short_rows_are_filled_and_blank_ones_skipped(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(b"case,activity,end,worker\n1,A,2026-03-02\n\n,,,\n1,B,2026-03-03,Ann\n")
    log = read_csv_log(file).log
    assert log.resource.texts() == ["", "Ann"]
