"""Critical blocks, and what moving an operation within one would make of the makespan, without making the move.

A longest path falls into blocks of operations that follow one another on a machine; only a change at a block's ends can
shorten it. Moves are those of N7 (Zhang, Li, Guan and Rao 2007): any operation of the block to its front or behind its
end (N6, Balas and Vazacopoulos 1998), and the first or last one to within. A move's makespan is estimated by the longest
path through the operations it concerns, from the times of those that it leaves alone (Taillard 1994; Balas and Vazacopoulos).

A path is an array (N, 6), filled from its end; its columns are what an estimate needs of each node.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import below
from gemba.solvers.jobshop.graph import BEFORE, COMPLETION, DURATION, NEXT, PLACE, TAIL

NEVER = 1 << 60

#: Columns: OWN duration; END: completion; READY: completion of the job's predecessor; BEHIND: tail of the job's successor;
#: HEAD: room for a start.
NODE, OWN, END, READY, BEHIND, HEAD = range(6)


@kernel
def trace(nodes, path, last, random):  # type: ignore[no-untyped-def]
    """Fill in a longest path to ``last``, choosing by chance where there are several; returns where it begins."""
    node, begin, operations = last, len(path), len(path)
    while True:
        begin -= 1
        path[begin, NODE] = node
        path[begin, OWN] = nodes[node, DURATION]
        path[begin, END] = nodes[node, COMPLETION]
        path[begin, READY] = nodes[node - 1, COMPLETION]
        path[begin, BEHIND] = nodes[node + 1, TAIL]
        start = nodes[node, COMPLETION] - nodes[node, DURATION]
        on_job, on_machine = node - 1, nodes[node, BEFORE]
        by_job = nodes[on_job, COMPLETION] == start and nodes[on_job, PLACE] < operations
        by_machine = nodes[on_machine, COMPLETION] == start and nodes[on_machine, PLACE] < operations
        if by_job and by_machine:
            by_machine = on_job == on_machine or below(random, 2) == 0
        if by_machine:
            node = on_machine
        elif by_job:
            node = on_job
        else:
            return begin


@kernel
def length_later(nodes, path, first, last, limit):  # type: ignore[no-untyped-def]
    """Longest path through the operations from ``first`` to ``last`` of the path once the first is behind the last.

    Cut short where it is above the limit.
    """
    end = nodes[nodes[path[first, NODE], BEFORE], COMPLETION]
    for i in range(first + 1, last + 1):
        start = max(end, path[i, READY])
        path[i, HEAD] = start
        end = start + path[i, OWN]
    tail = max(nodes[nodes[path[last, NODE], NEXT], TAIL], path[first, BEHIND]) + path[first, OWN]
    most = max(end, path[first, READY]) + tail
    for i in range(last, first, -1):
        if most > limit:
            return most
        tail = max(tail, path[i, BEHIND]) + path[i, OWN]
        most = max(most, path[i, HEAD] + tail)
    return most


@kernel
def length_earlier(nodes, path, first, last, limit):  # type: ignore[no-untyped-def]
    """Longest path through the operations from ``first`` to ``last`` of the path once the last is before the first."""
    start_of_last = max(nodes[nodes[path[first, NODE], BEFORE], COMPLETION], path[last, READY])
    end = start_of_last + path[last, OWN]
    for i in range(first, last):
        start = max(end, path[i, READY])
        path[i, HEAD] = start
        end = start + path[i, OWN]
    tail = nodes[nodes[path[last, NODE], NEXT], TAIL]
    most = np.int64(0)
    for i in range(last - 1, first - 1, -1):
        tail = max(tail, path[i, BEHIND]) + path[i, OWN]
        most = max(most, path[i, HEAD] + tail)
        if most > limit:
            return most
    return max(most, start_of_last + max(tail, path[last, BEHIND]) + path[last, OWN])


@kernel
def least_later(nodes, path, first, last):  # type: ignore[no-untyped-def]
    """What the estimate of a move behind the last is at least, at once; beyond all where the move may close a circle.

    It does not where the tail of the first's job successor is no longer than that of the last (sufficient, not necessary).
    """
    front, back = path[first, NODE], path[last, NODE]
    if nodes[back, TAIL] < path[first, BEHIND] or front + 1 == back:
        return NEVER
    between = path[last, END] - path[first, END]
    after = max(nodes[nodes[back, NEXT], TAIL], path[first, BEHIND])
    return max(nodes[nodes[front, BEFORE], COMPLETION] + between, path[first, READY]) + path[first, OWN] + after


@kernel
def least_earlier(nodes, path, first, last):  # type: ignore[no-untyped-def]
    """The same of a move before the first."""
    front, back = path[first, NODE], path[last, NODE]
    if nodes[front, COMPLETION] < path[last, READY] or front + 1 == back:
        return NEVER
    between = path[last - 1, END] - path[first, END] + path[first, OWN]
    start = max(nodes[nodes[front, BEFORE], COMPLETION], path[last, READY])
    return start + path[last, OWN] + max(nodes[nodes[back, NEXT], TAIL] + between, path[last, BEHIND])
