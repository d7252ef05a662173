"""Whether an operation's supply is plain: then it is compiled to arrays and planned by a compiled engine.

Plain is: every item that is wanted, and every one that goes into it, has one way to be had: a process of steps in sequence, each
on one unit of one given resource that does one thing at a time, or a purchase after a lead time. No order exists yet, no
safety stock is kept, nothing expires, no change-over depends on what was before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from gemba.operation import Demand, Operation, Process, Resource, Step, StepItem, StepResource, SupplyOption
from gemba.operation.hours import Hours

Key = tuple[str, str]  # item, place

_MOST_TASKS = 400  # of one demand


class Odd(Exception):  # noqa: N818 - it says no more than that another engine is to plan this
    """Something that is not plain."""


@dataclass(slots=True)
class Work:
    """A step: its resource, seconds for each order and each unit, cost of an order, of a unit and of an hour, and its inputs."""

    name: str
    resource: str
    setup: int
    fixed: float
    unit: float
    calendars: frozenset[str]
    order_cost: float
    unit_cost: float
    hour_cost: float
    inputs: list[tuple[Key, float]] = field(default_factory=list)


@dataclass(slots=True)
class Make:
    """How an item is made."""

    key: Key
    process: str
    option: SupplyOption | None
    steps: list[Work]


@dataclass(slots=True)
class Plain:
    """A plain operation: how each item is had, and the open demands."""

    operation: Operation
    hours: Hours
    demands: list[Demand]
    make: dict[Key, Make] = field(default_factory=dict)
    buy: dict[Key, SupplyOption] = field(default_factory=dict)


def recognise(operation: Operation) -> Plain | None:
    """The operation as a plain one; None where it is not."""
    if operation.stock_policies or any(o.state in ("firm", "started") for o in operation.orders):
        return None
    found = Plain(operation, Hours(operation), [d for d in operation.demands if d.status == "open"])
    try:
        _Reader(found).read()
    except Odd:
        return None
    return found


def _require(good: bool, what: str) -> None:
    if not good:
        raise Odd(what)


class _Reader:
    """Follows the demands down to what is bought."""

    def __init__(self, plain: Plain) -> None:
        self.plain, operation = plain, plain.operation
        self.items = {i.name: i for i in operation.items}
        self.resources = {r.name: r for r in operation.resources}
        self.groups = {r.group for r in operation.resources}
        self.processes = {p.name: p for p in operation.processes}
        self.suppliers = {s.name: s.calendar for s in operation.suppliers}
        self.stocked = {(s.item, s.place) for s in operation.stocks if s.quantity > 0}
        self.expiring = {(s.item, s.place) for s in operation.stocks if s.expires}
        self.options: dict[Key, list[SupplyOption]] = defaultdict(list)
        self.makers: dict[Key, list[Process]] = defaultdict(list)
        self.steps: dict[str, list[Step]] = defaultdict(list)
        self.needs: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        self.inputs: dict[tuple[str, str], list[StepItem]] = defaultdict(list)
        self.linked = {link.process for link in operation.step_links}
        for option in operation.supply_options:
            self.options[option.item, option.place].append(option)
        for process in operation.processes:
            self.makers[process.item, process.place].append(process)
        for step in operation.steps:
            self.steps[step.process].append(step)
        for need in operation.step_resources:
            self.needs[need.process, need.step].append(need)
        for row in operation.step_items:
            self.inputs[row.process, row.step].append(row)
            _require(row.direction == "in", "a by-product may be wanted elsewhere")
        self.sizes: dict[Key, int] = {}

    def read(self) -> None:
        for d in self.plain.demands:
            _require(d.maximum_lateness is None, "no longer wanted after a time")
            self._item((d.item, d.place))

    def _item(self, key: Key) -> int:
        """Read how an item is had; how many tasks that takes."""
        if key in self.sizes:
            _require(self.sizes[key] >= 0, "what needs itself")
            return self.sizes[key]
        self.sizes[key] = -1
        item, options = self.items[key[0]], self.options[key]
        _require(
            item.shelf_life is None and item.kind != "service" and key not in self.expiring, "expires, or is a service"
        )
        _require(len(options) == 1 or (not options and len(self.makers[key]) == 1), "several ways, or none")
        option = options[0] if options else None
        if option:
            _require(not (option.start or option.end or option.resource) and option.priority > 0, "an option by time")
        if option and option.kind == "buy":
            self.plain.buy[key] = option
            self.sizes[key] = 0
        else:
            self.sizes[key] = self._make(key, option)
        return self.sizes[key]

    def _make(self, key: Key, option: SupplyOption | None) -> int:
        _require(option is None or option.kind == "make", "a move")
        _require(option is None or not (option.minimum or option.multiple or option.maximum), "lots of what is made")
        process = self.processes[option.process] if option else self.makers[key][0]
        _require(key not in self.stocked and (process.item, process.place) == key, "stock of what is made")
        _require(process.kind == "make" and not (process.start or process.end), "a process by time")
        steps = sorted(self.steps[process.name], key=lambda s: s.sequence)
        _require(bool(steps) and len({s.sequence for s in steps}) == len(steps), "steps side by side")
        _require(process.name not in self.linked, "links between steps")
        made = Make(key, process.name, option, [self._step(process, s) for s in steps])
        self.plain.make[key] = made
        size = len(steps) + sum(self._item(part) for work in made.steps for part, _ in work.inputs)
        _require(size <= _MOST_TASKS, "too deep")
        return size

    def _step(self, process: Process, s: Step) -> Work:
        _require(s.pausable and s.yield_rate == 1 and not (s.batch_size or s.transfer_lot or s.fence), "a step")
        _require(not (s.queue_time or s.move_time), "waits between steps")
        needs = self.needs[process.name, s.name]
        _require(len(needs) == 1, "resources together")
        need, resource = needs[0], self.resources.get(needs[0].resource)
        _require(not (need.skill or need.alternative or need.start or need.end) and need.quantity == 1, "a need")
        if resource is None or not _single(resource, self.groups):
            raise Odd("a resource")
        speed = need.speed * resource.efficiency
        hours = self.plain.hours
        work = Work(
            s.name, resource.name, int(s.setup_time), int(s.setup_time) + s.time / speed, s.time_per_unit / speed,
            hours.task_calendars(process.place, s.calendar, [resource.name]), need.cost, s.cost, resource.cost_per_hour,
        )  # fmt: skip
        work.inputs = [self._input(process, row) for row in self.inputs[process.name, s.name]]
        _require(len({key for key, _ in work.inputs}) == len(work.inputs), "an input twice")
        return work

    def _input(self, process: Process, row: StepItem) -> tuple[Key, float]:
        _require(row.at != "end" and not (row.offset or row.fixed_quantity or row.alternative), "an input")
        _require(not (row.start or row.end) and row.quantity > 0, "an input by time")
        return (row.item, row.place or process.place), row.quantity


def _single(r: Resource, groups: set[str]) -> bool:
    """Whether it does one thing at a time, always at the same speed, without change-overs."""
    varies = r.capacity_calendar or r.efficiency_calendar or r.setup_matrix or r.bucket
    return r.capacity == 1 and r.limited == "finite" and not varies and r.name not in groups
