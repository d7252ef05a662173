"""What no plan can beat.

``lower_bound`` holds for every plan of the operation that keeps the rules, whatever it orders from where: a demand cannot be
delivered before the quickest way to have any of its item, capacity left aside. ``only_timing`` says of a plan that
nothing but times was free to decide; then a bound on the times of its work is one for the operation too.
"""

from __future__ import annotations

from collections import defaultdict

from gemba.decide.schedule.facts import Facts
from gemba.operation import Demand, Plan, Step, StepItem, StepResource, SupplyOption
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

_DAY = 86400.0


def lower_bound(facts: Facts) -> float:
    """Weighted tardiness in days that every plan has at least: sum of weight x days from due to the earliest delivery.

    The earliest delivery counts lead times and each step's set-up and fixed time at its best speed, in the hours of whoever
    could do it soonest; stock, existing orders and unlimited supply of an item anywhere on the way count as there at once,
    for whoever wants them.
    """
    heads = _Heads(facts)
    total = 0.0
    for d in facts.operation.demands:
        if d.status == "open":
            due = seconds(d.due)
            limit = facts.horizon if d.maximum_lateness is None else due + int(d.maximum_lateness)
            first = max(heads.ready(d.item, d.place), seconds(d.earliest) if d.earliest else facts.now)
            total += weight_of(d) * max(0, min(first, limit) - due) / _DAY
    return total


def weight_of(d: Demand) -> float:
    return 1.0 / d.priority if d.weight is None else d.weight


class _Heads:
    """The earliest moment at which any of an item can be at a place."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        operation = facts.operation
        self.free = {(s.item, s.place) for s in operation.stocks if s.quantity > 0}
        self.free |= {(p.item, p.place) for p in operation.stock_policies if p.supply == "unlimited"}
        for o in operation.orders:
            if o.state in ("firm", "started"):
                self._free_outputs(o.item, o.place, o.process or _process_of(facts, o.option))
        self.options: dict[tuple[str, str], list[SupplyOption]] = defaultdict(list)
        for option in operation.supply_options:
            self.options[option.item, option.place].append(option)
        self.makers: dict[tuple[str, str], list[str]] = defaultdict(list)  # by-products come with whatever is made
        for name, p in facts.processes.items():
            for output in p.outputs | {(p.item, p.place)}:
                self.makers[output].append(name)
        self.needs: dict[tuple[str, str], list[StepResource]] = defaultdict(list)
        for need in operation.step_resources:
            self.needs[need.process, need.step].append(need)
        self.inputs: dict[tuple[str, str], list[StepItem]] = defaultdict(list)
        for row in operation.step_items:
            if row.direction == "in":
                self.inputs[row.process, row.step].append(row)
        self.fastest = max([1.0, *(_quickest(facts, r.name) for r in operation.resources)])
        self.members: dict[str, list[str]] = defaultdict(list)
        self.skilled: dict[str, set[str]] = defaultdict(set)
        for r in operation.resources:
            if r.group:
                self.members[r.group].append(r.name)
        for skill in operation.resource_skills:
            self.skilled[skill.skill].add(skill.resource)
        self._found: dict[tuple[str, str], int] = {}

    def _free_outputs(self, item: str, place: str, process: str) -> None:
        self.free.add((item, place))
        if process in self.facts.processes:
            facts = self.facts.processes[process]
            self.free |= facts.outputs | {(facts.item, facts.place)}

    def ready(self, item: str, place: str) -> int:
        key = (item, place)
        if key in self.free:
            return self.facts.now
        if key not in self._found:
            self._found[key] = self.facts.now  # what needs itself is taken to be there
            self._found[key] = self._ready(item, place)
        return self._found[key]

    def _ready(self, item: str, place: str) -> int:
        ways = [self._option(o) for o in self.options[item, place] if o.priority > 0]
        ways += [self._make(name, self.facts.frozen) for name in self.makers[item, place]]
        return min(ways, default=FAR)

    def _option(self, o: SupplyOption) -> int:
        facts = self.facts
        start = max(facts.frozen, facts.now + int(o.fence), seconds(o.start) if o.start else facts.now)
        if o.kind == "make":
            return self._make(o.process, start)
        if o.kind == "move":
            return max(start, self.ready(o.item, o.origin)) + int(o.lead_time)
        shipping = facts.shipping.get(o.supplier, "")
        return facts.hours.open(frozenset({shipping} - {""})).finish(start, int(o.lead_time))

    def _make(self, process: str, start: int) -> int:
        """The critical path of the steps' fixed times; steps overlap where lots are transferred."""
        p = self.facts.processes[process]
        start = max(start, p.start)
        ends = {name: self._step(process, step, start) for name, step in p.steps.items()}
        for _ in p.steps:
            for before, after, wait in p.links:
                if not p.steps[before].transfer_lot:
                    ends[after] = max(ends[after], self._finish(process, p.steps[after], ends[before] + wait))
        return min((ends[name] for name in p.last if name in ends), default=start)

    def _step(self, process: str, step: Step, start: int) -> int:
        start = max(start, self.facts.now + int(step.fence))
        for row in self.inputs[process, step.name]:
            if not (row.alternative or row.start or row.end or row.at == "end") and row.offset <= 0:
                there = self.ready(row.item, row.place or self.facts.processes[process].place)
                start = max(start, there)
        return self._finish(process, step, start)

    def _finish(self, process: str, step: Step, start: int) -> int:
        """The end of a step from a moment on: each of its needs in the hours of whoever ends it soonest."""
        rows = [row for row in self.needs[process, step.name] if row.quantity > 0]
        always = [[row] for row in rows if not (row.alternative or row.start or row.end)]
        labelled: dict[str, list[StepResource]] = defaultdict(list)
        for row in rows:
            if row.alternative:
                labelled[row.alternative].append(row)
        dated = {row.alternative for row in rows if row.start or row.end}
        either = [group for label, group in labelled.items() if label not in dated]
        ends = [min((self._ends(process, step, row, start) for row in group), default=FAR) for group in always + either]
        return max([start + self._work(process, step), *ends])

    def _ends(self, process: str, step: Step, row: StepResource, start: int) -> int:
        """The soonest end by any resource that a row allows; FAR where none is able."""
        names = self.members.get(row.resource, [row.resource]) if row.resource else sorted(self.skilled[row.skill])
        if row.skill:
            names = [name for name in names if name in self.skilled[row.skill]]
        work, place = self._work(process, step), self.facts.processes[process].place
        hours = self.facts.hours
        found = FAR
        for calendars in {hours.task_calendars(place, step.calendar, (name,)) for name in names}:
            opened = hours.open(calendars)
            found = min(found, opened.finish(opened.next_open(start), work) if work else start)
        return found

    def _work(self, process: str, step: Step) -> int:
        """Seconds of open hours that a step takes at least: a fixed time at the best speed of all its needs together."""
        speed, labels = 1.0, dict[str, float]()
        for need in self.needs[process, step.name]:
            if need.alternative:
                labels[need.alternative] = max(need.speed, labels.get(need.alternative, 0.0))
            else:
                speed *= max(1.0, need.speed)
        for fastest in labels.values():
            speed *= max(1.0, fastest)
        return int(step.setup_time + step.time / (speed * self.fastest))


