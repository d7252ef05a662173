"""Documents apply where they say, must be valid where they are required, and be known before work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gemba import demonstrations
from gemba.execute.safety import (
    applies,
    check_lines,
    invalid_documents,
    missing_acknowledgements,
    subject_of,
)
from gemba.operation import Operation
from gemba.operation.records import Event
from gemba.operation.safety import Document

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def factory() -> Operation:
    return demonstrations.load("factory")


def with_documents(op: Operation, *documents: Document) -> Operation:
    return replace(op, documents=documents)


def saw(**given: Any) -> Document:
    return Document(**{"name": "Working at the saw", "resource": "Saw 1", "acknowledged": True, **given})


def knows(person: str, subject: str, uid: str = "a", **given: Any) -> Event:
    return Event(uid=uid, at=NOW, kind="acknowledged", person=person, subject=subject, **given)


def test_a_document_of_a_place_applies_to_everything_inside(factory: Operation) -> None:
    works = Document(name="House rules", place="Garden Works")
    assert applies(works, factory, place="North Mill")
    assert applies(works, factory, resource="Saw 1")
    assert not applies(Document(name="x", place="South Works"), factory, resource="Saw 1")
    assert not applies(saw(), factory, resource="Router")


def test_a_person_must_know_what_applies_before_work(factory: Operation) -> None:
    op = with_documents(factory, saw(), Document(name="Forklift", resource="Truck", acknowledged=True))
    missing = missing_acknowledgements(op, [], "Anna", NOW, resource="Saw 1")
    assert [subject_of(d) for d in missing] == ["Working at the saw/1"]
    assert not missing_acknowledgements(op, [knows("Anna", "Working at the saw/1")], "Anna", NOW, resource="Saw 1")
    assert missing_acknowledgements(op, [knows("Ben", "Working at the saw/1")], "Anna", NOW, resource="Saw 1")


def test_a_new_version_must_be_known_anew(factory: Operation) -> None:
    op = with_documents(factory, saw(end=NOW), saw(version="2", start=NOW))
    missing = missing_acknowledgements(op, [knows("Anna", "Working at the saw/1")], "Anna", NOW, resource="Saw 1")
    assert [d.version for d in missing] == ["2"]


def test_a_voided_acknowledgement_does_not_count(factory: Operation) -> None:
    events = [knows("Anna", "Working at the saw/1"), knows("Anna", "Working at the saw/1", "b", corrects="a")]
    assert missing_acknowledgements(with_documents(factory, saw()), events, "Anna", NOW, resource="Saw 1")


def test_a_required_document_must_be_valid_in_one_version(factory: Operation) -> None:
    old = Document(name="Permit for emissions", place="South Works", required=True, end=NOW - DAY)
    new = replace(old, version="2", end=NOW + DAY)
    assert invalid_documents(with_documents(factory, old), NOW, place="South Works") == [old]
    assert invalid_documents(with_documents(factory, old), NOW, place="North Mill") == []
    assert invalid_documents(with_documents(factory, old, new), NOW, place="South Works") == []
    assert invalid_documents(with_documents(factory, old, new), NOW + DAY, place="South Works") == [new]


def test_each_line_of_a_checklist_is_a_check() -> None:
    listed = Document(name="Start of shift", kind="checklist", text="Guard closed\n\n  Blade sharp ")
    assert check_lines(listed) == ["Guard closed", "Blade sharp"]
    assert subject_of(listed, 2) == "Start of shift/1/2"
