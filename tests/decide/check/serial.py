"""A tiny scheduler for tests: demand by demand, each order as soon as it can, on resources one task after another.

It knows processes with links, groups, alternatives, set-ups, batches, calendars, buying and moving; not transfer lots,
longest lags, shelf lives or buckets. It is written to be obviously right, not good.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from gemba.decide.check import measure
from gemba.decide.check.book import Book, names
from gemba.decide.check.changeover import change_time
from gemba.decide.check.facts import ProcessFacts, StepFacts
from gemba.decide.check.implied import implied
from gemba.decide.check.usage import fixed_units
from gemba.operation import (
    Delivery,
    Demand,
    Flow,
    Operation,
    Peg,
    Plan,
    PlannedOrder,
    PlannedTask,
    StepResource,
    SupplyOption,
)
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

Key = tuple[str, str]


@dataclass
class Lot:
    at: int
    left: float
    supply: str
    lot: str = ""


class Serial:
    """One run of the scheduler."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.plan = Plan(operation.name, seconds(operation.settings.now))
        self.book = Book(operation, self.plan)
        self.release = self.book.now + ceil(operation.settings.frozen)
        self.lots: dict[Key, list[Lot]] = {}
        self.busy: dict[str, list[tuple[int, int, float]]] = {}
        self.setups = {r.name: r.setup for r in operation.resources}
        self.members: dict[str, list[str]] = {}
        for r in operation.resources:
            self.members.setdefault(r.group, []).append(r.name)

    def run(self) -> Plan:
        for s in self.operation.stocks:
            self.lots.setdefault((s.item, s.place), []).append(Lot(self.book.now, s.quantity, "", s.lot))
        for order in self.book.existing.values():
            self.keep(order.name)
        for flow in [f for f in self.plan.flows if f.quantity < 0]:
            self.reserve_for(flow)
        for task in sorted(self.plan.tasks, key=lambda t: (t.start, t.end)):
            facts = self.book.facts(self.book.existing[task.order])
            self.set_up(task, facts.steps[task.step] if facts else None)
        for demand in sorted(self.operation.demands, key=lambda d: (d.due, d.name)):
            if demand.status == "open":
                self.serve(demand)
        self.plan.objective = measure(self.operation, self.plan)
        return self.plan

    def keep(self, name: str) -> None:
        """An existing order as it is; its inputs come from stock that is there, if any."""
        existing = self.book.existing[name]
        start, end = existing.start or existing.end, existing.end or existing.start
        assert start is not None
        assert end is not None
        order = PlannedOrder(name, "make", existing.item, existing.place, existing.quantity, seconds(start),
                             seconds(end), existing.option, existing.process, state=existing.state)  # fmt: skip
        self.plan.orders.append(order)
        for t in self.book.fixed_tasks.get(name, ()):
            taken = tuple((r, fixed_units(self.book, t, r)) for r in names(t.resource))
            task = PlannedTask(name, t.step, seconds(t.start), seconds(t.end), taken, state=t.state)
            self.plan.tasks.append(task)
            for r, units in taken:
                self.busy.setdefault(r, []).append((task.start, task.end, units))
        for f in implied(self.book, order):
            self.flow(name, f.step, (f.item, f.place), f.quantity, f.moments[0])

    def reserve_for(self, flow: Flow) -> None:
        """What an existing order takes is taken first, from whatever there is."""
        key, wanted = (flow.item, flow.place), -flow.quantity
        for lot in sorted(self.lots.get(key, []), key=lambda x: x.at):
            taken = min(lot.left, wanted)
            if taken > 1e-9:
                lot.left, wanted = lot.left - taken, wanted - taken
                self.peg(flow.order, flow.step, key, [(lot, taken)])

    def flow(self, order: str, step: str, key: Key, quantity: float, at: int) -> None:
        self.plan.flows.append(Flow(order, step, *key, quantity, at))
        if quantity > 0:
            self.lots.setdefault(key, []).append(Lot(at, quantity, order))

    def serve(self, demand: Demand) -> None:
        key = (demand.item, demand.place)
        if not self.possible(key):
            return
        earliest = max(self.book.now, seconds(demand.earliest) if demand.earliest else 0)
        got = self.supply(key, demand.quantity)
        at = max(earliest, *(lot.at for lot, _ in got))
        latest = FAR if demand.maximum_lateness is None else seconds(demand.due) + int(demand.maximum_lateness)
        if at > latest:
            for lot, quantity in got:
                lot.left += quantity
            return
        if demand.whole or demand.minimum_delivery:
            parts = {at: demand.quantity}
        else:
            parts = {}
            for lot, quantity in got:
                date = max(earliest, lot.at)
                parts[date] = parts.get(date, 0.0) + quantity
        self.plan.deliveries += [Delivery(demand.name, q, date) for date, q in sorted(parts.items())]
        self.plan.pegs += [Peg(*key, q, lot.supply, demand=demand.name, lot=lot.lot) for lot, q in got]

    def options(self, key: Key) -> list[SupplyOption]:
        found = [o for o in self.operation.supply_options if (o.item, o.place) == key]
        return sorted((o for o in found if o.priority > 0), key=lambda o: o.priority)

    def process(self, key: Key) -> str:
        options = self.options(key)
        if options:
            return options[0].process
        stated = any((o.item, o.place) == key for o in self.operation.supply_options)
        made = [p.name for p in self.operation.processes if (p.item, p.place) == key]
        return made[0] if made and not stated else ""

    def possible(self, key: Key) -> bool:
        options, process = self.options(key), self.process(key)
        if not options and not process:
            return False
        if options and options[0].kind == "move":
            return self.possible((key[0], options[0].origin))
        if not process:
            return True
        facts = self.book.processes[process]
        rows = [r.row for s in facts.steps.values() for r in s.inputs]
        rows += [g[0].row for s in facts.steps.values() for g in s.either_input.values()]
        return all(self.possible((r.item, r.place or facts.process.place)) for r in rows)

    def supply(self, key: Key, quantity: float) -> list[tuple[Lot, float]]:
        """Lots and how much of each; what is not there is ordered."""
        got = []
        for _ in range(2):
            for lot in sorted(self.lots.get(key, []), key=lambda x: x.at):
                taken = min(lot.left, quantity)
                if taken > 1e-9:
                    lot.left -= taken
                    quantity -= taken
                    got.append((lot, taken))
            if quantity <= 1e-9:
                return got
            self.order(key, quantity)
        raise AssertionError(f"{quantity} of {key} is missing")

    def order(self, key: Key, quantity: float) -> None:
        options = self.options(key)
        option = options[0] if options else None
        if option:
            quantity = max(quantity, option.minimum)
            quantity = ceil(quantity / option.multiple - 1e-9) * option.multiple if option.multiple else quantity
        if option and option.maximum is not None and quantity > option.maximum:
            most = option.maximum // option.multiple * option.multiple if option.multiple else option.maximum
            self.order(key, most)
            return self.order(key, quantity - most)
        name = f"P{len(self.plan.orders) + 1:05}"
        order = PlannedOrder(
            name, option.kind if option else "make", *key, quantity, 0, 0, option.name if option else ""
        )
        self.plan.orders.append(order)
        order.start = self.release if option is None else max(self.release, self.book.now + ceil(option.fence))
        if option is None or option.kind == "make":
            self.make(order, self.book.processes[self.process(key)])
        elif option.kind == "buy":
            order.supplier = option.supplier
            hours = self.book.hours.open(frozenset({self.book.shipping.get(option.supplier, "")} - {""}))
            order.end = hours.finish(order.start, int(option.lead_time))
        else:
            order.origin = option.origin
            got = self.supply((key[0], option.origin), quantity)
            order.start = max(order.start, *(lot.at for lot, _ in got))
            self.peg(name, "", (key[0], option.origin), got)
            self.flow(name, "", (key[0], option.origin), -quantity, order.start)
            order.end = order.start + int(option.lead_time)
        if not order.process:
            self.flow(name, "", key, quantity, order.end)

    def peg(self, order: str, step: str, key: Key, got: list[tuple[Lot, float]]) -> None:
        self.plan.pegs += [Peg(*key, q, lot.supply, order=order, step=step, lot=lot.lot) for lot, q in got]

    def make(self, order: PlannedOrder, facts: ProcessFacts) -> None:
        order.process, order.kind = facts.process.name, facts.process.kind
        done: dict[str, PlannedTask] = {}
        left = list(facts.steps)
        while left:
            name = next(s for s in left if all(k.before in done for k in facts.links if k.after == s))
            left.remove(name)
            ready = max([order.start] + [ceil(done[k.before].end + k.wait) for k in facts.links if k.after == name])
            done[name] = self.task(order, facts, facts.steps[name], ready)
        order.start, order.end = min(t.start for t in done.values()), max(t.end for t in done.values())
        for f in implied_of(self.book, order, done):
            if f[2] > 0:
                self.flow(order.id, f[0], f[1], f[2], f[3])

    def task(self, order: PlannedOrder, facts: ProcessFacts, step: StepFacts, ready: int) -> PlannedTask:
        ready = max(ready, self.book.now + ceil(step.step.fence))
        rows = [r.row for r in step.inputs] + [
            min((r.row for r in g), key=lambda r: r.priority) for g in step.either_input.values()
        ]
        inputs = []
        for row in rows:
            key, quantity = (
                (row.item, row.place or facts.process.place),
                row.quantity * order.quantity + row.fixed_quantity,
            )
            got = self.supply(key, quantity)
            self.peg(order.id, row.step, key, got)
            inputs.append((row, key, quantity))
            ready = max(ready, *(lot.at - min(0, int(row.offset)) for lot, _ in got))
        needs = [r.row for r in step.needs] + [
            min((r.row for r in g), key=lambda r: r.priority) for g in step.either_need.values()
        ]
        task = min((self.place(order, facts, step, way, ready) for way in self.ways(needs)), key=lambda t: t.end)
        self.reserve(task, step)
        for row, key, quantity in inputs:
            at = (task.end if row.at == "end" else task.start) + int(row.offset)
            self.flow(order.id, row.step, key, -quantity, at)
        return task

    def ways(self, needs: list[StepResource]) -> list[list[tuple[StepResource, list[tuple[str, float]]]]]:
        """For each row the named resource, or the first members of its group starting at each one in turn."""
        most = max([len(self.members.get(n.resource, [])) for n in needs if n.resource] + [1])
        found = []
        for turn in range(most):
            way = []
            for need in needs:
                group = self.members.get(need.resource, []) if need.resource else self.skilled(need)
                if group:
                    at = turn % len(group)
                    way.append((need, [(n, 1.0) for n in (group[at:] + group[:at])[: ceil(need.quantity)]]))
                else:
                    way.append((need, [(need.resource, need.quantity)]))
            found.append(way)
        return found

    def skilled(self, need: StepResource) -> list[str]:
        return [s.resource for s in self.operation.resource_skills if s.skill == need.skill and s.level >= need.level]

    def place(
        self, order: PlannedOrder, facts: ProcessFacts, step: StepFacts,
        way: list[tuple[StepResource, list[tuple[str, float]]]], t: int,
    ) -> PlannedTask:  # fmt: skip
        taken = tuple(x for _, members in way for x in members)
        hours = self.book.hours.open(
            self.book.hours.task_calendars(facts.process.place, step.step.calendar, [r for r, _ in taken])
        )
        units, speed = step.units(order.quantity), 1.0
        for need, _ in way:
            speed *= need.speed
        for r, _ in taken:
            if self.book.resources[r].setup_matrix:
                t = max([t] + [end for _, end, _ in self.busy.get(r, [])])
        while True:
            t = hours.next_open(t)
            slowest = min([self.book.hours.efficiency(r, t) for r, _ in taken], default=1.0)
            setup = ceil(
                step.step.setup_time + max([self.change(r, step, need) for need, m in way for r, _ in m], default=0.0)
            )
            work = setup + ceil(step.run_time(units) / (speed * slowest) - 1e-6)
            end = hours.finish(t, work)
            assert end < FAR, "no open hours left"
            if not step.step.pausable and end - t > work:
                t = hours.next_open(hours.ends[[i for i, a in enumerate(hours.starts) if a <= t][-1]])
                continue
            clash = [self.clash(r, t, end, u) for r, u in taken if self.book.resources[r].limited == "finite"]
            if not any(clash):
                return PlannedTask(order.id, step.step.name, t, end, taken, setup, units)
            t = max(clash)

    def change(self, resource: str, step: StepFacts, need: StepResource) -> float:
        matrix, family = self.book.resources[resource].setup_matrix, need.setup_family or step.step.setup_family
        rows = [c for c in self.operation.setup_changes if c.matrix == matrix]
        return change_time(rows, self.setups[resource], family) if family and rows else 0.0

    def clash(self, resource: str, start: int, end: int, units: float) -> int:
        """When to try again; 0 where the units are free from start to end."""
        over = [b for b in self.busy.get(resource, []) if b[0] < end and b[1] > start]
        capacity = self.book.resources[resource].capacity
        for at in [start, *(b[0] for b in over if b[0] > start)]:
            if sum(b[2] for b in over if b[0] <= at < b[1]) + units > capacity + 1e-9:
                return min(b[1] for b in over)
        return 0

    def reserve(self, task: PlannedTask, step: StepFacts) -> None:
        self.plan.tasks.append(task)
        self.book.tasks.setdefault(task.order, {})[task.step] = task
        for r, units in task.resources:
            self.busy.setdefault(r, []).append((task.start, task.end, units))
        self.set_up(task, step)

    def set_up(self, task: PlannedTask, step: StepFacts | None) -> None:
        """What its resources are set up for after a task."""
        for r, _ in task.resources if step else ():
            assert step is not None
            rows = [x.row for g in [step.needs, *step.either_need.values()] for x in g]
            own = [n.setup_family for n in rows if r == n.resource or r in self.members.get(n.resource, [])]
            self.setups[r] = next(filter(None, own), step.step.setup_family) or self.setups[r]


def implied_of(book: Book, order: PlannedOrder, done: dict[str, PlannedTask]) -> list[tuple[str, Key, float, int]]:
    book.tasks[order.id] = done
    return [(f.step, (f.item, f.place), f.quantity, f.moments[0]) for f in implied(book, order)]


def serial(operation: Operation) -> Plan:
    """A plan for an operation, in order of due dates."""
    return Serial(operation).run()
