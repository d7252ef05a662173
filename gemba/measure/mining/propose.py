"""From a log to a process that Gemba can plan with: its usual steps, the order they always keep, and their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gemba.measure.mining.flow import flow_map
from gemba.measure.mining.labels import Floats, Ints
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.variants import Variants, variants
from gemba.operation import Step, StepLink


@dataclass(frozen=True, slots=True)
class Proposal:
    """Steps and links for a process; ``left_out`` are activities that too few cases have."""

    steps: tuple[Step, ...]
    links: tuple[StepLink, ...]
    left_out: tuple[str, ...]


def proposed(log: EventLog, process: str, share: float = 0.5, noise: float = 0.0) -> Proposal:
    """A process of the activities that at least ``share`` of the cases have.

    A step comes before another where, of the cases that have both, at most the share ``noise`` has any of the latter
    before the last of the former, and so for all that follows from such links together; the ones that most cases
    support are taken first, and those that follow from others are left out (transitive reduction). With noise 0 no case
    of the log breaks the order. A step's time is the median of its working time, 0 where the log does not know it.

    Raises:
        ValueError: where no activity is in so many cases.
    """
    cases, found = len(log.case.names), flow_map(log)
    kept = [a for a in found.activities if a.cases >= share * cases]
    if not kept:
        raise ValueError(f"no activity is in {share:.0%} of the cases: ask for a smaller share")
    both, broken = _orders(variants(log), [a.name for a in kept])
    before = _before(both, broken, noise)
    level = _levels(before)
    steps = [
        Step(process=process, name=a.name, sequence=10 * (level[i] + 1), time=a.working.median if a.working else 0.0)
        for i, a in enumerate(kept)
    ]
    links = [
        StepLink(process=process, before=kept[i].name, after=kept[j].name)
        for i, j in np.argwhere(before & ~(before @ before)).tolist()
    ]
    names = {a.name for a in kept}
    return Proposal(
        tuple(sorted(steps, key=lambda s: s.sequence)), tuple(links),
        tuple(a.name for a in found.activities if a.name not in names),
    )  # fmt: skip


def _orders(found: Variants, names: Sequence[str]) -> tuple[Ints, Ints]:
    """(steps, steps) In how many cases both happen; and in how many any of the second comes before the last of the first."""
    n, number = len(names), {name: i for i, name in enumerate(names)}
    both, broken = np.zeros((n, n), np.int64), np.zeros((n, n), np.int64)
    for variant in found.variants:
        first, last = np.full(n, -1), np.full(n, -1)
        for place, name in enumerate(variant.activities):
            if (i := number.get(name, -1)) >= 0:
                first[i], last[i] = place if first[i] < 0 else first[i], place
        has = first >= 0
        pairs = has[:, None] & has[None, :]
        both += variant.count * pairs
        broken += variant.count * (pairs & (first[None, :] < last[:, None]))
    return both, broken


def _before(both: Ints, broken: Ints, noise: float) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(steps, steps) Which must come before which: transitive, free of circles, and kept by the cases."""
    n = len(both)
    share: Floats = broken / np.maximum(both, 1)
    allowed = share <= noise
    before = np.zeros((n, n), np.bool_)
    pairs = [
        (i, j)
        for i in range(n)
        for j in range(n)
        if i != j and both[i, j] and allowed[i, j] and share[j, i] > share[i, j]
    ]
    for i, j in sorted(pairs, key=lambda p: (-both[p] + broken[p], p)):
        firsts, lasts = before[:, i].copy(), before[j].copy()
        firsts[i] = lasts[j] = True
        implied = np.outer(firsts, lasts)
        if not before[j, i] and not (implied & ~allowed).any():
            before |= implied
    return before


def _levels(before: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[int]:
    """The longest way to each step from one that nothing comes before."""
    level = [0] * len(before)
    for j in np.argsort(before.sum(axis=0), kind="stable").tolist():
        level[j] = max((level[i] + 1 for i in np.flatnonzero(before[:, j]).tolist()), default=0)
    return level
