"""Documents: where each applies, whether a valid version is there, and who has confirmed that they know it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gemba.operation import Operation
from gemba.operation.records import Event
from gemba.operation.safety import Document


def subject_of(document: Document, line: int = 0) -> str:
    """What an event says it is about: ``name/version``; of a line of a checklist ``name/version/line``."""
    return f"{document.name}/{document.version}" + (f"/{line}" if line else "")


def valid(document: Document, now: datetime) -> bool:
    return (document.start is None or document.start <= now) and (document.end is None or now < document.end)


def applies(
    document: Document, operation: Operation, *, place: str = "", resource: str = "", process: str = "", step: str = "",
    item: str = "",
) -> bool:  # fmt: skip
    """Whether a document is for work at this place, on this resource, by this process. What a document leaves blank is
    no limit; a place stands for everything inside it. A resource's own place counts where no place is given."""
    if resource and not place:
        place = next((r.place for r in operation.resources if r.name == resource), "")
    given = (
        (document.resource, resource), (document.process, process), (document.step, step), (document.item, item),
    )  # fmt: skip
    inside = not document.place or document.place in _around(operation, place)
    return inside and all(not wanted or wanted == found for wanted, found in given)


def invalid_documents(operation: Operation, now: datetime, **work: str) -> list[Document]:
    """Required documents for the work of which no version is valid now: the latest version of each.

    ``work`` says what is to be done, as for ``applies``.
    """
    found = [d for d in operation.documents if d.required and applies(d, operation, **work)]
    good = {d.name for d in found if valid(d, now)}
    return _latest(d for d in found if d.name not in good)


def missing_acknowledgements(
    operation: Operation, events: Iterable[Event], person: str, now: datetime, **work: str
) -> list[Document]:
    """What this person must still confirm to know before the work: valid versions of documents that ask for it."""
    known = {subject for who, subject in acknowledgements(events) if who == person}
    wanted = (d for d in operation.documents if d.acknowledged and valid(d, now) and applies(d, operation, **work))
    return [d for d in wanted if subject_of(d) not in known]


def acknowledgements(events: Iterable[Event]) -> dict[tuple[str, str], datetime]:
    """When each person first confirmed each version: by (person, ``name/version``)."""
    own = [e for e in events if e.kind == "acknowledged"]
    voided = {e.corrects for e in own if e.corrects}
    found: dict[tuple[str, str], datetime] = {}
    for e in own:
        if not e.corrects and e.uid not in voided:
            key = (e.person, e.subject)
            found[key] = min(found.get(key, e.at), e.at)
    return found


def check_lines(document: Document) -> list[str]:
    """The checks of a checklist: its text line by line, blank ones left out."""
    return [line.strip() for line in document.text.splitlines() if line.strip()]


def _around(operation: Operation, place: str) -> set[str]:
    parents = {p.name: p.parent for p in operation.places}
    found = set()
    while place and place not in found:
        found.add(place)
        place = parents.get(place, "")
    return found


def _latest(documents: Iterable[Document]) -> list[Document]:
    """The version of each that ended last (of those with the same end, the last in the list)."""
    found: dict[str, Document] = {}
    for d in documents:
        before = found.get(d.name)
        if before is None or before.end is None or (d.end is not None and d.end >= before.end):
            found[d.name] = d
    return list(found.values())
