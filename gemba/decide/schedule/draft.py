"""A plan as a scheduling problem in which resources and sequences are free: what ``revise`` has solved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from gemba.decide.schedule.build import build
from gemba.decide.schedule.changes import Changes
from gemba.decide.schedule.choices import Choices, Way
from gemba.decide.schedule.facts import ProcessFacts
from gemba.decide.schedule.making import Build
from gemba.decide.schedule.problem import Problem
from gemba.operation import Operation, Plan, PlannedTask, Resource, Step
from gemba.solvers import scheduling
from gemba.solvers.scheduling import Schedule, Term
from gemba.solvers.search.shop import END, FAR, FROM_START, START, TO_END, Longs

_UNIT = 1000  # of capacity, so that parts of one are whole numbers
_SPARE = 0.2  # hours beyond the plan's end, as a share of its length
_DAY = 86_400

Spans = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Draft:
    """The problem of ``retime``, the general one, the ways of each free task by its node, and the plan as a schedule."""

    p: Problem
    problem: scheduling.Problem
    ways: dict[int, list[Way]]
    given: Schedule


class Drafting:
    """What a draft is made from."""

    def __init__(self, operation: Operation, plan: Plan) -> None:
        self.plan, self.p, self.b = plan, build(operation, plan), Build(operation, plan)
        self.tasks = dict(zip(self.p.task_node, plan.tasks, strict=True))
        self.choices = Choices(self.p.facts)
        last = int(self.p.times[:, END].max(initial=self.p.facts.now))
        self.last = last + int((last - self.p.facts.now) * _SPARE) + _DAY
        self.ways = self._ways()
        self.taken = self._taken()  # resource -> until when work that stays needs it, where set-ups count
        self.wanted = {r for ways in self.ways.values() for w in ways for r, _ in w.resources}  # where free work may be
        self.units = self._units()
        self.model = scheduling.Model()
        families = {
            (self._resource(r).setup_matrix, f)
            for ways in self.ways.values()
            for w in ways
            for r, f in w.families.items()
        }
        self.changes = Changes(operation, families)
        self.numbers: dict[str, int] = {}
        self.matrices = {m: self.model.setup_matrix(*self.changes.tables(m)) for m in sorted(self.changes.numbers) if m}

    @property
    def worthwhile(self) -> bool:
        """Whether there is anything to choose: another resource, or the order of work with set-ups or on shared resources."""
        return any(len(ways) > 1 or self.p.fixed[node] for node, ways in self.ways.items())

    def step(self, t: PlannedTask) -> tuple[ProcessFacts, Step]:
        """The process and step of a free task."""
        process = self.b.process(self.b.orders[t.order])
        assert process is not None
        return process, process.steps[t.step]

    # --- what is free ----------------------------------------------------------------------------------------------

    def _ways(self) -> dict[int, list[Way]]:
        stays = self._stays()
        found = {}
        for node, t in self.tasks.items():
            order = self.b.orders[t.order]
            process = self.b.process(order)
            if (
                process is None
                or order.state != "proposed"
                or t.state != "proposed"
                or node in stays
                or t.end <= t.start
            ):
                continue
            step = process.steps[t.step]
            ways = [] if t.step in process.odd else self.choices.of(step.process, step, t)
            if ways:
                found[node] = ways
        return found

    def _stays(self) -> set[int]:
        """Nodes of flows that are not where their rows say, and of orders whose items perish."""
        found: set[int] = set()
        perishing = set()
        for flow, nodes, (at_end, offset) in zip(self.plan.flows, self.p.flow_at, self.p.flow_how, strict=True):
            if nodes and max(self.p.times[n, END if at_end else START] for n in nodes) + offset != flow.at:
                found |= set(nodes)
            if self.p.facts.perishes(flow.item, flow.place):
                perishing.add(flow.order)
        return found | {node for node, t in self.tasks.items() if t.order in perishing}

    def _taken(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(lambda: -FAR)
        for node, t in self.tasks.items():
            for name, _ in t.resources if node not in self.ways and t.state != "done" else ():
                if self._resource(name).setup_matrix:
                    found[name] = max(found[name], t.end)
        for node in [n for n in self.ways if any(found[r] > self.tasks[n].start for r, _ in self.tasks[n].resources)]:
            for name, _ in self.tasks[node].resources:
                if self._resource(name).setup_matrix:
                    found[name] = max(found[name], self.tasks[node].end)
            del self.ways[node]  # it lies between work that stays
        return found

    def _resource(self, name: str) -> Resource:
        return self.p.facts.resources[name]

    def _units(self) -> dict[str, float]:
        """The capacity of resources that only one task at a time fits on, which is 1 in the model; 0 of the others."""
        least: dict[str, float] = {}
        rows = [(r, u) for ways in self.ways.values() for w in ways for r, u in w.resources]
        rows += [(r, u) for node, t in self.tasks.items() if node not in self.ways for r, u in t.resources]
        for name, units in rows:
            least[name] = min(units, least.get(name, units))
        return {name: float(2 * units > self.p.facts.hours.capacity(name).values[0]) for name, units in least.items()}

    # --- the model -------------------------------------------------------------------------------------------------

    def draft(self) -> Draft:
        """The general problem, and the plan as a schedule of it."""
        for node in range(len(self.p.kind)):
            if node in self.ways:
                self._free(node)
            else:
                self._plain(node)
        self._links()
        self.model.minimise(Term.TARDINESS)
        self.model.minimise(Term.SETUP_TIME, (Term.MODE_COST, 60.0))
        problem = self.model.build()
        return Draft(self.p, problem, self.ways, Schedule(self.p.times.copy(), problem.mode_ptr[:-1].copy()))

    def _free(self, node: int) -> None:
        p, t = self.p, self.tasks[node]
        process, step = self.step(t)
        self.model.task(
            name=f"{t.order} {t.step}", release=int(p.release[node]), due=int(p.due[node]), weight=float(p.weight[node]),
            deadline=self._deadline(node), whole=not step.pausable,
        )  # fmt: skip
        ways = self.ways[node]
        for way in ways:
            names = tuple(r for r, _ in way.resources)
            after = max((self.taken[r] for r in names if r in self.taken), default=-FAR)
            spans = self._spans(self.b.hours(process.place, step.calendar, names)[0], after)
            uses = {self._number(r): self._amount(r, u) for r, u in way.resources}
            family = self._family(way)
            self.model.mode(
                node, int(step.setup_time) + way.run, uses, cost=float(way.rank - ways[0].rank), family=family, hours=spans
            )  # fmt: skip

    def _deadline(self, node: int) -> int:
        own = int(self.p.deadline[node])
        return FAR if own >= FAR else max(own, int(self.p.times[node, END]))

    def _family(self, way: Way) -> int:
        """Its family on the resource that has set-ups; ways with several such resources share one name."""
        for name, family in way.families.items():
            matrix = self._resource(name).setup_matrix
            if matrix and family:
                return self.changes.numbers[matrix][family]
        return -1

    def _spans(self, calendar: int, after: int) -> Spans | None:
        """Open hours from a moment on as far as the plan looks; None where always open."""
        first = max(after, self.p.facts.now)
        if calendar < 0:
            return None if after < first else ((after, FAR),)
        rows = self.b.calendars.spans[calendar]
        kept = rows[(rows[:, 1] > first) & (rows[:, 0] < self.last)]
        return tuple((max(int(a), first), int(c)) for a, c in kept)

    def _plain(self, node: int) -> None:
        """A delivery or a fetched order moves; work that stays has its times and holds its resources."""
        p = self.p
        start, end = (int(x) for x in p.times[node])
        if p.fixed[node] or node in self.tasks:
            t = self.tasks.get(node)
            self.model.task(fixed=start)
            held = t.resources if t and t.state != "done" and t.end > t.start else ()
            known = [(r, u) for r, u in held if r in self.wanted]
            self.model.mode(node, end - start, {self._number(r): self._amount(r, u) for r, u in known})
            return
        self.model.task(
            release=int(p.release[node]), due=int(p.due[node]), weight=float(p.weight[node]), deadline=self._deadline(node),
            whole=bool(p.whole[node]),
        )  # fmt: skip
        spans = None if p.calendar[node] < 0 else self._own_spans(int(p.calendar[node]))
        self.model.mode(node, int(p.work[node]), hours=spans)

    def _own_spans(self, calendar: int) -> Spans:
        rows = self.p.hours[calendar]
        kept = rows[(rows[:, 1] > self.p.facts.now) & (rows[:, 0] < self.last)]
        return tuple((int(a), int(c)) for a, c in kept)

    def _number(self, name: str) -> int:
        if name not in self.numbers:
            r = self._resource(name)
            capacity = 1 if self.units.get(name) else int(self.p.facts.hours.capacity(name).values[0] * _UNIT + 1e-6)
            matrix = self.matrices.get(r.setup_matrix, -1) if capacity == 1 else -1
            setup = self._setup(r) if matrix >= 0 else -1
            self.numbers[name] = self.model.resource(capacity, name=name, matrix=matrix, setup=setup)
        return self.numbers[name]

    def _setup(self, r: Resource) -> int:
        """The family a resource has when free work may begin: that of the last work that stays."""
        last = [
            t for node, t in self.tasks.items() if node not in self.ways and any(r.name == n for n, _ in t.resources)
        ]
        for t in sorted(last, key=lambda t: -t.start):
            process = self.b.process(self.b.orders[t.order])
            step = process.steps.get(t.step) if process else None
            if step and step.setup_family in self.changes.numbers[r.setup_matrix]:
                return self.changes.numbers[r.setup_matrix][step.setup_family]
        return self.changes.numbers[r.setup_matrix][r.setup]

    def _amount(self, name: str, units: float) -> int:
        return 1 if self.units.get(name) else round(units * _UNIT)

    def _links(self) -> None:
        """Arcs that the plan keeps; nothing makes work that stays wait."""
        times: Longs = self.p.times
        for u, v, lag, kind in self.p.arcs.tolist():
            first, then = times[u, START if kind & FROM_START else END], times[v, END if kind & TO_END else START]
            if first + lag <= then and u != v:
                self.model.link(u, v, lag, from_start=bool(kind & FROM_START), to_end=bool(kind & TO_END))
