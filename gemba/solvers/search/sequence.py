"""Machine sequences: linked from times, and changed by moves."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.search.shop import AFTER, BEFORE, END, MACHINE, NODE, START, Longs, Shop


def link_by(shop: Shop, times: Longs, line: Longs) -> None:
    """Link each machine's slots in the order of their nodes' times (ties: by node), in place."""
    node, machine = shop.slots[:, NODE], shop.slots[:, MACHINE]
    order = np.lexsort((node, times[node, END], times[node, START], machine))
    line[:] = -1
    same = machine[order[1:]] == machine[order[:-1]]
    line[order[1:][same], BEFORE] = order[:-1][same]
    line[order[:-1][same], AFTER] = order[1:][same]


@kernel
def take_out(line, slot):  # type: ignore[no-untyped-def]
    a, b = line[slot, BEFORE], line[slot, AFTER]
    if a >= 0:
        line[a, AFTER] = b
    if b >= 0:
        line[b, BEFORE] = a


@kernel
def put_before(line, slot, other):  # type: ignore[no-untyped-def]
    """Take a slot out of its sequence and put it right before another."""
    take_out(line, slot)
    a = line[other, BEFORE]
    line[slot, BEFORE], line[slot, AFTER], line[other, BEFORE] = a, other, slot
    if a >= 0:
        line[a, AFTER] = slot


@kernel
def put_after(line, slot, other):  # type: ignore[no-untyped-def]
    """Take a slot out of its sequence and put it right after another."""
    take_out(line, slot)
    b = line[other, AFTER]
    line[slot, AFTER], line[slot, BEFORE], line[other, AFTER] = b, other, slot
    if b >= 0:
        line[b, BEFORE] = slot
