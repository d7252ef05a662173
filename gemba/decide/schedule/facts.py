"""What timing needs of the operation's rows: waits between steps, moments of inputs and outputs, and what is out of the common.

Something *odd* depends on when it runs in ways that the search does not know (periods of rows, transfer lots, longest lags,
change-overs, capacity that changes or is shared): odd work keeps its times.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from gemba.operation import Operation, Resource, Step, StepItem, StepLink
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR


@dataclass(slots=True)
class ProcessFacts:
    """A process: ``links`` are (before, after, seconds to wait); ``last`` the steps that none waits for."""

    place: str
    item: str
    steps: dict[str, Step] = field(default_factory=dict)
    links: list[tuple[str, str, int]] = field(default_factory=list)
    first: set[str] = field(default_factory=set)  # steps that wait for none
    last: list[str] = field(default_factory=list)
    odd: set[str] = field(default_factory=set)  # steps
    #: (step, item, place, yields) -> (at end, seconds after)
    moments: dict[tuple[str, str, str, bool], tuple[bool, int]] = field(default_factory=dict)
    outputs: set[tuple[str, str]] = field(default_factory=set)  # items and places that rows yield
    end: int = FAR  # orders start before
    start: int = -FAR


class Facts:
    """Rows of the operation, by what one looks them up."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.hours = Hours(operation)
        self.now, self.horizon = self.hours.now, self.hours.high
        self.frozen = self.now + int(operation.settings.frozen)
        self.options = {o.name: o for o in operation.supply_options}
        self.resources = {r.name: r for r in operation.resources}
        self.demands = {d.name: d for d in operation.demands}
        self.shipping = {s.name: s.calendar for s in operation.suppliers}
        self.existing = {o.name: o for o in operation.orders}
        self.perishable = {i.name for i in operation.items if i.shelf_life is not None}
        self.services = {i.name for i in operation.items if i.kind == "service"}
        self.expiring = {(s.item, s.place) for s in operation.stocks if s.expires}
        self.safety = {(p.item, p.place) for p in operation.stock_policies if p.safety_stock > 0 or p.safety_calendar}
        self.processes = _processes(operation)

    def odd_resource(self, resource: Resource) -> bool:
        """Whether work on it depends on when, or on what was before."""
        if resource.limited != "finite":
            return bool(resource.efficiency_calendar)
        if resource.bucket or resource.setup_matrix or resource.efficiency_calendar:
            return True
        return not self.hours.capacity(resource.name).is_constant()

    def perishes(self, item: str, place: str) -> bool:
        return item in self.perishable or (item, place) in self.expiring


def _processes(operation: Operation) -> dict[str, ProcessFacts]:
    found = {}
    for p in operation.processes:
        end = seconds(p.end) if p.end else FAR
        found[p.name] = ProcessFacts(p.place, p.item, end=end, start=seconds(p.start) if p.start else -FAR)
    for s in operation.steps:
        found[s.process].steps[s.name] = s
    for row in operation.step_items:
        _add_item(found[row.process], row)
    dated_skills = {s.resource for s in operation.resource_skills if s.start or s.end}
    for need in operation.step_resources:
        if need.start or need.end or (need.skill and dated_skills):
            found[need.process].odd.add(need.step)
    links = defaultdict(list)
    for link in operation.step_links:
        links[link.process].append(link)
    for name, facts in found.items():
        _add_links(facts, links.get(name))
    return found


def _add_item(facts: ProcessFacts, row: StepItem) -> None:
    out = row.direction == "out"
    place = row.place or facts.place
    if row.start or row.end:
        facts.odd.add(row.step)
    at_end = row.at == "end" or (out and not row.at)
    facts.moments[row.step, row.item, place, out] = (at_end, int(row.offset))
    if out:
        facts.outputs.add((row.item, place))


def _add_links(facts: ProcessFacts, links: list[StepLink] | None) -> None:
    if links is None:
        rows = _in_sequence(facts.steps)
    else:
        rows = [(k.before, k.after, k.minimum_lag, k.maximum_lag is not None) for k in links]
    for name, follower, lag, limited in rows:
        before, after = facts.steps[name], facts.steps[follower]
        facts.links.append((name, follower, int(before.move_time + lag + after.queue_time)))
        if limited or before.transfer_lot > 0:
            facts.odd |= {name, follower}
    waited = {name for name, *_ in rows}
    facts.last = [s for s in facts.steps if s not in waited]
    facts.first = set(facts.steps) - {follower for _, follower, *_ in rows}


def _in_sequence(steps: dict[str, Step]) -> list[tuple[str, str, float, bool]]:
    """(before, after, shortest lag, whether there is a longest) from each step to all of the next higher sequence number."""
    levels: dict[int, list[Step]] = defaultdict(list)
    for s in steps.values():
        levels[s.sequence].append(s)
    ordered = [levels[n] for n in sorted(levels)]
    return [(a.name, b.name, 0.0, False) for before, after in pairwise(ordered) for a in before for b in after]
