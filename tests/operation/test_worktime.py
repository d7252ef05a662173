"""Working time: open hours measured, added and taken away, and calendars across the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.operation import Calendar, CalendarRule
from gemba.operation.calendar import DAYS, parse_days
from gemba.operation.moments import from_local, iso, local, moment, seconds
from gemba.operation.worktime import FAR, OpenHours, Profile, all_pieces, combine, profile, simplified

HOUR, DAY = 3600, 86400
BERLIN = "Europe/Berlin"


def berlin(*fields: int) -> int:
    return from_local(datetime(*fields), BERLIN)  # type: ignore[arg-type]


@st.composite
def spans(draw: st.DrawFn) -> OpenHours:
    """A few open stretches, some of them touching."""
    at, found = 0, []
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=8)):
        found.append((at + gap, at + gap + length))
        at += gap + length
    return OpenHours(found)


moments = st.integers(-20, 500)
works = st.integers(1, 200)


@given(spans(), moments, works)
def test_work_ends_when_so_many_open_seconds_have_passed(hours: OpenHours, start: int, work: int) -> None:
    end = hours.finish(start, work)
    if end == FAR:
        assert hours.between(start, 10**6) < work
    else:
        assert hours.between(start, end) == work
        assert hours.between(start, end - 1) == work - 1


@given(spans(), moments, works)
def test_work_begins_as_late_as_it_can_to_end_in_time(hours: OpenHours, end: int, work: int) -> None:
    start = hours.begin(end, work)
    if start == -FAR:
        assert hours.between(-(10**6), end) < work
    else:
        assert hours.between(start, end) == work
        assert hours.between(start + 1, end) == work - 1


@given(spans(), moments, works)
def test_begin_undoes_finish_and_finish_undoes_begin(hours: OpenHours, at: int, work: int) -> None:
    end = hours.finish(at, work)
    if end < FAR:
        assert hours.begin(end, work) == hours.next_open(at)
    start = hours.begin(at, work)
    if start > -FAR:
        assert hours.finish(start, work) == hours.last_open(at)


@given(spans(), moments)
def test_open_moments_lie_in_an_open_stretch(hours: OpenHours, at: int) -> None:
    after, before = hours.next_open(at), hours.last_open(at)
    assert after == FAR or (after >= at and hours.between(after, after + 1) == 1)
    assert before == -FAR or (before <= at and hours.between(before - 1, before) == 1)
    assert hours.between(at, min(after, 10**6)) == 0
    if after == at:
        assert hours.between(at, hours.closes(at)) == hours.closes(at) - at
    if before == at:
        assert hours.between(hours.opens(at), at) == at - hours.opens(at)


@given(moments, st.integers(0, 100))
def test_always_open_hours_are_plain_arithmetic(at: int, work: int) -> None:
    hours = OpenHours(None)
    assert (hours.finish(at, work), hours.begin(at, work)) == (at + work, at - work)
    assert (hours.next_open(at), hours.last_open(at), hours.between(at, at + work)) == (at, at, work)
    assert (hours.closes(at), hours.opens(at)) == (FAR, -FAR)


def test_work_of_no_time_ends_where_it_starts_even_in_closed_hours() -> None:
    hours = OpenHours([(100, 200)])
    assert (hours.finish(50, 0), hours.begin(50, 0)) == (50, 50)


def test_hours_that_never_open_have_no_open_moment() -> None:
    hours = OpenHours([])
    assert (hours.next_open(0), hours.last_open(0), hours.finish(0, 1), hours.begin(0, 1)) == (FAR, -FAR, FAR, -FAR)
    assert OpenHours.of(Profile([0], [1.0]), 100).always
    assert OpenHours.of(Profile([0], [0.0]), 100).starts == []


def week(*rules: CalendarRule, value: float = 0, zone: str = BERLIN) -> Profile:
    calendar = Calendar(name="C", value=value, zone=zone)
    return profile(calendar, rules, "", seconds(datetime(2026, 1, 1)), seconds(datetime(2027, 1, 1)))


def rule(number: int = 1, **fields: object) -> CalendarRule:
    return CalendarRule(calendar="C", rule=number, **fields)  # type: ignore[arg-type]


def open_seconds(found: Profile, start: int, end: int) -> int:
    return OpenHours.of(found, seconds(datetime(2027, 1, 1))).between(start, end)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 7, 1), 24)])
def test_a_day_has_as_many_hours_as_the_clocks_say(day: tuple[int, int, int], hours: int) -> None:
    found = week(rule(days="Mon-Sun", start_time=time(0), end_time=time(0), value=1))
    start, end = berlin(*day), berlin(*day[:2], day[2] + 1)
    assert open_seconds(found, start, end) == end - start == hours * HOUR


@pytest.mark.parametrize(("night", "hours"), [((2026, 3, 28), 7), ((2026, 10, 24), 9), ((2026, 3, 27), 8)])
def test_a_night_shift_across_the_change_is_an_hour_shorter_or_longer(night: tuple[int, int, int], hours: int) -> None:
    found = week(rule(days="Fri, Sat", start_time=time(22), end_time=time(6)))
    noon = berlin(*night, 12)
    assert open_seconds(found, noon, noon + DAY) == hours * HOUR
    assert iso(OpenHours.of(found, noon + 9 * DAY).next_open(noon), BERLIN)[11:16] == "22:00"


def test_a_time_of_day_that_the_clocks_leap_over_is_the_moment_of_the_leap() -> None:
    leap = seconds(datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert [berlin(2026, 3, 29, 2, m) for m in (0, 1, 30, 59)] == [leap] * 4
    assert berlin(2026, 3, 29, 1, 59) == leap - 60
    assert berlin(2026, 3, 29, 3) == leap
    found = week(rule(days="Sun", start_time=time(2, 30), end_time=time(3, 15)))
    assert open_seconds(found, leap - DAY, leap + DAY) == 15 * 60


def test_a_time_of_day_that_comes_twice_is_the_first_of_both() -> None:
    first = seconds(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert berlin(2026, 10, 25, 2, 30) == first
    assert iso(first, BERLIN) == "2026-10-25T02:30:00+02:00"
    assert iso(first + HOUR, BERLIN) == "2026-10-25T02:30:00+01:00"


zones = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", ""])
wall = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))


@given(wall, wall, zones)
def test_later_on_the_wall_is_never_sooner_in_time(a: datetime, b: datetime, zone: str) -> None:
    early, late = sorted((a, b))
    assert from_local(early, zone) <= from_local(late, zone)


@given(st.integers(seconds(datetime(2026, 1, 1)), seconds(datetime(2027, 1, 1))), zones)
def test_wall_clocks_and_moments_agree(at: int, zone: str) -> None:
    shown = local(at, zone)
    back = from_local(shown.replace(tzinfo=None), zone)
    assert back == at or (shown.fold == 1 and 0 < at - back <= HOUR)
    assert from_local(shown, zone) == at
    assert seconds(moment(at)) == at


days_of_week = st.sampled_from(["", "Mon-Fri", "Sat,Sun", "Fri-Mon", "Wed", "mon-fri; SUN"])
clock = st.times(time(0), time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
dates = st.one_of(st.none(), st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)))


@st.composite
def rules(draw: st.DrawFn) -> list[CalendarRule]:
    found = []
    for i in range(draw(st.integers(0, 4))):
        start, end = draw(dates), draw(dates)
        if start and end and start >= end:
            start = None
        found.append(
            rule(i, days=draw(days_of_week), start_time=draw(clock), end_time=draw(clock), start=start, end=end,
                 value=draw(st.integers(0, 3)), priority=draw(st.integers(0, 2)))
        )  # fmt: skip
    return found


def expected(rows: list[CalendarRule], at: int, otherwise: float) -> float:
    """The value by looking at every rule on the wall clock: lowest priority, then latest start, then last row."""
    ranked = []
    for i, row in enumerate(rows):
        since = from_local(row.start, BERLIN) if row.start else -FAR
        until = from_local(row.end, BERLIN) if row.end else FAR
        if since <= at < until and any(_covers(row, day, at) for day in range(-1, 1)):
            ranked.append((row.priority, -since, -i, row.value))
    return min(ranked)[3] if ranked else otherwise


def _covers(row: CalendarRule, day: int, at: int) -> bool:
    date = datetime.fromtimestamp(at, ZoneInfo(BERLIN)).date() + timedelta(days=day)
    runs_over = row.end_time <= row.start_time
    start = from_local(datetime.combine(date, row.start_time), BERLIN)
    end = from_local(datetime.combine(date + timedelta(days=runs_over), row.end_time), BERLIN)
    return date.weekday() in parse_days(row.days) and start <= at < end


@given(rules(), st.integers(seconds(datetime(2026, 3, 21)), seconds(datetime(2026, 4, 9))), st.integers(0, 3))
def test_a_calendar_has_the_value_its_rules_say_at_every_moment(
    rows: list[CalendarRule], at: int, otherwise: int
) -> None:
    calendar = Calendar(name="C", value=otherwise, zone=BERLIN)
    low, high = seconds(datetime(2026, 3, 15)), seconds(datetime(2026, 4, 20))
    assert profile(calendar, rows, "UTC", low, high).at(at) == expected(rows, at, otherwise)
    assert all_pieces(calendar, rows, "UTC", low, high).at(at) == expected(rows, at, otherwise)


def test_the_lowest_priority_number_wins_then_the_later_start_then_the_later_row() -> None:
    always, later = rule(1, value=1), rule(2, value=2, start=datetime(2026, 5, 1))
    may = berlin(2026, 5, 20)
    assert week(always, later).at(may) == week(later, always).at(may) == 2
    assert week(always, rule(2, value=2)).at(may) == 2
    assert week(rule(1, value=1, priority=-1), later).at(may) == 1


def test_a_dated_exception_closes_a_holiday_only() -> None:
    found = week(
        rule(1, days="Mon-Fri", start_time=time(6), end_time=time(14)),
        rule(2, start=datetime(2026, 12, 24), end=datetime(2026, 12, 27), value=0, priority=-1),
    )
    assert open_seconds(found, berlin(2026, 12, 21), berlin(2026, 12, 28)) == 3 * 8 * HOUR
    assert open_seconds(found, berlin(2026, 12, 14), berlin(2026, 12, 21)) == 5 * 8 * HOUR


def test_a_calendars_own_zone_comes_before_the_operations() -> None:
    calendar = Calendar(name="C", zone="America/New_York")
    nine = rule(1, start_time=time(9), end_time=time(10))
    low, high = seconds(datetime(2026, 7, 1)), seconds(datetime(2026, 7, 3))
    assert OpenHours.of(profile(calendar, [nine], BERLIN, low, high), high).next_open(low) == low + 13 * HOUR
    assert OpenHours.of(profile(Calendar(name="C"), [nine], BERLIN, low, high), high).next_open(low) == low + 7 * HOUR


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_a_simplified_profile_has_the_same_values_and_no_needless_pieces(values: list[int]) -> None:
    found = simplified(list(range(len(values))), [float(v) for v in values])
    assert [found.at(i) for i in range(len(values))] == values
    assert all(a != b for a, b in zip(found.values, found.values[1:], strict=False))
    assert (found.at(-5), found.at(99)) == (values[0], values[-1])


def test_combined_profiles_merge_at_every_change() -> None:
    both = combine([Profile([0, 10], [1.0, 0.0]), Profile([0, 5, 20], [0.0, 2.0, 3.0])], min)
    assert (both.starts, both.values) == ([0, 5, 10], [0.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", "Mon Tue Wed Thu Fri Sat Sun"),
        ("Mon-Wed", "Mon Tue Wed"),
        ("sat, SUNDAY", "Sat Sun"),
        ("Sat-Mon", "Sat Sun Mon"),
    ],
)
def test_days_of_the_week_are_read(text: str, days: str) -> None:
    assert parse_days(text) == {DAYS.index(d) for d in days.split()}
