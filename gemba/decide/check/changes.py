"""A plan against another one that broke no rule: what they share breaks none, unless what the operation says of it changed.

The counterpart of ``doubts``, which clears what is in order in itself. Rules of an order look at its own rows; those of a
resource, a stock or a peg at all that touch the same resource, or the same item and place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from gemba.decide.check.ample import overfull
from gemba.decide.check.book import Book, names
from gemba.decide.check.columns import Numbers
from gemba.decide.check.usage import fixed_uses
from gemba.decide.check.words import SECOND
from gemba.operation import Calendar, CalendarRule, Operation, Plan
from gemba.operation.hours import Hours
from gemba.operation.worktime import FAR, OpenHours

#: Tables whose changes can be followed to the orders, resources and items that they matter for.
_FOLLOWED = {"demands", "orders", "order_tasks", "calendars", "calendar_rules", "resources"}
_MOST = 0.4  # share of the orders that may differ
Key = tuple[str, str]  # item, place


def clear_unchanged(book: Book, before: Operation, published: Plan) -> bool:
    """Note in the book what is as it was; False where too much is not, or cannot be told.

    Args:
        before: the operation with which the published plan broke no rule.
    """
    changes = _Changes(book, before, published)
    if not changes.find() or len(changes.orders) > _MOST * len(book.orders):
        return False
    book.cleared = frozenset(book.orders.keys() - changes.orders)
    book.suspects = [o for o in book.proposed if o.id in changes.orders]
    book.tight, book.scarce, book.unclear = _tight(book, changes.resources), changes.keys, changes.keys
    return True


def _tight(book: Book, touched: set[str]) -> set[str]:
    """Those of the resources of which more may be taken than there is."""
    numbers = Numbers((r.name, i) for i, r in enumerate(book.operation.resources))
    proposed = {o.id for o in book.proposed}
    rows = [
        (numbers[name], units, t.start, t.end)
        for t in book.plan.tasks
        for name, units in t.resources
        if name in touched and name in numbers and t.order in proposed
    ]
    resource, units, start, end = zip(*rows, strict=True) if rows else ((), (), (), ())
    try:
        moments = np.array(start, np.int64), np.array(end, np.int64)
        uses = np.array(resource, np.int64), np.array(units, np.float64), *moments
        return touched & overfull(book, numbers, uses, fixed_uses(book))
    except (OverflowError, TypeError, ValueError):
        return touched


class _Changes:
    """Orders whose own rules are to be looked at, and the resources and items of which more or less is taken than before."""

    def __init__(self, book: Book, before: Operation, published: Plan) -> None:
        self.book, self.before, self.published = book, before, published
        self.orders: set[str] = set()
        self.resources: set[str] = set()
        self.keys: set[Key] = set()

    def find(self) -> bool:
        """Gather them; False where they cannot be told."""
        after, before, plan = self.book.operation, self.before, self.book.plan
        differ = {f.name for f in fields(after) if getattr(after, f.name) is not getattr(before, f.name)} - {"checked"}
        lists = (plan.orders, plan.tasks, plan.flows, plan.pegs, plan.deliveries)
        if not differ <= _FOLLOWED or any(len(set(map(id, rows))) < len(rows) for rows in lists):
            return False
        reopened = _reopened(before, after)
        if reopened is None:
            return False
        self.resources |= reopened
        self._demands()
        self._existing()
        self._plan()
        closing = {name: self._closed(name) for name in reopened}
        known = self.resources & self.book.resources.keys()
        self._on(closing | {r: [(-FAR, FAR)] for r in known if self.book.resources[r].setup_matrix})
        self._flows_and_options()
        return True

    def _demands(self) -> None:
        self.keys |= {(d.item, d.place) for d in _differing(self.before.demands, self.book.operation.demands)}

    def _existing(self) -> None:
        """Orders that exist and differ, with the resources of their tasks."""
        self.orders |= {o.name for o in _differing(self.before.orders, self.book.operation.orders)}
        for t in _differing(self.before.order_tasks, self.book.operation.order_tasks):
            self.orders.add(t.order)
        for t in (*self.before.order_tasks, *self.book.operation.order_tasks) if self.orders else ():
            if t.order in self.orders:
                self.resources |= set(names(t.resource))

    def _plan(self) -> None:
        """Rows of one plan that are not in the other."""
        plan, published, places = self.book.plan, self.published, self._wanted()
        self.orders |= {o.id for o in _differing(published.orders, plan.orders)}
        for t in _differing(published.tasks, plan.tasks):
            self.orders.add(t.order)
            self.resources |= {name for name, _ in t.resources}
        for f in _differing(published.flows, plan.flows):
            self.orders.add(f.order)
            self.keys.add((f.item, f.place))
        self.keys |= {(p.item, p.place) for p in _differing(published.pegs, plan.pegs)}
        for d in _differing(published.deliveries, plan.deliveries):
            self.keys |= places.get(d.demand, set())

    def _wanted(self) -> dict[str, set[Key]]:
        """The item and place of each demand, before and after."""
        found: dict[str, set[Key]] = {}
        for d in (*self.before.demands, *self.book.operation.demands):
            found.setdefault(d.name, set()).add((d.item, d.place))
        return found

    def _closed(self, resource: str) -> list[tuple[int, int]]:
        """The times at which a resource is closed that are not the same before and after."""
        before, after = Hours(self.before), self.book.hours
        gaps = [set(_gaps(h.open(h.resource_calendars(resource)))) for h in (before, after)]
        return sorted(gaps[0] ^ gaps[1])

    def _on(self, resources: dict[str, list[tuple[int, int]]]) -> None:
        """All orders with a task on one of these resources at such a time: hours differ, or what the set-up is changed from."""
        for t in self.book.plan.tasks if resources else ():
            for name, _ in t.resources:
                if any(a - SECOND <= t.end and t.start <= b + SECOND for a, b in resources.get(name, ())):
                    self.orders.add(t.order)

    def _flows_and_options(self) -> None:
        """What the orders that differ take and yield, and the resources of their options."""
        for plan in (self.published, self.book.plan):
            self.keys |= {(f.item, f.place) for f in plan.flows if f.order in self.orders}
            for o in plan.orders:
                option = self.book.option(o) if o.id in self.orders else None
                if option and option.resource:
                    self.resources.add(option.resource)


def _gaps(opened: OpenHours) -> list[tuple[int, int]]:
    """When it is closed."""
    if opened.always:
        return []
    return list(zip([-FAR, *opened.ends], [*opened.starts, FAR], strict=True))


def _differing(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    """Rows of either that are not in the other, as the same object."""
    if before is after:
        return []
    old, new = {id(x): x for x in before}, {id(x): x for x in after}
    return [x for k, x in old.items() if k not in new] + [x for k, x in new.items() if k not in old]


def _reopened(before: Operation, after: Operation) -> set[str] | None:
    """Resources whose hours differ; None where resources differ in more, or others than resources may follow the calendars."""
    tables = ("resources", "calendars", "calendar_rules")
    if all(getattr(before, t) is getattr(after, t) for t in tables):
        return set()
    old = {r.name: r for r in before.resources}
    if [r.name for r in before.resources] != [r.name for r in after.resources]:
        return None
    if any(replace(old[r.name], calendar=r.calendar) != r for r in after.resources if old[r.name] is not r):
        return None
    differing = _calendars(before, after)
    others = {p.calendar for p in after.places} | {s.calendar for s in after.steps}
    others |= {s.calendar for s in after.suppliers}
    others |= {p.safety_calendar for p in after.stock_policies}
    others |= {c for r in after.resources for c in (r.capacity_calendar, r.efficiency_calendar)}
    if differing & others - {""}:
        return None
    return {r.name for r in after.resources if r.calendar in differing or old[r.name].calendar != r.calendar}


def _calendars(before: Operation, after: Operation) -> set[str]:
    """Names of calendars that are not the same in both, by their rules."""

    def rows(operation: Operation) -> dict[str, tuple[Calendar | None, list[CalendarRule]]]:
        found: dict[str, tuple[Calendar | None, list[CalendarRule]]] = {c.name: (c, []) for c in operation.calendars}
        for rule in operation.calendar_rules:
            found.setdefault(rule.calendar, (None, []))[1].append(rule)
        return found

    old, new = rows(before), rows(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
