"""What happened flows into the next plan: released orders with their remaining work, as an operation's own orders.

The planner keeps orders that exist where they are. So released work is placed here first, in the sequence it was
planned in: each task as soon as now, its resource and the steps before it allow, not before its planned start, with
the time that the work left of it takes. Around it the planner plans everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gemba.execute.orders.progress import OrderProgress, TaskProgress
from gemba.execute.orders.shape import Shape, shapes
from gemba.execute.orders.states import CLOSED_STATES, FINAL_TASK_STATES
from gemba.operation import (
    Delivered,
    Demand,
    Operation,
    Order,
    OrderTask,
    Process,
    ReleasedOrder,
    ReleasedTask,
    Step,
    StepItem,
    StepLink,
    StepResource,
)
from gemba.operation.hours import Hours
from gemba.operation.moments import moment, seconds
from gemba.operation.worktime import FAR


@dataclass(frozen=True, slots=True)
class LiveTask:
    """A task as released, and how far it is."""

    task: ReleasedTask
    progress: TaskProgress

    @property
    def left(self) -> float:
        """The share of it that is still to be done."""
        if self.progress.state in FINAL_TASK_STATES:
            return 0.0
        if not self.task.quantity:
            return 1.0
        return max(0.0, 1.0 - float(self.progress.processed / self.task.quantity))

    @property
    def work(self) -> int:
        """Seconds of work left: at the rate so far once something was reported, else as planned."""
        p = self.progress
        if p.state in FINAL_TASK_STATES:
            return 0
        if p.processed > 0 and p.seconds > 0:
            return round(p.seconds / float(p.processed) * float(max(self.task.quantity - p.processed, Decimal(0))))
        setup = self.task.setup if p.state == "waiting" else 0.0
        return round(max(0.0, setup + self.task.run - (0.0 if p.state == "waiting" else p.seconds)))


@dataclass(frozen=True, slots=True)
class LiveOrder:
    """A released order, how far it is, and its tasks."""

    order: ReleasedOrder
    progress: OrderProgress
    tasks: tuple[LiveTask, ...] = ()

    @property
    def left(self) -> Decimal:
        """What it is still to yield."""
        return max(self.order.quantity - self.progress.good - self.progress.scrap, Decimal(0))

    @property
    def touched(self) -> bool:
        return any(t.progress.state != "waiting" for t in self.tasks)


def carried(
    operation: Operation, orders: Sequence[LiveOrder], delivered: Iterable[Delivered] = (), *, now: datetime
) -> Operation:
    """The operation as it stands now: what is released as its orders, what is delivered off its demands."""
    stands = replace(operation, settings=replace(operation.settings, now=now), checked=True)
    live = [o for o in orders if o.progress.state not in CLOSED_STATES and o.progress.state not in ("draft", "done")]
    known = {o.order.order for o in orders}
    placed = _Placing(stands).place(live)
    rests = [r for o in live if o.touched and (r := _rest(stands, o))]
    return replace(
        stands,
        orders=(*(o for o in operation.orders if o.name not in known), *(_order(o, placed, operation) for o in live)),
        order_tasks=(
            *(t for t in operation.order_tasks if t.order not in known),
            *(placed[o.order.order, t.task.step] for o in live for t in o.tasks if t.left > 0),
        ),
        demands=tuple(_demands(operation.demands, delivered)),
        processes=(*operation.processes, *(r.process for r in rests)),
        steps=(*operation.steps, *(s for r in rests for s in r.steps)),
        step_links=(*operation.step_links, *(s for r in rests for s in r.links)),
        step_items=(*operation.step_items, *(s for r in rests for s in r.items)),
        step_resources=(*operation.step_resources, *(s for r in rests for s in r.resources)),
        checked=True,
    )


def _demands(demands: Iterable[Demand], delivered: Iterable[Delivered]) -> Iterable[Demand]:
    """Open demands with what is left of them; closed where nothing is."""
    given: dict[str, Decimal] = {}
    for d in delivered:
        given[d.demand] = given.get(d.demand, Decimal(0)) + (-d.quantity if d.corrects else d.quantity)
    for demand in demands:
        left = demand.quantity - float(given.get(demand.name, Decimal(0)))
        if demand.name not in given or left == demand.quantity:
            yield demand
        elif left > 1e-9:
            yield replace(demand, quantity=left)
        else:
            yield replace(demand, status="closed")


def rest_name(order: str) -> str:
    """The process that is what is left of an order's own."""
    return f"Rest of {order}"


def _order(o: LiveOrder, placed: dict[tuple[str, str], OrderTask], operation: Operation) -> Order:
    now = [placed[o.order.order, t.task.step] for t in o.tasks if t.left > 0]
    start = min((t.start for t in now), default=o.order.start)
    end = max((t.end for t in now), default=o.order.end or o.order.start)
    given = next((x for x in operation.orders if x.name == o.order.order), None)
    demands = {d.name for d in operation.demands}
    return Order(
        name=o.order.order,
        option="" if o.touched else o.order.option,
        process=rest_name(o.order.order) if o.touched else (o.order.process if not o.order.option else ""),
        item=o.order.item,
        place=o.order.place,
        quantity=float(o.left) or float(o.order.quantity),
        start=start,
        end=end,
        state="started" if o.touched else "firm",
        demand=o.order.demand if o.order.demand in demands else "",
        uses_inputs=given.uses_inputs if given else True,
    )


