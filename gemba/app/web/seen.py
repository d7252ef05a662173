"""A stored plan with its operation, and what the pages derive from them. Both never change, so they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from gemba.app.queries.board import THIN_SLACK
from gemba.app.queries.loaded import loaded
from gemba.app.security.scope import Scope, shown
from gemba.measure.load import Load
from gemba.measure.load import load as loads
from gemba.measure.service import DemandResult, demand_results
from gemba.measure.stock import projected_stock
from gemba.operation import Peg, PlannedOrder, PlannedTask, Problem, Reason
from gemba.operation.hours import Hours

THIN = THIN_SLACK


@lru_cache(maxsize=8)
def seen(plan_id: int, scope: Scope = None) -> Seen:
    """The plan and its operation, read once; of what is at a place, that within the scope."""
    return Seen(plan_id, scope)


class Seen:
    """What a plan shows. Lists by demand, order and item are made when they are first asked for.

    Demands, stock, loads and problems are those within the scope; why something is late may lead anywhere.
    """

    def __init__(self, plan_id: int, scope: Scope = None) -> None:
        found = loaded(plan_id)
        self.scope = scope
        self.operation, self.plan, self.zone = found.operation, found.plan, found.zone

    @cached_property
    def results(self) -> list[DemandResult]:
        return [r for r in demand_results(self.operation, self.plan) if shown(self.scope, r.place)]

    @cached_property
    def result(self) -> dict[str, DemandResult]:
        return {r.demand: r for r in self.results}

    @cached_property
    def reasons(self) -> dict[str, Reason]:
        return {r.demand: r for r in self.plan.reasons}

    @cached_property
    def orders(self) -> dict[str, PlannedOrder]:
        return {o.id: o for o in self.plan.orders}

    @cached_property
    def tasks(self) -> dict[str, list[PlannedTask]]:
        found: dict[str, list[PlannedTask]] = {}
        for task in sorted(self.plan.tasks, key=lambda t: (t.start, t.end)):
            found.setdefault(task.order, []).append(task)
        return found

    @cached_property
    def pegs_to(self) -> dict[tuple[str, str], list[Peg]]:
        """Pegs by what they serve: ("order", id) or ("demand", name)."""
        return _by(self.plan.pegs, lambda p: ("demand", p.demand) if p.demand else ("order", p.order))

    @cached_property
    def pegs_from(self) -> dict[str, list[Peg]]:
        return _by((p for p in self.plan.pegs if p.supply), lambda p: p.supply)

    @cached_property
    def stock(self) -> dict[tuple[str, str], list[tuple[int, float]]]:
        every = projected_stock(self.operation, self.plan)
        return {key: levels for key, levels in every.items() if shown(self.scope, key[1])}

    @cached_property
    def hours(self) -> Hours:
        return Hours(self.operation)

    @cached_property
    def loads(self) -> dict[str, list[Load]]:
        """Loads by period: day and week."""
        own = {r.name for r in self.operation.resources if shown(self.scope, r.place)}
        every = {by: loads(self.operation, self.plan, by, self.hours) for by in ("day", "week")}
        return {by: [one for one in found if one.resource in own] for by, found in every.items()}

    @cached_property
    def problems(self) -> list[Problem]:
        """Those that are about something within the scope, or about the operation as a whole."""
        places = {d.name: d.place for d in self.operation.demands} | {r.name: r.place for r in self.operation.resources}
        places |= {o.id: o.place for o in self.plan.orders}
        return [
            p for p in self.plan.problems if shown(self.scope, places.get(p.subject, p.subject.partition(" at ")[2]))
        ]

    @cached_property
    def end(self) -> int:
        """The last moment at which anything happens."""
        moments = [self.plan.now + 86400, *(o.end for o in self.plan.orders), *(d.date for d in self.plan.deliveries)]
        return max(moments)

    def ready(self, demand: str) -> int | None:
        """When all that is pegged to a demand is there; None where nothing is."""
        pegs = self.pegs_to.get(("demand", demand), ())
        ends = [self.orders[p.supply].end if p.supply in self.orders else self.plan.now for p in pegs]
        return max(ends, default=None)

    def demands_of(self, order: str) -> list[str]:
        """The demands an order serves, directly or through other orders."""
        found, open_, done = [], [order], {order}
        while open_:
            for peg in self.pegs_from.get(open_.pop(), ()):
                if peg.demand and peg.demand not in found:
                    found.append(peg.demand)
                if peg.order and peg.order not in done:
                    done.add(peg.order)
                    open_.append(peg.order)
        return sorted(found, key=lambda name: -self._badness(name))

    def orders_for(self, demand: str) -> list[PlannedOrder]:
        """The orders that serve a demand, directly or through other orders, latest first."""
        found: dict[str, PlannedOrder] = {}
        open_: list[tuple[str, str]] = [("demand", demand)]
        while open_:
            for peg in self.pegs_to.get(open_.pop(), ()):
                if peg.supply in self.orders and peg.supply not in found:
                    found[peg.supply] = self.orders[peg.supply]
                    open_.append(("order", peg.supply))
        return sorted(found.values(), key=lambda o: (-o.end, -o.start, o.id))

    def _badness(self, demand: str) -> float:
        result = self.result.get(demand)
        return 0.0 if result is None else result.lateness + (1e12 if result.short else 0.0)


def _by(things: Iterable[Any], key: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return found
