"""What in records is worth a look, although it is taken: unknown names, and records that contradict one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from gemba.operation import Event, Fault, Operation
from gemba.operation.noun import Noun

#: Which table of the operation a field of a record names a row of.
NAMES = {"item": "items", "resource": "resources", "place": "places", "process": "processes", "demand": "demands",
         "kpi": "kpis", "meter": "meters", "characteristic": "characteristics"}  # fmt: skip
#: Orders and demands of the past are not in the current operation any more: those are not doubted.
_PAST = ("demand", "kpi")
Doubter = Callable[[Iterable[Noun]], Iterator[Fault]]


def doubts(operation: Operation) -> Doubter:
    """What gives for records the names they use and the operation does not know, each name once."""
    known = {
        field: {getattr(noun, noun._table.key[0]) for noun in operation.tables()[table]}
        for field, table in NAMES.items()
        if field not in _PAST
    }
    told: set[tuple[str, str, str]] = set()

    def doubter(records: Iterable[Noun]) -> Iterator[Fault]:
        for thing in records:
            table = type(thing)._table
            for field, names in known.items():
                for value in _named(thing, field):
                    if value not in names and (table.name, field, value) not in told:
                        told.add((table.name, field, value))
                        what = NAMES[field]
                        yield Fault(
                            table.name, getattr(thing, "uid", ""), field, value, f"one of the {what} to be found"
                        )

    return doubter


def _named(thing: Any, field: str) -> Sequence[str]:
    value = getattr(thing, field, "")
    return (
        [part for part in (p.strip() for p in value.split(",")) if part]
        if field == "resource"
        else [value] * bool(value)
    )


def doubts_between(events: Iterable[Event]) -> Iterator[Fault]:
    """Work that ended after its order was closed: one of the two moments is wrong. One fault for each such event."""
    found = list(events)
    closed = _closed(found)
    for e in found:
        end = closed.get(e.order)
        if end is not None and e.kind in ("worked", "finished", "reported") and e.at > end:
            yield Fault("events", e.uid, "at", e.at, f"not after order {e.order} was closed ({end:%Y-%m-%d %H:%M})")


def _closed(events: Iterable[Event]) -> Mapping[str, datetime]:
    """When each order was closed; its last closing counts."""
    closed: dict[str, datetime] = {}
    for e in events:
        if e.kind == "closed" and e.order and not e.corrects:
            closed[e.order] = max(e.at, closed.get(e.order, e.at))
    return closed
