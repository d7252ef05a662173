"""Event logs as CSV: guessed or given columns, every wrong row a fault, and back again."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.exchange.event_log import LogColumns, guessed, read_csv_log, write_csv_log, write_xes
from gemba.exchange.event_log.moments import to_seconds
from gemba.exchange.event_log.xes import read_xes
from gemba.measure.mining import MISSING, EventLog, event_log
from gemba.operation.moments import from_local, seconds


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def written(tmp_path: Path, text: str, name: str = "log.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


GOOD = """case_id,activity,start,end,worker,machine,qty
1,Saw,2026-03-02 08:00,2026-03-02 09:00:30,Ann,S1,3
1,"Drill, deep",2026-03-02 10:00,,Bob,D1,
2,Saw,,2026-03-02T11:00:00+01:00,,S1,4.5
"""


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_columns_are_guessed_and_moments_read(tmp_path: Path, name: str) -> None:
    reading = read_csv_log(written(tmp_path, GOOD, name), LogColumns(numbers=("qty",)))
    log = reading.log
    assert (reading.rows, reading.left_out, reading.faults) == (3, 0, ())
    assert log.activity.texts() == ["Saw", "Drill, deep", "Saw"]
    assert log.start.tolist() == [at("2026-03-02 08:00"), at("2026-03-02 10:00"), MISSING]
    assert log.end.tolist() == [at("2026-03-02 09:00:30"), MISSING, at("2026-03-02 10:00")]
    assert (log.resource.texts(), log.group.texts()) == (["Ann", "Bob", ""], ["S1", "D1", "S1"])
    assert log.numbers("qty")[[0, 2]].tolist() == [3, 4.5]


def test_columns_may_have_any_name_and_separator(tmp_path: Path) -> None:
    file = written(tmp_path, "Vorgang;Was;Wann\nA;B;02.03.2026 08:00\n")
    columns = LogColumns(case="Vorgang", activity="Was", end="Wann")
    log = read_csv_log(file, columns, time_format="%d.%m.%Y %H:%M", zone="Europe/Berlin").log
    assert log.end.tolist() == [at("2026-03-02 07:00")]


@pytest.mark.parametrize(("header", "columns"), [
    ("case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition",
     LogColumns(case="case:concept:name", activity="concept:name", end="time:timestamp", resource="org:resource",
                transition="lifecycle:transition")),
    ("Case ID,Activity,Start Timestamp,Complete Timestamp,Resource",
     LogColumns(case="Case ID", activity="Activity", start="Start Timestamp", end="Complete Timestamp",
                resource="Resource")),
])  # fmt: skip
def test_the_usual_names_are_known(header: str, columns: LogColumns) -> None:
    assert guessed(header.split(",")) == columns


def test_lifecycles_are_folded_unless_told_not_to(tmp_path: Path) -> None:
    file = written(
        tmp_path, "case,activity,lifecycle,timestamp\n1,A,start,2026-03-02 08:00\n1,A,complete,2026-03-02 09:00\n"
    )
    assert len(read_csv_log(file).log) == 1
    single = read_csv_log(file, fold=False).log
    assert single.column("transition").texts() == ["start", "complete"]
    assert (single.start == MISSING).all()


WRONG = """case,activity,queued,start,end,minutes
1,A,,2026-03-02 08:00,2026-03-02 09:00,60
,A,,2026-03-02 08:00,2026-03-02 09:00,60
1,,,2026-03-02 08:00,2026-03-02 09:00,60
1,A,,yesterday,2026-03-02 09:00,60
1,A,,,,60
1,A,,2026-03-02 10:00,2026-03-02 09:00,60
1,A,2026-03-02 08:30,2026-03-02 08:00,2026-03-02 09:00,60
1,A,,,1948-01-26 23:59,60
1,B,,2026-03-02 08:00,2026-03-02 09:00,5
"""


def test_rows_that_contradict_themselves_are_faults_with_their_line(tmp_path: Path) -> None:
    reading = read_csv_log(written(tmp_path, WRONG), LogColumns(work="minutes"))
    assert (reading.rows, reading.left_out, len(reading.log)) == (9, 7, 2)
    assert sorted((f.line, f.field) for f in reading.faults) == [
        (3, "case"), (4, "activity"), (5, "start"), (6, "end"), (7, "end"), (8, "queued"), (9, "end"),
    ]  # fmt: skip
    said = "\n".join(map(str, reading.faults))
    assert "log.csv, events, row 9 '1', end is '1948-01-26 23:59'; must be from 1970-01-02 to before 2100-01-01" in said
    assert "start is 'yesterday'; must be a date and time such as" in said
    assert sum(reading.counts.values()) == reading.left_out


def test_a_length_that_is_not_what_the_source_says_is_doubted_and_kept(tmp_path: Path) -> None:
    (doubt,) = read_csv_log(written(tmp_path, WRONG), LogColumns(work="minutes")).doubts
    assert (doubt.line, doubt.field, doubt.value, doubt.allowed) == (10, "minutes", "5", "end - start")


def test_a_window_sorts_out_implausible_dates(tmp_path: Path) -> None:
    file = written(tmp_path, "case,activity,end\n1,A,2017-12-31 23:59:59\n1,B,2018-01-01\n1,C,2019-01-01\n")
    reading = read_csv_log(file, low=datetime(2018, 1, 1), high=datetime(2019, 1, 1))
    assert (reading.log.activity.texts(), reading.left_out) == (["B"], 2)


def test_many_faults_are_all_counted_and_the_first_kept(tmp_path: Path) -> None:
    reading = read_csv_log(written(tmp_path, "case,activity,end\n" + "1,A,never\n" * 1500))
    assert (len(reading.faults), sum(reading.counts.values()), len(reading.log)) == (1000, 1500, 0)


def test_a_case_with_the_name_of_nothing_is_a_case(tmp_path: Path) -> None:
    assert read_csv_log(written(tmp_path, "case,activity,end\nNA,null,2026-03-02\n")).log.case.names == ("NA",)


@given(
    st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 30))
    | st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 26))
)
def test_wall_clocks_are_read_as_the_rest_of_gemba_reads_them(moment: datetime) -> None:
    for zone in ("Europe/Amsterdam", "Australia/Lord_Howe", ""):
        assert to_seconds([moment.isoformat(" ")], zone) == [from_local(moment.replace(microsecond=0), zone)]


texts = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f\x85"), min_size=1, max_size=6
)
names = texts.map(str.strip).filter(bool)


@st.composite
def rows(draw: st.DrawFn) -> EventLog:
    made = []
    for _ in range(draw(st.integers(1, 12))):
        moments = sorted(draw(st.lists(st.integers(86400 * 2, 2**31), min_size=3, max_size=3)))
        has = draw(st.sampled_from([(0, 0, 1), (0, 1, 1), (1, 1, 1), (1, 0, 1), (0, 1, 0), (1, 1, 0)]))
        blank = [m if h else None for m, h in zip(moments, has, strict=True)]
        made.append((draw(st.sampled_from("abc")), draw(names), *blank, draw(st.just("") | names), draw(st.just("") | names),
                     draw(st.sampled_from(["", "x"])), draw(st.floats(-1e9, 1e9) | st.just(float("nan")))))  # fmt: skip
    case, activity, queued, start, end, resource, group, note, number = zip(*made, strict=True)
    extra = {"note": list(note), "number": event_floats(number)}
    return event_log(case, activity, end, start=start, queued=queued, resource=resource, group=group, extra=extra)


def event_floats(values: tuple[float, ...]):
    import numpy as np

    return np.array(values, np.float64)


def content(log: EventLog) -> list[tuple]:
    columns = [log.case.texts(), log.activity.texts(), log.queued.tolist(), log.start.tolist(), log.end.tolist(),
               log.resource.texts(), log.group.texts(), log.column("note").texts(),
               [repr(x) for x in log.numbers("number").tolist()]]  # fmt: skip
    return list(zip(*columns, strict=True))


def by_case(log: EventLog) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    for row in content(log):
        found.setdefault(row[0], []).append(row)
    return found


@given(rows(), st.sampled_from(["UTC", "Europe/Berlin"]))
def test_a_log_written_as_csv_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, log: EventLog, zone: str
) -> None:
    file = tmp_path_factory.mktemp("csv") / "log.csv.gz"
    write_csv_log(log, file, zone)
    reading = read_csv_log(file, LogColumns(texts=("note",), numbers=("number",)))
    assert (content(reading.log), reading.faults, reading.doubts) == (content(log), (), ())


@given(rows())
def test_a_log_written_as_xes_reads_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, log: EventLog) -> None:
    file = tmp_path_factory.mktemp("xes") / "log.xes"
    write_xes(log, file)
    reading = read_xes(file, texts=("note",), numbers=("number",))
    assert reading.faults == ()
    assert by_case(reading.log) == by_case(log)
