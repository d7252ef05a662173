"""Posting: permission, rule, write and audit row in one; each uid once; the first posting opens the ledger."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.execute.ledger.plant import AT, DAY, maker, plant

HOUR = timedelta(hours=1)


@pytest.fixture
def bakery(planner: Any) -> str:
    from gemba.app.actions import import_operation
    from gemba.app.store.clock import set_now

    import_operation(planner, plant(), "by hand")
    set_now("Bakery", AT + HOUR)
    return "Bakery"


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


def on_hand(item: str, at: Any = None) -> dict[tuple[str, str], Decimal]:
    from gemba.app.queries.ledger import stock

    return {(key.place, key.lot): b.quantity for key, b in stock("Bakery", at, [item]).items()}


def test_the_first_posting_opens_the_ledger_with_the_stock_of_the_data(bakery: str, operator: Any) -> None:
    from gemba.app.actions.stock import post

    post(operator, bakery, [maker().receipt("r1", "Flour", 10, "Store", "Mill", lot="F1")])
    assert on_hand("Bag") == {("Store", ""): 100}
    assert on_hand("Flour") == {("Store", "F1"): 10}


def test_a_posting_sent_again_changes_nothing(bakery: str, operator: Any) -> None:
    from gemba.app.actions.stock import post
    from gemba.app.store.models import Audit

    moved = [maker().receipt("r1", "Flour", 10, "Store", "Mill", lot="F1")]
    assert post(operator, bakery, moved) == moved
    assert post(operator, bakery, moved) == []
    assert on_hand("Flour") == {("Store", "F1"): 10}
    assert Audit.objects.filter(action="move stock").count() == 1


def test_a_wrong_posting_is_refused_whole_with_every_fault(bakery: str, operator: Any) -> None:
    from gemba.app.actions.stock import post
    from gemba.operation import OperationError

    with pytest.raises(OperationError) as refused:
        post(operator, bakery, [
            maker().receipt("r1", "Flour", 10, "Store", "Mill", lot="F1"),
            maker().issue("i1", "Bag", 101, "Store", "MO-1"),
            maker().issue("i2", "Flour", 1, "Store", "MO-1"),
        ])  # fmt: skip
    assert {(f.thing, f.field) for f in refused.value.faults} == {("i1", "quantity"), ("i2", "lot")}
    assert "at most 100 pc" in str(refused.value)
    assert on_hand("Flour") == {}


def test_a_viewer_moves_nothing(bakery: str, viewer: Any) -> None:
    from gemba.app.actions.stock import post

    with pytest.raises(PermissionDenied):
        post(viewer, bakery, [maker().issue("i1", "Bag", 1, "Store", "MO-1")])


def test_whoever_has_one_place_moves_nothing_at_another(bakery: str, operator: Any) -> None:
    from gemba.app.actions.accounts import give_place
    from gemba.app.actions.stock import post

    give_place("operator", bakery, "Shop")
    with pytest.raises(PermissionDenied, match="Store"):
        post(operator, bakery, [maker().transfer("t1", "Bag", 1, "Store", "Shop")])


def test_stock_as_of_a_moment_is_what_was_there_then(bakery: str, operator: Any) -> None:
    from gemba.app.actions.stock import post

    for day in (0, 40, 80):  # checkpoints of two months lie between
        later = maker(AT + timedelta(days=day) - timedelta(days=100))
        post(operator, bakery, [later.receipt(f"r{day}", "Flour", 10, "Store", "Mill", lot="F1")])
    at = AT - timedelta(days=30)
    assert on_hand("Flour") == {("Store", "F1"): 30}
    assert on_hand("Flour", at) == {("Store", "F1"): 20}
    assert on_hand("Flour", at - timedelta(days=60)) == {("Store", "F1"): 10}
    assert on_hand("Flour", AT - timedelta(seconds=100 * DAY + 1)) == {}
