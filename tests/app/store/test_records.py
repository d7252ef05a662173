"""Records are added, each once, and come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from gemba.app.store.records import append, delete_records, read, stored
from gemba.operation import RECORDS, Movement

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def moved(uid: str, quantity: str = "4", value: str = "14.10") -> Movement:
    return Movement(
        uid=uid, at=AT, item="Leg", quantity=Decimal(quantity), value=Decimal(value), from_kind="store",
        from_name="North", to_kind="wip", to_name="MO-1", cause="issue",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_record_comes_back_as_it_was() -> None:
    with transaction.atomic():
        append("Plant", [moved("a", "0.1", "0.3")])
    assert read("Plant", "movements") == [moved("a", "0.1", "0.3")]
    assert read("Other", "movements") == []


@pytest.mark.django_db
def test_a_record_sent_again_is_taken_once() -> None:
    with transaction.atomic():
        assert append("Plant", [moved("a"), moved("b"), moved("a")]) == [moved("a"), moved("b")]
        assert append("Plant", [moved("b"), moved("c")]) == [moved("c")]
    assert [m.uid for m in read("Plant", "movements")] == ["a", "b", "c"]


@pytest.mark.django_db
def test_a_thousand_tenths_add_up_exactly_in_the_database() -> None:
    with transaction.atomic():
        append("Plant", [moved(str(i), "0.1", "0.01") for i in range(1000)])
    assert stored("Plant", "movements").order_by().aggregate(q=Sum("quantity"), v=Sum("value")) == {
        "q": Decimal(100), "v": Decimal(10),
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_records_are_only_added_within_the_transaction_of_an_action() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        append("Plant", [moved("a")])


@pytest.mark.django_db
@pytest.mark.parametrize("name", RECORDS)
def test_every_kind_of_record_is_stored_with_its_example(name: str) -> None:
    table = RECORDS[name]
    example = table.noun(**{c.name: c.example for c in table.columns if c.required})
    with transaction.atomic():
        append("Plant", [example])
    assert read("Plant", name) == [example]
    delete_records("Plant")
    assert read("Plant", name) == []
