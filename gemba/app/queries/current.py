"""The current version of an operation, loaded once: what reports and pages of the work look things up in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from gemba.app.store.models import CURRENT
from gemba.app.store.operations import NotFoundError, load
from gemba.app.store.quick import ask, once
from gemba.execute.orders.shape import Shape, shapes
from gemba.operation import Demand, Operation, Resource
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds


@dataclass(frozen=True, eq=False)
class Current:
    """An operation and what is derived from it again and again."""

    operation: Operation
    dataset: int

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        return shapes(self.operation)

    @cached_property
    def resources(self) -> dict[str, Resource]:
        return {r.name: r for r in self.operation.resources}

    @cached_property
    def demands(self) -> dict[str, Demand]:
        return {d.name: d for d in self.operation.demands}

    @cached_property
    def hours(self) -> Hours:
        return Hours(self.operation)

    def place_of(self, resource: str) -> str:
        """Work centre of a resource; blank where it is unknown."""
        found = self.resources.get(resource)
        return found.place if found else ""

    def worked(self, start: datetime, end: datetime, resource: str) -> float:
        """Open seconds of a resource between two moments; an unknown one is always open."""
        if resource not in self.resources:
            return (end - start).total_seconds()
        open_ = self.hours.open(self.hours.resource_calendars(resource))
        return float(open_.between(seconds(start), seconds(end)))


def current(operation: str) -> Current:
    """The current version of the operation of this name.

    Raises:
        NotFoundError: where there is none.
    """
    sql = "SELECT id, created_at FROM datasets WHERE name = %s AND state = %s"
    found = once(("current", operation), lambda: ask(sql, operation, CURRENT))
    if not found:
        raise NotFoundError(f"there is no operation {operation!r}")
    return _current(*found[0])


@lru_cache(maxsize=4)
def _current(dataset: int, made: object) -> Current:
    return Current(load(dataset), dataset)
