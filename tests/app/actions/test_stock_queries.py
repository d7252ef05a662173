"""What the database answers is what replaying the movements says: at any moment, with checkpoints or without."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gemba.execute.ledger import balances
from gemba.execute.ledger.genealogy import Lot, links, trace
from gemba.operation import Movement, ReleasedOrder
from tests.execute.ledger.plant import AT, maker, plant
from tests.execute.ledger.test_ledger_lots import chain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def bakery() -> str:
    from gemba.app.store.clock import set_now
    from gemba.app.store.operations import save_operation

    save_operation(plant(stocks=()))
    set_now("Bakery", AT)
    return "Bakery"


def drawn(seed: int, count: int) -> list[Movement]:
    """Movements of half a year at random, in no order of time; some stores go below zero."""
    draw, found = random.Random(seed), []
    for n in range(count):
        m = maker(AT - draw.randrange(180 * 24) * timedelta(hours=1))
        item, place, lot = draw.choice(["Flour", "Milk"]), draw.choice(["Store", "Shop"]), draw.choice("AB")
        kind, q = draw.randrange(4), Decimal(draw.randrange(1, 900)) / 7
        if kind == 0:
            found.append(m.receipt(f"m{n}", item, q, place, lot=lot))
        elif kind == 1:
            found.append(m.issue(f"m{n}", item, q, place, "MO-1", lot=lot))
        elif kind == 2:
            found.append(m.transfer(f"m{n}", item, q, place, "Quarantine", lot=lot))
        else:
            found.append(m.found(f"m{n}", item, q, place, lot=lot))
    return found


def posted(movements: list[Movement]) -> None:
    from gemba.app.actions.stock import post_movements

    with transaction.atomic():
        post_movements("Bakery", movements, check=False)


def both(at: Any, movements: list[Movement], items: list[str] | None = None) -> None:
    from gemba.app.store.ledger import stock_at

    right = {k: v for k, v in balances(movements, at).items() if k.account.kind == "store"}
    right = {k: v for k, v in right.items() if items is None or k.item in items}
    stored = stock_at("Bakery", at, items)
    assert {k: (b.quantity, b.value) for k, b in stored.items()} == {k: (b.quantity, b.value) for k, b in right.items()}


@pytest.mark.parametrize("seed", range(3))
def test_stock_as_of_any_moment_equals_the_replay(bakery: str, seed: int) -> None:
    from gemba.app.store.checkpoints import forget_checkpoints
    from gemba.app.store.models import StockCheckpoint

    movements = drawn(seed, 120)
    for i in range(0, 120, 30):  # each portion has movements before the checkpoints there are
        posted(movements[i : i + 30])
    assert StockCheckpoint.objects.count() >= 5
    moments = [AT, *(m.at for m in movements[:15]), *StockCheckpoint.objects.values_list("at", flat=True)]
    for at in moments:
        both(at, movements)
    both(AT, movements, ["Milk"])
    forget_checkpoints(bakery)
    for at in moments:
        both(at, movements)


def test_a_checkpoint_that_is_wrong_is_found_and_made_again(bakery: str) -> None:
    from gemba.app.actions.stock import verify_ledger
    from gemba.app.store.models import StockBalance

    posted(drawn(1, 60))
    assert verify_ledger(bakery) == []
    StockBalance.objects.filter(pk=StockBalance.objects.first().pk).update(quantity=1)  # type: ignore[union-attr]
    (found,) = verify_ledger(bakery)
    assert "instead of" in found
    assert verify_ledger(bakery, repair=True) == [found]
    assert verify_ledger(bakery) == []


def test_many_movements_into_the_past_make_the_checkpoints_again(bakery: str, monkeypatch: Any) -> None:
    from gemba.app.store import checkpoints

    movements = drawn(2, 80)
    posted(movements[:40])
    monkeypatch.setattr(checkpoints, "_MOST", 10)
    posted(movements[40:])
    both(AT, movements)


@pytest.mark.parametrize("back", [False, True])
def test_the_database_traces_lots_as_the_movements_say(bakery: str, back: bool) -> None:
    from gemba.app.store.genealogy import trace_lot

    moved = chain()
    posted([*moved, maker().correction("gone", moved[3])])
    every = links([*moved, maker().correction("gone", moved[3])])
    for lot in {Lot(m.item, m.lot) for m in moved}:
        right, found = trace(lot, every, back=back), trace_lot(bakery, lot, back=back)
        assert found.lots == right.lots
        assert set(found.links) == set(right.links)


def test_the_database_traces_through_rework(bakery: str) -> None:
    from gemba.app.store.genealogy import trace_lot
    from gemba.app.store.records import append

    m = maker()
    orders = [ReleasedOrder(uid=n, at=AT, order=n, parent=p) for n, p in (("MO-1", ""), ("R1", "MO-1"), ("R2", "R1"))]
    with transaction.atomic():
        append(bakery, orders)
    posted([
        m.issue("1", "Flour", 2, "Store", "MO-1", lot="F1"), m.issue("2", "Milk", 2, "Store", "R1", lot="M1"),
        m.production("3", "Bread", 1, "Store", "R2", lot="B1"),
    ])  # fmt: skip
    assert set(trace_lot(bakery, Lot("Flour", "F1")).lots) == {Lot("Flour", "F1"), Lot("Bread", "B1")}
    back = trace_lot(bakery, Lot("Bread", "B1"), back=True)
    assert set(back.lots) == {Lot("Bread", "B1"), Lot("Flour", "F1"), Lot("Milk", "M1")}


def test_the_next_plan_starts_from_the_stock_of_the_ledger(bakery: str) -> None:
    from gemba.app.queries.ledger import with_ledger

    operation = plant(stocks=())
    assert with_ledger(operation) is operation
    posted([maker(AT - DAY).receipt("r", "Milk", 5, "Store", "Farm", lot="M1")])
    (stock,) = with_ledger(operation).stocks
    assert (stock.item, stock.place, stock.lot, stock.quantity, stock.expires) == (
        "Milk",
        "Store",
        "M1",
        5,
        AT + 6 * DAY,
    )


def test_what_is_missing_is_picked_last_and_told_as_missing(bakery: str) -> None:
    from gemba.app.queries.ledger import pick

    early = maker(AT - 2 * DAY)
    posted([
        early.receipt("1", "Milk", 5, "Store", lot="new"),
        replace(early.receipt("2", "Milk", 3, "Store", lot="soon"), expires=AT + DAY),
    ])  # fmt: skip
    assert pick(bakery, "Milk", "Store", Decimal(10), AT) == [
        ("soon", Decimal(3), False), ("new", Decimal(5), False), ("unknown", Decimal(2), True),
    ]  # fmt: skip
    assert pick(bakery, "Water", "Store", Decimal(10), AT) == [("", Decimal(10), False)]
