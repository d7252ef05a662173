"""What is recorded many times a second is sealed into the audit trail, and a change of it is found."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction

from gemba.app.actions.audit import record
from gemba.app.actions.seals import behind, seal, seal_all
from gemba.app.queries.proof import verify
from gemba.app.store.models import RECORD_MODELS, Audit
from gemba.app.store.records import append, delete_records
from gemba.operation import Movement

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def moved(operation: str, *uids: str) -> None:
    with transaction.atomic():
        append(operation, [_movement(uid) for uid in uids])


def _movement(uid: str) -> Movement:
    return Movement(
        uid=uid, at=AT, item="Leg", quantity=Decimal("0.1"), value=Decimal("14.10"), from_kind="store",
        from_name="North", to_kind="wip", to_name="MO-1", cause="issue",
    )  # fmt: skip


@pytest.fixture
def sealed(db: None) -> Any:
    """Records of two operations, in two seals."""
    moved("Plant", "a", "b")
    moved("Clinic", "a")
    first = seal()
    moved("Plant", "c")
    assert seal() is not None
    return first


def test_a_seal_covers_what_came_since_the_last_one(sealed: Audit) -> None:
    counts = {name: made["movements"]["count"] for name, made in sealed.after["sealed"].items()}
    assert counts == {"Plant": 2, "Clinic": 1}
    assert seal() is None, "nothing came since"
    found = verify()
    assert (found.rows, found.records, found.unbroken) == (2, 4, True)


@pytest.mark.parametrize("change", [{"quantity": Decimal("0.2")}, {"lot": "x"}, {"at": AT + timedelta(seconds=1)}])
def test_a_changed_record_is_found(sealed: Audit, change: dict[str, Any]) -> None:
    RECORD_MODELS["movements"].objects.filter(operation="Plant", uid="b").update(**change)
    found = verify()
    assert found.broken == sealed.pk
    assert "the sealed movements of Plant (2 then, 2 now) were changed" in found.what
    assert verify(records=False).unbroken, "the trail itself is in order"


def test_a_removed_record_is_found(sealed: Audit) -> None:
    RECORD_MODELS["movements"].objects.filter(operation="Plant", uid="c").delete()
    assert "(1 then, 0 now)" in verify().what


def test_a_record_put_in_among_sealed_ones_is_found(sealed: Audit) -> None:
    rows = RECORD_MODELS["movements"].objects
    last = rows.get(operation="Plant", uid="c")
    rows.filter(pk=last.pk).update(row=last.pk + 10)
    moved("Plant", "d")
    assert not verify().unbroken


def test_an_operation_that_was_deleted_took_its_records_with_it(sealed: Audit) -> None:
    with transaction.atomic():
        delete_records("Plant")
        record(None, "delete operation", "Plant")
    moved("Plant", "e")
    seal()
    found = verify()
    assert (found.unbroken, found.records) == (True, 2)


def test_a_verification_may_begin_between_two_seals(sealed: Audit) -> None:
    assert verify(start=sealed.pk + 1).unbroken


def test_much_at_once_takes_more_than_one_seal(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gemba.app.actions.seals.MOST", 2)
    moved("Plant", *"abcde")
    assert behind(seal(most=2))
    assert not behind(None)
    assert seal_all(most=2) == 2
    assert verify().records == 5


def test_a_seal_is_not_made_more_often_than_asked_for(sealed: Audit) -> None:
    moved("Plant", "z")
    assert seal(at_least=timedelta(seconds=30)) is None
    assert seal() is not None


@pytest.mark.django_db(transaction=True)
def test_a_record_that_shows_late_is_sealed_with_the_others() -> None:
    """On PostgreSQL a transaction may end after others that took higher row numbers."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                append("Plant", [_movement("slow")])
                written.set()
                go_on.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    moved("Plant", "quick")
    threading.Timer(0.3, go_on.set).start()
    made = seal()
    thread.join()
    assert made is not None
    assert made.after["sealed"]["Plant"]["movements"]["count"] == 2
    assert verify().unbroken
