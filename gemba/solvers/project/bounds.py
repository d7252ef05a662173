"""Lower bounds on the makespan that take no search: the critical path, and the work that must lie between heads and tails."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.project.problem import Longs, Network, Project

_HEADS = 200  # most moments from which the work that lies after is summed


def shortest(problem: Project) -> Longs:
    """(n) duration of the shortest mode of each activity."""
    return np.minimum.reduceat(problem.duration, problem.mode_ptr[:-1])


def heads(problem: Project, duration: Longs) -> Longs:
    """(n) earliest start by releases, precedence and lags, each activity so long."""
    return _longest(problem.before, np.argsort(problem.rank), duration)


def tails(problem: Project, duration: Longs) -> Longs:
    """(n) least time from the end of each activity to the end of the project."""
    return _longest(problem.after, np.argsort(-problem.rank), duration)


def _longest(network: Network, order: NDArray[np.int64], duration: Longs) -> Longs:
    start = network.release.copy()
    ptr, other, lag = network.ptr.tolist(), network.other, network.lag
    for i in order.tolist():
        rows = slice(ptr[i], ptr[i + 1])
        if ptr[i] < ptr[i + 1]:
            before = other[rows]
            start[i] = max(int(start[i]), int((start[before] + duration[before] + lag[rows]).max()))
    return start


def lower_bound(problem: Project) -> int:
    """The longest path through the network, or more where a resource cannot do its least work between heads and tails.

    For a resource, a moment h and a time q, the activities with a head of at least h and a tail of at least q are done between
    h and q before the end: makespan >= h + work / capacity + q, the work of each being the least of its modes.
    """
    if problem.size == 0:
        return 0
    duration = shortest(problem)
    head, tail = heads(problem, duration), tails(problem, duration)
    bound = int((head + duration + tail).max())
    for r, capacity in enumerate(problem.capacity.tolist()):
        if capacity > 0:
            work = np.minimum.reduceat(problem.duration * problem.renewable[:, r], problem.mode_ptr[:-1])
            bound = max(bound, _energy(head, tail, work, capacity))
    return bound


def _energy(head: Longs, tail: Longs, work: Longs, capacity: int) -> int:
    some = work > 0
    head, tail, work = head[some], tail[some], work[some]
    if not len(work):
        return 0
    order = np.argsort(-tail, kind="stable")
    head, tail, work = head[order], tail[order], work[order]
    moments = np.unique(head)
    best = 0
    for moment in moments[:: -(-len(moments) // _HEADS)].tolist():
        inside = head >= moment
        total = np.cumsum(np.where(inside, work, 0))
        best = max(best, int((moment - (-total // capacity) + tail)[inside].max()))
    return best
