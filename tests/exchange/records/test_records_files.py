"""Records are read and written without loss, and what is wrong with them is said with its place."""

from __future__ import annotations

import gzip
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gemba.exchange.records import (
    contradictions,
    doubts,
    doubts_between,
    read_chunks,
    read_records,
    write_records_folder,
    write_records_template,
    write_records_workbook,
)
from gemba.operation import RECORDS, Event, Movement, OperationError, ReleasedOrder
from gemba.operation.noun import Column

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVENTS = """uid,at,kind,order,start,seconds,good,scrap,reason
e1,2026-03-02 12:00,worked,MO-1,2026-03-02 11:00,3600,9,1,Bent
e2,2026-03-02 10:00,worked,MO-1,2026-03-02 11:00,0,1,0,
e3,2026-03-02 12:00,worked,MO-2,,60,-4,0,
e4,2026-03-02 12:00,wurked,MO-2,,60,4,0,
e1,2026-03-02 13:00,closed,MO-1,,,,,
e5,2026-03-02 11:30,closed,MO-1,,,,,
"""


def _value(column: Column) -> st.SearchStrategy[Any]:
    low = max(-(10**9) if bound is None else bound for bound in (column.low, column.above))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": st.text(
            st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=int(column.required), max_size=4
        ),
        "choice": st.sampled_from(column.choices),
        "number": st.floats(low, 1e9, allow_nan=False),
        "exact": st.decimals(Decimal(str(low)) + Decimal("0.000001"), 10**12, places=6),
        "whole": st.integers(int(low), 1000),
        "flag": st.booleans(),
        "moment": st.integers(6 * 10**8, 4 * 10**9).map(lambda at: datetime.fromtimestamp(at, UTC)),
    }
    some = kinds[column.kind]
    if column.kind == "text" and column.required:
        some = some.filter(lambda t: t.strip() != "")
    return some if column.required or column.default is not None else st.none() | some


def _of(table: str) -> st.SearchStrategy[Any]:
    declared = RECORDS[table]
    return st.builds(declared.noun, **{c.name: _value(c) for c in declared.columns}).filter(
        lambda r: not contradictions(r)
    )


ANY = st.fixed_dictionaries({
    name: st.lists(_of(name), max_size=2, unique_by=lambda r: r.uid)
    for name in ("events", "movements", "targets")
})  # fmt: skip


def _same(got: dict[str, list[Any]], kept: dict[str, list[Any]]) -> None:
    assert set(got) == set(kept)
    for name, things in kept.items():
        for a, b in zip(got[name], things, strict=True):
            assert {c.name: getattr(a, c.name) for c in RECORDS[name].columns} == {
                c.name: getattr(b, c.name) for c in RECORDS[name].columns
            }


@given(ANY)
@settings(
    max_examples=10, derandomize=True, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck)
)
def test_any_records_survive_a_folder_and_a_workbook(records: dict[str, list[Any]]) -> None:
    kept = {name: things for name, things in records.items() if things}
    if not kept:
        return
    with tempfile.TemporaryDirectory() as folder:
        write_records_folder(kept, folder)
        write_records_workbook(kept, Path(folder) / "all.xlsx")
        book = Path(folder) / "all.xlsx"
        _same(read_records(book).records, kept)
        book.unlink()
        _same(read_records(folder).records, kept)


def test_every_fault_of_a_file_names_its_row_its_field_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "Events.csv.gz").write_bytes(gzip.compress(EVENTS.encode()))
    with pytest.raises(OperationError) as wrong:
        read_records(tmp_path)
    assert [(f.line, f.thing, f.field) for f in wrong.value.faults] == [
        (5, "e4", "kind"), (3, "e2", "at"), (4, "e3", "good"), (6, "e1", "uid"),
    ]  # fmt: skip
    assert "did you mean 'worked'" in str(wrong.value.faults[0])
    assert "Events.csv.gz, events, row 4 'e3', good is -4.000000; must be at least 0" in str(wrong.value.faults[2])


def test_a_lenient_reading_takes_the_good_ones_and_gives_the_faults_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS)
    reading = read_records(tmp_path, lenient=True)
    assert [e.uid for e in reading.records["events"]] == ["e1", "e5"]
    assert len(reading.faults) == 4


