"""Placing one order: a purchase, a move or the steps of a process, with all that it takes and yields."""

from __future__ import annotations

from collections.abc import Callable

from gemba.decide.supply.draft import EPS, Draft
from gemba.decide.supply.network import (
    BufferNode,
    Lot,
    MaterialNode,
    OptionNode,
    OrderNode,
    PegNode,
    ResourceNode,
    TakeNode,
    TaskNode,
)
from gemba.decide.supply.picks import own_efficiency
from gemba.decide.supply.place import Placer
from gemba.decide.supply.steps import Stepper
from gemba.operation.worktime import FAR

_MOST_ROUNDS = 6

Taken = list[tuple[Lot, float]]
Ask = Callable[[BufferNode, float, int], tuple[Taken, int] | None]


class Ordering:
    """Places orders on a draft; asks for their inputs through ``ask``."""

    def __init__(self, draft: Draft, ask: Ask) -> None:
        self.draft, self.net, self.ask = draft, draft.net, ask
        self.stepper = Stepper(draft, Placer(draft.net))
        self.late_start = True  # work as late as the need allows; else as soon as possible

    def place(self, option: OptionNode, size: float, need: int, release: int, fresh: int = -FAR) -> OrderNode | None:
        """An order of that size by the option, with all it needs: late enough for the need, or as soon as possible after it.

        Work on it does not start before ``release``, nor anything of it before ``fresh`` (else it would expire too soon).
        """
        if option.kind == "make":
            return self._make(option, size, need, max(release, fresh))
        earliest = max(option.earliest, option.start, fresh)
        start = option.hours.next_open(
            min(max(option.hours.begin(need, option.lead_time), earliest), max(option.end - 1, earliest))
        )
        mark = self.draft.mark()
        for _ in range(_MOST_ROUNDS):
            order = self._fetch(option, size, start)
            if order is None or all(p.lot.expires > order.start for p in order.pegs):
                return order
            self.draft.undo(mark)
            start = order.start  # what it takes would have expired: ask again for when it leaves
        return None

    def _fetch(self, option: OptionNode, size: float, start: int) -> OrderNode | None:
        """A buy or move order that leaves at ``start`` or later; it ends a lead time after its start."""
        if start >= min(option.end, FAR):
            return None
        order = OrderNode(option, None, option.kind, size, start, 0)
        got: tuple[Taken, int] | None = None
        if option.origin is not None:
            got = self.ask(option.origin, size, start)
            if got is None:
                return None
            order.start = max(start, got[1])
        if option.resource is not None and not self._take_transport(option, order, size):
            return None
        if got is not None and option.origin is not None:
            self._peg(order, option.origin, "", got[0], order.start)
            order.flows.append(("", option.origin, -size, order.start))
        order.end = option.hours.finish(order.start, option.lead_time)
        if order.start >= option.end or order.end > self.net.horizon:
            return None
        self._yield(order, option.buffer, size, order.end, "")
        self.draft.add_order(order)
        return order

    def _take_transport(self, option: OptionNode, order: OrderNode, size: float) -> bool:
        """Take what the lead time needs of a resource, later where it is not free now; False where it never is."""
        resource = option.resource
        assert resource is not None
        units = option.resource_units * size
        amounts: list[tuple[ResourceNode, float]] = []
        while order.start < FAR:
            end = option.hours.finish(order.start, option.lead_time)
            busy = 0
            if resource.timeline and end > order.start:
                busy = resource.timeline.clash(order.start, end, units)
            elif resource.buckets:
                pace = own_efficiency(resource, order.start)
                amount = resource.buckets.load(units, units, end - order.start, pace)
                amounts = [(resource, amount)]
                busy = 0 if resource.buckets.fits(order.start, amount) else resource.buckets.later(order.start, amount)
            if not busy:
                task = TaskNode(None, order.start, end, 0, [(resource, units)], size, amounts=amounts)  # type: ignore[arg-type]
                self.draft.reserve(task)
                order.resource_use = (resource, units)
                return True
            order.start = option.hours.next_open(busy)
        return False

    def _yield(self, order: OrderNode, at: BufferNode, quantity: float, moment: int, step: str) -> None:
        expires = moment + at.shelf_life if at.shelf_life < FAR else FAR
        lot = Lot(moment, quantity, quantity, order, "", expires)
        order.lots.append(lot)
        order.flows.append((step, at, quantity, moment))
        self.draft.add_lot(at, lot)

    def _peg(self, order: OrderNode, at: BufferNode, step: str, taken: Taken, moment: int) -> None:
        order.pegs += [PegNode(at, lot, q, moment, order, step, "") for lot, q in taken]

    def _make(self, option: OptionNode, size: float, need: int, release: int) -> OrderNode | None:
        """A process order: its steps placed, its inputs asked for when they are needed, its outputs put in stock."""
        process = option.process
        assert process is not None
        mark = self.draft.mark()
        earliest = max(option.earliest, release, process.start, option.start)
        last = min(process.end, option.end)
        for _ in range(6):
            order, again = self._make_once(option, size, need, earliest, last)
            if order is not None and not again:
                return order
            self.draft.undo(mark)
            if again <= earliest:
                return None
            earliest = again
        return None

    def _make_once(
        self, option: OptionNode, size: float, need: int, earliest: int, last: int
    ) -> tuple[OrderNode | None, int]:
        """The order; or, where other materials may do from a later start, that start (0 where there is none)."""
        process = option.process
        assert process is not None
        mark = self.draft.mark()
        tasks = None
        if self.late_start:
            tasks = self._before(option, size, need, earliest, last)
        on_time = tasks is not None
        if tasks is None:
            tasks = self.stepper.forward(process, size, earliest, {})
        for _ in range(_MOST_ROUNDS):
            if tasks is None or min(t.start for t in tasks) >= last:
                return None, 0
            self.draft.undo(mark)
            order = OrderNode(option, process, process.kind, size, 0, 0)
            asked, again = _wanted(tasks), _next_period(tasks)
            ready = self._inputs(order, tasks, size)
            if ready is None:
                return None, again
            fits = on_time and all(ready.get(t.step.index, -FAR) <= t.start for t in tasks)
            if not (fits and self.stepper.again(tasks)):
                tasks = self._after_inputs(order, size, earliest, ready)
                if tasks is None or min(t.start for t in tasks) >= last:
                    return None, 0
                if _wanted(tasks) != asked:
                    return order, again or min(t.start for t in tasks)
            if not _stale(order, tasks):
                self._finish(order, tasks)
                return order, 0
            on_time = False  # some of what it takes has expired by then: ask again for those moments
        return None, 0

    def _after_inputs(
        self, order: OrderNode, quantity: float, earliest: int, ready: dict[int, int]
    ) -> list[TaskNode] | None:
        """Steps as early as possible, none before what it takes is there."""
        assert order.process is not None
        for _ in range(20):
            mark = self.draft.mark()
            tasks = self.stepper.forward(order.process, quantity, earliest, ready)
            if tasks is None:
                return None
            early = [
                (t.step, tasks[t.step].start + gap)
                for t in order.takes
                if (gap := max(lot.at for lot, _ in t.taken) - _moment_of(tasks[t.step], t.material)) > 0
            ]
            if not early:
                return tasks
            self.draft.undo(mark)
            for step, start in early:
                ready[step] = max(ready.get(step, -FAR), start)
        return None

    def _before(
        self, option: OptionNode, quantity: float, need: int, earliest: int, last: int
    ) -> list[TaskNode] | None:
        """Steps placed as late as the option's validity lets them start."""
        process = option.process
        assert process is not None
        end = need
        for _ in range(40):
            mark = self.draft.mark()
            tasks = self.stepper.backward(process, quantity, end, earliest)
            if tasks is None:
                return None
            start = min(t.start for t in tasks)
            if start < last:
                return tasks
            self.draft.undo(mark)
            end -= max(start - last + 1, 1)
        return None

    def _inputs(self, order: OrderNode, tasks: list[TaskNode], quantity: float) -> dict[int, int] | None:
        """Ask for every input when its step wants it; when each step can start at the earliest."""
        ready: dict[int, int] = {}
        for task in tasks:
            step = task.step
            wanted = [[m] for m in step.inputs if m.start <= task.start < m.end]
            wanted += [[m for m in c if m.start <= task.start < m.end] for c in step.input_choices]
            for choice in wanted:
                if not choice:
                    continue
                late = self._input(order, task, choice, quantity)
                if late is None:
                    return None
                ready[step.index] = max(ready.get(step.index, -FAR), late)
        return ready

    def _input(self, order: OrderNode, task: TaskNode, choice: list[MaterialNode], quantity: float) -> int | None:
        """Take one of the materials that stand in for each other; the step's earliest start by it."""
        best: tuple[int, MaterialNode] | None = None
        for m in choice:
            mark = self.draft.mark()
            start = self._take(order, task, m, quantity, need_only=len(choice) == 1)
            if start is not None and (start <= task.start or len(choice) == 1):
                return start
            if start is not None and (best is None or start < best[0]):
                best = (start, m)
            self.draft.undo(mark)
        return self._take(order, task, best[1], quantity, need_only=True) if best else None

    def _take(self, order: OrderNode, task: TaskNode, m: MaterialNode, quantity: float, need_only: bool) -> int | None:
        amount = m.quantity * quantity + m.fixed
        moment = _moment_of(task, m)
        if amount <= EPS:
            return -FAR
        got = self.ask(m.buffer, amount, moment)
        if got is None:
            return None
        taken, there = got
        start = task.start + there - moment
        if need_only or start <= task.start:
            order.takes.append(TakeNode(task.step.index, m, amount, taken))
        return start

    def _finish(self, order: OrderNode, tasks: list[TaskNode]) -> None:
        """Complete the order: its times, what it takes and when, what it yields."""
        order.tasks = tasks
        order.start = min(t.start for t in tasks)
        order.end = max(t.end for t in tasks)
        for task in tasks:
            task.order = order
        for take in order.takes:
            task, at = tasks[take.step], take.material.buffer
            moment = _moment_of(task, take.material)
            self._peg(order, at, task.step.name, take.taken, moment)
            order.flows.append((task.step.name, at, -take.amount, moment))
        for task in tasks:
            for out in task.step.outputs:
                if out.start <= task.start < out.end:
                    amount = out.quantity * order.quantity + out.fixed
                    moment = order.end if out.at_order_end else (task.end if out.at_end else task.start) + out.offset
                    self._yield(order, out.buffer, amount, moment, task.step.name)
        self.draft.add_order(order)


def _wanted(tasks: list[TaskNode]) -> list[int]:
    """Which rows of materials count for these tasks, by the periods they start in."""
    rows = []
    for task in tasks:
        step = task.step
        if step.inputs or step.input_choices:
            choices = [m for c in step.input_choices for m in c]
            rows += [id(m) for m in [*step.inputs, *choices, *step.outputs] if m.start <= task.start < m.end]
    return rows


def _next_period(tasks: list[TaskNode]) -> int:
    """The next moment after the tasks' starts at which another row of materials counts; 0 where there is none."""
    edges = [
        edge
        for t in tasks
        for m in [*t.step.inputs, *(m for c in t.step.input_choices for m in c)]
        for edge in (m.start, m.end)
        if t.start < edge < FAR
    ]
    return min(edges, default=0)


def _moment_of(task: TaskNode, m: MaterialNode) -> int:
    """When the task takes by a row of materials."""
    return (task.end if m.at_end else task.start) + m.offset


def _stale(order: OrderNode, tasks: list[TaskNode]) -> bool:
    """Whether a lot that the order takes has expired by the time the tasks take it."""
    return any(lot.expires <= _moment_of(tasks[t.step], t.material) for t in order.takes for lot, _ in t.taken)
