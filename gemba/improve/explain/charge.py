"""Charging a demand's lateness to the stretches of its chain, what could be avoided first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gemba.operation import Part

#: Causes in the order in which lateness is charged to them: what planning, expediting or overtime removes comes first,
#: what would have taken its time anyway comes last. docs/reference/explanation.md says why.
RANKS = {
    c: i
    for i, c in enumerate(
        ("resource", "material", "other", "setup", "closed", "queue", "move", "release", "lead_time", "work")
    )
}


def charge(chain: Iterable[Part], lateness: int) -> tuple[Part, ...]:
    """Parts of the chain whose seconds add up to the lateness exactly; the last charged may be a piece of a stretch.

    The chain must be at least as long as the lateness. Within a cause the latest stretch is charged first.
    """
    charged, left = [], lateness
    for part in sorted(chain, key=lambda p: (RANKS.get(p.cause, len(RANKS)), -p.end)):
        if left <= 0:
            break
        if part.seconds > left:
            part = replace(part, start=part.end - left)
        charged.append(part)
        left -= part.seconds
    return tuple(charged)
