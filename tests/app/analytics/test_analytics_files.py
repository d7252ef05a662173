"""The columnar files answer as the records themselves do, whatever is added, voided, killed or deleted."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gemba.app.analytics import build as building
from gemba.app.analytics import forget, refresh
from gemba.app.analytics.cells import _Files
from gemba.app.analytics.files import Folder
from gemba.app.analytics.stored import StoredRecords
from gemba.app.store.records import append, delete_records
from gemba.measure.kpi import Slices, catalogue_of, figures
from gemba.measure.kpi.ask import Ask
from gemba.operation import (
    Characteristic,
    Delivered,
    Event,
    Measurement,
    Meter,
    Movement,
    Operation,
    Place,
    Process,
    ReasonCode,
    ReleasedOrder,
    ReleasedTask,
    Resource,
    Settings,
    Shift,
    Step,
)
from gemba.operation.noun import Noun
from gemba.operation.records import EVENT_KINDS

pytest.importorskip("duckdb")

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST = datetime(2026, 3, 23, tzinfo=UTC)  # the clocks change within the week
OPERATION = Operation(
    settings=Settings(name="O'Plant", now=NOW, zone="Europe/Berlin"),
    places=(Place(name="Site"), Place(name="A", kind="work centre", parent="Site"), Place(name="B", parent="Site")),
    resources=(
        Resource(name="Saw", place="A", cost_per_hour=10),
        Resource(name="Ada", kind="person", place="B", cost_per_hour=7),
    ),
    processes=(),
    shifts=(
        Shift(name="Early", place="A", start=time(6), end=time(14)),
        Shift(name="Night", place="A", start=time(22), end=time(6)),
        Shift(name="Day", start=time(7), end=time(19)),
    ),
    reason_codes=(ReasonCode(name="Break", kind="pause", planned=True),),
    characteristics=(Characteristic(name="Look", process="P", kind="defectives"),),
    meters=(Meter(name="Power", resource="Saw", unit="kWh", media="electricity", cost=0.3),),
    checked=True,
)
OPERATION = replace(
    OPERATION, processes=(Process(name="P", item="X"),), steps=(Step(process="P", name="s1", yield_rate=0.9),)
)
CATALOGUE = catalogue_of()


def some(dice: random.Random, batch: int, size: int, known: list[Noun]) -> list[Noun]:
    """Random records; some of them void earlier ones."""
    made: list[Noun] = []

    def at() -> datetime:
        return FIRST + timedelta(seconds=dice.randrange(0, 9 * 86400, 450))

    for i in range(size):
        uid, order, step = f"{batch}-{i}", f"O{dice.randrange(6)}", dice.choice(["s1", "s2"])
        end = at()
        start = end - timedelta(seconds=dice.choice([0, 900, 7200, 100_000]))
        pick = dice.random()
        common = {"uid": uid, "at": end}
        if pick < 0.5:
            seconds = (end - start).total_seconds()
            made.append(Event(
                **common, kind=dice.choice(list(EVENT_KINDS)), order=order, step=step, resource=dice.choice(["", "Saw"]),
                person=dice.choice(["", "Ada"]), place=dice.choice(["A", "B", "Site", ""]), item=dice.choice(["X", "Y"]),
                start=dice.choice([None, start]), queued=dice.choice([None, start]), seconds=seconds,
                good=Decimal(dice.randrange(9)), scrap=Decimal(dice.randrange(3)), reason=dice.choice(["", "Break", "Bad"]),
            ))  # fmt: skip
        elif pick < 0.7:
            ends = dice.choice([("store", "A", "wip", order), ("wip", order, "store", "B"), ("store", "A", "scrap", "x"),
                                ("store", "B", "adjustment", ""), ("store", "A", "store", "B")])  # fmt: skip
            made.append(Movement(
                **common, item=dice.choice(["X", "Y"]), quantity=Decimal(dice.randrange(1, 9)), value=Decimal("1.25"),
                from_kind=ends[0], from_name=ends[1], to_kind=ends[2], to_name=ends[3], order=order, step=step,
                cause=dice.choice(["issue", "production", "scrap", "count", "shipment", "waste"]),
            ))  # fmt: skip
        elif pick < 0.8:
            of = {"meter": "Power"} if dice.random() < 0.5 else {"characteristic": "Look", "resource": "Saw"}
            made.append(
                Measurement(**common, **of, value=dice.randrange(20), size=20, order=order, step=step, item="X")
            )
        elif pick < 0.85:
            made.append(Delivered(
                **common, demand=f"D{dice.randrange(5)}", item="X", place="A", quantity=Decimal(4), ordered=Decimal(8),
                due=dice.choice([None, at()]), promised=dice.choice([None, at()]), documents_right=dice.random() < 0.8,
            ))  # fmt: skip
        elif known:
            old = dice.choice(known)
            if isinstance(old, Event) and not old.corrects:
                made.append(
                    replace(old, uid=uid, seconds=-old.seconds, good=-old.good, scrap=-old.scrap, corrects=old.uid)
                )
            elif isinstance(old, Movement) and not old.corrects:
                made.append(replace(
                    old, **common, cause="correction", corrects=old.uid, from_kind=old.to_kind, from_name=old.to_name,
                    to_kind=old.from_kind, to_name=old.from_name,
                ))  # fmt: skip
    return made


def orders() -> list[Noun]:
    kinds = [("make", ""), ("service", ""), ("maintenance", ""), ("maintenance", "Plan")]
    found: list[Noun] = []
    for i in range(5):  # O5 was never released
        kind, plan = kinds[i % 4]
        due = FIRST + timedelta(days=3) if i % 2 else None
        found.append(
            ReleasedOrder(uid=f"o{i}", at=FIRST, order=f"O{i}", kind=kind, process="P", maintenance_plan=plan, due=due)
        )
        for n, step in ((10, "s1"), (20, "s2")):
            task = ReleasedTask(uid=f"t{i}{n}", at=FIRST, order=f"O{i}", step=step, sequence=n, place="AB"[i % 2], run=60,
                                quantity=Decimal(3))  # fmt: skip
            found.append(task)
    return found


def add(records: Iterable[Noun], name: str = OPERATION.name) -> None:
    by_table: dict[str, list[Noun]] = {}
    for r in records:
        by_table.setdefault(type(r)._table.name, []).append(r)
    with transaction.atomic():
        for found in by_table.values():
            append(name, found)


def question(by: tuple[str, ...], **more: Any) -> Ask:
    places = {"Site": "Site", "A": "Site", "B": "B"}
    return Ask(date(2026, 3, 22), date(2026, 4, 3), places, by, "", planned=frozenset({"Break"}),
               rates={"Saw": 10.0, "Ada": 7.0}, **more)  # fmt: skip


def same(by: tuple[str, ...], each: bool = False, **more: Any) -> int:
    """Compare every KPI and element (for each place on its own, or rolled up); how many figures there were."""
    ask, slices, count = question(by, **more), Slices(OPERATION), 0
    if each:
        ask = replace(ask, places={name: name for name in ("Site", "A", "B")})
    files, plain = _Files(OPERATION, refresh(OPERATION)), StoredRecords(OPERATION)
    for kpi in [*CATALOGUE.kpis, *CATALOGUE.elements]:
        got, expected = (
            figures(CATALOGUE, OPERATION, cells, kpi, ask, NOW, slices) for cells in (files, plain)
        )  # fmt: skip
        assert [g.key for g in got] == [e.key for e in expected], kpi
        for g, e in zip(got, expected, strict=True):
            assert g.elements == pytest.approx(e.elements, abs=1e-6), (kpi, g.key)
        count += len(got)
    return count


@pytest.fixture(autouse=True)
def _no_files(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_files_and_records_give_the_same_figures_after_every_addition(seed: int) -> None:
    dice, known = random.Random(seed), orders()
    add(known)
    for batch in range(2):
        new = some(dice, batch, 60, [r for r in known if isinstance(r, Event | Movement)])
        add(new)
        known += new
        assert same(("place", "week")) > 100
    same(("place", "day", "shift"), each=True)
    same(("place", "week", "shift"))
    same(("item", "resource", "reason", "month"))
    same((), items=frozenset({"X"}), shifts=frozenset({"", "Night"}))
    same(("shift", "quarter"), reasons=frozenset({"Break", ""}), resources=frozenset({"Saw"}))


@pytest.mark.django_db
def test_many_small_additions_are_joined_to_few_parts() -> None:
    dice = random.Random(5)
    add(orders())
    for batch in range(building.MOST_PARTS + 3):
        add(some(dice, batch, 5, []))
        manifest = refresh(OPERATION)
        assert all(len(parts) <= building.MOST_PARTS for parts in manifest.parts.values())
    same(("day",))


@pytest.mark.django_db
def test_a_refresh_that_dies_leaves_the_former_state(monkeypatch: pytest.MonkeyPatch) -> None:
    add([*orders(), *some(random.Random(1), 0, 40, [])])
    before = refresh(OPERATION)
    add(some(random.Random(2), 1, 40, []))

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            refresh(OPERATION)
    folder = Folder(OPERATION.name)
    assert folder.manifest() == before
    assert len(list(folder.path.glob("*.parquet"))) > sum(map(len, before.parts.values()))
    after = refresh(OPERATION)
    folder.sweep(after, grace=-1)
    assert len(list(folder.path.glob("*.parquet"))) == sum(map(len, after.parts.values()))
    same(("day",))


@pytest.mark.django_db
def test_nothing_new_is_nothing_done() -> None:
    add([*orders(), *some(random.Random(1), 0, 20, [])])
    first = refresh(OPERATION)
    assert refresh(OPERATION) == first


@pytest.mark.django_db
def test_an_operation_deleted_and_made_anew_keeps_nothing_of_the_old() -> None:
    add([*orders(), *some(random.Random(1), 0, 40, [])])
    refresh(OPERATION)
    delete_records(OPERATION.name)
    add(some(random.Random(2), 1, 30, []))
    same(("day",))
    forget(OPERATION.name)
    assert not Folder(OPERATION.name).path.exists()


@pytest.mark.django_db
def test_other_shifts_build_the_files_anew() -> None:
    add([*orders(), *some(random.Random(1), 0, 40, [])])
    refresh(OPERATION)
    other = replace(OPERATION, shifts=(Shift(name="Late", start=time(14), end=time(22)),))
    ask, slices = question(("shift",)), Slices(other)
    got, expected = (
        figures(CATALOGUE, other, cells, "APT", ask, NOW, slices)
        for cells in (_Files(other, refresh(other)), StoredRecords(other))
    )
    assert {g.key for g in got} == {("",), ("Late",)}
    assert [g.value for g in got] == pytest.approx([e.value for e in expected])


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_after_a_refresh_is_in_the_next() -> None:
    add([*orders(), *some(random.Random(1), 0, 40, [])])
    first = refresh(OPERATION)
    add(some(random.Random(2), 1, 40, []))
    assert len(refresh(OPERATION).parts["events"]) == len(first.parts["events"]) + 1
    same(("day",))


def _in_a_process(folder: Path, done: Any) -> None:
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATA_DIR = folder
    done.put(sorted(refresh(OPERATION).rows.items()))
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_several_processes_may_refresh_at_once(tmp_path: Path) -> None:
    from django.db import connections

    add([*orders(), *some(random.Random(1), 0, 60, [])])
    connections.close_all()
    context = multiprocessing.get_context("fork")
    done = context.Queue()
    workers = [context.Process(target=_in_a_process, args=(tmp_path, done)) for _ in range(3)]
    for w in workers:
        w.start()
    states = [done.get(timeout=60) for _ in workers]
    for w in workers:
        w.join(60)
    assert states[0] == states[1] == states[2]
    assert len(Folder(OPERATION.name).manifest().parts["events"]) == 1
    same(("day",))  # through a connection of its own: what is committed
