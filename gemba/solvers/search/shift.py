"""Right shift: everything as late as what waits for it allows, on unchanged machine sequences."""

from __future__ import annotations

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.hours import backward, stretch_at
from gemba.solvers.search.shop import (
    AFTER,
    CALENDAR,
    END,
    FAR,
    FROM_START,
    KIND,
    LAG,
    MACHINE,
    NODE,
    OPENS,
    OUT,
    OUT_END,
    SLOT,
    SLOT_END,
    START,
    TO_END,
    WHOLE,
    WORK,
)


@kernel
def busy_from(busy_ptr, busy, machine, start, end):  # type: ignore[no-untyped-def]
    """When the machine's last taken time that overlaps [start, end) begins; FAR where none does."""
    low, high = busy_ptr[machine], busy_ptr[machine + 1]
    first = low
    while low < high:
        middle = (low + high) >> 1
        if busy[middle, START] < end:
            low = middle + 1
        else:
            high = middle
    if low > first and busy[low - 1, END] > start:
        return busy[low - 1, START]
    return FAR


@kernel
def place_back(shop, node, moment):  # type: ignore[no-untyped-def]
    """(start, end) of a node that ends as late as it can by a moment."""
    nodes, c, work = shop.nodes, shop.nodes[node, CALENDAR], shop.nodes[node, WORK]
    while True:
        start, end = backward(shop.open_ptr, shop.open, c, moment, work)
        if start <= -FAR or work == 0:
            return start, end
        if nodes[node, WHOLE] and end - start != work:
            moment = shop.open[stretch_at(shop.open_ptr, shop.open, c, end - 1), OPENS]
            continue
        moment = FAR
        for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
            moment = min(moment, busy_from(shop.busy_ptr, shop.busy, shop.slots[slot, MACHINE], start, end))
        if moment >= end:
            return start, end


@kernel
def latest(shop, line, times, node, limit):  # type: ignore[no-untyped-def]
    """(latest start, latest end) of a node by what waits for it."""
    nodes, arcs = shop.nodes, shop.arcs_out
    last_start, last_end = FAR, limit
    for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
        kind, other = arcs[arc, KIND], arcs[arc, NODE]
        moment = times[other, END if kind & TO_END else START] - arcs[arc, LAG]
        if kind & FROM_START:
            last_start = min(last_start, moment)
        else:
            last_end = min(last_end, moment)
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        if line[slot, AFTER] >= 0:
            last_end = min(last_end, times[shop.slots[line[slot, AFTER], NODE], START])
    return last_start, last_end


@kernel
def shift_right(shop, line, times, order, limits):  # type: ignore[no-untyped-def]
    """Move nodes later, in place: those with a limit (a latest end) above -FAR. ``order`` is by start, the latest first.

    A node is only moved to where everything that waits for it allows it as it is at that moment: a schedule stays one.
    """
    for node in order:
        if limits[node] <= -FAR:
            continue
        last_start, last_end = latest(shop, line, times, node, limits[node])
        if last_end >= FAR:
            continue
        if last_start < FAR:
            last_end = min(last_end, last_start + shop.nodes[node, WORK])  # then it starts no later than it may
        start, end = place_back(shop, node, last_end)
        if start > times[node, START]:
            times[node, START], times[node, END] = start, end
