"""Which targets are in force: targets are only ever added, so the latest for the same thing counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gemba.operation import Target

#: What a target is told apart by: a later one with the same values replaces it.
Key = tuple[str, str, str, str]


def key_of(target: Target) -> Key:
    return target.kpi, target.place, target.item, target.period


def in_force(target: Target, at: datetime) -> bool:
    """Whether a target holds at a moment, if no other replaces it."""
    begun = target.start is None or target.start <= at
    return begun and (target.end is None or at < target.end) and not target.withdrawn


def standing_targets(targets: Iterable[Target], at: datetime) -> list[Target]:
    """The targets that hold at a moment, one for each KPI, place, item and period, in the order of those.

    Of several that are meant for the moment the one set last counts, also where it takes the target back.
    """
    last: dict[Key, Target] = {}
    for t in sorted(targets, key=lambda t: t.at):
        meant = (t.start is None or t.start <= at) and (t.end is None or at < t.end)
        if meant and t.at <= at:
            last[key_of(t)] = t
    return [last[key] for key in sorted(last) if in_force(last[key], at)]
