"""The chain of a demand: from its last delivery back to where it begins, without gap or overlap."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gemba.decide.check.book import Book
from gemba.improve.explain import causes
from gemba.improve.explain.causes import Cause
from gemba.improve.explain.index import Index, Key
from gemba.improve.explain.stretch import Cutter
from gemba.operation import Demand, Part, Peg, PlannedOrder, PlannedTask
from gemba.operation.moments import seconds


class Line:
    """Parts laid end to end backwards from a moment; what overlaps is cut, what leaves a gap is held back time."""

    def __init__(self, end: int) -> None:
        self.at, self.parts = end, list[Part]()

    def add(self, part: Part) -> None:
        """Lay a part before all others; of one that reaches beyond them only what is before counts."""
        self.reach(part.end)
        if part.start < self.at:
            self.parts.append(part if part.end == self.at else replace(part, end=self.at))
            self.at = part.start

    def reach(self, moment: int, cause: str = "other", subject: str = "") -> None:
        """Fill the time back to a moment."""
        if moment < self.at:
            self.parts.append(Part(cause, moment, self.at, subject=subject))
            self.at = moment


@dataclass(frozen=True, slots=True)
class Before:
    """What comes before a task: the time it waited though all was there, and what it waited for until then."""

    waited: tuple[Part, ...]
    cause: Cause
    others: int  # when all but that cause was ready


class Chains:
    """Chains of any demand of one plan; what lies in and before each task is worked out once."""

    def __init__(self, index: Index) -> None:
        self.index, self.book = index, index.book
        self.cutter = Cutter(index)
        self._bodies: dict[tuple[str, str], tuple[Part, ...]] = {}
        self._befores: dict[tuple[str, str], Before] = {}

    def chain(self, demand: Demand, last: int) -> tuple[Part, ...]:
        """All parts from the last delivery back to the chain's beginning, and at least to the due date."""
        line = Line(last)
        peg = self._binding(demand, last)
        arrival = self.index.arrival(peg.supply, (peg.item, peg.place)) if peg else self.book.now
        if demand.earliest:
            line.reach(max(arrival, seconds(demand.earliest)), subject="delivery")
            line.reach(arrival, "release", "earliest delivery")
        line.reach(arrival, subject="delivery")
        if peg:
            self._walk(line, peg.supply, (peg.item, peg.place))
        line.reach(self.book.now)
        line.reach(seconds(demand.due), "release", "due before work could begin")
        return tuple(line.parts)

    def _binding(self, demand: Demand, last: int) -> Peg | None:
        """The supply of the demand that is there last (before the last delivery, where any is)."""
        pegs = [p for p in self.index.pegs_of_demand.get(demand.name, ()) if p.supply]
        timed = [(self.index.arrival(p.supply, (p.item, p.place)), p) for p in pegs]
        there = [t for t in timed if t[0] <= last]
        return max(there or timed, key=lambda t: t[0])[1] if timed else None

    def _walk(self, line: Line, supply: str, key: Key) -> None:
        """Follow what was there last: into an order, along its steps, into the orders it took from."""
        seen: set[tuple[str, str]] = set()
        order, task = self.book.orders.get(supply), self.index.source(supply, key)
        others: int | None = None
        while order and (order.id, task.step if task else "") not in seen:
            seen.add((order.id, task.step if task else ""))
            if order.state != "proposed":
                self._fixed(line, order, key, others)
                return
            self._lay(line, self._body(order, task, key, others))
            before = self._before(order, task)
            self._lay(line, before.waited)
            self._lay(line, before.cause.parts)
            others = None
            if before.cause.before:
                task = self.book.tasks[order.id][before.cause.before]
            elif before.cause.supply:
                key, others = before.cause.key, before.others
                line.reach(self.index.arrival(before.cause.supply, key), "queue", key[0])
                order, task = self.book.orders.get(before.cause.supply), self.index.source(before.cause.supply, key)
            else:
                return

    def _lay(self, line: Line, parts: tuple[Part, ...]) -> None:
        for part in parts:
            line.add(part)

    def _fixed(self, line: Line, order: PlannedOrder, key: Key, others: int | None) -> None:
        """An existing order is as it is: its own time, and until its start nothing that the plan decides."""
        tasks = sorted(self.book.tasks.get(order.id, {}).values(), key=lambda t: t.end, reverse=True)
        for task in tasks:
            self._lay(line, self._body(order, task, key, None))
        if not tasks:
            self._lay(line, self._body(order, None, key, others))
        line.reach(order.start, subject=f"order {order.id}")
        line.reach(self.book.now, "release", f"{order.state} order {order.id}")

    def _body(self, order: PlannedOrder, task: PlannedTask | None, key: Key, others: int | None) -> tuple[Part, ...]:
        """A task's own time; or an order's that has none, since ``others`` were ready a wait for its material."""
        if task:
            known = (order.id, task.step)
            if known not in self._bodies:
                self._bodies[known] = tuple(self.cutter.body(self.book.facts(order), task))
            return self._bodies[known]
        cut = order.end if others is None else min(max(order.start, others), order.end)
        parts = (
            Part("material", cut, order.end, order.id, "", key[0], (order.id,)),
            Part("lead_time", order.start, cut, order.id, "", order.supplier or order.option or order.id),
        )
        return tuple(p for p in parts if p.seconds > 0)

    def _before(self, order: PlannedOrder, task: PlannedTask | None) -> Before:
        known = (order.id, task.step if task else "")
        if known not in self._befores:
            facts = self.book.facts(order) if task else None
            found = causes.of_task(self.index, facts, order, task) if task else causes.of_order(self.index, order)
            cause, others = causes.latest(found)
            waited = self.cutter.wait(facts, task or _shipment(self.book, order), cause.ready, order_start(order, task))
            self._befores[known] = Before(tuple(waited), cause, others)
        return self._befores[known]


def order_start(order: PlannedOrder, task: PlannedTask | None) -> int:
    """When the task starts, or the order that has none."""
    return task.start if task else order.start


def _shipment(book: Book, order: PlannedOrder) -> PlannedTask:
    """An order to buy or move as a task on the resource its option takes."""
    option = book.option(order)
    taken = ((option.resource, option.resource_quantity * order.quantity),) if option and option.resource else ()
    return PlannedTask(order.id, "", order.start, order.end, taken)
