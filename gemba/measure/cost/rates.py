"""Rates: what an hour of a resource costs, as the standard says and as it was, and the overhead charged on it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from typing import Any

from gemba.measure.cost.money import ZERO, exact
from gemba.operation import Operation, Resource, StepResource


def valid(thing: Any, at: datetime) -> bool:
    """Whether something with a validity period holds at a moment: from its start until just before its end."""
    return (thing.start is None or thing.start <= at) and (thing.end is None or at < thing.end)


class Rates:
    """Cost rates of an operation: of resources by the hour, and of overhead by its basis."""

    def __init__(self, operation: Operation) -> None:
        self.resources = {r.name: r for r in operation.resources}
        self._members: dict[str, list[Resource]] = defaultdict(list)
        for r in operation.resources:
            if r.group:
                self._members[r.group].append(r)
        self._skilled = defaultdict(list)
        for s in operation.resource_skills:
            self._skilled[s.skill].append(s)
        self._parents = {p.name: p.parent for p in operation.places}
        self._overheads: dict[tuple[str, str], Fraction] = {
            (o.basis, o.place): exact(o.rate) for o in operation.overheads
        }
        self.bases = frozenset(o.basis for o in operation.overheads)
        self._known: dict[tuple[str, str], Fraction] = {}

    def leaves(self, name: str) -> list[Resource]:
        """The resource, or the members of the group, that can do the work."""
        members = self._members.get(name)
        if not members:
            return [self.resources[name]] if name in self.resources else []
        return [leaf for m in members for leaf in self.leaves(m.name)]

    def fitting(self, need: StepResource, at: datetime) -> list[Resource]:
        """Everybody and everything that may serve a need of a step at that moment."""
        found = self.leaves(need.resource) if need.resource else None
        if not need.skill:
            return found or []
        able = [s.resource for s in self._skilled[need.skill] if s.level >= need.level and valid(s, at)]
        if found is None:
            return [self.resources[name] for name in dict.fromkeys(able)]
        return [r for r in found if r.name in able]

    def standard(self, need: StepResource, at: datetime) -> Fraction:
        """Standard cost of an hour: the named resource's or group's own rate, else the mean of those that may do it."""
        named = self.resources.get(need.resource)
        if named is not None and named.cost_per_hour > 0:
            return exact(named.cost_per_hour)
        found = self.fitting(need, at)
        return sum((exact(r.cost_per_hour) for r in found), ZERO) / len(found) if found else ZERO

    def actual(self, name: str) -> Fraction | None:
        """Cost of an hour of the one who did it; None where that is no resource of the operation."""
        found = self.resources.get(name)
        return None if found is None else exact(found.cost_per_hour)

    def category(self, need: StepResource, at: datetime) -> str:
        """labour for people, machine for everything else."""
        found = self.fitting(need, at) or self.leaves(need.resource)
        return "labour" if found and found[0].kind == "person" else "machine"

    def place(self, need: StepResource, at: datetime, otherwise: str) -> str:
        """Where the need is served: the place of the first that may, else the process's."""
        found = self.fitting(need, at)
        return (found[0].place if found else "") or otherwise

    def overhead(self, basis: str, place: str) -> Fraction:
        """What a unit of the basis is charged at a place: by the place, by each place it is in, and by the whole."""
        key = basis, place
        if key not in self._known:
            self._known[key] = sum((self._overheads.get((basis, p), ZERO) for p in self.up(place)), ZERO)
        return self._known[key]

    def up(self, place: str) -> list[str]:
        """The place, those it is in, and the operation as a whole (blank)."""
        found = [""]
        while place and place not in found:
            found.append(place)
            place = self._parents.get(place, "")
        return found

    def on_hours(self, category: str, place: str, rate: Fraction) -> Fraction:
        """Overhead of an hour of labour or of a machine whose own rate is ``rate``."""
        if category == "labour":
            return self.overhead("labour hours", place) + self.overhead("labour cost", place) * rate
        return self.overhead("machine hours", place)
