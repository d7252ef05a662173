"""Figures of a stored operation, rolled up its places, and the records behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gemba.app.queries.kpis import Filters, drill, series
from gemba.app.store.clock import set_now
from gemba.app.store.operations import save_operation
from gemba.app.store.records import append
from gemba.operation import Event, Kpi, Operation, Place, Resource, Settings, Shift

OPERATION = Operation(
    settings=Settings(name="Plant", now=datetime(2026, 3, 9, tzinfo=UTC)),
    places=(Place(name="Site"), Place(name="A", kind="work centre", parent="Site"), Place(name="A1", parent="A")),
    resources=(Resource(name="Saw", place="A"),),
    shifts=(Shift(name="Night", start=time(22), end=time(6)),),
    kpis=(Kpi(name="Good an hour", formula="GQ / APT"),),
)


def worked(uid: str, start: datetime, end: datetime, place: str, good: int) -> Event:
    return Event(
        uid=uid, at=end, kind="worked", resource="Saw", place=place, start=start, seconds=(end - start).total_seconds(),
        good=Decimal(good),
    )  # fmt: skip


EVENTS = [
    worked("a", datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC), "A", 10),
    worked("b", datetime(2026, 3, 2, 21, tzinfo=UTC), datetime(2026, 3, 3, 1, tzinfo=UTC), "A1", 8),
    worked("c", datetime(2026, 3, 5, 8, tzinfo=UTC), datetime(2026, 3, 5, 9, tzinfo=UTC), "Site", 6),
]


@pytest.fixture(params=["files", "records"])
def plant(request: Any, settings: Any, tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The plant, answered from columnar files and from the records."""
    settings.DATA_DIR = tmp_path
    if request.param == "records":
        monkeypatch.setattr("gemba.app.analytics.cells.is_available", lambda: False)
    else:
        pytest.importorskip("duckdb")
    save_operation(OPERATION)
    set_now("Plant", datetime(2026, 3, 9, tzinfo=UTC))
    with transaction.atomic():
        append("Plant", EVENTS)
    return "Plant"


WEEK = (date(2026, 3, 2), date(2026, 3, 9))


def test_a_users_own_kpi_is_rolled_up_to_the_level_asked_for(plant: str) -> None:
    found = {
        f.key: (f.value, f.elements) for f in series(plant, "Good an hour", ("place",), *WEEK, level="work centre")
    }
    assert found == {("A",): (3.0, {"GQ": 18.0, "APT": 6.0}), ("Site",): (6.0, {"GQ": 6.0, "APT": 1.0})}


def test_a_place_counts_with_everything_inside_it(plant: str) -> None:
    (figure,) = series(plant, "GQ", (), *WEEK, Filters(place="A"))
    assert figure.value == 18


def test_the_records_behind_a_figure_add_up_to_its_elements(plant: str) -> None:
    night = Filters(place="A", shift="Night")
    (figure,) = series(plant, "Good an hour", (), *WEEK, night)
    behind, more = drill(plant, "Good an hour", *WEEK, night)
    assert [(b.uid, b.shift, b.record.good) for b in behind] == [("b", "Night", 8)]
    assert not more
    sums = {name: sum(b.adds.get(name, 0) for b in behind) for name in figure.elements}
    assert sums == pytest.approx({"GQ": 8, "APT": 3})
    assert figure.elements == pytest.approx(sums)


def test_what_is_not_there_is_refused_by_name(plant: str) -> None:
    with pytest.raises(KeyError, match="no such"):
        series(plant, "no such", (), *WEEK)
    with pytest.raises(ValueError, match="place is 'Nowhere'"):
        series(plant, "GQ", (), *WEEK, Filters(place="Nowhere"))
    with pytest.raises(ValueError, match="by is 'hour'"):
        series(plant, "GQ", ("hour",), *WEEK)


def test_days_after_today_have_no_figures(plant: str) -> None:
    future = replace(EVENTS[0], uid="f", at=datetime(2026, 3, 20, tzinfo=UTC), start=datetime(2026, 3, 20, tzinfo=UTC))
    with transaction.atomic():
        append("Plant", [future])
    assert series(plant, "GQ", (), date(2026, 3, 15), date(2026, 3, 30)) == []
