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
        self.seconds = {(s.process, s.name): (s.setup_time + s.time, s.time_per_unit) for s in operation.steps}
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

    def of_an_order(self, o: SupplyOption) -> tuple[float, dict[str, tuple[float, float]]]:
        """What an order costs whatever its size; and seconds of each resource, for the order and for a unit of it."""
        total, uses = o.order_cost, dict[str, tuple[float, float]]()
        for step in self.steps[o.process] if o.process else ():
            for n in self._preferred(o.process, step):
                once, each = (seconds * n.quantity / n.speed for seconds in self.seconds[o.process, step])
                total += n.cost + self.rates.get(n.resource, 0.0) * once / 3600.0
                before = uses.get(n.resource, (0.0, 0.0))
                uses[n.resource] = (before[0] + once, before[1] + each)
        return total, uses

    def _preferred(self, process: str, step: str) -> list[StepResource]:
        """Of needs that stand in for each other the one of the lowest priority number; those of a named resource."""
        chosen: dict[str, StepResource] = {}
        for i, n in enumerate(self.needs[process, step]):
            key = n.alternative or f" {i}"
            if n.resource and (key not in chosen or n.priority < chosen[key].priority):
                chosen[key] = n
        return list(chosen.values())
