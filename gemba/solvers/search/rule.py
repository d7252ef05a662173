"""What a dispatching rule knows of each node before the first decision.

The rule is apparent tardiness cost (Vepsalainen and Morton 1987) with the price of the work still to come (bottleneck
dynamics, Morton and Pentico 1993) and the work in the next queue (Holthaus and Rajendran 1997). The urgency of a node is

    log(weight / (work + share x work to come)) - hinge(slack / (scale x mean work)) - queue x log(1 + queued / mean work)

slack: time until the latest start that keeps the due date, when what follows takes ``ahead`` times its work and each node of
it waits ``wait`` times the mean work; queued: the work that waits for the machine after this one; hinge: 0 where slack is
negative, slack where it is positive, rounded within ``soft`` of 0. ``scale`` 0 is earliest latest start first.
"""

from __future__ import annotations

import random
from math import exp
from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.search.shop import (
    CALENDAR,
    DEADLINE,
    DUE,
    FAR,
    FROM_START,
    IN,
    IN_END,
    KIND,
    LAG,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    SLOT,
    SLOT_END,
    TO_END,
    WORK,
    Floats,
)

_EARLY = 40.0  # what an offset of 1 is for earliest latest start first, in units of work
#: Columns of what a rule knows of a node: latest start; the part of its urgency that never changes; the machine that its first
#: successor with a machine queues for (their number: none); the node itself.
LATEST, STEADY, FOLLOWING, SELF = range(4)
#: Places in an array of a rule's parameters.
SCALE, AHEAD, WAIT, SHARE, SOFT, QUEUE = range(6)


class Rule(NamedTuple):
    """Parameters of the urgency above; ``noise`` is the width of random offsets."""

    scale: float = 4.0
    ahead: float = 2.0
    wait: float = 0.0
    share: float = 0.0
    soft: float = 0.01
    queue: float = 0.0
    noise: float = 0.0

    def array(self) -> Floats:
        return np.array(self[:6], np.float64)

    def near(self, chance: random.Random, width: float) -> Rule:
        """A rule with about half of the parameters changed, by about ``width`` of what each may well differ."""

        def often() -> float:
            return chance.gauss(0.0, 1.0) * width if chance.random() < 0.5 else 0.0

        return Rule(
            scale=max(self.scale, 0.2) * exp(0.3 * often()),
            ahead=self.ahead + 0.4 * often(),
            wait=self.wait + 0.3 * often(),
            share=max(self.share, 0.01) * exp(0.4 * often()),
            soft=max(self.soft, 0.01) * exp(0.5 * often()),
            queue=self.queue + 0.1 * often(),
            noise=self.noise,
        )


#: Rules always tried, in this order.
FIRST_RULES = (
    Rule(0.0, 1.0),
    Rule(6.0, 2.0, 0.2, 0.1, 0.3, 0.15),
    Rule(2.0, 1.5),
    Rule(4.0, 2.0),
    Rule(3.5, 2.7, 1.0, 0.1, 0.3, 0.2),
    Rule(0.0, 2.0),
    Rule(1.0, 1.0),
    Rule(0.5, 0.5),
)


@kernel
def lasting(nodes, stretch, node):  # type: ignore[no-untyped-def]
    """Seconds that a node's work takes with its closed hours, on average."""
    c = nodes[node, CALENDAR]
    return nodes[node, WORK] * (stretch[c] if c >= 0 else 1.0)


@kernel
def mean_work(nodes, stretch):  # type: ignore[no-untyped-def]
    """Of the nodes on machines, at least 1."""
    total, used = 0.0, 0
    for node in range(len(nodes)):
        if nodes[node, SLOT] < nodes[node, SLOT_END]:
            total += lasting(nodes, stretch, node)
            used += 1
    return max(1.0, total / max(used, 1))


@kernel
def outlook(shop, order, rule, mean, latest, weight, coming):  # type: ignore[no-untyped-def]
    """Write for each node the latest end that keeps what is due after it, the weight of that, and the work to come.

    Weight and coming work of a node are shared among the nodes it waits for. ``order`` is ``topological``'s.
    """
    nodes, arcs, stretch = shop.nodes, shop.arcs_out, shop.stretch
    for node in range(len(nodes)):
        latest[node] = min(nodes[node, DUE], nodes[node, DEADLINE])
        weight[node] = shop.weight[node] if nodes[node, DUE] < FAR else 0.0
        coming[node] = 0.0
    for i in range(len(order) - 1, -1, -1):
        node = order[i]
        for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
            other, kind = arcs[arc, NODE], arcs[arc, KIND]
            work = lasting(nodes, stretch, other)
            moment = latest[other] - arcs[arc, LAG]
            if not kind & TO_END:
                moment -= rule[AHEAD] * work
            if nodes[other, SLOT] < nodes[other, SLOT_END]:
                moment -= rule[WAIT] * mean
            if kind & FROM_START:
                moment += lasting(nodes, stretch, node)
            latest[node] = min(latest[node], moment)
            shared = nodes[other, IN_END] - nodes[other, IN]
            weight[node] += weight[other] / shared
            coming[node] += (coming[other] + work) / shared


@making_kernel
def knowledge(shop, order, rule, mean, offset, known):  # type: ignore[no-untyped-def]
    """Write what the rule knows of each node, (n, 4)."""
    nodes, n = shop.nodes, len(shop.nodes)
    latest, weight, coming = np.empty(n), np.empty(n), np.empty(n)
    outlook(shop, order, rule, mean, latest, weight, coming)
    for node in range(n):
        work = max(1.0, lasting(nodes, shop.stretch, node))
        known[node, LATEST], known[node, FOLLOWING], known[node, SELF] = (
            latest[node] - work,
            next_machine(shop, node),
            node,
        )
        if rule[SCALE] <= 0:
            known[node, STEADY] = work * _EARLY * offset[node]
        else:
            known[node, STEADY] = np.log(max(weight[node], 1e-15) / (work + rule[SHARE] * coming[node])) + offset[node]


@kernel
def next_machine(shop, node):  # type: ignore[no-untyped-def]
    """The machine that a node's first successor with a machine queues for; their number where there is none."""
    nodes, arcs, slots = shop.nodes, shop.arcs_out, shop.slots
    for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
        other = arcs[arc, NODE]
        if nodes[other, SLOT] < nodes[other, SLOT_END]:
            return slots[nodes[other, SLOT], MACHINE]
    return len(shop.busy_ptr) - 1


@kernel
def delay(latest, now, scale, soft):  # type: ignore[no-untyped-def]
    """What slack takes from the urgency of a node. ``scale`` is in seconds, 0 for earliest latest start first."""
    if scale <= 0:
        return latest
    slack = (latest - now) / scale
    if slack >= soft:
        return slack
    if slack > -soft:
        return (slack + soft) * (slack + soft) * 0.25 / soft
    return 0.0
