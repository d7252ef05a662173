"""When work may be done: calendars of the operation compiled once, and combined for places, resources and steps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce

from gemba.operation.calendar import Calendar, CalendarRule
from gemba.operation.moments import seconds
from gemba.operation.operation import Operation
from gemba.operation.worktime import OpenHours, Profile, all_pieces, combine, profile

_PAST = 370 * 86400


@lru_cache(maxsize=128)
def _profile(calendar: Calendar, rules: tuple[CalendarRule, ...], zone: str, low: int, high: int) -> Profile:
    """The calendar's values: engines and the checker ask for the same ones again and again."""
    return profile(calendar, rules, zone, low, high)


class Hours:
    """Every calendar of an operation as values over time, from a year before now until the horizon's end."""

    def __init__(self, operation: Operation) -> None:
        settings = operation.settings
        self.now = seconds(settings.now)
        self.low, self.high = self.now - _PAST, self.now + int(settings.horizon)
        rules: dict[str, list[CalendarRule]] = {}
        for rule in operation.calendar_rules:
            rules.setdefault(rule.calendar, []).append(rule)
        self._calendars = {c.name: c for c in operation.calendars}
        self._rules = rules
        self._zone = settings.zone
        self._places = {p.name: p for p in operation.places}
        self._resources = {r.name: r for r in operation.resources}
        self._profiles: dict[str, Profile] = {}
        self._open: dict[frozenset[str], OpenHours] = {}

    def profile(self, calendar: str) -> Profile:
        """The calendar's value over time; blank is 1 always."""
        if calendar not in self._profiles:
            found = Profile([self.low], [1.0])
            if calendar:
                rules = self._rules.get(calendar, [])
                found = _profile(self._calendars[calendar], tuple(rules), self._zone, self.low, self.high)
            self._profiles[calendar] = found
        return self._profiles[calendar]

    def pieces(self, calendar: str) -> Profile:
        """The calendar's value over time with a new piece at every start and end of a rule."""
        rules = self._rules.get(calendar, [])
        return all_pieces(self._calendars[calendar], rules, self._zone, self.low, self.high)

    def place_calendars(self, place: str) -> frozenset[str]:
        """The calendars of a place and of those it belongs to."""
        found = set()
        while place:
            at = self._places[place]
            found.add(at.calendar)
            place = at.parent
        return frozenset(found - {""})

    def resource_calendars(self, resource: str) -> frozenset[str]:
        """The calendars that close a resource: its own and its place's."""
        r = self._resources[resource]
        return self.place_calendars(r.place) | frozenset({r.calendar} - {""})

    def task_calendars(self, place: str, step_calendar: str, resources: Iterable[str]) -> frozenset[str]:
        """The calendars that must all be open for a step to be worked on."""
        own = self.place_calendars(place) | frozenset({step_calendar} - {""})
        return reduce(frozenset.union, (self.resource_calendars(r) for r in resources), own)

    def open(self, calendars: frozenset[str]) -> OpenHours:
        """The hours in which all these calendars are open (value above 0); no calendar is always open."""
        if calendars not in self._open:
            if not calendars:
                self._open[calendars] = OpenHours(None)
            else:
                both = combine([self.profile(c) for c in sorted(calendars)], min)
                self._open[calendars] = OpenHours.of(both, self.high)
        return self._open[calendars]

    def capacity(self, resource: str) -> Profile:
        """Units of the resource over time."""
        r = self._resources[resource]
        return self.profile(r.capacity_calendar) if r.capacity_calendar else Profile([self.low], [r.capacity])

    def efficiency(self, resource: str, moment: int) -> float:
        """Speed of the resource against standard at a moment."""
        r = self._resources[resource]
        return self.profile(r.efficiency_calendar).at(moment) if r.efficiency_calendar else r.efficiency
