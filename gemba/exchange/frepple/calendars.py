"""frePPLe's calendars: buckets with a day mask, hours, a period and a priority become rules."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from gemba.exchange.frepple.build import Build
from gemba.exchange.frepple.entities import Entity
from gemba.operation.calendar import DAYS

_LAST_SECOND = 86399.0


def add_calendars(build: Build) -> None:
    """Every calendar with its rules. Of overlapping buckets the lowest priority wins, then the later start, as here."""
    buckets: dict[str, list[Entity]] = {}
    for bucket in build.model.all("bucket"):
        buckets.setdefault(bucket.text("calendar"), []).append(bucket)
    for calendar in build.model.all("calendar"):
        _calendar(build, calendar.name, calendar, buckets.get(calendar.name, []), 1.0)


def percent_calendar(build: Build, calendar: Entity) -> str:
    """The name of a calendar with a hundredth of another's values (frePPLe's efficiencies are percentages)."""
    name = f"{calendar.name} / 100"
    if not build.has("calendars", name):
        mine = [b for b in build.model.all("bucket") if b.text("calendar") == calendar.name]
        _calendar(build, name, calendar, mine, 0.01)
    return name


def highest(build: Build, calendar: Entity) -> float:
    """The largest value a calendar takes."""
    values = [b.number("value", 0.0) for b in build.model.all("bucket") if b.text("calendar") == calendar.name]
    return max([calendar.number("default", 0.0), *values])


def _calendar(build: Build, name: str, calendar: Entity, buckets: list[Entity], factor: float) -> None:
    build.add("calendars", calendar, name=name, value=_value(build, calendar, "default", factor))
    for bucket in buckets:
        for rule in _windows(bucket):
            build.add(
                "calendar_rules", calendar, calendar=name, rule=len(build.tables["calendar_rules"]) + 1,
                priority=int(bucket.number("priority", 0.0)), value=_value(build, bucket, "value", factor),
                start=_local(bucket.moment("start")), end=_local(bucket.moment("end")), **rule,
            )  # fmt: skip


def _value(build: Build, entity: Entity, name: str, factor: float) -> float:
    value = entity.number(name, 0.0) * factor
    if value < 0:
        build.model.warn(f"calendar '{entity.text('calendar') or entity.name}' has the value {value:g}, read as 0")
    return max(value, 0.0)


def _local(at: datetime | None) -> datetime | None:
    return at if at is None else at.replace(tzinfo=None)


def _windows(bucket: Entity) -> list[dict[str, object]]:
    """Days and hours of a bucket; none where it never applies."""
    mask = int(bucket.number("days", 127.0)) & 127
    start, end = bucket.duration("starttime", 0.0), bucket.duration("endtime", 86400.0)
    if end >= _LAST_SECOND:
        end = 86400.0  # 23:59:59 is meant as midnight
    if mask == 0 or end <= start:
        return []
    days = "" if mask == 127 else ",".join(DAYS[(i - 1) % 7] for i in range(7) if mask >> i & 1)
    return [{"days": days, "start_time": _clock(start), "end_time": _clock(end)}]


def _clock(seconds: float) -> time:
    return (datetime.min + timedelta(seconds=int(seconds) % 86400)).time()
