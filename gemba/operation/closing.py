"""A resource that is closed for a time: by a calendar of its own, with an exception that wins over all its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gemba.operation.calendar import Calendar, CalendarRule
from gemba.operation.moments import local, seconds
from gemba.operation.operation import Operation
from gemba.operation.resource import Resource


def close(operation: Operation, resource: Resource, start: datetime, end: datetime, title: str) -> Operation:
    """The operation with a resource of it closed from start until end; ``title`` names its calendar from now on."""
    before = next((c for c in operation.calendars if c.name == resource.calendar), None)
    calendar = replace(before, name=title) if before else Calendar(name=title, value=1)
    rules = [replace(r, calendar=title) for r in operation.calendar_rules if before and r.calendar == before.name]
    zone = calendar.zone or operation.settings.zone
    first, last = (local(seconds(at), zone).replace(tzinfo=None) for at in (start, end))
    rule = CalendarRule(
        calendar=title, rule=max((r.rule for r in rules), default=0) + 1, value=0, start=first,
        end=max(last, first + timedelta(seconds=1)), priority=min((r.priority for r in rules), default=0) - 1,
    )  # fmt: skip
    return replace(
        operation,
        calendars=(*(c for c in operation.calendars if c.name != title), calendar),
        calendar_rules=(*(r for r in operation.calendar_rules if r.calendar != title), *rules, rule),
        resources=tuple(replace(r, calendar=title) if r.name == resource.name else r for r in operation.resources),
        checked=True,
    )
