"""What frePPLe's calendars, resources and set-up matrices mean."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest

from tests.exchange.frepple_models import Reader, one


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_a_calendar_bucket_says_days_hours_and_priority(read: Reader) -> None:
    operation = read("""
    <calendars><calendar name="shift" default="0"><buckets>
      <bucket days="62" starttime="PT9H" endtime="PT17H" value="1" priority="10"/>
      <bucket start="2026-12-24T00:00:00" end="2026-12-27T00:00:00" value="0" priority="1"/></buckets>
        </calendar></calendars>""")
    shift, holiday = operation.calendar_rules
    assert (shift.days, shift.start_time, shift.end_time) == ("Mon,Tue,Wed,Thu,Fri", time(9), time(17))
    assert (holiday.priority, holiday.start, holiday.days) == (1, datetime(2026, 12, 24), "")


def test_a_pool_is_a_group_and_percentages_are_shares(read: Reader) -> None:
    operation = read("""
    <resources><resource name="team"/><resource name="Ann" efficiency="50"><owner name="team"/></resource>
      </resources>""")
    ann = one(operation.resources, name="Ann")
    assert (ann.group, ann.efficiency) == ("team", 0.5)


def test_quantity_buckets_are_the_periods_of_their_calendar(read: Reader) -> None:
    operation = read("""
    <operations><operation name="make"><item name="x"/><loads><load quantity="2" quantity_fixed="1">
      <resource name="line" xsi:type="resource_buckets"><maximum_calendar name="weekly"/></resource></load>
        </loads></operation></operations>""")
    assert (one(operation.resources).bucket, one(operation.resources).capacity_calendar) == ("calendar", "weekly")
    assert (one(operation.step_resources).quantity, one(operation.step_resources).fixed_quantity) == (2, 1)


def test_set_up_rules_without_a_name_hold_for_any_family(read: Reader) -> None:
    operation = read("""
    <setupmatrices><setupmatrix name="paint"><rules>
      <rule priority="1" fromsetup="red" tosetup=".*" duration="P1D" cost="5"/>
      <rule priority="2" tosetup="blue.*" duration="P2D"/></rules></setupmatrix></setupmatrices>
    <resources><resource name="line" setup="blue 1"><setupmatrix name="paint"/></resource></resources>""")
    assert {(c.before, c.after, c.time) for c in operation.setup_changes} == {
        ("red", "*", 86400),
        ("*", "blue 1", 172800),
    }


def test_loads_of_one_name_are_alternatives_with_their_set_up(read: Reader) -> None:
    operation = read("""
    <operations><operation name="paint"><item name="x"/><loads>
      <load name="line" setup="red"><resource name="A"/></load><load name="line" priority="2">
        <resource name="B"/></load>
    </loads></operation></operations>""")
    assert {(r.resource, r.alternative, r.priority, r.setup_family) for r in operation.step_resources} == {
        ("A", "line", 1, "red"), ("B", "line", 2, ""),
    }  # fmt: skip
