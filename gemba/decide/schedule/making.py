"""A scheduling problem in the making: its lists, and what is looked up while they are filled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from gemba.decide.schedule.facts import Facts, ProcessFacts
from gemba.decide.schedule.problem import MOMENT, Calendars, Nodes
from gemba.operation import Operation, Plan, PlannedOrder
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR, OpenHours


@dataclass(slots=True)
class Place:
    """Where a supply or a need is in time: a node's start or end, and seconds after that."""

    node: int
    at_end: bool
    offset: int


class Build:
    """A problem in the making."""

    def __init__(self, operation: Operation, plan: Plan, facts: Facts | None = None) -> None:
        self.plan, self.facts = plan, facts or Facts(operation)
        self.nodes, self.calendars = Nodes(), Calendars(self.facts)
        self.orders = {o.id: o for o in plan.orders}
        self.arcs: list[tuple[int, int, int, int]] = []
        self.slots: list[tuple[int, int]] = []
        self.busy: list[tuple[int, int, int]] = []
        self.steps: dict[str, dict[str, int]] = defaultdict(dict)  # order -> step -> node
        self.fetch: dict[str, int] = {}  # order -> node
        self.moments: dict[tuple[str, int], int] = {}  # fixed moments of existing orders
        self.parts: list[list[int]] = []
        self.known_sources: dict[tuple[str, str, str], list[Place]] = {}
        self.existing_flows: dict[tuple[str, str, str, bool], list[int]] = defaultdict(list)
        self._hours: dict[tuple[str, str, tuple[str, ...]], tuple[int, OpenHours]] = {}
        self.machines, self.shared = _machines(self.facts, plan)  # numbers; odd resources
        self.earliest = _earliest(self.facts, plan)  # order -> moment

    def process(self, order: PlannedOrder) -> ProcessFacts | None:
        option = self.facts.options.get(order.option)
        return self.facts.processes.get(order.process or (option.process if option and option.kind == "make" else ""))

    def hours(self, place: str, calendar: str, resources: tuple[str, ...]) -> tuple[int, OpenHours]:
        key = (place, calendar, resources)
        if key not in self._hours:
            names = self.facts.hours.task_calendars(place, calendar, resources)
            self._hours[key] = (self.calendars.number(names), self.facts.hours.open(names))
        return self._hours[key]

    def release(self, order: PlannedOrder) -> int:
        """The earliest start of a proposed order."""
        found = self.facts.frozen
        option = self.facts.options.get(order.option)
        if option:
            found = max(found, self.facts.now + int(option.fence), seconds(option.start) if option.start else found)
        return max(found, self.earliest.get(order.id, found))

    def last_start(self, order: PlannedOrder, process: ProcessFacts | None) -> int:
        """Orders start before the end of what their option and process are valid for."""
        option = self.facts.options.get(order.option)
        end = seconds(option.end) if option and option.end else FAR
        return min(end, process.end if process else FAR) - 1


def _machines(facts: Facts, plan: Plan) -> tuple[dict[str, int], set[str]]:
    """Resources that do one task at a time, numbered; and those whose work is odd (shared, or changing)."""
    least: dict[str, float] = {}
    total: dict[str, float] = defaultdict(float)
    odd: set[str] = set()
    for t in plan.tasks:
        for name, units in t.resources:
            if name not in least and name not in odd and facts.odd_resource(facts.resources[name]):
                odd.add(name)
            if t.end > t.start:
                least[name] = min(units, least.get(name, units))
                total[name] += units
    machines: dict[str, int] = {}
    for name, units in least.items():
        if name not in odd and facts.resources[name].limited == "finite":
            capacity = facts.hours.capacity(name).values[0]
            if 2 * units > capacity * (1 + 1e-9):
                machines[name] = len(machines)
            elif total[name] > capacity * (1 + 1e-9):
                odd.add(name)
    return machines, odd


def _earliest(facts: Facts, plan: Plan) -> dict[str, int]:
    """Work directly for demands that may only begin at a moment waits for the first of these moments."""
    found: dict[str, int] = {}
    for peg in plan.pegs:
        if peg.supply:
            demand = facts.demands.get(peg.demand)
            moment = seconds(demand.earliest) if demand and demand.earliest else -FAR
            found[peg.supply] = min(moment, found.get(peg.supply, moment))
    return {order: moment for order, moment in found.items() if moment > facts.now}


def spots(b: Build, order: PlannedOrder, step: str, item: str, place: str, out: bool) -> list[Place]:
    """The nodes whose latest moment is that of a proposed order's flow; none where that is not known."""
    if order.state != "proposed":
        return []
    if order.id in b.fetch:
        return [Place(b.fetch[order.id], out, 0)]
    process, steps = b.process(order), b.steps[order.id]
    if process is None:
        return []
    if (step, item, place, out) in process.moments and step in steps:
        return [Place(steps[step], *process.moments[step, item, place, out])]
    if out and (item, place) not in process.outputs:
        return [Place(steps[s], True, 0) for s in process.last if s in steps]
    return []


def moment_node(b: Build, order: str, at: int) -> int:
    """A node for a moment of an existing order, which stays."""
    if (order, at) not in b.moments:
        b.moments[order, at] = b.nodes.add(MOMENT, 0, at, at, release=at, fixed=True)
    return b.moments[order, at]
