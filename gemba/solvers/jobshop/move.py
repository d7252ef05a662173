"""Moving an operation on its machine, and renewing only those times that the move changes.

The order of all operations is kept in agreement with the sequences (Pearce and Kelly 2006): only the stretch between the two
ends of a move is set anew. Times are then renewed along that order from the first place that may change; a set of bits holds
the places yet to be done, so an operation is computed once, and only where one before (behind) it has changed.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.bits import add, leading_zeros, trailing_zeros
from gemba.solvers.jobshop.graph import BEFORE, COMPLETION, DURATION, MOVED, NEXT, PLACE, TAIL


@kernel
def reorder_later(nodes, order, held, first, last, stamp):  # type: ignore[no-untyped-def]
    """Put ``first`` and what depends on it behind ``last`` in the order; False, with nothing changed, if ``last`` does."""
    begin, end, count = nodes[first, PLACE], nodes[last, PLACE], 1
    nodes[first, MOVED], held[0] = stamp, first
    for i in range(begin + 1, end + 1):
        node = order[i]
        previous = nodes[node, BEFORE]
        if nodes[node - 1, MOVED] == stamp or (previous != first and nodes[previous, MOVED] == stamp):
            nodes[node, MOVED], held[count] = stamp, node
            count += 1
    if nodes[last, MOVED] == stamp:
        return False
    to = begin
    for i in range(begin + 1, end + 1):
        node = order[i]
        if nodes[node, MOVED] != stamp:
            order[to], nodes[node, PLACE] = node, to
            to += 1
    for i in range(count):
        order[to + i], nodes[held[i], PLACE] = held[i], to + i
    return True


@kernel
def reorder_earlier(nodes, order, held, first, last, stamp):  # type: ignore[no-untyped-def]
    """Put ``last`` and what it depends on before ``first`` in the order; False, with nothing changed, if it depends on that."""
    begin, end, count = nodes[first, PLACE], nodes[last, PLACE], 1
    nodes[last, MOVED], held[0] = stamp, last
    for i in range(end - 1, begin - 1, -1):
        node = order[i]
        following = nodes[node, NEXT]
        if nodes[node + 1, MOVED] == stamp or (following != last and nodes[following, MOVED] == stamp):
            nodes[node, MOVED], held[count] = stamp, node
            count += 1
    if nodes[first, MOVED] == stamp:
        return False
    to = end
    for i in range(end - 1, begin - 1, -1):
        node = order[i]
        if nodes[node, MOVED] != stamp:
            order[to], nodes[node, PLACE] = node, to
            to -= 1
    for i in range(count):
        order[to - i], nodes[held[i], PLACE] = held[i], to - i
    return True


@kernel
def move_later(nodes, order, held, forward, backward, first, last, stamp):  # type: ignore[no-untyped-def]
    """Move ``first`` right behind ``last`` on their machine; False, with nothing changed, if that would be a circle."""
    if not reorder_later(nodes, order, held, first, last, stamp):
        return False
    left, right, node = nodes[first, BEFORE], nodes[last, NEXT], nodes[first, NEXT]
    nodes[left, NEXT], nodes[node, BEFORE] = node, left
    nodes[last, NEXT], nodes[first, BEFORE] = first, last
    nodes[first, NEXT], nodes[right, BEFORE] = right, first
    touch(nodes, forward, backward, node, first)
    return True


@kernel
def move_earlier(nodes, order, held, forward, backward, first, last, stamp):  # type: ignore[no-untyped-def]
    """Move ``last`` right before ``first`` on their machine; False, with nothing changed, if that would be a circle."""
    if not reorder_earlier(nodes, order, held, first, last, stamp):
        return False
    left, right, node = nodes[first, BEFORE], nodes[last, NEXT], nodes[last, BEFORE]
    nodes[node, NEXT], nodes[right, BEFORE] = right, node
    nodes[left, NEXT], nodes[last, BEFORE] = last, left
    nodes[last, NEXT], nodes[first, BEFORE] = first, last
    touch(nodes, forward, backward, last, node)
    return True


@kernel
def touch(nodes, forward, backward, first, last):  # type: ignore[no-untyped-def]
    """Note that the times of a stretch of a machine's sequence, and of its neighbours, may change."""
    add(backward, nodes[nodes[first, BEFORE], PLACE])
    node = first
    while True:
        add(forward, nodes[node, PLACE])
        add(backward, nodes[node, PLACE])
        if node == last:
            break
        node = nodes[node, NEXT]
    add(forward, nodes[nodes[last, NEXT], PLACE])


@kernel
def renew_completions(nodes, order, words):  # type: ignore[no-untyped-def]
    """Renew the completions at the places set, and of all that follow from them; returns how many were computed."""
    computed = 0
    for w in range(len(words) - 1):
        while words[w] != 0:
            word = words[w]
            words[w] = word & (word - np.uint64(1))
            node = order[(w << 6) + trailing_zeros(word)]
            end = max(nodes[node - 1, COMPLETION], nodes[nodes[node, BEFORE], COMPLETION]) + nodes[node, DURATION]
            computed += 1
            if end != nodes[node, COMPLETION]:
                nodes[node, COMPLETION] = end
                add(words, nodes[node + 1, PLACE])
                add(words, nodes[nodes[node, NEXT], PLACE])
    return computed


@kernel
def renew_tails(nodes, order, words):  # type: ignore[no-untyped-def]
    """The same for tails, backwards."""
    computed = 0
    for w in range(len(words) - 2, -1, -1):
        while words[w] != 0:
            bit = 63 - leading_zeros(words[w])
            words[w] ^= np.uint64(1) << np.uint64(bit)
            node = order[(w << 6) + bit]
            left = max(nodes[node + 1, TAIL], nodes[nodes[node, NEXT], TAIL]) + nodes[node, DURATION]
            computed += 1
            if left != nodes[node, TAIL]:
                nodes[node, TAIL] = left
                add(words, nodes[node - 1, PLACE])
                add(words, nodes[nodes[node, BEFORE], PLACE])
    return computed


@kernel
def sweep_completions(nodes, order, begin):  # type: ignore[no-untyped-def]
    """Compute all completions anew from a place on: faster than ``renew`` where most of them change."""
    for i in range(begin, len(order)):
        node = order[i]
        end = max(nodes[node - 1, COMPLETION], nodes[nodes[node, BEFORE], COMPLETION])
        nodes[node, COMPLETION] = end + nodes[node, DURATION]


@kernel
def sweep_tails(nodes, order, end):  # type: ignore[no-untyped-def]
    """The same for tails, backwards."""
    for i in range(end, -1, -1):
        node = order[i]
        left = max(nodes[node + 1, TAIL], nodes[nodes[node, NEXT], TAIL])
        nodes[node, TAIL] = left + nodes[node, DURATION]
