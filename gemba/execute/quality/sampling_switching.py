"""Switching between normal, tightened and reduced inspection, and stopping it, as lots pass (ISO 2859-1, clause 9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gemba.execute.quality.sampling import SamplingPlan, plan_of, tighter

STATES = ("normal", "tightened", "reduced", "discontinued")

#: To tightened: so many of the last ``WINDOW`` lots rejected. Back: so many accepted in a row.
REJECTED, WINDOW, ACCEPTED = 2, 5, 5
#: To reduced: a switching score of at least this. To a stop: so many rejected in all while tightened.
SCORE, STOP = 30, 5


@dataclass(frozen=True, slots=True)
class Result:
    """The original inspection of one lot (a lot presented again does not count).

    ``tighter``: whether it would also have been accepted by the plan of the AQL one step tighter; ``accept`` is Ac of the
    plan used. ``steady`` is false where production is irregular or other conditions call for normal inspection.
    """

    accepted: bool
    accept: int = 0
    tighter: bool = False
    steady: bool = True


@dataclass(frozen=True, slots=True)
class Resumed:
    """The supplier has acted on what stopped the inspection; it begins again, tightened."""


@dataclass(frozen=True, slots=True)
class State:
    """How the next lot is inspected. ``score`` is the switching score, ``recent`` are the last lots since normal inspection
    began (true: accepted), ``row`` counts lots accepted in a row and ``rejected`` lots rejected, both while tightened."""

    severity: str = "normal"
    score: int = 0
    recent: tuple[bool, ...] = ()
    row: int = 0
    rejected: int = 0


def next_state(state: State, event: Result | Resumed, reduced: bool = True) -> State:
    """How the lot after this one is inspected.

    Normal to tightened: 2 of 5 or fewer lots in a row rejected. Tightened to normal: 5 in a row accepted. Tightened to
    discontinued: 5 rejected in all while tightened; only ``Resumed`` ends it. Normal to reduced: a score of at least 30,
    production steady, and ``reduced`` inspection wanted. Reduced to normal: a lot rejected, or production not steady.
    """
    if isinstance(event, Resumed):
        return State("tightened") if state.severity == "discontinued" else state
    if state.severity == "normal":
        return _normal(state, event, reduced)
    if state.severity == "tightened":
        return _tightened(state, event)
    if state.severity == "reduced":
        return state if event.accepted and event.steady else State()
    return state


def replay(history: Iterable[Result | Resumed], start: State | None = None, reduced: bool = True) -> list[State]:
    """The state after each event of a history, from ``start`` (normal inspection, score 0, unless given)."""
    state, found = start or State(), []
    for event in history:
        state = next_state(state, event, reduced)
        found.append(state)
    return found


def result(plan: SamplingPlan, aql: float, nonconforming: int, steady: bool = True) -> Result:
    """The result of a lot inspected by a plan for an AQL with so many nonconforming in its sample.

    The plan one step tighter is that of the same code letter under normal inspection.

    Raises:
        ValueError: where the number is negative or the AQL none of the standard's.
    """
    stricter = tighter(aql)
    passes = stricter is not None and nonconforming <= _same_size(plan, stricter)
    return Result(plan.accepts(nonconforming), plan.accept, passes, steady)


def _same_size(plan: SamplingPlan, aql: float) -> int:
    """Ac of the code letter's plan; −1, accepting nothing, where its arrow leads to another sample size."""
    other = plan_of(plan.letter, aql)
    return other.accept if other.letter == plan.letter else -1


def score(before: int, event: Result) -> int:
    """The switching score after a lot under normal inspection (9.3.3.2, single sampling).

    Ac of 2 or more: 3 more where the lot would have been accepted one step tighter, else 0. Ac of 0 or 1: 2 more where it
    was accepted, else 0.
    """
    if event.accept >= 2:
        return before + 3 if event.tighter else 0
    return before + 2 if event.accepted else 0


def _normal(state: State, event: Result, reduced: bool) -> State:
    recent = (*state.recent, event.accepted)[-WINDOW:]
    if recent.count(False) >= REJECTED:
        return State("tightened")
    points = score(state.score, event)
    if points >= SCORE and event.steady and reduced:
        return State("reduced")
    return replace(state, score=points, recent=recent)


def _tightened(state: State, event: Result) -> State:
    rejected = state.rejected + (not event.accepted)
    row = state.row + 1 if event.accepted else 0
    if rejected >= STOP:
        return State("discontinued")
    return State() if row >= ACCEPTED else replace(state, row=row, rejected=rejected)
