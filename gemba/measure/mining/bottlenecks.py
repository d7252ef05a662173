"""Where cases lose their time: arcs and activities, ranked by the waiting they cause."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.measure.mining.flow import FlowMap
from gemba.measure.mining.spread import Spread


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Waiting (seconds) before an activity, or on one arc into it (``before`` is blank for the activity as a whole).

    ``per_case`` = total / all cases of the log: what an average case loses here, however few cases come by.
    ``share`` = total / the waiting of the whole log.
    """

    before: str
    activity: str
    total: float
    per_case: float
    share: float
    cases: int  # that wait here or pass without waiting
    waiting: Spread


def arc_bottlenecks(flow: FlowMap) -> tuple[Bottleneck, ...]:
    """Every arc of a map, the one with the most waiting first."""
    return _ranked(flow, [(arc.before, arc.after, arc.cases, arc.waiting) for arc in flow.arcs])


def activity_bottlenecks(flow: FlowMap) -> tuple[Bottleneck, ...]:
    """Every activity that is waited for, the one with the most waiting before it first."""
    return _ranked(flow, [("", a.name, a.cases, a.waiting) for a in flow.activities if a.waiting])


def _ranked(flow: FlowMap, places: list[tuple[str, str, int, Spread]]) -> tuple[Bottleneck, ...]:
    whole = sum(a.waiting.total for a in flow.activities if a.waiting)
    found = [
        Bottleneck(before, name, w.total, w.total / flow.cases, w.total / whole if whole else 0.0, cases, w)
        for before, name, cases, w in places
    ]
    return tuple(sorted(found, key=lambda b: (-b.total, b.before, b.activity)))
