"""Where a node of a match-up is put back: the cheapest of many places, on the machines of each of its ways."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.search.matchup import TRIED, last_before
from gemba.solvers.search.pushing import ASIDE, LEFT, RIGHT, choose_way, lift_all, put_back, take_out, undo
from gemba.solvers.search.shift import latest, place_back
from gemba.solvers.search.shop import (
    AFTER,
    BEFORE,
    DUE,
    END,
    FAR,
    MACHINE,
    NODE,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
    WORK,
)
from gemba.solvers.search.timing import ready

#: Entries of a choice: way, moment, and how others give way.
_WAY, _MOMENT, _PUSH = range(3)
_EPS = 1e-9


@kernel
def attempt(shop, m, home, exchange, node, moment, push, found, choice):  # type: ignore[no-untyped-def]
    """Try a place, and note it where it is the cheapest so far; the least cost so far."""
    m.counts[TRIED] += 1
    delta = put_back(shop, m, home, exchange, node, moment, push, found)
    undo(shop, m, home, node)
    if delta < found - _EPS:
        choice[_WAY], choice[_MOMENT], choice[_PUSH] = m.way[node], moment, push
        return delta
    return found


@kernel
def bounds(shop, m, home, node):  # type: ignore[no-untyped-def]
    """(earliest start, latest end) of a node that is taken out, by its arcs and its own due date."""
    shop.nodes[node, RELEASE] = home.early[node]
    first = ready(shop.nodes, shop.arcs_in, shop.slots, shop.open_ptr, shop.open, m.line, m.times, node)
    shop.nodes[node, RELEASE] = home.wish[node]
    last_start, last_end = latest(shop, m.line, m.times, node, min(shop.nodes[node, DUE], FAR))
    if last_start < FAR:
        last_end = min(last_end, last_start + shop.nodes[node, WORK])
    return first, last_end


@kernel
def try_machine(shop, m, home, exchange, node, machine, near, found, choice):  # type: ignore[no-untyped-def]
    """Try the places next to the ``near`` slots before and after home on a machine; the least cost so far."""
    first, last_end = bounds(shop, m, home, node)
    floor = exchange * home.calm[node] + _EPS
    middle = last_before(shop.slots, m.line, m.head, m.times, machine, max(home.wish[node], first))
    for step in (1, -1):
        before, tried_right, tried_left = middle, -1, -1
        for k in range(near):
            if step < 0 and k == 0:  # seen on the way up
                before = m.line[before, BEFORE] if before >= 0 else -2
            if before < -1 or found <= floor:
                break
            after = m.line[before, AFTER] if before >= 0 else m.head[machine]
            moment = first if before < 0 else max(first, m.times[shop.slots[before, NODE], END])
            if moment != tried_right and moment < FAR:
                tried_right = moment
                found = attempt(shop, m, home, exchange, node, moment, RIGHT, found, choice)
            limit = last_end if after < 0 else min(last_end, m.times[shop.slots[after, NODE], START])
            if limit < FAR:
                start, _ = place_back(shop, node, limit)
                if start >= home.early[node] and start != tried_left:
                    tried_left = start
                    push = LEFT if limit == last_end else ASIDE
                    found = attempt(shop, m, home, exchange, node, start, push, found, choice)
            if step > 0:
                if after < 0:
                    break
                before = after
            else:
                before = m.line[before, BEFORE] if before >= 0 else -2
    return found


@kernel
def try_near(shop, m, home, exchange, node, way, near, found, choice):  # type: ignore[no-untyped-def]
    """Try many places of one way; the least cost so far."""
    choose_way(shop, m, home, node, way)
    for slot in range(shop.nodes[node, SLOT], shop.nodes[node, SLOT_END]):
        if found > exchange * home.calm[node] + _EPS:
            machine = shop.slots[slot, MACHINE]
            found = try_machine(shop, m, home, exchange, node, machine, near, found, choice)
    return found


@kernel
def best_place(shop, m, home, exchange, node, near, limit, choice):  # type: ignore[no-untyped-def]
    """Put a node that is taken out back where it costs least; returns the change of cost, inf where that is above the limit.

    Every way is tried at the published moment; then the published way and the best one of the others at many moments.
    """
    found, other = limit, 0
    choice[_WAY] = -1
    for way in range(1 + home.more[node, 1]):
        choose_way(shop, m, home, node, way)
        for push in (RIGHT, ASIDE, LEFT):
            if found > _EPS:
                before = found
                found = attempt(shop, m, home, exchange, node, home.times[node, START], push, found, choice)
                other = way if found < before else other
    found = try_near(shop, m, home, exchange, node, 0, near, found, choice)
    if other > 0:
        found = try_near(shop, m, home, exchange, node, other, near, found, choice)
    if choice[_WAY] < 0:
        if limit < np.inf:
            return np.inf
        choice[_WAY], choice[_MOMENT], choice[_PUSH] = 0, bounds(shop, m, home, node)[0], RIGHT
    choose_way(shop, m, home, node, choice[_WAY])
    return put_back(shop, m, home, exchange, node, choice[_MOMENT], choice[_PUSH], np.inf)


@kernel
def recreate(shop, m, home, exchange, near, order, miss, limit, choice):  # type: ignore[no-untyped-def]
    """Put nodes that are taken out back, one after another; the change of cost, inf where that is above the limit.

    What would cost more than ``miss`` stays out, at that price.
    """
    delta = 0.0
    for node in order:
        found = best_place(shop, m, home, exchange, node, near, min(miss, limit - delta), choice)
        if found == np.inf:
            choose_way(shop, m, home, node, 0)
        delta += min(found, miss)
        if delta > limit:
            return np.inf
    return delta


@kernel
def ruin(shop, m, home, exchange, order, miss):  # type: ignore[no-untyped-def]
    """Take nodes out; the change of cost, in which those that are out already count for ``miss``."""
    delta = 0.0
    for node in order:
        delta += -miss if m.away[node] else take_out(shop, m, home, exchange, node)
    return delta + lift_all(shop, m, home, exchange)
