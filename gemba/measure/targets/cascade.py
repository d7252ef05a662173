"""The cascade: the level above sets targets, the level below owns its part; who must know when one is off track."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gemba.measure.targets.current import key_of
from gemba.measure.targets.status import Status
from gemba.operation import Fault, Target

#: So many periods in a row missed, and the owner of the target above is told too.
ESCALATED_AFTER = 2
BAD = ("off track", "missed", "at risk")


@dataclass(frozen=True, slots=True)
class Branch:
    """A target with its status and those it was broken down into; ``told``: the owners who must know, nearest first."""

    status: Status
    below: tuple[Branch, ...]
    told: tuple[str, ...]
    depth: int = 0

    @property
    def target(self) -> Target:
        return self.status.target


def branches(found: Sequence[Status]) -> list[Branch]:
    """The targets as trees; those without one above first level, the worst first at each level.

    The owner of a target is told where it is not on track; the owner of the one above too, where it was missed in
    ``ESCALATED_AFTER`` periods in a row before, the next above after twice as many, and so on.
    """
    by_uid = {s.target.uid: s for s in found}
    below: dict[str, list[Status]] = {}
    for s in found:
        below.setdefault(s.target.parent if s.target.parent in by_uid else "", []).append(s)
    return _trees(below.get("", []), below, by_uid, 0)


def _trees(
    found: Iterable[Status], below: Mapping[str, list[Status]], by_uid: Mapping[str, Status], depth: int
) -> list[Branch]:
    made = [
        Branch(s, tuple(_trees(below.get(s.target.uid, []), below, by_uid, depth + 1)), told(s, by_uid), depth)
        for s in found
    ]
    return sorted(made, key=lambda b: (-_badness(b.status), b.target.kpi, b.target.place))


def _badness(s: Status) -> int:
    return {"missed": 4, "off track": 3, "at risk": 2, "no data": 1}.get(s.state, 0)


def told(s: Status, by_uid: Mapping[str, Status]) -> tuple[str, ...]:
    """Who must know how a target stands."""
    if s.state not in BAD:
        return ()
    found, at, level = [], s.target, 0
    while True:
        if at.owner and at.owner not in found:
            found.append(at.owner)
        level += 1
        above = by_uid.get(at.parent)
        if above is None or s.misses < level * ESCALATED_AFTER:
            return tuple(found)
        at = above.target


def cascade_faults(target: Target, parent: Target, parents: Mapping[str, str]) -> list[Fault]:
    """What is wrong with a target that is to be part of another: it must be of the same KPI, inside its place.

    ``parents`` says for each place which one it is in.
    """
    faults = []
    if target.kpi != parent.kpi:
        faults.append(Fault("targets", parent.kpi, "kpi", target.kpi, "that of the target above"))
    if key_of(target) == key_of(parent):
        faults.append(Fault("targets", target.kpi, "place", target.place, "another place, item or period than above"))
    at, inside = target.place, parent.place == ""
    while at and not inside:
        inside = at == parent.place
        at = parents.get(at, "")
    if not inside:
        faults.append(Fault("targets", target.kpi, "place", target.place, f"inside {parent.place}"))
    return faults