@dataclass(frozen=True, slots=True)
class _Rest:
    process: Process
    steps: list[Step]
    links: list[StepLink]
    items: list[StepItem]
    resources: list[StepResource]


def _rest(operation: Operation, o: LiveOrder) -> _Rest | None:
    """What is left of an order's process, as a process of its own: its amounts are those still to be taken and given."""
    shape = shapes(operation).get(o.order.process)
    if shape is None:
        return None
    name = rest_name(o.order.order)
    left = {t.task.step: t for t in o.tasks if t.left > 0}
    steps = [replace(s, process=name) for s in shape.steps if s.name in left]
    return _Rest(
        replace(shape.process, name=name, start=None, end=None),
        steps,
        [StepLink(process=name, before=b, after=s.name) for s in steps for b in shape.before[s.name] if b in left],
        [i for s in steps for i in _items(shape, s.name, o, left[s.name], name)],
        [replace(r, process=name) for s in steps for r in shape.resources[s.name]],
    )


def _items(shape: Shape, step: str, o: LiveOrder, live: LiveTask, name: str) -> Iterable[StepItem]:
    begun = live.progress.processed > 0
    for row in shape.items[step]:
        if row.direction == "out" and row.item == o.order.item:
            yield replace(row, process=name)
            continue
        amount = row.quantity * float(o.order.quantity) * live.left + (0.0 if begun else row.fixed_quantity)
        if amount > 1e-9:
            yield replace(row, process=name, quantity=0.0, fixed_quantity=amount)


class _Placing:
    """Places released tasks one after another on their resources."""

    def __init__(self, operation: Operation) -> None:
        self.hours = Hours(operation)
        self.now = seconds(operation.settings.now)
        self.shapes = shapes(operation)
        self.resources = {r.name: r for r in operation.resources}
        self.places = {p.name for p in operation.places}
        self.free: dict[str, int] = {}

    def place(self, orders: Sequence[LiveOrder]) -> dict[tuple[str, str], OrderTask]:
        """When each task with work left is done, by order and step: those under way first, then as they were planned."""
        waiting = [(o, t) for o in orders for t in o.tasks if t.left > 0]
        waiting.sort(
            key=lambda pair: (pair[1].progress.state == "waiting", seconds(pair[1].task.start or pair[1].task.at))
        )
        found: dict[tuple[str, str], OrderTask] = {}
        open_ = {(o.order.order, t.task.step) for o, t in waiting}
        while waiting:  # a step is placed once those before it are; the sequence of the plan nearly always has them so
            ready = next((p for p in waiting if not (self._before(*p) & open_ - found.keys())), waiting[0])
            waiting.remove(ready)
            o, t = ready
            ended = [seconds(found[key].end) for key in self._before(o, t) if key in found]
            found[o.order.order, t.task.step] = self._task(o, t, max(ended, default=self.now))
        return found

    def _before(self, o: LiveOrder, t: LiveTask) -> set[tuple[str, str]]:
        shape = self.shapes.get(o.order.process)
        return {(o.order.order, s) for s in (shape.before.get(t.task.step, ()) if shape else ())}

    def _task(self, o: LiveOrder, t: LiveTask, ready: int) -> OrderTask:
        begun = t.progress.state != "waiting"
        names = [
            n.strip() for n in (t.progress.resource if begun and t.progress.resource else t.task.resource).split(",")
        ]
        names = [n for n in names if n in self.resources] or [
            n for n in t.task.resource.split(", ") if n in self.resources
        ]
        if begun and t.task.resource:  # a report names one of several: the others stay as planned
            names = list(dict.fromkeys([*names, *(n.strip() for n in t.task.resource.split(",")[len(names) :])]))
        single = [n for n in names if self.resources[n].capacity <= 1 and not self.resources[n].capacity_calendar]
        planned = self.now if begun else seconds(t.task.start or t.task.at)
        start = max([self.now, ready, planned, *(self.free.get(n, 0) for n in single)])
        place = o.order.place if o.order.place in self.places else ""
        step = next((s for s in self._steps(o) if s.name == t.task.step), None)
        open_ = self.hours.open(self.hours.task_calendars(place, step.calendar if step else "", names))
        start = min(open_.next_open(start), FAR)
        end = open_.finish(start, t.work)
        if end >= FAR or start >= FAR:  # its hours run out: as if always open, so that nothing is lost from sight
            start = max(self.now, ready)
            end = start + t.work
        for n in single:
            self.free[n] = end
        state = "started" if begun else "firm"
        return OrderTask(
            order=o.order.order,
            step=t.task.step,
            resource=", ".join(names),
            start=moment(start),
            end=moment(end),
            state=state,
        )

    def _steps(self, o: LiveOrder) -> tuple[Step, ...]:
        shape = self.shapes.get(o.order.process)
        return shape.steps if shape else ()
