"""What a plan costs, from its orders and tasks: the twin of the supply engine's own figure, for plans that were changed since."""

from __future__ import annotations

from collections import defaultdict

from gemba.operation import Operation, Plan, PlannedTask, SetupChange, StepResource
from gemba.operation.hours import Hours


def cost_of(operation: Operation, plan: Plan) -> float:
    """Currency: resource hours, change-overs, alternatives, steps, purchases and orders of what is proposed."""
    rows = _Rows(operation)
    orders = {o.id: o for o in plan.orders if o.state == "proposed"}
    total = 0.0
    for o in orders.values():
        option = rows.options.get(o.option)
        if option:
            total += option.order_cost + option.cost * o.quantity
    for t in plan.tasks:
        order = orders.get(t.order)
        if order is not None:
            option = rows.options.get(order.option)
            process = order.process or (option.process if option else "")
            total += rows.step_cost.get((process, t.step), 0.0) * order.quantity
            total += rows.hours_of(process, t) + rows.extra(process, t)
    return total + rows.changes(plan)


class _Rows:
    """The operation's rows that cost, by what one looks them up."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.hours = Hours(operation)
        self.options = {o.name: o for o in operation.supply_options}
        self.step_cost = {(s.process, s.name): s.cost for s in operation.steps if s.cost}
        self.calendars = {(s.process, s.name): s.calendar for s in operation.steps}
        self.places = {p.name: p.place for p in operation.processes}
        self.resources = {r.name: r for r in operation.resources}
        self.needs: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        for n in operation.step_resources:
            if n.cost:
                self.needs[n.process, n.step].append(n)
        self.families = {(s.process, s.name): s.setup_family for s in operation.steps}
        self.matrices: dict[str, list[SetupChange]] = defaultdict(list)
        for c in operation.setup_changes:
            self.matrices[c.matrix].append(c)

    def hours_of(self, process: str, t: PlannedTask) -> float:
        total = 0.0
        for name, units in t.resources:
            rate = self.resources[name].cost_per_hour
            if rate:
                names = self.hours.task_calendars(
                    self.places.get(process, ""), self.calendars.get((process, t.step), ""), (name,)
                )
                total += rate * units * self.hours.open(names).between(t.start, t.end) / 3600.0
        return total

    def extra(self, process: str, t: PlannedTask) -> float:
        """Of alternatives that cost something, the ones whose resource (or a member of it) the task is on."""
        total = 0.0
        for need in self.needs.get((process, t.step), ()):
            if any(name == need.resource or self._inside(name, need.resource) for name, _ in t.resources):
                total += need.cost
        return total

    def _inside(self, name: str, group: str) -> bool:
        while name:
            name = self.resources[name].group if name in self.resources else ""
            if name and name == group:
                return True
        return False

    def changes(self, plan: Plan) -> float:
        """Cost of the change-overs on each resource, in the order of its tasks."""
        if not any(c.cost for rows in self.matrices.values() for c in rows):
            return 0.0
        orders = {o.id: o for o in plan.orders}
        turns: dict[str, list[tuple[int, int, str, bool]]] = defaultdict(list)
        for t in plan.tasks:
            o = orders[t.order]
            option = self.options.get(o.option)
            family = self.families.get((o.process or (option.process if option else ""), t.step), "")
            for name, _ in t.resources:
                if family and self.resources[name].setup_matrix:
                    turns[name].append((t.start, t.end, family, o.state == "proposed"))
        total = 0.0
        for name, rows in turns.items():
            before = self.resources[name].setup
            for _, _, family, proposed in sorted(rows):
                total += self._change(self.resources[name].setup_matrix, before, family) if proposed else 0.0
                before = family
        return total

    def _change(self, matrix: str, before: str, after: str) -> float:
        """Cost by the row that fits: the lowest priority number, then the one with fewer wildcards."""
        fits = [
            (c.priority, (c.before == "*") + (c.after == "*"), c.time, c.cost)
            for c in self.matrices[matrix]
            if c.before in ("*", before) and c.after in ("*", after)
            and (before != after or (c.before, c.after) == (before, after))
        ]  # fmt: skip
        return min(fits)[3] if fits else 0.0
