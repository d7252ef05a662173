"""What people do with stock, each with its rule, its audit row and only once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.execute.ledger.plant import AT, plant


@pytest.fixture
def bakery(planner: Any) -> str:
    from gemba.app.actions import import_operation
    from gemba.app.store.clock import set_now

    import_operation(planner, plant(), "by hand")
    set_now("Bakery", AT)
    return "Bakery"


@pytest.fixture
def at_work(bakery: str, make_user: Any) -> Any:
    """An operator, with 12 breads of two lots at the store: B1 expires first."""
    from gemba.app.actions import stock_moves

    who = make_user("operator")
    for lot, days in (("B2", 5), ("B1", 2)):
        stock_moves.receive(
            who, bakery, f"r{lot}", item="Bread", quantity=Decimal(6), place="Store", lot=lot,
            expires=AT + timedelta(days=days),
        )  # fmt: skip
    return who


@pytest.fixture
def supervisor(make_user: Any) -> Any:
    return make_user("supervisor")


def bread() -> dict[tuple[str, str], int]:
    from gemba.app.queries.ledger import stock

    return {(key.place, key.lot): int(b.quantity) for key, b in stock("Bakery", None, ["Bread"]).items()}


def test_a_shipment_takes_what_expires_first_and_writes_the_delivery(bakery: str, at_work: Any) -> None:
    from gemba.app.actions.stock_moves import ship
    from gemba.app.store.models import Audit
    from gemba.app.store.records import read

    for _ in range(2):  # the second is the same sent again
        ship(at_work, bakery, "s1", demand="SO-1", quantity=Decimal(8))
    assert bread() == {("Store", "B2"): 4}
    (given,) = read(bakery, "deliveries")
    assert (given.quantity, given.ordered, given.price, given.value, given.customer) == (8, 10, 4, 16, "School")
    assert given.due == AT
    assert Audit.objects.filter(action="ship").count() == 1


def test_no_more_is_shipped_than_is_left_of_the_demand(bakery: str, at_work: Any) -> None:
    from gemba.app.actions import RefusedError
    from gemba.app.actions.stock_moves import ship

    ship(at_work, bakery, "s1", demand="SO-1", quantity=Decimal(8))
    with pytest.raises(RefusedError, match="Only 2 of SO-1 are left"):
        ship(at_work, bakery, "s2", demand="SO-1", quantity=Decimal(3))
    with pytest.raises(RefusedError, match="Only 4 pc of Bread may be used"):
        ship(at_work, bakery, "s3", demand="SO-2", quantity=Decimal(5))


def test_a_reversed_shipment_takes_the_delivery_back(bakery: str, at_work: Any, supervisor: Any) -> None:
    from gemba.app.actions.stock_moves import reverse, ship
    from gemba.app.queries.ledger import delivered

    ship(at_work, bakery, "s1", demand="SO-1", quantity=Decimal(8))
    with pytest.raises(PermissionDenied):
        reverse(at_work, bakery, "x1", movement="s1/0", reason="wrong customer")
    reverse(supervisor, bakery, "x1", movement="s1/0", reason="wrong customer")
    assert bread() == {("Store", "B1"): 6, ("Store", "B2"): 4}
    assert delivered(bakery, "SO-1") == 2


def test_what_was_used_since_cannot_be_reversed(bakery: str, at_work: Any, supervisor: Any) -> None:
    from gemba.app.actions.stock_moves import reverse, transfer
    from gemba.operation import OperationError

    transfer(at_work, bakery, "t1", item="Bread", quantity=Decimal(2), place="Store", to="Shop")
    with pytest.raises(OperationError, match="at most 4"):
        reverse(supervisor, bakery, "x1", movement="rB1/0", reason="never came")


def test_serial_numbers_are_received_one_by_one(bakery: str, at_work: Any) -> None:
    from gemba.app.actions import RefusedError
    from gemba.app.actions.stock_moves import receive
    from gemba.app.queries.ledger import stock

    receive(at_work, bakery, "o", item="Oven", quantity=Decimal(2), place="Shop", lot="S1, S2")
    assert {k.lot for k in stock(bakery, None, ["Oven"])} == {"S1", "S2"}
    with pytest.raises(RefusedError, match="as many serial numbers"):
        receive(at_work, bakery, "o2", item="Oven", quantity=Decimal(3), place="Shop", lot="S3")


def test_issue_return_and_scrap_move_what_they_say(bakery: str, at_work: Any) -> None:
    from gemba.app.actions import stock_moves

    stock_moves.issue(at_work, bakery, "i", item="Bread", quantity=Decimal(7), place="Store", order="MO-1")
    stock_moves.scrap(at_work, bakery, "s", item="Bread", quantity=Decimal(1), place="Store", reason="Mould", lot="B2")
    stock_moves.take_back(
        at_work, bakery, "b", item="Bread", quantity=Decimal(2), place="Quarantine", customer="School", lot="B0"
    )
    assert bread() == {("Store", "B2"): 4, ("Quarantine", "B0"): 2}


def test_the_expiry_of_a_lot_goes_with_it(bakery: str, at_work: Any) -> None:
    from gemba.app.actions.stock_moves import issue, transfer
    from gemba.app.queries.ledger import stock
    from gemba.app.store.clock import set_now
    from gemba.operation import OperationError

    transfer(at_work, bakery, "t", item="Bread", quantity=Decimal(2), place="Store", to="Shop", lot="B1")
    assert {b.expires for k, b in stock(bakery, None, ["Bread"]).items() if k.lot == "B1"} == {AT + timedelta(days=2)}
    set_now(bakery, AT + timedelta(days=3))
    with pytest.raises(OperationError, match="expired"):
        issue(at_work, bakery, "i", item="Bread", quantity=Decimal(1), place="Shop", order="MO-1", lot="B1")


def test_a_held_lot_is_left_out_until_a_supervisor_frees_it(bakery: str, at_work: Any, supervisor: Any) -> None:
    from gemba.app.actions import RefusedError, stock_holds, stock_moves

    stock_holds.hold(at_work, bakery, "h1", item="Bread", lot="B1", reason="smells")
    stock_moves.issue(at_work, bakery, "i1", item="Bread", quantity=Decimal(1), place="Store", order="MO-1")
    assert bread() == {("Store", "B1"): 6, ("Store", "B2"): 5}
    with pytest.raises(RefusedError, match="held already"):
        stock_holds.hold(at_work, bakery, "h2", item="Bread", lot="B1", reason="smells")
    with pytest.raises(PermissionDenied):
        stock_holds.free(at_work, bakery, "f1", item="Bread", lot="B1", reason="fine")
    stock_holds.free(supervisor, bakery, "f1", item="Bread", lot="B1", reason="fine")
    stock_moves.issue(at_work, bakery, "i2", item="Bread", quantity=Decimal(6), place="Store", order="MO-1")
    assert bread() == {("Store", "B2"): 5}


def test_a_reservation_is_for_its_demand_and_ends_with_its_shipment(bakery: str, at_work: Any) -> None:
    from gemba.app.actions import RefusedError, stock_holds, stock_moves
    from gemba.app.queries.ledger import reserved

    stock_holds.reserve(at_work, bakery, "v", item="Bread", place="Store", quantity=Decimal(10), demand="SO-1")
    with pytest.raises(RefusedError, match="Only 2 pc"):
        stock_moves.ship(at_work, bakery, "s2", demand="SO-2", quantity=Decimal(5))
    with pytest.raises(RefusedError, match="Only 2"):
        stock_holds.reserve(at_work, bakery, "v2", item="Bread", place="Store", quantity=Decimal(3), order="MO-1")
    stock_moves.ship(at_work, bakery, "s1", demand="SO-1", quantity=Decimal(7))
    assert [int(q) for q in reserved(bakery, ["Bread"]).values()] == [3]
    stock_holds.unreserve(at_work, bakery, "u", item="Bread", place="Store", quantity=Decimal(3), demand="SO-1")
    assert reserved(bakery) == {}


def test_a_small_difference_is_adjusted_and_none_is_right(bakery: str, at_work: Any) -> None:
    from gemba.app.actions.stock_counts import count

    same = count(at_work, bakery, "k1", item="Bread", place="Store", lot="B1", counted=Decimal(6))
    assert same.outcome == "right"
    off = count(at_work, bakery, "k2", item="Bread", place="Store", lot="B1", counted=Decimal(5))
    assert (off.outcome, off.count.book) == ("adjusted", 6)
    assert count(at_work, bakery, "k2", item="Bread", place="Store", lot="B1", counted=Decimal(5)).outcome == "adjusted"
    assert bread()["Store", "B1"] == 5


def test_a_large_difference_is_believed_the_second_time(bakery: str, at_work: Any) -> None:
    from gemba.app.actions.stock_counts import count
    from gemba.app.queries.ledger_rows import due_rows

    assert count(at_work, bakery, "k1", item="Bread", place="Store", lot="B1", counted=Decimal(2)).outcome == "again"
    assert bread()["Store", "B1"] == 6
    assert [d["lot"] for d in due_rows(bakery, at_work) if d["item"] == "Bread"] == ["B1", "B2"]
    assert count(at_work, bakery, "k2", item="Bread", place="Store", lot="B1", counted=Decimal(2)).outcome == "adjusted"
    assert bread()["Store", "B1"] == 2


def test_items_are_classed_by_what_was_used_in_the_year(bakery: str, at_work: Any) -> None:
    from gemba.app.actions.stock import post
    from gemba.app.queries.ledger import abc
    from tests.execute.ledger.plant import maker

    m = maker(AT - timedelta(days=60))
    post(at_work, bakery, [
        m.receipt("a", "Flour", 1000, "Store", lot="F"), m.issue("b", "Flour", 1000, "Store", "MO-0", lot="F"),
        m.receipt("c", "Bag", 100, "Store"), m.issue("d", "Bag", 10, "Store", "MO-0"),
    ])  # fmt: skip
    assert {name: abc(bakery)[name] for name in ("Flour", "Bag", "Milk")} == {"Flour": "A", "Bag": "C", "Milk": "C"}


def test_stock_is_revalued_after_its_standard_cost_has_changed(bakery: str, at_work: Any, planner: Any) -> None:
    from django.db import transaction

    from gemba.app.actions.stock_values import revalue
    from gemba.app.queries.ledger import stock
    from gemba.app.store.clock import set_now
    from gemba.app.store.records import append
    from gemba.operation import StandardCost

    def value() -> Decimal:
        return sum((b.value for b in stock(bakery, None, ["Bread"]).values()), Decimal(0))

    with pytest.raises(PermissionDenied):
        revalue(at_work, bakery, "v")
    assert revalue(planner, bakery, "v") == []
    with transaction.atomic():
        append(
            bakery, [StandardCost(uid="c", at=AT, version="2027", item="Bread", place="Store", material=Decimal("2.5"))]
        )
    set_now(bakery, AT + timedelta(hours=1))
    assert value() == 24
    assert len(revalue(planner, bakery, "v")) == 4
    assert value() == 30
    assert sum(bread().values()) == 12
    assert revalue(planner, bakery, "v2") == []
