"""Random calendars, places, resources and skills, with every field that limits when and where work is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from gemba.operation import Calendar, CalendarRule, Place, Resource, ResourceSkill, SetupChange, SetupMatrix, Skill

HOUR, DAY = 3600, 86400
#: The evening before the clocks of Berlin go back, and a day before they go forward.
NOWS = (datetime(2026, 10, 24, 16, tzinfo=UTC), datetime(2026, 3, 28, 6, tzinfo=UTC))
FAMILIES = ("", "red", "blue")

#: Picks one of its arguments; the first is the plainest.
Pick = Callable[..., Any]


def at(now: datetime, pick: Pick, *hours: float) -> datetime:
    """A moment so many hours after now."""
    return now + timedelta(hours=pick(*hours))


def calendars(now: datetime, pick: Pick) -> dict[str, Any]:
    """Shifts, nights, a day with a holiday, and calendars of capacity, efficiency and safety stock."""
    day = datetime(now.year, now.month, now.day)
    zone = pick("", "Europe/Berlin")
    rules = [
        CalendarRule(calendar="Days", rule=1, days=pick("", "Mon-Sat"), start_time=time(6), end_time=time(14)),
        CalendarRule(calendar="Nights", rule=1, start_time=time(20), end_time=time(8)),
        CalendarRule(calendar="Short", rule=1, start_time=time(1, 30), end_time=time(3, 30)),
        CalendarRule(calendar="Short", rule=2, start_time=time(9), end_time=time(10)),
        CalendarRule(calendar="Units", rule=1, value=pick(2, 0, 3), start_time=time(8), end_time=time(16)),
        CalendarRule(calendar="Switch", rule=1, value=pick(0, 1), start=day + timedelta(days=2)),
        CalendarRule(calendar="Pace", rule=1, value=pick(0.5, 2, 0), days=pick("", "Mon"), start_time=time(12)),
        CalendarRule(calendar="Level", rule=1, value=5, start=day + timedelta(days=3)),
    ]
    if pick(False, True):
        away = day + timedelta(days=pick(1, 2))
        rules.append(
            CalendarRule(calendar="Days", rule=9, value=0, start=away, end=away + timedelta(days=1), priority=-1)
        )
    values = {"Days": 0, "Nights": 0, "Short": 0, "Units": 1, "Switch": 1, "Pace": 1, "Level": 0}
    return {
        "calendars": tuple(Calendar(name=n, value=v, zone=zone) for n, v in values.items()),
        "calendar_rules": tuple(rules),
        "places": (
            Place(name="Plant", calendar=pick("", "", "Days")),
            Place(name="Line", parent="Plant", calendar=pick("", "", "Nights")),
            Place(name="Store"),
        ),
    }


def hours(pick: Pick) -> str:
    return str(pick("", "", "", "Days", "Nights", "Short"))


def resources(now: datetime, pick: Pick) -> dict[str, Any]:
    """A pool of two, one that changes over, one of some capacity, one with a bucket."""
    found = [
        Resource(name="Team", calendar=pick("", "Days")),
        Resource(name="Ann", group="Team", **_any(pick)),
        Resource(name="Bob", group="Team", **_any(pick)),
        Resource(
            name="Paint", setup_matrix="Colours", setup=pick(*FAMILIES), calendar=hours(pick), capacity=pick(1, 1, 2),
            capacity_calendar=pick("", "", "Switch"), limited=pick("finite", "finite", "infinite"),
        ),
        Resource(
            name="Press", capacity=pick(1, 2, 3, 0), capacity_calendar=pick("", "", "Units"), place=pick("", "Plant"),
            setup_matrix=pick("", "", "Colours"), **_any(pick),
        ),
        Resource(
            name="Truck", capacity=pick(10, 100), bucket=pick("", "day", "week", "month", "calendar"),
            capacity_calendar=pick("", "Units"), limited=pick("finite", "finite", "infinite"), **_any(pick),
        ),
    ]  # fmt: skip
    skilled = [
        ResourceSkill(resource=name, skill=skill, level=pick(1, 2), priority=pick(1, 2), start=start, end=end)
        for name in ("Ann", "Bob", "Press")
        for skill in ("Weld", "Drive")
        if pick(True, False)
        for start, end in pick([(None, None)], [(None, at(now, pick, 20, 60)), (at(now, pick, 60, 90), None)])
    ]
    return {
        "resources": tuple(found),
        "skills": (Skill(name="Weld"), Skill(name="Drive")),
        "resource_skills": tuple(skilled),
        "setup_matrices": (SetupMatrix(name="Colours"),),
        "setup_changes": tuple(_changes(pick)),
    }


def _any(pick: Pick) -> dict[str, Any]:
    pace = pick("", "", "", "Pace")
    return {"calendar": hours(pick), "efficiency": pick(1, 0.7, 1.5), "efficiency_calendar": pace}


def _changes(pick: Pick) -> list[SetupChange]:
    pairs = [("*", "*"), ("red", "blue"), ("red", "red"), ("", "*"), ("*", "red")]
    return [
        SetupChange(matrix="Colours", before=a, after=b, time=pick(0, 600, 1200.5, 7200), priority=pick(0, 1))
        for a, b in pairs
        if pick(False, True)
    ]
