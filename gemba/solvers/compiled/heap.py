"""A binary heap of nodes by moment, soonest first (ties: the smaller node); moment and node share a whole number."""

from __future__ import annotations

from gemba.solvers.compiled import kernel

_BITS = 20
_NODE = (1 << _BITS) - 1


@kernel
def push(heap, size, moment, node):  # type: ignore[no-untyped-def]
    """Add; returns the new size."""
    key = (moment << _BITS) | node
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if heap[up] <= key:
            break
        heap[i] = heap[up]
        i = up
    heap[i] = key
    return size + 1


@kernel
def pop(heap, size):  # type: ignore[no-untyped-def]
    """The first node; the heap is then one shorter."""
    first = heap[0] & _NODE
    size -= 1
    key = heap[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = key
    return first


@kernel
def first_moment(heap):  # type: ignore[no-untyped-def]
    return heap[0] >> _BITS
