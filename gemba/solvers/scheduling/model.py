"""Builds scheduling problems by name, and says all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from gemba.solvers.compiled.hours import FAR, open_hours
from gemba.solvers.scheduling.faults import faults
from gemba.solvers.scheduling.problem import FROM_START, NONE, TO_END, Problem, Term

Spans = tuple[tuple[int, int], ...]


class ProblemError(ValueError):
    """What is wrong with a problem, all of it: each fault names the thing, the field and the value."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(slots=True)
class _Task:
    name: str
    release: int
    due: int
    deadline: int
    weight: float
    holding: float
    stability: float
    whole: bool
    fixed: int
    published: int
    published_mode: int
    holds: int = NONE
    modes: list[_Mode] = field(default_factory=list)


@dataclass(slots=True)
class _Mode:
    work: int
    uses: dict[int, int]
    cost: float
    family: int
    hours: Spans | None


@dataclass(slots=True)
class _Resource:
    name: str
    capacity: int
    hours: Spans | None
    matrix: int
    setup: int
    between: bool
    batch: bool
    campaign: int
    consumable: bool


class Model:
    """A problem under construction. Each method returns the number by which later ones refer to what it adds."""

    def __init__(self) -> None:
        self._tasks: list[_Task] = []
        self._resources: list[_Resource] = []
        self._matrices: list[tuple[list[list[int]], list[list[float]]]] = []
        self._links: list[tuple[int, int, int, int, int]] = []
        self._stocks: list[tuple[int, int, int]] = []
        self._moves: list[tuple[int, int, int, int]] = []
        self._objective: list[tuple[tuple[Term, float], ...]] = []

    def resource(
        self, capacity: int = 1, *, name: str = "", hours: Iterable[tuple[int, int]] | None = None, matrix: int = NONE,
        setup: int = NONE, between: bool = False, batch: bool = False, campaign: int = 1,
        consumable: bool = False,
    ) -> int:  # fmt: skip
        """A machine, person, tool, pool or crew: so many units, open in ``hours`` (rows of opens, closes; None: always).

        A ``consumable`` one is a budget or a material: what modes take of it is used up.
        """
        spans = None if hours is None else tuple((int(a), int(b)) for a, b in hours)
        made = _Resource(
            name or f"resource {len(self._resources)}",
            capacity,
            spans,
            matrix,
            setup,
            between,
            batch,
            campaign,
            consumable,
        )
        self._resources.append(made)
        return len(self._resources) - 1

    def setup_matrix(self, time: Sequence[Sequence[int]], cost: Sequence[Sequence[float]] | None = None) -> int:
        """Change-over seconds (and cost) from each family (row; a last row more: from none yet) to each (column)."""
        families = len(time[0]) if time else 0
        rows = [list(row) for row in time]
        costs = [list(row) for row in cost] if cost is not None else [[0.0] * families for _ in rows]
        if len(rows) == families:
            rows.append([0] * families)
        if len(costs) == families:
            costs.append([0.0] * families)
        self._matrices.append((rows, costs))
        return len(self._matrices) - 1

    def task(
        self, *, name: str = "", release: int = 0, due: int = FAR, deadline: int = FAR, weight: float = 1.0,
        holding: float = 0.0, stability: float = 1.0, whole: bool = False, fixed: int = NONE, published: int = NONE,
        published_mode: int = NONE,
    ) -> int:  # fmt: skip
        """A piece of work. ``published_mode`` counts from 0 among its modes; so does the mode of fixed work: its only one."""
        self._tasks.append(
            _Task(
                name or f"task {len(self._tasks)}", release, due, deadline, weight, holding, stability, whole, fixed,
                published, published_mode,
            )
        )  # fmt: skip
        return len(self._tasks) - 1

    def mode(
        self, task: int, work: int, uses: Mapping[int, int] | Iterable[int] = (), *, cost: float = 0.0, family: int = NONE,
        hours: Iterable[tuple[int, int]] | None = None,
    ) -> int:  # fmt: skip
        """A way to do a task: open seconds and units of resources. ``hours`` replace those of its resources (overtime)."""
        own = dict(uses) if isinstance(uses, Mapping) else dict.fromkeys(uses, 1)
        spans = None if hours is None else tuple((int(a), int(b)) for a, b in hours)
        self._tasks[task].modes.append(_Mode(work, own, cost, family, spans))
        return len(self._tasks[task].modes) - 1

    def link(
        self,
        before: int,
        after: int,
        minimum: int = 0,
        maximum: int = FAR,
        *,
        from_start: bool = False,
        to_end: bool = False,
    ) -> None:
        """``after`` starts (ends) at least ``minimum`` and at most ``maximum`` seconds after ``before``'s end (start).

        A maximum of 0 is no-wait; overlap by transfer lots is a link from start to start and one from end to end.
        """
        self._links.append((before, after, minimum, maximum, FROM_START * from_start | TO_END * to_end))

    def hold(self, task: int, until: int) -> None:
        """Blocking: the task keeps its resources until another one starts."""
        self._tasks[task].holds = until

    def chain(self, tasks: Sequence[int]) -> None:
        """One after the other."""
        for before, after in pairwise(tasks):
            self.link(before, after)

    def stock(self, initial: int = 0, *, lowest: int = 0, highest: int = FAR) -> int:
        """A material, a budget, or a buffer of limited room."""
        self._stocks.append((initial, lowest, highest))
        return len(self._stocks) - 1

    def take(self, task: int, stock: int, amount: int, *, at_end: bool = False) -> None:
        self._moves.append((task, stock, -amount, int(at_end)))

    def give(self, task: int, stock: int, amount: int, *, at_end: bool = True) -> None:
        self._moves.append((task, stock, amount, int(at_end)))

    def minimise(self, *terms: Term | tuple[Term, float]) -> None:
        """Add a level of the objective: a sum of terms, each with its weight (1 where none is given)."""
        self._objective.append(tuple((t, 1.0) if isinstance(t, Term) else t for t in terms))

    def build(self) -> Problem:
        """The problem as arrays.

        Raises:
            ProblemError: with every fault.
        """
        found = faults(self._tasks, self._resources, self._matrices, self._links, self._moves, self._stocks)
        if found:
            raise ProblemError(found)
        hours: dict[Spans, int] = {}
        modes = [(t, m, self._calendar(m, hours)) for t in self._tasks for m in t.modes]
        uses = [sorted(m.uses.items()) for _, m, _ in modes]
        times, costs = _tables(self._matrices)
        tasks, resources = self._tasks, self._resources
        arrays: dict[str, Any] = {
            **{
                f: _longs(getattr(t, f) for t in tasks)
                for f in ("release", "due", "deadline", "fixed", "published", "holds")
            },
            **{f: np.array([getattr(t, f) for t in tasks], np.float64) for f in ("weight", "holding", "stability")},
            **{f: _longs(getattr(r, f) for r in resources) for f in ("capacity", "matrix", "setup", "campaign")},
            **{f: np.array([getattr(r, f) for r in resources], np.bool_) for f in ("between", "batch", "consumable")},
            **{f: _longs(row[k] for row in self._stocks) for k, f in enumerate(("initial", "lowest", "highest"))},
        }
        return Problem(
            **arrays,
            whole=np.array([t.whole for t in tasks], np.bool_),
            published_mode=_published(tasks),
            mode_ptr=_ptr(len(t.modes) for t in tasks),
            work=_longs(m.work for _, m, _ in modes),
            cost=np.array([m.cost for _, m, _ in modes], np.float64),
            family=_longs(m.family for _, m, _ in modes),
            calendar=_longs(c for _, _, c in modes),
            use_ptr=_ptr(len(u) for u in uses),
            use_resource=_longs(r for u in uses for r, _ in u),
            use_amount=_longs(a for u in uses for _, a in u),
            setup_time=times,
            setup_cost=costs,
            links=np.array(self._links, np.int64).reshape(-1, 5),
            moves=np.array(self._moves, np.int64).reshape(-1, 4),
            hours=open_hours([list(h) for h in hours]),
            objective=tuple(self._objective) or (((Term.MAKESPAN, 1.0),),),
            names=tuple(t.name for t in tasks),
        )

    def _calendar(self, mode: _Mode, hours: dict[Spans, int]) -> int:
        """The number of a mode's calendar: its own hours, or those in which all its resources are open."""
        spans = mode.hours
        if spans is None:
            for r in mode.uses:
                own = self._resources[r].hours
                spans = spans if own is None else own if spans is None else _common(spans, own)
        return NONE if spans is None else hours.setdefault(spans, len(hours))


