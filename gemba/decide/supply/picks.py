"""The resources picked for a step: how fast they are, what they take together, and until when they can be had."""

from __future__ import annotations

from itertools import islice, product
from math import ceil

from gemba.decide.supply.changeover import neighbours, upset_follower
from gemba.decide.supply.network import NeedNode, ResourceNode, StepNode
from gemba.operation.worktime import FAR

_MOST_COMBINATIONS = 24

Pick = tuple[ResourceNode, float, NeedNode]


def run_seconds(step: StepNode, order_quantity: float, speed: float) -> int:
    """Seconds of work, set-up aside: (time + time_per_unit x Q) / speed, rounded up; Q in batches where given."""
    q = batches(step, order_quantity * step.scale)
    return ceil((step.time + step.per_unit * q) / speed - 1e-6)


def batches(step: StepNode, units: float) -> float:
    """What time_per_unit is for: units, or batches begun."""
    return ceil(units / step.batch - 1e-9) if step.batch > 0 else units


def efficiency(picks: list[Pick], moment: int) -> float:
    """The lowest efficiency of the picked resources; those that count units a period have none."""
    return min((own_efficiency(r, moment) for r, _, _ in picks if r.data.bucket != "calendar"), default=1.0)


def own_efficiency(r: ResourceNode, moment: int) -> float:
    return r.efficiency_profile.at(moment) if r.efficiency_profile else r.efficiency


def works_again(picks: list[Pick], moment: int) -> int:
    """When an efficiency of the picked resources next changes; FAR where none does."""
    profiles = [r.efficiency_profile for r, _, _ in picks if r.efficiency_profile]
    return min((s for p in profiles for s in p.starts if s > moment), default=FAR)


def combinations(step: StepNode) -> list[list[NeedNode]]:
    """Every way to choose one of each set of alternatives, preferred ones first; in each the most particular needs first."""
    if not step.ways:
        ways = sorted(product(*step.choices), key=lambda way: sum(n.priority for n in way))
        rows = [[*step.needs, *way] for way in islice(ways, _MOST_COMBINATIONS)]
        step.ways = [sorted(way, key=lambda n: (n.pooled, len(n.candidates) - n.count)) for way in rows]
    return step.ways


def counting(step: StepNode, needs: list[NeedNode], t: int) -> tuple[list[NeedNode], int]:
    """Those of the needs that count for work that starts at t; or, where this way is none then, when to look again."""
    found = []
    for need in needs:
        if need.start <= t < need.end:
            found.append(need)
        elif need not in step.needs:
            mates = next(c for c in step.choices if need in c)
            if any(n.start <= t < n.end for n in mates):
                return [], min((e for n in mates for e in (n.start, n.end) if e > t), default=FAR)
    return found, 0


def together(
    picks: list[Pick], quantity: float, work: int, t: int
) -> tuple[list[tuple[ResourceNode, float]], list[tuple[ResourceNode, float]]]:
    """What the picks take of each resource: units, and where it counts by period, amounts."""
    used: dict[int, tuple[ResourceNode, float]] = {}
    amounts: dict[int, tuple[ResourceNode, float]] = {}
    for r, units, need in picks:
        used[r.index] = (r, units + used.get(r.index, (r, 0.0))[1])
        if r.buckets:
            amount = r.buckets.amount(need, quantity, work, own_efficiency(r, t))
            amounts[r.index] = (r, amount + amounts.get(r.index, (r, 0.0))[1])
    return list(used.values()), list(amounts.values())


def hindered(
    step: StepNode,
    t: int,
    end: int,
    picks: list[Pick],
    used: list[tuple[ResourceNode, float]],
    amounts: list[tuple[ResourceNode, float]],
) -> int:
    """0 where the picks can be had from t to the end; else when to try again."""
    for r, units in used:
        busy = r.timeline.clash(t, end, units) if r.timeline and end > t else 0
        if busy:
            return busy
    for r, _, need in picks:
        if need.skill and skilled_until(r, need, t) < max(end, t + 1):
            return skilled_from(r, need, t)
        if r.has_matrix and (family := need.family or step.family):
            previous = neighbours(r, t)[0]
            if previous and previous.start == t:  # which of the two came first would be open
                return t + 1
            if follower := upset_follower(r, t, family):
                return max(follower.end, t + 1)
    for r, amount in amounts:
        assert r.buckets
        if not r.buckets.fits(t, amount):
            return r.buckets.later(t, amount)
    return 0


def slept(picks: list[Pick], moment: int) -> int:
    """When an efficiency of the picked resources last changed before a moment; -FAR where none did."""
    profiles = [r.efficiency_profile for r, _, _ in picks if r.efficiency_profile]
    return max((s for p in profiles for s in p.starts if s < moment), default=-FAR)


def skilled_until(r: ResourceNode, need: NeedNode, t: int) -> int:
    """Until when the resource has the skill it has at t; t itself where it has it not."""
    if not need.skill:
        return FAR
    return max(
        (end for level, start, end, _ in r.skills.get(need.skill, ()) if level >= need.level and start <= t < end),
        default=t,
    )


def skilled_from(r: ResourceNode, need: NeedNode, t: int) -> int:
    """When the resource next gains the skill after t; FAR where never."""
    rows = r.skills.get(need.skill, ()) if need.skill else ()
    return min((start for level, start, _, _ in rows if level >= need.level and start > t), default=FAR)