def _quickest(facts: Facts, resource: str) -> float:
    r = facts.resources[resource]
    return max(facts.hours.profile(r.efficiency_calendar).values) if r.efficiency_calendar else r.efficiency


def _process_of(facts: Facts, option: str) -> str:
    found = facts.options.get(option)
    return found.process if found else ""


def only_timing(facts: Facts, plan: Plan) -> bool:
    """Whether any other plan that is as good makes the same orders on the same resources at other times.

    So it is where every demand has an item of its own, made from nothing by one process whose steps take one given resource
    and a time that does not depend on the quantity, with no stock, no existing order, and nobody better left unserved.
    """
    operation = facts.operation
    wanted = [d for d in operation.demands if d.status == "open"]
    if operation.stocks or operation.step_items or operation.setup_matrices or operation.stock_policies:
        return False
    if any(o.state in ("firm", "started") for o in operation.orders):
        return False
    groups = {r.group for r in operation.resources}
    if any(n.alternative or n.skill or n.start or n.end or n.resource in groups for n in operation.step_resources):
        return False
    if any(s.time_per_unit or s.transfer_lot for s in operation.steps):
        return False
    if len({(d.item, d.place) for d in wanted}) < len(wanted) or any(
        d.maximum_lateness is not None or d.earliest for d in wanted
    ):
        return False
    made: dict[tuple[str, str], int] = defaultdict(int)
    for p in operation.processes:
        made[p.item, p.place] += 1
    options: dict[tuple[str, str], list[str]] = defaultdict(list)
    for o in operation.supply_options:
        options[o.item, o.place].append(o.kind)
    single = all(made[d.item, d.place] == 1 and options[d.item, d.place] in ([], ["make"]) for d in wanted)
    return single and len(plan.orders) == len(wanted) == len(plan.deliveries)


def cheapest_short(facts: Facts) -> float:
    """The least that it costs to leave one open demand wholly unserved (days)."""
    wanted = [d for d in facts.operation.demands if d.status == "open"]
    return min((weight_of(d) * max(0, facts.horizon - seconds(d.due)) / _DAY for d in wanted), default=0.0)
