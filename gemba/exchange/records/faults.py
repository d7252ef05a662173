"""Records that contradict themselves: what a declaration of single fields cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gemba.operation import Delivered, Event, Fault, Movement, ReleasedOrder, ReleasedTask, StandardCost
from gemba.operation.noun import Noun

#: Rounding of other systems: so many seconds more than lie between start and end are no contradiction.
ROUNDING = 1.0
Broken = list[tuple[str, Any, str]]


def contradictions(record: Noun, source: str = "", line: int | None = None) -> list[Fault]:
    """What a record says that cannot be true together with what else it says, each as a fault.

    A record that voids another (``corrects``) may carry negative time and quantities; no other may.
    """
    check = _CHECKS.get(type(record))
    table, uid = type(record)._table.name, getattr(record, "uid", "")
    found = check(record) if check else ()
    return [Fault(table, uid, field, value, allowed, source=source, line=line) for field, value, allowed in found]


def _event(e: Event) -> Broken:
    broken: Broken = []
    if e.start and e.at < e.start:
        broken.append(("at", e.at, f"not before start ({e.start:%Y-%m-%d %H:%M}): it is the end"))
    elif e.start and e.seconds > (e.at - e.start).total_seconds() + ROUNDING and e.seconds > 0:
        most = (e.at - e.start).total_seconds()
        broken.append(("seconds", e.seconds, f"at most {most:g}, the time from start to at"))
    if e.queued and e.start and e.start < e.queued:
        broken.append(("queued", e.queued, f"not after start ({e.start:%Y-%m-%d %H:%M})"))
    for name in () if e.corrects else ("seconds", "good", "scrap", "rework"):
        if getattr(e, name) < 0:
            broken.append((name, getattr(e, name), "at least 0, or corrects must name the event that this one voids"))
    if e.corrects == e.uid:
        broken.append(("corrects", e.corrects, "the uid of another event"))
    return broken


def _period(r: ReleasedOrder | ReleasedTask) -> Broken:
    if r.start and r.end and r.end < r.start:
        return [("end", r.end, f"not before start ({r.start:%Y-%m-%d %H:%M})")]
    return []


def _movement(m: Movement) -> Broken:
    broken: Broken = []
    if (m.from_kind, m.from_name) == (m.to_kind, m.to_name) and m.cause != "revaluation":
        broken.append(("to_name", m.to_name, "another account than the one it leaves"))
    if m.value < 0 and not m.corrects and m.cause != "revaluation":
        broken.append(("value", m.value, "at least 0"))
    return broken


def _delivered(d: Delivered) -> Broken:
    if d.price < 0:
        return [("price", d.price, "at least 0")]
    return []


def _cost(c: StandardCost) -> Broken:
    return [(n, getattr(c, n), "at least 0") for n in ("material", "labour", "machine", "overhead")
            if getattr(c, n) < 0]  # fmt: skip


_CHECKS: Mapping[type[Any], Callable[[Any], Broken]] = {
    Event: _event, ReleasedOrder: _period, ReleasedTask: _period, Movement: _movement, Delivered: _delivered,
    StandardCost: _cost,
}  # fmt: skip
