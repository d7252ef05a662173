"""Rates of incidents against OSHA's own example, waste by stream, and lives of assets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gemba.execute.concerns import KINDS, fold
from gemba.execute.maintenance.stops import Stop
from gemba.measure.assets import asset_record
from gemba.measure.safety import hours_worked, safety_rates
from gemba.measure.waste import recovered, waste
from gemba.operation.records import Concern, ConcernChange, Event, Movement
from gemba.operation.safety import WasteStream

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
YEAR = (AT - timedelta(days=30), AT + timedelta(days=335))


def case(kind: str, severity: str = "", days: float = 0, lost: float = 0, state: str = "") -> Any:
    raised = Concern(
        uid="c", at=AT + timedelta(days=days), concern=f"{KINDS[kind].prefix}-1", kind=kind, severity=severity
    )
    noted = ConcernChange(uid="d", at=raised.at, concern=raised.concern, state=state or "reported", lost_days=lost)
    return fold(raised, [noted])


def test_the_rate_is_that_of_the_source_s_example() -> None:
    """BLS, How to compute a firm's incidence rate: 7 cases in 400,000 hours are 3.5 for 100 full-time workers."""
    rates = safety_rates([case("incident", "medical")] * 7, 400_000, *YEAR)
    assert rates.trir == 3.5
    assert rates.ltir == 0


def test_first_aid_is_not_recordable_and_a_fatal_case_counts_as_lost_time() -> None:
    found = [case("incident", s) for s in ("first aid", "medical", "restricted", "lost time", "fatal")]
    rates = safety_rates(found, 200_000, *YEAR)
    assert (rates.recordable, rates.lost_time, rates.incidents) == (4, 2, 5)
    assert rates.pyramid[2:] == (("first aid", 1), ("medical", 1), ("restricted", 1), ("lost time", 1), ("fatal", 1))


def test_days_lost_and_near_misses_are_set_against_hours_and_incidents() -> None:
    found = [case("incident", "lost time", lost=12), case("near miss"), case("near miss"), case("hazard")]
    rates = safety_rates(found, 100_000, *YEAR)
    assert rates.severity == 24
    assert rates.ratio == 2
    assert rates.pyramid[:2] == (("hazard", 1), ("near miss", 2))


def test_what_is_withdrawn_or_outside_the_period_does_not_count() -> None:
    found = [case("incident", "medical", state="withdrawn"), case("incident", "medical", days=-31)]
    rates = safety_rates(found, 200_000, *YEAR)
    assert rates.recordable == 0
    assert rates.last == AT - timedelta(days=31)


def test_without_hours_there_is_no_rate() -> None:
    assert safety_rates([case("incident", "medical")], 0, *YEAR).trir is None


def test_hours_are_attendance_where_it_is_recorded_else_work() -> None:
    worked = Event(uid="w", at=AT, kind="worked", seconds=7200)
    assert hours_worked([worked]) == 2
    assert hours_worked([worked, Event(uid="o", at=AT, kind="clocked_out", seconds=28800)]) == 8


def moved(uid: str, quantity: int, stream: str, *, back: bool = False) -> Movement:
    ends = {"from_kind": "wip", "from_name": "MO-1", "to_kind": "waste", "to_name": stream}
    if back:
        ends = {"from_kind": "waste", "from_name": stream, "to_kind": "wip", "to_name": "MO-1"}
    return Movement(uid=uid, at=AT, item="Sawdust", quantity=quantity, value=quantity * 2, cause="waste", **ends)  # type: ignore[arg-type]


def test_waste_adds_up_by_stream_less_what_was_taken_back() -> None:
    streams = [
        WasteStream(name="Paint sludge", cost=0.8, destination="landfill", hazardous=True),
        WasteStream(name="Sawdust", cost=0.1, destination="energy recovery"),
    ]
    rows = waste(
        streams,
        [moved("a", 30, "Sawdust"), moved("b", 10, "Paint sludge"), moved("c", 5, "Sawdust", back=True)],
        Decimal(50),
    )
    assert [(r.stream.name, r.quantity, r.value, r.disposal, r.per_unit) for r in rows] == [
        ("Sawdust", Decimal(25), Decimal(50), Decimal("2.5"), 0.5),
        ("Paint sludge", Decimal(10), Decimal(20), Decimal(8), 0.2),
    ]
    assert recovered(rows) == pytest.approx(25 / 35)
    assert waste(streams, [], Decimal(0))[0].per_unit is None


def test_an_asset_s_lives_lie_between_its_failures() -> None:
    def hours(start: datetime, end: datetime) -> float:
        return (end - start).total_seconds() / 3600

    def stop(start: float, end: float | None, planned: bool = False) -> Stop:
        ends = None if end is None else AT + timedelta(hours=end)
        return Stop("s", "Saw 1", AT + timedelta(hours=start), ends, "x", planned)

    found = asset_record([stop(10, 12), stop(20, 21, True), stop(40, 43)], AT, AT + timedelta(hours=100), hours)
    assert list(found.lives) == [10, 27]  # 8 h, an hour of planned stop, 19 h
    assert (found.running, found.repair, found.planned) == (57, 5, 1)
    assert found.operating == 94
    assert found.mtbf == 47
    assert found.mttr == 2.5
    assert found.availability == pytest.approx(94 / 99)
    assert asset_record([stop(90, None)], AT, AT + timedelta(hours=100), hours).repair == 10
    assert asset_record([], AT, AT + timedelta(hours=100), hours).mtbf is None
