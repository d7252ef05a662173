"""The best alignment of a case with a process: the most of its events that fit together.

A process without choices is a partial order of steps. An alignment (Adriansyah 2014) pairs events with steps; an event
without a step and a step without an event each cost 1. The events paired must be of different steps and in an order
that the process allows. Say that event i conflicts with a later event j where the step of j is the one of i or must
come before it. This relation is transitive, so it orders the events partially, and the largest set of events without a
conflict is its largest antichain. By Dilworth's theorem and König's that is found by matching in a bipartite graph:
exact, and in polynomial time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.measure.mining.expected import Expected


@dataclass(frozen=True, slots=True)
class Alignment:
    """Positions in the case of its events, by what they are; ``missing`` are steps that never happen.

    cost = undefined + repeated + missing + 2 * misplaced: an event in the wrong place is one too many there, and one
    too few where it belongs.
    """

    fitting: tuple[int, ...]
    undefined: tuple[int, ...]
    repeated: tuple[int, ...]
    misplaced: tuple[tuple[int, int], ...]  # (the event, a fitting one that it is on the wrong side of)
    missing: tuple[int, ...]

    @property
    def cost(self) -> int:
        return len(self.undefined) + len(self.repeated) + len(self.missing) + 2 * len(self.misplaced)


def align(case: Sequence[int], process: Expected) -> Alignment:
    """The best alignment of a case, given as steps' numbers in order of time; -1 stands for what is no step."""
    places = [i for i, step in enumerate(case) if step >= 0]
    conflicts = _conflicts([case[i] for i in places], process)
    fitting = [places[i] for i in _antichain(conflicts)]
    done = {case[i] for i in fitting}
    repeated, misplaced = [], []
    for place in places:
        if place in fitting:
            continue
        if case[place] in done:
            repeated.append(place)
        else:
            done.add(case[place])
            misplaced.append((place, _against(case, place, fitting, process)))
    missing = tuple(step for step in range(len(process.steps)) if step not in done)
    undefined = tuple(i for i, step in enumerate(case) if step < 0)
    return Alignment(tuple(fitting), undefined, tuple(repeated), tuple(misplaced), missing)


def _against(case: Sequence[int], place: int, fitting: Sequence[int], process: Expected) -> int:
    """The first fitting event in conflict with one. There is one, or else the antichain could be larger."""
    return next(
        other for other in fitting
        if process.precedes(*((case[place], case[other]) if other < place else (case[other], case[place])))
    )  # fmt: skip


def _conflicts(steps: Sequence[int], process: Expected) -> list[int]:
    """For each event the later ones (bits) in conflict with it."""
    where = [0] * len(process.steps)
    for i, step in enumerate(steps):
        where[step] |= 1 << i
    blocked = []
    for step in range(len(process.steps)):
        bits, before = where[step], process.ancestors[step]
        while before:
            low = before & -before
            bits |= where[low.bit_length() - 1]
            before ^= low
        blocked.append(bits)
    return [blocked[step] >> (i + 1) << (i + 1) for i, step in enumerate(steps)]


def _antichain(conflicts: list[int]) -> list[int]:
    """The largest set of events none of which conflict: those that a smallest vertex cover leaves out."""
    n = len(conflicts)
    if not any(conflicts):
        return list(range(n))
    left = [-1] * n  # the later event matched with each earlier one
    right = [-1] * n
    for i in range(n):
        _augment(i, conflicts, left, right)
    reached, unseen, todo = 0, (1 << n) - 1, [i for i in range(n) if left[i] < 0]
    while todo:  # what alternating paths from unmatched earlier events lead to (König)
        i = todo.pop()
        reached |= 1 << i
        new = conflicts[i] & unseen
        unseen &= ~new
        todo += [right[j] for j in _bits(new)]
    return [i for i in range(n) if reached >> i & 1 and unseen >> i & 1]


def _augment(i: int, conflicts: list[int], left: list[int], right: list[int]) -> None:
    """Match event i, rearranging other matches where that is needed (an augmenting path, breadth first)."""
    unseen, parent, todo = -1, dict[int, int](), [i]
    for tail in todo:
        for j in _bits(conflicts[tail] & unseen):
            unseen &= ~(1 << j)
            parent[j] = tail
            if right[j] < 0:
                _flip(j, parent, left, right)
                return
            todo.append(right[j])


def _flip(j: int, parent: dict[int, int], left: list[int], right: list[int]) -> None:
    while j >= 0:
        tail = parent[j]
        before, left[tail], right[j] = left[tail], j, tail
        j = before


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
