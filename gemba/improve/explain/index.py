"""The plan indexed once for explaining: pegs on both sides, arrivals, uses, and whom each order serves."""

from __future__ import annotations

from gemba.decide.check.book import Book
from gemba.operation import Flow, Operation, Peg, Plan, PlannedTask
from gemba.operation.moments import seconds

Key = tuple[str, str]  # item, place


class Index:
    """What a walk back in time looks up, beside the ``Book`` of orders, tasks and hours."""

    def __init__(self, operation: Operation, plan: Plan) -> None:
        self.book = Book(operation, plan)
        self.pegs_of_demand: dict[str, list[Peg]] = {}
        self.pegs_of_order: dict[str, list[Peg]] = {}
        self._served: dict[str, list[Peg]] = {}
        for peg in plan.pegs:
            if peg.demand:
                self.pegs_of_demand.setdefault(peg.demand, []).append(peg)
            elif peg.order:
                self.pegs_of_order.setdefault(peg.order, []).append(peg)
            if peg.supply:
                self._served.setdefault(peg.supply, []).append(peg)
        self._arrivals: dict[tuple[str, Key], Flow] = {}
        self.uses: dict[str, list[Flow]] = {}
        for flow in plan.flows:
            self._add(flow)
        self._labels: dict[str, str] = {}
        self._earliest = {d.name: seconds(d.earliest) for d in operation.demands if d.earliest}

    def _add(self, flow: Flow) -> None:
        if flow.quantity < 0:
            self.uses.setdefault(flow.order, []).append(flow)
            return
        key = (flow.order, (flow.item, flow.place))
        if key not in self._arrivals or flow.at < self._arrivals[key].at:
            self._arrivals[key] = flow

    def arrival(self, supply: str, key: Key) -> int:
        """When an order's item is there; an order that is unknown or yields none of it counts as there at now."""
        flow = self._arrivals.get((supply, key))
        return flow.at if flow else self.book.now

    def source(self, supply: str, key: Key) -> PlannedTask | None:
        """The task that yields an order's item: that of its flow's step, else the last; None where it has no tasks."""
        tasks = self.book.tasks.get(supply, {})
        flow = self._arrivals.get((supply, key))
        if flow and flow.step in tasks:
            return tasks[flow.step]
        order = self.book.orders.get(supply)
        facts = self.book.facts(order) if order else None
        last = [tasks[s] for s in facts.last if s in tasks] if facts else []
        return max(last or tasks.values(), key=lambda t: t.end, default=None)

    def label(self, order: str) -> str:
        """The demand an order serves, through the orders that use it; its own id where pegs tell of none."""
        seen, todo = {order}, [order]
        while todo and order not in self._labels:
            pegs = self._served.get(todo.pop(), ())
            demand = next((p.demand for p in pegs if p.demand), "")
            if demand:
                self._labels[order] = demand
            for peg in pegs:
                if peg.order and peg.order not in seen:
                    seen.add(peg.order)
                    todo.append(peg.order)
        return self._labels.setdefault(order, order)

    def earliest(self, order: str) -> int:
        """Before when no work may be done for the demand an order serves; the planning moment where it says nothing."""
        return self._earliest.get(self.label(order), self.book.now)

    def labels(self, orders: list[str]) -> tuple[str, ...]:
        """Labels of orders, each once, in their order."""
        return tuple(dict.fromkeys(self.label(o) for o in orders))
