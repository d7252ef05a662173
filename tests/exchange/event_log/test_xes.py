"""XES (IEEE 1849) as other programs write it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gemba.exchange.event_log import read_xes, write_xes
from gemba.measure.mining import MISSING, event_log
from gemba.operation import OperationError
from gemba.operation.moments import seconds

LOG = """<?xml version="1.0" encoding="UTF-8" ?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="trace"><string key="concept:name" value="UNKNOWN"/><string key="branch" value="main"/></global>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/><int key="cost" value="7"/></global>
  <classifier name="Activity" keys="concept:name lifecycle:transition"/>
  <string key="concept:name" value="the log's own name"/>
  <trace>
    <string key="concept:name" value="A &amp; B"/>
    <float key="amount" value="12.5"/>
    <event>
      <string key="concept:name" value="Check"><string key="concept:name" value="a nested one"/></string>
      <string key="lifecycle:transition" value="start"/>
      <date key="time:timestamp" value="2026-03-02T08:00:00.250+01:00"/>
      <string key="org:resource" value="Ann"/>
    </event>
    <event>
      <string key="concept:name" value="Check"/>
      <string key="lifecycle:transition" value="complete"/>
      <date key="time:timestamp" value="2026-03-02T09:00:00.000+01:00"/>
      <string key="org:resource" value="Ann"/>
      <list key="parts"><values><int key="cost" value="3"/></values></list>
      <int key="cost" value="9"/>
    </event>
  </trace>
  <trace>
    <string key="branch" value="north"/>
    <event><string key="concept:name" value="Check"/><date key="time:timestamp" value="2026-03-02T08:00:00Z"/></event>
  </trace>
  <trace>
    <string key="concept:name" value="2"/>
    <event><date key="time:timestamp" value="2026-03-02T08:00:00Z"/></event>
    <event><string key="concept:name" value="Sign"/><date key="time:timestamp" value="soon"/></event>
  </trace>
</log>
"""


@pytest.fixture(params=["log.xes", "log.xes.gz"])
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / request.param
    path.write_bytes(gzip.compress(LOG.encode()) if request.param.endswith(".gz") else LOG.encode())
    return path


def at(hour: int) -> int:
    return seconds(datetime(2026, 3, 2, hour, tzinfo=UTC))


def test_a_start_and_a_completion_are_one_row(file: Path) -> None:
    log = read_xes(file).log
    assert (log.case.names, log.activity.texts(), log.resource.texts()) == (("A & B",), ["Check"], ["Ann"])
    assert (log.start.tolist(), log.end.tolist(), log.queued.tolist()) == ([at(7)], [at(8)], [MISSING])


def test_a_name_or_a_moment_is_never_made_up_from_a_global_default(file: Path) -> None:
    reading = read_xes(file)
    assert (reading.rows, reading.left_out) == (5, 3)
    assert [(f.line, f.thing, f.field) for f in reading.faults] == [
        (3, "", "case"),
        (4, "2", "activity"),
        (5, "2", "end"),
    ]


def test_further_attributes_come_from_event_trace_or_global(file: Path) -> None:
    log = read_xes(file, texts=("branch",), numbers=("amount", "cost", "parts/cost")).log
    assert log.column("branch").texts() == ["main"]
    assert [log.numbers(n).tolist() for n in ("amount", "cost", "parts/cost")] == [[12.5], [9.0], [3.0]]


def test_events_may_stay_single(file: Path) -> None:
    assert read_xes(file, fold=False).log.column("transition").texts() == ["start", "complete"]


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log>&b;</log>'


@pytest.mark.parametrize(("data", "says"), [
    (b"", "well-formed XML"),
    (LOG.encode()[:900], "well-formed XML"),
    (gzip.compress(LOG.encode())[:200], "a file that can be read"),
    (b"<plan/>", "whose outermost element is <log>; this one is <plan>"),
    (BOMB.encode(), "free of document type and entity declarations"),
    (b"<log>" + b"<list key='a'>" * 50 + b"</list>" * 50 + b"</log>", "nested at most 20 deep"),
])  # fmt: skip
def test_a_broken_file_is_refused_whole(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "broken.xes"
    path.write_bytes(data)
    with pytest.raises(OperationError, match=says):
        read_xes(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="a file that can be read"):
        read_xes(tmp_path / "none.xes")


def test_packed_files_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    log = event_log(["a"], ["A"], [at(8)])
    for name in ("one.xes.gz", "two.xes.gz"):
        write_xes(log, tmp_path / name)
    assert (tmp_path / "one.xes.gz").read_bytes() == (tmp_path / "two.xes.gz").read_bytes()