def _common(a: Spans, b: Spans) -> Spans:
    """When both are open."""
    found = [(max(s, u), min(e, v)) for s, e in a for u, v in b if max(s, u) < min(e, v)]
    return tuple(sorted(found))


def _published(tasks: Sequence[_Task]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Published modes as numbers among all modes."""
    first, found = 0, []
    for t in tasks:
        found.append(NONE if t.published_mode < 0 else first + t.published_mode)
        first += len(t.modes)
    return _longs(found)


def _tables(matrices: Sequence[tuple[list[list[int]], list[list[float]]]]) -> tuple[np.ndarray, np.ndarray]:
    """Matrices of one shape: families of all of them, and a last row for none yet."""
    families = max((len(rows) - 1 for rows, _ in matrices), default=0)
    times = np.zeros((len(matrices), families + 1, families), np.int64)
    costs = np.zeros((len(matrices), families + 1, families))
    for k, (rows, prices) in enumerate(matrices):
        n = len(rows) - 1
        if n:
            times[k, :n, :n], times[k, -1, :n] = rows[:n], rows[n]
            costs[k, :n, :n], costs[k, -1, :n] = prices[:n], prices[n]
    return times, costs


def _longs(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(list(values), np.int64)


def _ptr(lengths: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate([[0], np.cumsum(list(lengths), dtype=np.int64)]).astype(np.int64)
