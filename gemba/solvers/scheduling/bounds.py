"""What no schedule beats, quickly: heads along links, work on each resource, the cheapest modes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.lists import tails
from gemba.solvers.scheduling.problem import AFTER, BEFORE, FROM_START, KIND, MINIMUM, TO_END, Longs, Problem, Term


def lower_bounds(p: Problem) -> tuple[float, ...]:
    """A value of each level of the objective that no schedule beats; weights below 0 make a level's bound -inf."""
    found = _terms(p)
    return tuple(
        sum(weight * found[term] for term, weight in level) if all(w >= 0 for _, w in level) else float("-inf")
        for level in p.objective
    )


def _terms(p: Problem) -> dict[Term, float]:
    work = _least(p, p.work)
    ends = heads(p, work) + work
    late = np.maximum(0, ends - p.due)
    moved = np.where(p.published >= 0, np.maximum(0, ends - work - p.published), 0)
    zero = dict.fromkeys(Term, 0.0)
    return zero | {
        Term.MAKESPAN: float(max(_path(p, ends, work), _load(p, ends - work))),
        Term.TARDINESS: float((p.weight * late).sum()),
        Term.LATE: float((late > 0).sum()),
        Term.FLOW_TIME: float((p.weight * (ends - p.release)).sum()),
        Term.MODE_COST: float(_least(p, p.cost).sum()),
        Term.DISTURBANCE: float((p.stability * moved).sum()),
    }


def _least(p: Problem, values: NDArray[Any]) -> NDArray[Any]:
    """The smallest value among each task's modes."""
    return np.minimum.reduceat(values, p.mode_ptr[:-1]) if p.size else values[:0]


def heads(p: Problem, work: Longs) -> Longs:
    """The earliest start of each task by releases and links, resources and hours left aside."""
    head = np.where(p.fixed >= 0, p.fixed, p.release).astype(np.int64)
    links = p.links[p.links[:, MINIMUM] > -FAR]
    before, after, minimum, kind = (links[:, c] for c in (BEFORE, AFTER, MINIMUM, KIND))
    gap = minimum + np.where(kind & FROM_START, 0, work[before]) - np.where(kind & TO_END, work[after], 0)
    for _ in range(p.size):
        new = head.copy()
        np.maximum.at(new, after, head[before] + gap)
        if (new == head).all():
            break
        head = new
    return head


def _path(p: Problem, ends: Longs, work: Longs) -> int:
    """The longest path; tails only along links from end to start, which are those that add up."""
    if not p.size:
        return 0
    plain = (p.links[:, KIND] == 0).all() if len(p.links) else True
    return int((ends - work + tails(p, work)).max()) if plain else int(ends.max())


def _load(p: Problem, starts: Longs) -> int:
    """The work on a resource by its capacity, after the earliest start of any task on it."""
    least: dict[int, dict[int, int]] = {}
    for i in range(p.size):
        own: dict[int, list[int]] = {}
        for m in p.modes_of(i):
            for r, amount in p.uses(m):
                own.setdefault(r, []).append(int(p.work[m]) * amount)
        for r, work in own.items():
            if len(work) == len(p.modes_of(i)):  # whatever its mode
                least.setdefault(r, {})[i] = min(work)
    found = 0
    for r, tasks in least.items():
        if not (p.batch[r] or p.consumable[r]) and p.capacity[r] > 0:
            found = max(found, int(starts[list(tasks)].min()) + -(-sum(tasks.values()) // int(p.capacity[r])))
    return found
