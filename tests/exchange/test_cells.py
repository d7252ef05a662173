"""What people type into cells, and what it means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.exchange.convert import to_flag, to_text
from gemba.exchange.dates import to_clock, to_local_moment, to_moment
from gemba.exchange.durations import format_duration, to_duration
from gemba.exchange.numbers import plain, to_number, to_whole
from gemba.exchange.wrong import WrongCellError

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(("typed", "seconds"), [
    ("45 min", 2700), ("45min", 2700), ("45 m", 2700), ("2 h", 7200), ("2 hours", 7200), ("2.5 h", 9000),
    ("2,5 h", 9000),
    ("3 d", 3 * DAY), ("1 wk", 7 * DAY), ("1 day 4 hours", DAY + 4 * HOUR), ("1 d 4 h", 100800), ("1:30", 5400),
    ("1:30:15", 5415), ("36:00", 129600), ("PT45M", 2700), ("P1DT4H", 100800), ("P2W", 14 * DAY), ("PT0.5H", 1800),
    ("2", 7200), ("0.25", 900), (2, 7200), (0.25, 900), (0, 0), ("0 d", 0), ("-2 h", -7200), ("-P1D", -DAY),
    (time(1, 30), 5400), (timedelta(hours=30), 108000), ("90 s", 90), ("1 h. 30 min.", 5400), ("  2 H ", 7200),
])  # fmt: skip
def test_a_length_of_time_is_read_as_typed(typed: object, seconds: float) -> None:
    assert to_duration(typed) == seconds


@pytest.mark.parametrize("typed", [
    "", "h", "2 x", "1 h 2", "2 h 3 h", "1:60", "P", "PT", "P1Y", "P1M", "1,500 h", "1 500 h", "--2 h", "2 h -1 min",
    True, datetime(1900, 1, 30, 12), "nan h", "1e400",
])  # fmt: skip
def test_what_is_no_length_of_time_is_refused(typed: object) -> None:
    with pytest.raises(WrongCellError):
        to_duration(typed)


@given(st.floats(-1e9, 1e9))
def test_a_length_of_time_is_written_so_that_it_reads_back(seconds: float) -> None:
    assert to_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(("seconds", "written"), [
    (0, "0 h"), (5400, "90 min"), (7200, "2 h"), (86400, "1 d"), (90, "90 s"), (0.5, "0.5 s"), (-3600, "-1 h"),
])  # fmt: skip
def test_a_length_of_time_is_written_as_a_person_would(seconds: float, written: str) -> None:
    assert format_duration(seconds) == written


@pytest.mark.parametrize(("typed", "number"), [
    ("1234.5", 1234.5), ("1234,5", 1234.5), ("0,125", 0.125), ("1234,567", 1234.567), ("-3", -3), ("+3", 3),
    (".5", 0.5), ("1e5", 1e5), (3, 3), (2.5, 2.5), ("1.234", 1.234), ("12,34", 12.34),
])  # fmt: skip
def test_a_number_is_read_with_a_point_or_a_comma(typed: object, number: float) -> None:
    assert to_number(typed) == number


@pytest.mark.parametrize("typed", [
    "1,234", "12,345", "-1,234", "1.234,5", "1,234.5", "1 234", "1'234", "0x10", "٣", "5%", "", "€ 5", float("nan"),
    float("inf"), 1e16, 10**400, True, None,
])  # fmt: skip
def test_what_could_be_another_number_or_none_is_refused(typed: object) -> None:
    with pytest.raises(WrongCellError):
        to_number(typed)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_without_exponent_and_reads_back(number: float) -> None:
    assert "e" not in plain(number)
    assert float(plain(number)) == number


def test_whole_numbers_may_come_as_a_spreadsheet_has_them() -> None:
    assert to_whole(3.0) == to_whole("3") == to_whole("3.0") == 3


@pytest.mark.parametrize(("cell", "text"), [
    ("NA", "NA"), ("007", "007"), ("1e5", "1e5"), (1001.0, "1001"), (2.5, "2.5"), (1e20, "100000000000000000000"),
    (True, "TRUE"), ("'=1+1", "=1+1"), ("'quoted'", "'quoted'"), ("(blank)", ""), ("'(blank)", "(blank)"),
])  # fmt: skip
def test_text_stays_as_typed(cell: object, text: str) -> None:
    assert to_text(cell) == text


@pytest.mark.parametrize("yes", [True, 1, 1.0, "1", "true", "TRUE", "yes", "Yes", "x", "X", "y"])
def test_yes_is_read_in_many_forms(yes: object) -> None:
    assert to_flag(yes) is True


@pytest.mark.parametrize("no", [False, 0, 0.0, "0", "false", "no", "N"])
def test_no_is_read_in_many_forms(no: object) -> None:
    assert to_flag(no) is False


@pytest.mark.parametrize(("typed", "utc"), [
    ("2026-11-30", "2026-11-29T23:00"), ("2026-11-30 17:00", "2026-11-30T16:00"),
    ("2026-11-30T17:00:00", "2026-11-30T16:00"),
    ("2026-07-01 17:00", "2026-07-01T15:00"), ("2026-11-30T17:00Z", "2026-11-30T17:00"),
    ("2026-11-30 17:00+05:30", "2026-11-30T11:30"), (date(2026, 11, 30), "2026-11-29T23:00"),
    (datetime(2026, 11, 30, 17), "2026-11-30T16:00"), (datetime(2026, 11, 30, 16, 59, 59, 999000), "2026-11-30T16:00"),
    ("2026-10-25 02:30", "2026-10-25T00:30"),
])  # fmt: skip
def test_a_moment_is_local_time_of_the_zone_unless_it_says_otherwise(typed: object, utc: str) -> None:
    assert to_moment(typed, "Europe/Berlin") == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_without_a_zone_a_moment_is_what_it_says() -> None:
    assert to_moment("2026-11-30 17:00", "") == datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(("typed", "meant"), [
    ("30.11.2026", "2026-11-30"), ("3.4.2026", "2026-04-03"), ("30/11/2026", "2026-11-30"),
    ("11/30/2026", "2026-11-30"),
    ("3.4.2026 7:30", "2026-04-03 07:30"), ("03/04/2026", ""), ("31.02.2026", ""), ("next week", ""), ("20261130", ""),
])  # fmt: skip
def test_a_date_written_otherwise_is_refused_with_what_it_most_likely_means(typed: str, meant: str) -> None:
    with pytest.raises(WrongCellError) as wrong:
        to_moment(typed, "")
    assert wrong.value.nearest == meant


def test_a_local_moment_has_no_zone() -> None:
    assert to_local_moment("2026-12-24 06:00") == datetime(2026, 12, 24, 6)


@pytest.mark.parametrize(("typed", "clock"), [
    ("06:00", time(6)), ("6:00", time(6)), ("22:30:15", time(22, 30, 15)), ("24:00", time(0)), (time(14), time(14)),
    (timedelta(hours=14), time(14)), (timedelta(days=1), time(0)),
])  # fmt: skip
def test_a_time_of_day_is_read_as_typed(typed: object, clock: time) -> None:
    assert to_clock(typed) == clock


@pytest.mark.parametrize("typed", ["24:30", "6", "6 am", 0.25, 6, datetime(2026, 11, 23, 6), timedelta(hours=30)])
def test_what_is_no_time_of_day_is_refused(typed: object) -> None:
    with pytest.raises(WrongCellError):
        to_clock(typed)
