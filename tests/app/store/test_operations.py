"""Operations in and out of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba import demonstrations
from gemba.app.store.models import CURRENT, MODELS, PAST, Dataset
from gemba.app.store.operations import NotFoundError, delete_dataset, find, load, save_operation
from gemba.operation import Calendar, CalendarRule, Item, Operation, OperationError, Place, Settings, Stock

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize("name", demonstrations.names())
def test_an_operation_survives_the_store_unchanged(name: str) -> None:
    operation = demonstrations.load(name)
    dataset = save_operation(operation)
    assert load(dataset.pk) == operation
    assert load(operation.name) == operation


def test_floating_time_survives_the_store() -> None:
    operation = Operation(
        Settings(name="Floating", now=NOW, zone=""),
        calendars=(Calendar(name="Shift"),),
        calendar_rules=(
            CalendarRule(
                calendar="Shift",
                rule=1,
                start_time=time(22, 15, 30),
                end_time=time(6),
                start=datetime(2026, 3, 29, 2, 30),
            ),
        ),
    )
    found = load(save_operation(operation).pk)
    assert found == operation
    assert found.calendar_rules[0].start == datetime(2026, 3, 29, 2, 30)
    assert found.calendar_rules[0].start.tzinfo is None


def test_moments_come_back_in_utc_to_the_microsecond() -> None:
    expires = datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    operation = _with(stocks=(Stock(item="A", quantity=0.1 + 0.2, expires=expires),))
    (stock,) = load(save_operation(operation).pk).stocks
    assert stock.expires == expires
    assert stock.expires.tzinfo == UTC
    assert stock.quantity == 0.1 + 0.2


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20).map(str.strip)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=names.filter(bool), text=names, number=st.floats(min_value=0, max_value=1e300))
def test_any_text_and_number_survives_the_store(name: str, text: str, number: float) -> None:
    operation = _with(items=(Item(name=name, description=text, cost=number),))
    assert load(save_operation(operation).pk) == operation


def test_the_order_of_rows_survives_the_store() -> None:
    places = tuple(Place(name=f"P{i}") for i in (3, 1, 2))
    assert load(save_operation(_with(places=places)).pk).places == places


def test_saving_again_makes_a_new_version_and_keeps_the_old_one(close: Any) -> None:
    first = save_operation(close)
    second = save_operation(replace(close, orders=(), order_tasks=()))
    first.refresh_from_db()
    assert (first.version, first.state) == (1, PAST)
    assert (second.version, second.state) == (2, CURRENT)
    assert find(close.name).pk == second.pk
    assert load(first.pk) == close


def test_one_version_at_most_is_current(close: Any) -> None:
    for _ in range(3):
        save_operation(close)
    assert Dataset.objects.filter(name=close.name, state=CURRENT).count() == 1


def test_what_a_database_cannot_keep_is_refused_by_name_and_nothing_is_stored() -> None:
    operation = _with(items=(Item(name="A"), Item(name="B" * 501), Item(name="C", description="\ud800")))
    with pytest.raises(OperationError) as caught:
        save_operation(operation)
    assert [(f.table, f.field, f.row) for f in caught.value.faults] == [
        ("items", "name", 1),
        ("items", "description", 2),
    ]
    assert not Dataset.objects.exists()


def test_an_operation_that_is_not_there_is_said_to_be_missing() -> None:
    for name in ("nowhere", 12345):
        with pytest.raises(NotFoundError):
            load(name)


def test_deleting_a_version_leaves_no_row_of_it(close: Any) -> None:
    dataset = save_operation(close)
    delete_dataset(dataset)
    assert not Dataset.objects.exists()
    assert not any(model.objects.exists() for model in MODELS.values())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's settings")
def test_sqlite_runs_with_the_settings_that_keep_writers_apart() -> None:
    with connection.cursor() as cursor:
        found = {
            p: cursor.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous", "busy_timeout")
        }
        size = cursor.execute("PRAGMA mmap_size").fetchone()
    assert found == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 20000}
    assert size in (None, (0,))
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def _with(**tables: Any) -> Operation:
    items = {s.item for s in tables.get("stocks", ())}
    tables.setdefault("items", tuple(Item(name=i) for i in items))
    return Operation(Settings(name="Small", now=NOW), **tables)
