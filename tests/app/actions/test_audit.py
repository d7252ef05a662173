"""The audit trail: one chain, and nothing of it can be changed without being found."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, connections, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gemba.app.actions.audit import record
from gemba.app.queries.proof import export, verify
from gemba.app.store.chain import FIELDS, START, canonical
from gemba.app.store.guards import guard
from gemba.app.store.models import Audit

ROWS = 6
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KEPT = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(count: int = ROWS) -> None:
    with transaction.atomic():
        for i in range(count):
            record(None, "change", f"thing {i}", before={"x": i}, after={"x": i + 0.5, "words": ["ä", None]})


def test_rows_follow_one_another_from_the_beginning(planner: Any) -> None:
    with transaction.atomic():
        record(planner, "change", "thing", after={"x": 1})
    first, *rest = Audit.objects.order_by("pk")
    assert first.previous == START
    assert [row.previous for row in rest] == [row.digest for row in [first, *rest][:-1]]
    assert (rest[-1].account, rest[-1].username) == (planner.pk, "planner")
    verdict = verify()
    assert verdict.unbroken
    assert (verdict.rows, verdict.last) == (Audit.objects.count(), rest[-1].digest)


def test_an_undone_transaction_leaves_no_gap(db: None) -> None:
    written(2)
    with transaction.atomic():
        record(None, "change", "undone")
        transaction.set_rollback(True)
    written(1)
    assert list(Audit.objects.order_by("pk").values_list("pk", flat=True)) == [1, 2, 3]
    assert verify().unbroken


@KEPT
@given(JSON)
@example({"a": [1.0, 1e20, 1.5e300, -0.0, 5e-324, 2**80], "\x00": "\ud800"})
def test_whatever_a_row_holds_it_has_the_same_digest_when_read_back(db: None, value: Any) -> None:
    with transaction.atomic():
        record(None, "change", "thing", before=value, after=[value])
    assert verify(start=Audit.objects.latest("pk").pk).unbroken


def other(field: str, value: Any, draw: Any) -> Any:
    """Another value for a field."""
    if field == "at":
        return value + timedelta(microseconds=draw(st.integers(1, 10**12)))
    if field in ("id", "account"):
        return draw(st.integers(100, 10**9))
    if field in ("previous", "digest"):
        return draw(st.text("0123456789abcdef", min_size=64, max_size=64).filter(lambda text: text != value))
    if field in ("before", "after"):
        return draw(JSON.map(lambda v: json.loads(canonical(v))).filter(lambda v: canonical(v) != canonical(value)))
    return draw(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=5).filter(value.__ne__))


@KEPT
@given(st.data())
def test_any_single_change_of_the_past_is_found(db: None, data: st.DataObject) -> None:
    if not Audit.objects.exists():
        written()
    last = verify().last
    number = data.draw(st.integers(1, ROWS))
    row = Audit.objects.filter(pk=number)
    how = data.draw(st.sampled_from(["change", "remove", "swap", "repeat"]))
    with transaction.atomic():
        if how == "change":
            field = data.draw(st.sampled_from([*FIELDS, "previous", "digest"]))
            row.update(**{field: other(field, getattr(row.get(), field), data.draw)})
        elif how == "remove":
            row.delete()
        elif how == "swap":
            second = data.draw(st.integers(1, ROWS).filter(number.__ne__))
            for old, new in ((number, 99), (second, number), (99, second)):
                Audit.objects.filter(pk=old).update(id=new)
        else:
            copy = row.get()
            copy.id, copy.previous = 50, "f" * 64
            copy.save(force_insert=True)
        found = verify(expect=last)
        transaction.set_rollback(True)
    assert not found.unbroken, f"{how} row {number}"
    assert verify().unbroken


def test_the_first_row_that_is_wrong_is_named(db: None) -> None:
    written()
    Audit.objects.filter(pk__in=(3, 5)).update(subject="something else")
    found = verify()
    assert (found.broken, found.rows, found.what) == (3, 2, "it was changed after it was written.")
    Audit.objects.filter(pk=2).delete()
    assert str(verify()).startswith("Row 3: it does not follow row 1: rows were removed, put in or moved.")
    assert verify(start=6).unbroken, "what is before is taken as it is"


def test_cut_off_rows_are_found_by_a_digest_noted_down_before(db: None) -> None:
    written()
    noted = json.loads(list(export())[-1])["digest"]
    written(2)
    assert verify(expect=noted).unbroken, "rows that came since do no harm"
    Audit.objects.filter(pk__gte=ROWS).delete()
    assert verify().unbroken, "the chain alone does not know its end"
    assert "cut off" in verify(expect=noted).what


def test_the_export_has_every_row_with_its_digest(db: None) -> None:
    written(3)
    lines = [json.loads(line) for line in export(2)]
    assert [line["id"] for line in lines] == [2, 3]
    assert lines[0]["after"] == {"x": 1.5, "words": ["ä", None]}
    assert lines[1]["previous"] == lines[0]["digest"]


@pytest.mark.parametrize("what", ["UPDATE audit SET subject = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(db: None, what: str) -> None:
    written(2)
    guard(connection)
    with pytest.raises(Error, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(what)
    written(1)
    assert verify().rows == 3


def test_an_account_that_goes_leaves_its_rows(planner: Any) -> None:
    with transaction.atomic():
        record(planner, "change", "thing")
    guard(connection)
    number = planner.pk
    planner.delete()
    assert Audit.objects.filter(username="planner", account=number).exists()
    assert verify().unbroken


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain() -> None:
    def write(i: int) -> None:
        try:
            with transaction.atomic():
                record(None, "change", f"thing {i}", after={"x": i})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as people:
        list(people.map(write, range(120)))
    found = verify()
    assert (found.rows, found.number, found.unbroken) == (120, 120, True)