def test_a_long_file_is_read_in_chunks_with_the_lines_and_uids_of_the_whole(tmp_path: Path) -> None:
    rows = [f"e{i % 7},2026-03-02,checked" for i in range(10)]
    (tmp_path / "events.csv").write_text("\n".join(["uid,at,kind,_note", *(r + "," for r in rows)]))
    chunks = list(read_chunks(tmp_path, size=4))
    assert [len(c.records) for c in chunks] == [4, 3, 0]
    assert [f.line for c in chunks for f in c.faults] == [9, 10, 11]


def test_a_wrong_header_is_said_once_however_many_chunks_there_are(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("uid;at;knd\n" + "e;2026-03-02;checked\n" * 10)
    faults = [f for c in read_chunks(tmp_path, size=3) for f in c.faults]
    assert sorted(f.field for f in faults) == ["column 'kind'", "column 'knd'"]


def test_unknown_files_and_files_that_cannot_be_read_are_faults(tmp_path: Path) -> None:
    (tmp_path / "evnts.csv").write_text("uid\n")
    (tmp_path / "counts.csv").write_bytes(b"uid,at\n\xff\xfe\n")
    (tmp_path / "movements.csv").write_text("")
    (tmp_path / "deliveries.csv.gz").write_bytes(b"no archive")
    found = {f.source: str(f) for f in read_records(tmp_path, lenient=True).faults}
    assert "did you mean 'events'" in found["evnts.csv"]
    assert "in UTF-8" in found["counts.csv"]
    assert "it is empty" in found["movements.csv"]
    assert "can be read" in found["deliveries.csv.gz"]


def test_moments_without_a_zone_are_local_times_of_the_operation(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("uid,at,kind\ne,2026-07-01 12:00,checked\n")
    (event,) = read_records(tmp_path, "Europe/Berlin").records["events"]
    assert event.at == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_the_template_can_be_read_and_has_every_table(tmp_path: Path) -> None:
    write_records_template(tmp_path / "t.xlsx")
    assert set(read_records(tmp_path / "t.xlsx").records) == set(RECORDS)


def test_more_time_than_lies_between_start_and_end_is_a_contradiction() -> None:
    def worked(**more: Any) -> Event:
        return Event(uid="e", at=NOON, kind="worked", start=NOON - timedelta(hours=1), **more)

    assert contradictions(worked(seconds=3600)) == []
    assert [f.field for f in contradictions(worked(seconds=3700))] == ["seconds"]
    assert [f.field for f in contradictions(worked(seconds=-5))] == ["seconds"]
    assert contradictions(worked(seconds=-5, corrects="d")) == []


def test_an_order_that_ends_before_it_starts_and_a_movement_to_itself_are_contradictions() -> None:
    order = ReleasedOrder(uid="o", at=NOON, order="MO-1", start=NOON, end=NOON - timedelta(1))
    moved = Movement(uid="m", at=NOON, item="Leg", quantity=1, from_kind="store", from_name="A", to_kind="store",
                     to_name="A", cause="transfer")  # fmt: skip
    assert [f.field for f in contradictions(order) + contradictions(moved)] == ["end", "to_name"]


def test_work_that_ends_after_its_order_was_closed_is_doubted() -> None:
    def event(uid: str, kind: str, order: str, hours: int) -> Event:
        return Event(uid=uid, at=NOON + timedelta(hours=hours), kind=kind, order=order)

    events = [event("a", "worked", "1", 3), event("b", "closed", "1", 2), event("c", "worked", "2", 3)]
    assert [f.thing for f in doubts_between(events)] == ["a"]


def test_names_that_the_operation_does_not_know_are_doubted_once() -> None:
    from gemba import demonstrations

    operation = demonstrations.load("close")
    item = operation.items[0].name
    doubt = doubts(operation)
    events = [Event(uid=str(i), at=NOON, kind="checked", item=item, resource="Nobody, No one") for i in range(2)]
    assert [(f.field, f.value) for f in doubt(events)] == [("resource", "Nobody"), ("resource", "No one")]
    assert list(doubt(events)) == []
