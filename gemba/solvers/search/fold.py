"""What needs no search: nodes whose times are settled, and which nodes hang together."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.search.dispatch import topological
from gemba.solvers.search.shop import END, IN, IN_END, NODE, RELEASE, SLOT, SLOT_END, START
from gemba.solvers.search.timing import arc_ready, place


@making_kernel
def settle_early(shop, times, settled):  # type: ignore[no-untyped-def]
    """Settle, as early as can be, the nodes that need no machine and wait for settled nodes only.

    ``times`` and ``settled`` (given for nodes that keep their times) are written. The release of the others is raised to what
    settled nodes let it be: their arcs from these are no longer needed.
    """
    nodes, arcs_in = shop.nodes, shop.arcs_in
    order = np.empty(len(nodes), np.int64)
    for node in order[: topological(nodes, shop.arcs_out, order)]:
        if settled[node]:
            continue
        early = nodes[node, SLOT] == nodes[node, SLOT_END]
        moment = nodes[node, RELEASE]
        for arc in range(nodes[node, IN], nodes[node, IN_END]):
            if settled[arcs_in[arc, NODE]]:
                moment = max(moment, arc_ready(nodes, arcs_in, shop.open_ptr, shop.open, times, arc, node))
            else:
                early = False
        nodes[node, RELEASE] = moment
        if early:
            settled[node] = True
            times[node, START], times[node, END] = place(
                nodes, shop.slots, shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, node, moment
            )


@kernel
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@making_kernel
def groups(arcs, slots, machines, label):  # type: ignore[no-untyped-def]
    """Write a number for each node: the same, one of theirs, for nodes that arcs or machines connect."""
    n = len(label)
    parent = np.arange(n + machines)
    for i in range(len(arcs)):
        a, b = _root(parent, arcs[i, 0]), _root(parent, arcs[i, 1])
        parent[max(a, b)] = min(a, b)
    for i in range(len(slots)):
        a, b = _root(parent, slots[i, 0]), _root(parent, n + slots[i, 1])
        parent[max(a, b)] = min(a, b)
    for i in range(n):
        parent[i] = _root(parent, i)
        label[i] = parent[i]
