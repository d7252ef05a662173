"""The plan and its operation, indexed once for every rule."""

from __future__ import annotations

from functools import cached_property

from gemba.decide.check.facts import Dated, Processes, ProcessFacts, dated
from gemba.operation import Flow, Operation, Order, OrderTask, Plan, PlannedOrder, PlannedTask, Process, SupplyOption
from gemba.operation.hours import Hours
from gemba.operation.moments import iso, seconds
from gemba.operation.worktime import OpenHours

#: States of existing orders that a plan must respect.
KEPT = ("firm", "started")


class Book:
    """What the rules look up: facts of the operation, and the plan's orders, tasks and flows by order."""

    def __init__(self, operation: Operation, plan: Plan) -> None:
        self.operation, self.plan = operation, plan
        self.hours = Hours(operation)
        self.now = seconds(operation.settings.now)
        self.end = self.now + int(operation.settings.horizon)
        self.zone = operation.settings.zone
        self.processes = Processes(operation)
        self.periods = {p.name: dated(p, p.start, p.end) for p in operation.processes}
        self.options = {o.name: dated(o, o.start, o.end) for o in operation.supply_options}
        self.resources = {r.name: r for r in operation.resources}
        self.shipping = {s.name: s.calendar for s in operation.suppliers}
        self.unlimited = {(p.item, p.place) for p in operation.stock_policies if p.supply == "unlimited"}
        self.expiry = {(s.lot, (s.item, s.place)): seconds(s.expires) for s in operation.stocks if s.expires}
        self.existing = {o.name: o for o in operation.orders if o.state in KEPT}
        self.fixed_tasks = _by_order(operation, self.existing)
        self.orders: dict[str, PlannedOrder] = {}
        for order in plan.orders:
            self.orders.setdefault(order.id, order)
        self.proposed = [o for o in plan.orders if o.state == "proposed"]
        #: The orders whose own rules are to be looked at.
        self.suspects = self.proposed
        #: What is surely in order (see ``doubts``): ids of orders; resources, items and pegs of items that are not (None: any).
        self.cleared: frozenset[str] = frozenset()
        self.tight: set[str] | None = None
        self.scarce: set[tuple[str, str]] | None = None
        self.unclear: set[tuple[str, str]] | None = None
        self._open: dict[tuple[str, str, tuple[str, ...]], OpenHours] = {}
        self._facts: dict[tuple[str, str], ProcessFacts | None] = {}

    @cached_property
    def tasks(self) -> dict[str, dict[str, PlannedTask]]:
        """Tasks by order and step."""
        found: dict[str, dict[str, PlannedTask]] = {}
        for task in self.plan.tasks:
            found.setdefault(task.order, {}).setdefault(task.step, task)
        return found

    @cached_property
    def flows(self) -> dict[str, list[Flow]]:
        """Flows by order."""
        found: dict[str, list[Flow]] = {}
        for flow in self.plan.flows:
            found.setdefault(flow.order, []).append(flow)
        return found

    def when(self, at: int) -> str:
        """A moment as a person of this operation writes it."""
        try:
            return iso(at, self.zone)
        except (OverflowError, ValueError):
            return f"second {at}"

    def slowest(self, task: PlannedTask) -> float:
        """The lowest efficiency of the task's resources at its start; those that count units a period have none."""
        timed = (r for r, _ in task.resources if self.resources[r].bucket != "calendar")
        return min((self.hours.efficiency(r, task.start) for r in timed), default=1.0)

    def option(self, order: PlannedOrder | Order) -> SupplyOption | None:
        """The supply option an order uses; None where it names none or one that does not exist."""
        found: Dated[SupplyOption] | None = self.options.get(order.option)
        return found.row if found else None

    def facts(self, order: PlannedOrder | Order) -> ProcessFacts | None:
        """The process an order runs, its own or its option's; None where it runs none."""
        key = (order.option, order.process)
        if key not in self._facts:
            option = self.option(order)
            self._facts[key] = self.processes.get(order.process or (option.process if option else ""))
        return self._facts[key]

    def process_period(self, facts: ProcessFacts) -> Dated[Process]:
        return self.periods[facts.process.name]

    def open_hours(self, facts: ProcessFacts, task: PlannedTask) -> OpenHours:
        """When this task may be worked on: its step, place and every resource (those known) are open."""
        names = tuple(r for r, _ in task.resources)
        key = (facts.process.name, task.step, names)
        if key not in self._open:
            step = facts.steps[task.step].step
            known = [r for r in names if r in self.resources]
            self._open[key] = self.hours.open(self.hours.task_calendars(facts.process.place, step.calendar, known))
        return self._open[key]


def _by_order(operation: Operation, existing: dict[str, Order]) -> dict[str, list[OrderTask]]:
    found: dict[str, list[OrderTask]] = {}
    for task in operation.order_tasks:
        if task.order in existing:
            found.setdefault(task.order, []).append(task)
    return found


def names(text: str) -> tuple[str, ...]:
    """Names in a text with commas."""
    return tuple(n.strip() for n in text.split(",") if n.strip())
