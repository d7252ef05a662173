"""A map that can be read: the most frequent activities and arcs, and those that keep it connected."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import replace
from math import ceil

import numpy as np

from gemba.measure.mining.flow import Arc, FlowMap, flow_map
from gemba.measure.mining.log import EventLog

_EDGE = ""  # stands for the start of a case, or its end: no activity has a blank name


def simplified(log: EventLog, activities: float = 1.0, arcs: float = 1.0) -> FlowMap:
    """The map with a share (0 to 1) of the activities and of the arcs, the most frequent ones, rounded up.

    Rows of other activities are left out before the map is made, so that what is before and after them follows
    directly. Of the arcs, those are kept too that lie on the way whose rarest arc is the most frequent (widest path)
    from a start to each activity, or from it to an end: every activity shown can be reached and can be left. Numbers
    on what is kept are those of the whole.

    Raises:
        ValueError: where a share is not between 0 and 1.
    """
    if not (0 <= activities <= 1 and 0 <= arcs <= 1):
        raise ValueError("shares of activities and arcs must be between 0 and 1")
    found = flow_map(log.where(_frequent(log, activities)))
    many = ceil(arcs * len(found.arcs))
    needed = _widest(found, forward=True) | _widest(found, forward=False)
    kept = [arc for i, arc in enumerate(found.arcs) if i < many or (arc.before, arc.after) in needed]
    return replace(found, arcs=tuple(kept))


def _frequent(log: EventLog, share: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    counts = np.bincount(log.activity.ids, minlength=len(log.activity.names))
    many = max(1, ceil(share * int((counts > 0).sum())))
    best = np.argsort(-counts, kind="stable")[:many]
    return np.isin(log.activity.ids, best)


def _widest(found: FlowMap, forward: bool) -> set[tuple[str, str]]:
    """The arcs of the widest paths from the starts to every activity (or, backward, from every activity to the ends)."""
    ways: dict[str, list[tuple[int, str]]] = {_EDGE: []}
    for a in found.activities:
        ways.setdefault(a.name, [])
        if edge := a.starts if forward else a.ends:
            ways[_EDGE].append((edge, a.name))
    for count, tail, head in _directed(found.arcs, forward):
        ways[tail].append((count, head))
    heap, reached, used = [(-found.events - 1, "", _EDGE)], set[str](), set[tuple[str, str]]()
    while heap:
        width, tail, name = heapq.heappop(heap)
        if name in reached:
            continue
        reached.add(name)
        if tail:
            used.add((tail, name) if forward else (name, tail))
        for count, head in ways[name]:
            if head not in reached:
                heapq.heappush(heap, (max(width, -count), name, head))
    return used


def _directed(arcs: Iterable[Arc], forward: bool) -> Iterable[tuple[int, str, str]]:
    for arc in arcs:
        yield (arc.count, arc.before, arc.after) if forward else (arc.count, arc.after, arc.before)
