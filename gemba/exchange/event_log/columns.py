"""Which column of a file means what: given by name, or guessed from the names that event logs usually have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from gemba.exchange.raw import plain_name


@dataclass(frozen=True, slots=True)
class LogColumns:
    """The columns of a log, by the name each has in the file; blank where the file has none.

    ``case``, ``activity`` and ``end`` or ``start`` are needed. With ``transition`` (the lifecycle: start, complete ...)
    each row is an event at ``end``, and events are folded into activity instances. ``instance`` names the piece of
    work an event belongs to. ``work`` is what the source itself says of the length of the work, in units of
    ``work_unit`` seconds: rows where it differs from end - start are doubtful. ``texts`` and ``numbers`` name further
    columns to keep.
    """

    case: str = ""
    activity: str = ""
    queued: str = ""
    start: str = ""
    end: str = ""
    resource: str = ""
    group: str = ""
    transition: str = ""
    instance: str = ""
    work: str = ""
    work_unit: float = 60.0
    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def named(self) -> dict[str, str]:
        """The columns that are given, by what they mean; further ones by their own name."""
        single = {f.name: getattr(self, f.name) for f in fields(self) if f.type == "str"}
        return {k: v for k, v in single.items() if v} | {v: v for v in (*self.texts, *self.numbers)}


#: Names that columns usually have, best first, without case, spaces, underscores and hyphens.
_USUAL = {
    "case": ("caseid", "case", "case:concept:name", "caseconcept:name", "traceid", "order", "orderid", "ticket", "id"),
    "activity": ("activity", "concept:name", "activityname", "task", "step", "operation", "event", "status"),
    "queued": ("queued", "scheduled", "released", "schedule", "created"),
    "start": ("start", "starttime", "starttimestamp", "started", "begin"),
    "end": ("end", "endtime", "completetimestamp", "complete", "completed", "finished", "time:timestamp", "timestamp",
            "time", "date"),
    "resource": ("resource", "org:resource", "worker", "user", "owner", "person", "employee", "agent"),
    "group": ("group", "orggroup", "org:group", "team", "supportteamgroup", "department", "machine", "ward", "place",
              "org:role", "role"),
    "transition": ("lifecycle", "lifecycle:transition", "transition", "eventtype"),
    "instance": ("instance", "concept:instance", "activityinstance", "activityinstanceid"),
}  # fmt: skip


def guessed(header: Sequence[str], given: LogColumns | None = None) -> LogColumns:
    """The columns of a header: those given, and for the others the most usual name that the header has."""
    given = given or LogColumns()
    plain = {plain_name(name): name for name in reversed(header)}
    taken = set(given.named().values())
    for meaning, usual in _USUAL.items():
        if getattr(given, meaning):
            continue
        found = next((plain[name] for name in usual if name in plain and plain[name] not in taken), "")
        given = replace(given, **{meaning: found})  # type: ignore[arg-type]
        taken.add(found)
    if given.transition and given.start:  # a row has both ends: its lifecycle says nothing more
        given = replace(given, transition="")
    return given


def lacking(columns: LogColumns, header: Sequence[str]) -> list[tuple[str, str, str]]:
    """(field, value, what is allowed) for each column that is needed or named and not there."""
    wrong = [
        (meaning, "", f"a column of the file, whose columns are {', '.join(header)}: name the one that holds it")
        for meaning in ("case", "activity", "end")
        if not getattr(columns, meaning) and not (meaning == "end" and columns.start)
    ]
    absent = {k: v for k, v in columns.named().items() if v not in header}
    return wrong + [(k, v, f"a column of the file, whose columns are {', '.join(header)}") for k, v in absent.items()]
