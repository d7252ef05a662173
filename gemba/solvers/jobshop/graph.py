"""The disjunctive graph (Roy and Sussmann 1964) as arrays, and the times along its longest paths.

Before and after each job there is a boundary node (one between two jobs serves both), and each machine has one for both ends
of its sequence. So the node before an operation in its job is ``node - 1``, the one after it is ``node + 1``, and no
operation lacks a predecessor or a successor. A boundary's *completion* is the release of what follows it, its *tail* the
time that follows what is before it.

completion(v) = max(completion of both predecessors) + duration(v)
tail(v) = max(tail of both successors) + duration(v), so that a longest path through v has completion + tail - duration.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.problem import JobShop, Longs

#: Columns of nodes: what belongs to one node lies side by side, in one line of cache. BEFORE and NEXT: neighbours on the
#: machine (of a machine's boundary: the last and the first operation). PLACE: where in the order. MOVED: the last move that
#: changed its side.
COMPLETION, TAIL, DURATION, BEFORE, NEXT, PLACE, MACHINE, MOVED = range(8)


class Graph(NamedTuple):
    """N operations, J jobs, m machines; n = N + J + 1 + m nodes."""

    nodes: Longs  # (n, 8) without sequences
    job_end: Longs  # (J) the boundary after each job
    machine_end: Longs  # (m) each machine's boundary
    node: Longs  # (N) of each operation

    @property
    def operations(self) -> int:
        return len(self.node)


class Plan(NamedTuple):
    """Sequences on a graph with their times, and an order of all operations that agrees with them."""

    nodes: Longs  # (n, 8)
    order: Longs  # (N) operations' nodes, each after its predecessors
    forward: NDArray[np.uint64]  # a bit for each place whose completion is to be renewed
    backward: NDArray[np.uint64]  # a bit for each place whose tail is to be renewed
    held: Longs  # (N) room for nodes that change sides


def graph(problem: JobShop, machine_release: Longs | None = None, machine_tail: Longs | None = None) -> Graph:
    """The graph of a problem. Machines may open only at a release, and need time (tail) after their last operation."""
    operations, jobs, machines = problem.operations, problem.jobs, problem.machines
    node = np.arange(operations) + problem.job + 1
    job_end = problem.job_ptr[1:] + np.arange(1, jobs + 1)
    machine_end = operations + jobs + 1 + np.arange(machines)
    nodes = np.zeros((operations + jobs + 1 + machines, 8), np.int64)
    nodes[:, PLACE] = 64 * (operations // 64 + 1)  # boundaries' places are after all others
    nodes[:, MACHINE] = nodes[:, MOVED] = -1
    nodes[node, DURATION], nodes[node, MACHINE] = problem.duration, problem.machine
    nodes[problem.job_ptr[:-1] + np.arange(jobs), COMPLETION] = problem.release
    nodes[job_end, TAIL] = problem.tail
    if machine_release is not None:
        nodes[machine_end, COMPLETION] = machine_release
    if machine_tail is not None:
        nodes[machine_end, TAIL] = machine_tail
    return Graph(nodes, job_end, machine_end, node)


def plan(of: Graph) -> Plan:
    """Room for a plan, to be filled by ``arrange``."""
    words = of.operations // 64 + 2
    bits = np.zeros((2, words), np.uint64)
    return Plan(of.nodes.copy(), of.node.copy(), bits[0], bits[1], np.zeros(of.operations, np.int64))


@kernel
def arrange(nodes, order, machine_end):  # type: ignore[no-untyped-def]
    """Take the machines' sequences and all times from an order of all operations that agrees with the jobs."""
    for boundary in machine_end:
        nodes[boundary, BEFORE] = nodes[boundary, NEXT] = boundary
    for place in range(len(order)):
        node = order[place]
        boundary = machine_end[nodes[node, MACHINE]]
        last = nodes[boundary, BEFORE]
        nodes[node, BEFORE], nodes[last, NEXT] = last, node
        nodes[node, NEXT], nodes[boundary, BEFORE] = boundary, node
        nodes[node, PLACE] = place
        end = max(nodes[node - 1, COMPLETION], nodes[last, COMPLETION])
        nodes[node, COMPLETION] = end + nodes[node, DURATION]
    for i in range(len(order) - 1, -1, -1):
        node = order[i]
        left = max(nodes[node + 1, TAIL], nodes[nodes[node, NEXT], TAIL])
        nodes[node, TAIL] = left + nodes[node, DURATION]


@kernel
def last_of(nodes, job_end, machine_end):  # type: ignore[no-untyped-def]
    """(makespan, an operation at the end of a longest path)."""
    most, last = np.int64(-1), np.int64(-1)
    for end in job_end:
        length = nodes[end - 1, COMPLETION] + nodes[end, TAIL]
        if length > most:
            most, last = length, end - 1
    for end in machine_end:
        if nodes[end, TAIL] > 0 and nodes[end, BEFORE] != end:
            length = nodes[nodes[end, BEFORE], COMPLETION] + nodes[end, TAIL]
            if length > most:
                most, last = length, nodes[end, BEFORE]
    return most, last
