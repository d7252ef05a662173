"""What a unit costs by each way to have it, as far as that can be said before there is a plan."""

from __future__ import annotations

from collections import defaultdict

from gemba.operation import Operation, StepResource, SupplyOption


class UnitCost:
    """Cost of options and of alternative resources: purchase, order, and hours of the work; inputs are left aside."""

    def __init__(self, operation: Operation) -> None:
        self.rates = {r.name: r.cost_per_hour for r in operation.resources}
        self.steps: dict[str, list[str]] = defaultdict(list)
        self.hours = {(s.process, s.name): (s.time + s.time_per_unit) / 3600.0 for s in operation.steps}
        self.extra = {(s.process, s.name): s.cost for s in operation.steps}
        for s in operation.steps:
            self.steps[s.process].append(s.name)
        self.needs: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        for n in operation.step_resources:
            self.needs[n.process, n.step].append(n)

    def need(self, n: StepResource) -> float:
        hours = self.hours.get((n.process, n.step), 0.0) / n.speed
        return n.cost + self.rates.get(n.resource, 0.0) * n.quantity * hours

    def option(self, o: SupplyOption) -> float:
        total = o.cost + o.order_cost / max(o.minimum, o.multiple, 1.0)
        for step in self.steps[o.process] if o.process else ():
            total += self.extra[o.process, step]
            either: dict[str, float] = {}
            for n in self.needs[o.process, step]:
                if n.alternative:
                    either[n.alternative] = min(self.need(n), either.get(n.alternative, float("inf")))
                else:
                    total += self.need(n)
            total += sum(either.values())
        return total
