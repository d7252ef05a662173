"""What a defined process expects of a case: each step once, in an order that its links allow, within their lags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gemba.operation import Operation, Step, StepLink


@dataclass(frozen=True, slots=True)
class Wait:
    """``after`` begins at least ``shortest`` and at most ``longest`` seconds after ``before`` is over; None: any."""

    before: int
    after: int
    shortest: float | None
    longest: float | None


@dataclass(frozen=True, slots=True)
class Expected:
    """Steps by number; ``ancestors`` has, for each step, the set (bits) of all steps that must come before it."""

    process: str
    steps: tuple[str, ...]
    ancestors: tuple[int, ...]
    waits: tuple[Wait, ...]

    def precedes(self, one: int, two: int) -> bool:
        """Whether a step must come before another."""
        return bool(self.ancestors[two] >> one & 1)


def expected(operation: Operation, process: str) -> Expected:
    """What a process of an operation expects.

    Raises:
        ValueError: where the operation has no such process, or it has no steps.
    """
    known = [p.name for p in operation.processes]
    if process not in known:
        raise ValueError(f"the operation has no process '{process}'; it has {', '.join(known) or 'none'}")
    steps = [s for s in operation.steps if s.process == process]
    return expected_of(process, steps, [link for link in operation.step_links if link.process == process])


def expected_of(process: str, steps: Sequence[Step], links: Sequence[StepLink]) -> Expected:
    """What steps and links expect; without links, each step waits for all of the next lower sequence number.

    The shortest wait is the earlier step's move_time + minimum_lag + the later one's queue_time; there is none after a
    step with transfer lots, on which the next may overlap.

    Raises:
        ValueError: where there are no steps.
    """
    if not steps:
        raise ValueError(f"process '{process}' has no steps to compare cases with")
    number = {s.name: i for i, s in enumerate(steps)}
    waits = []
    for before, after, lag, longest in _links(steps, links):
        one, two = steps[number[before]], steps[number[after]]
        shortest = None if one.transfer_lot > 0 else one.move_time + lag + two.queue_time
        waits.append(Wait(number[before], number[after], shortest, longest))
    return Expected(process, tuple(number), _ancestors(len(steps), waits), tuple(waits))


def _links(steps: Sequence[Step], links: Sequence[StepLink]) -> Iterable[tuple[str, str, float, float | None]]:
    if links:
        return [(link.before, link.after, link.minimum_lag, link.maximum_lag) for link in links]
    by: dict[int, list[str]] = {}
    for step in sorted(steps, key=lambda s: s.sequence):
        by.setdefault(step.sequence, []).append(step.name)
    levels = list(by.values())
    return [(b, a, 0.0, None) for low, high in pairwise(levels) for b in low for a in high]


def _ancestors(steps: int, waits: Iterable[Wait]) -> tuple[int, ...]:
    found = [0] * steps
    for wait in waits:
        found[wait.after] |= 1 << wait.before
    for k in range(steps):  # Warshall: all ways by way of step k
        for i in range(steps):
            if found[i] >> k & 1:
                found[i] |= found[k]
    return tuple(found)
