"""Calendars: weekly patterns, shifts and dated exceptions, in local time of a zone."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from gemba.operation.noun import Noun, clock, local_moment, noun, number, text, whole

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def parse_days(days: str) -> frozenset[int]:
    """Days of the week as numbers (Monday 0) from text such as ``Mon-Fri`` or ``Sat, Sun``; blank is every day."""
    found: set[int] = set()
    for part in days.replace(";", ",").replace(" ", ",").split(","):
        if not part:
            continue
        first, _, last = part.partition("-")
        a, b = DAYS.index(first[:3].title()), DAYS.index((last or first)[:3].title())
        found.update(range(a, b + 1) if a <= b else [*range(a, 7), *range(0, b + 1)])
    return frozenset(found) if found else frozenset(range(7))


@noun("calendars", "name")
class Calendar(Noun):
    """A value over time: open (1) or closed (0) for working hours, or a number such as a capacity."""

    name: str = text("Unique name of the calendar", example="Two shifts")
    value: float = number("Value whenever no rule says otherwise: 0 closed, 1 open", default=0.0, low=0, example=0)
    zone: str = text(
        "Time zone of its rules, such as Europe/Berlin; blank means the operation's", default="", example=""
    )

    def rules(self) -> list[tuple[str, str]]:
        return [] if is_zone(self.zone) else [("zone", "a time zone of the IANA list, such as Europe/Berlin")]


def is_zone(zone: str) -> bool:
    try:
        return not zone or bool(ZoneInfo(zone))
    except (ValueError, OSError, KeyError):
        return False


@noun("calendar_rules", "calendar", "rule")
class CalendarRule(Noun):
    """A shift or a dated exception: on these days, between these hours, the calendar has this value."""

    calendar: str = text("The calendar it belongs to", refers_to="calendars", example="Two shifts")
    rule: int = whole("Number that tells the calendar's rules apart", example=1)
    value: float = number("Value while the rule applies: 1 open, 0 closed, or a number", default=1.0, low=0, example=1)
    days: str = text("Days of the week, such as Mon-Fri; blank means every day", default="", example="Mon-Fri")
    start_time: time = clock("From this time of day", default=time(0, 0), example=time(6, 0))
    end_time: time = clock(
        "Until this time of day; 00:00 means midnight; earlier than the start runs into the next day",
        default=time(0, 0),
        example=time(14, 0),
    )
    start: datetime | None = local_moment(
        "First moment (local) it applies; blank means always", default=None, example=None
    )
    end: datetime | None = local_moment(
        "First moment (local) it no longer applies; blank means never", default=None, example=None
    )
    priority: int = whole(
        "Where rules overlap the lowest number wins; then the one that starts later, then the later row",
        default=0,
        example=0,
    )

    def rules(self) -> list[tuple[str, str]]:
        broken = []
        try:
            parse_days(self.days)
        except ValueError:
            broken.append(("days", "days such as Mon-Fri or Sat,Sun"))
        if self.start and self.end and self.start >= self.end:
            broken.append(("end", "later than start"))
        return broken
