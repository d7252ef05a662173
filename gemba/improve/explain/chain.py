"""The chain of a demand: from its last delivery back to where it begins, without gap or overlap."""

from __future__ import annotations

from dataclasses import replace

from gemba.improve.explain.before import Befores, Node
from gemba.improve.explain.index import Index, Key
from gemba.improve.explain.stretch import Cutter
from gemba.operation import Demand, Part, Peg, PlannedOrder
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR


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


class Chains:
    """Chains of any demand of one plan; what lies in and before each task is worked out once."""

    def __init__(self, index: Index) -> None:
        self.index, self.book = index, index.book
        self.cutter = Cutter(index)
        self._bodies: dict[tuple[str, str], tuple[Part, ...]] = {}
        self.befores = Befores(index, self.cutter)

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
        """Follow what held the work up: into an order, along its steps, into the orders it took from.

        What was ready sooner than it had to be is laid that much sooner, as it could have been.
        """
        seen: set[tuple[str, str]] = set()
        node = self._supplier(supply, key)
        others, sooner = FAR, 0
        while node and node.key not in seen:
            seen.add(node.key)
            if node.order.state != "proposed":
                self._fixed(line, node.order, key, others)
                return
            _lay(line, self._body(node, key, others + sooner), sooner)
            before = self.befores.of(node)
            cause, sooner, others = before.cause, before.sooner, FAR
            _lay(line, before.waited)
            _lay(line, cause.parts, sooner)
            if cause.supply:
                key, others = cause.key, before.others
                line.reach(self.index.arrival(cause.supply, key) - sooner, "queue", key[0])
            node = self.befores.source(node, cause)

    def _supplier(self, supply: str, key: Key) -> Node | None:
        order = self.book.orders.get(supply)
        return Node(order, self.index.source(supply, key)) if order else None

    def _fixed(self, line: Line, order: PlannedOrder, key: Key, others: int) -> None:
        """An existing order is as it is: its own time, and until its start nothing that the plan decides."""
        tasks = sorted(self.book.tasks.get(order.id, {}).values(), key=lambda t: t.end, reverse=True)
        for task in tasks:
            _lay(line, self._body(Node(order, task), key, FAR))
        if not tasks:
            _lay(line, self._body(Node(order, None), key, others))
        line.reach(order.start, subject=f"order {order.id}")
        line.reach(self.book.now, "release", f"{order.state} order {order.id}")

    def _body(self, node: Node, key: Key, others: int) -> tuple[Part, ...]:
        """A task's own time; or an order's that has none, since ``others`` were ready a wait for its material."""
        order, task = node.order, node.task
        if task:
            if node.key not in self._bodies:
                self._bodies[node.key] = tuple(self.cutter.body(self.book.facts(order), task))
            return self._bodies[node.key]
        cut = min(max(order.start, others), order.end)
        parts = (
            Part("material", cut, order.end, order.id, "", key[0], (order.id,)),
            Part("lead_time", order.start, cut, order.id, "", order.supplier or order.option or order.id),
        )
        return tuple(p for p in parts if p.seconds > 0)


def _lay(line: Line, parts: tuple[Part, ...], sooner: int = 0) -> None:
    """Lay parts, the latest first, so many seconds sooner than they were."""
    for part in parts:
        line.add(replace(part, start=part.start - sooner, end=part.end - sooner) if sooner else part)
