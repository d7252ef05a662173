"""What comes before a task: how long it waited for its resources, what it waited for until then, and its slack.

A planner orders many things just in time: a purchase arrives at the minute at which a long queue ends. Such an arrival
is the last, yet it held nothing up: it could have come sooner. So what counts is when each thing *could* have been
ready, and the time between belongs to the queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gemba.improve.explain import causes
from gemba.improve.explain.causes import Cause
from gemba.improve.explain.index import Index
from gemba.improve.explain.stretch import Cutter
from gemba.operation import Part, PlannedOrder, PlannedTask


@dataclass(frozen=True, slots=True)
class Node:
    """A task of an order, or an order that has none (to buy or to move)."""

    order: PlannedOrder
    task: PlannedTask | None

    @property
    def key(self) -> tuple[str, str]:
        return self.order.id, self.task.step if self.task else ""

    @property
    def start(self) -> int:
        return self.task.start if self.task else self.order.start


@dataclass(frozen=True, slots=True)
class Before:
    """What comes before a node.

    ``waited`` is the time since its cause could have been ready, the latest first. ``sooner`` is by how many seconds
    the cause could have been ready sooner than it was, ``others`` when all other causes could have been, ``slack`` by
    how many the node itself could have started sooner than it did.
    """

    waited: tuple[Part, ...]
    cause: Cause
    sooner: int
    others: int
    slack: int


class Befores:
    """Answers for any node of a plan, each worked out once, those it depends on first."""

    def __init__(self, index: Index, cutter: Cutter) -> None:
        self.index, self.cutter = index, cutter
        self._known: dict[tuple[str, str], Before] = {}

    def of(self, node: Node) -> Before:
        """What comes before a proposed node."""
        if node.key in self._known:
            return self._known[node.key]
        frames, begun = [self._frame(node)], {node.key}
        while frames:
            at, found, sources = frames[-1]
            deeper = next((s for s in sources if s.key not in self._known and s.key not in begun), None)
            if deeper is None:
                self._known[at.key] = self._before(at, found)
                frames.pop()
            else:
                begun.add(deeper.key)
                frames.append(self._frame(deeper))
        return self._known[node.key]

    def _frame(self, node: Node) -> tuple[Node, list[Cause], Iterator[Node]]:
        """A node, its causes, and the proposed nodes they come from."""
        order, task, index = node.order, node.task, self.index
        found = causes.of_task(index, index.book.facts(order), order, task) if task else causes.of_order(index, order)
        sources = (self.source(node, cause) for cause in found)
        return node, found, (s for s in sources if s and s.order.state == "proposed")

    def source(self, node: Node, cause: Cause) -> Node | None:
        """The node that a cause comes from; None where it is no work."""
        if cause.before:
            return Node(node.order, self.index.book.tasks[node.order.id][cause.before])
        order = self.index.book.orders.get(cause.supply) if cause.supply else None
        return Node(order, self.index.source(cause.supply, cause.key)) if order else None

    def _before(self, node: Node, found: list[Cause]) -> Before:
        slack = {id(c): self._slack(node, c) for c in found}
        best = max(found, key=lambda c: (c.ready - slack[id(c)], bool(c.before), bool(c.supply)))
        sooner = slack[id(best)]
        others = max((c.ready - slack[id(c)] for c in found if c is not best), default=best.ready - sooner)
        facts = self.index.book.facts(node.order) if node.task else None
        waited = self.cutter.wait(facts, node.task or self._shipment(node.order), best.ready - sooner, node.start)
        return Before(tuple(waited), best, sooner, others, _idle(node.start, waited))

    def _slack(self, node: Node, cause: Cause) -> int:
        """By how many seconds a cause could have been ready sooner; existing orders and dates could not."""
        source = self.source(node, cause)
        known = self._known.get(source.key) if source and source.order.state == "proposed" else None
        return known.slack if known else 0

    def _shipment(self, order: PlannedOrder) -> PlannedTask:
        """An order to buy or move as a task on the resource its option takes."""
        option = self.index.book.option(order)
        taken = ((option.resource, option.resource_quantity * order.quantity),) if option and option.resource else ()
        return PlannedTask(order.id, "", order.start, order.end, taken)


def _idle(start: int, waited: list[Part]) -> int:
    """Seconds back from the start to the first time held back, as long as no resource was waited for since."""
    found = 0
    for part in waited:
        if part.cause == "resource":
            break
        if part.cause == "other":
            found = start - part.start
    return found
