"""A lower bound on weighted tardiness that holds for every plan of the operation, whatever it decides."""

from __future__ import annotations

from gemba.decide.supply.network import BufferNode, Network, OptionNode, ProcessNode, StepNode
from gemba.decide.supply.score import Target
from gemba.operation import Demand
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

_DAY = 86400.0


def lower_bound(net: Network, wanted: dict[str, Target], missing_until: dict[int, int]) -> float:
    """Sum over demands of weight x days from due to the first moment at which any of the item could be there at all.

    Capacity, competing demands and closed hours are left out, quantities are taken as small as an order may be, and
    work as fast as the fastest resource: so no plan can be better. ``missing_until`` holds, by buffer, when its first
    stock or open order is there.
    """
    soonest = Soonest(net, missing_until)
    total = 0.0
    for d in net.demands:
        t = wanted[d.name]
        there = min(max(soonest.of_demand(d), net.now), t.limit)
        total += t.weight * max(0, there - t.due) / _DAY
    return total


class Soonest:
    """When the first of an item could be at a place, by any option, with nothing in its way."""

    def __init__(self, net: Network, first_lots: dict[int, int]) -> None:
        self.net, self.first_lots = net, first_lots
        self._known: dict[int, int] = {}

    def of_demand(self, d: Demand) -> int:
        at = self.net.buffers[d.item, d.place]
        release = seconds(d.earliest) if d.earliest else -FAR
        if release <= self.net.now:
            return self.of(at)
        ways = [self._by(o, release) for o in at.options if o.priority > 0]
        return max(release, min([self.first_lots.get(id(at), FAR), *ways]))

    def of(self, at: BufferNode) -> int:
        if at.unlimited:
            return self.net.now
        if id(at) not in self._known:
            self._known[id(at)] = self.net.now  # a circle through moves between places counts as there
            ways = [self._by(o, -FAR) for o in at.options if o.priority > 0]
            self._known[id(at)] = min([self.first_lots.get(id(at), FAR), *ways])
        return self._known[id(at)]

    def _by(self, option: OptionNode, release: int) -> int:
        start = max(option.earliest, option.start, release)
        if start >= option.end:
            return FAR
        if option.process is not None:
            return self._made(option.process, max(start, option.process.start), option.minimum)
        if option.origin is not None:
            start = max(start, self.of(option.origin))
        return min(FAR, option.hours.finish(start, option.lead_time))

    def _made(self, process: ProcessNode, start: int, quantity: float) -> int:
        ends: list[int] = []
        for step in process.steps:
            begin = max(start, step.fence)
            for arc in step.arcs:
                begin = max(begin, start if arc.transfer > 0 else ends[arc.before] + arc.lag)
            ends.append(max(begin, self._inputs(step)) + shortest(step, quantity))
        yields = [start if m.offset < 0 else ends[s.index] for s in process.steps for m in s.outputs if m.at_end]
        return min(FAR, min(yields, default=start))

    def _inputs(self, step: StepNode) -> int:
        """When the inputs that every order needs at its start can first be there."""
        firm = [m for m in step.inputs if not m.at_end and m.start == -FAR and m.end == FAR and m.quantity > 0]
        return max((self.of(m.buffer) - max(0, m.offset) for m in firm), default=-FAR)


def shortest(step: StepNode, quantity: float) -> int:
    """Seconds of the step for the smallest order, on the fastest resources."""
    needs = [*step.needs, *(n for c in step.choices for n in c)]
    speeds = [n.speed * (1e6 if r.efficiency_profile else max(r.efficiency, 1.0)) for n in needs for r in n.candidates]
    units = quantity * step.scale
    if step.batch > 0:
        units = min(1.0, units / step.batch)
    return int(step.setup + (step.time + step.per_unit * units) / max([1.0, *speeds]))
