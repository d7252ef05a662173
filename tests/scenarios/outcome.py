"""What a plan means for an operation, in the words that facts about it are stated in."""

from __future__ import annotations

from gemba.operation import Delivery, Operation, Plan, PlannedTask
from gemba.operation.moments import iso, seconds


class Outcome:
    """An operation and its plan, with the questions that scenarios ask."""

    def __init__(self, operation: Operation, plan: Plan) -> None:
        self.operation, self.plan = operation, plan
        self._demands = {d.name: d for d in operation.demands}

    def local(self, at: int) -> str:
        """A moment on the operation's wall clocks, to the minute."""
        return iso(at, self.operation.settings.zone)[:16]

    def due(self, demand: str) -> int:
        return seconds(self._demands[demand].due)

    def deliveries(self, demand: str) -> list[Delivery]:
        return sorted((d for d in self.plan.deliveries if d.demand == demand), key=lambda d: d.date)

    def last_delivery(self, demand: str) -> int:
        return self.deliveries(demand)[-1].date

    def shown(self, demand: str) -> str:
        """When the last of a demand is delivered, as a person reads it."""
        return self.local(self.last_delivery(demand))

    def short(self, demand: str) -> float:
        """What is not delivered of a demand."""
        return self._demands[demand].quantity - sum(d.quantity for d in self.deliveries(demand))

    def quantities(self, kind: str, item: str) -> list[float]:
        """Quantities of the proposed orders of a kind for an item."""
        proposed = (o for o in self.plan.orders if o.state == "proposed")
        return [o.quantity for o in proposed if o.kind == kind and o.item == item]

    def tasks_on(self, resource: str) -> list[PlannedTask]:
        return [t for t in self.plan.tasks if resource in (name for name, _ in t.resources)]

    def stock_at_end(self, item: str) -> float:
        """Stock now, plus everything that joins it, less everything that leaves it."""
        now = sum(s.quantity for s in self.operation.stocks if s.item == item)
        moved = sum(f.quantity for f in self.plan.flows if f.item == item)
        return now + moved - sum(d.quantity for d in self.plan.deliveries if self._demands[d.demand].item == item)
