"""Lots: what may be used, which go first, where they came from and went."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from gemba.execute.ledger import Account, Balance, Key, balances, on_hand
from gemba.execute.ledger.available import Reservation, available, held_lots, reservations
from gemba.execute.ledger.genealogy import Lot, links, trace, whereabouts
from gemba.execute.ledger.opening import opening_movements, with_stock
from gemba.execute.ledger.pick import pick
from gemba.operation import Event, Movement
from tests.execute.ledger.plant import AT, maker, plant

DAY = timedelta(days=1)


def lot(name: str, quantity: int, since: int, expires: int | None = None) -> tuple[Key, Balance]:
    """A lot of milk with this much, days since its arrival and days to its expiry."""
    end = None if expires is None else AT + expires * DAY
    return Key("Milk", name, Account("store", "Store")), Balance(Decimal(quantity), Decimal(0), AT - since * DAY, end)


def event(kind: str, name: str, quantity: int = 0, order: str = "", demand: str = "", at: datetime = AT) -> Event:
    return Event(
        uid=f"{kind}{name}{at}", at=at, kind=kind, item="Milk", place="Store", lot=name, good=Decimal(quantity),
        order=order, subject=demand,
    )  # fmt: skip


def taken(stock: dict[Key, Balance], quantity: int, **more: object) -> tuple[list[tuple[str, int]], int]:
    found = pick(available(stock, AT, **more), Decimal(quantity))  # type: ignore[arg-type]
    return [(lot.lot, int(part)) for lot, part in found.takes], int(found.missing)


def test_the_first_to_expire_goes_first_then_the_first_that_came() -> None:
    stock = dict([lot("late", 5, 9, 9), lot("soon", 5, 1, 2), lot("old", 5, 8), lot("new", 5, 1)])
    assert taken(stock, 17) == ([("soon", 5), ("late", 5), ("old", 5), ("new", 2)], 0)


def test_expired_held_and_reserved_stock_is_not_taken() -> None:
    stock = dict([lot("bad", 5, 9, 0), lot("held", 5, 1, 2), lot("good", 5, 1, 3)])
    reserved = {Reservation("Milk", "Store", "", "MO-1", ""): Decimal(2)}
    held = frozenset({("Milk", "held")})
    assert taken(stock, 9, reserved=reserved, held=held) == ([("good", 3)], 6)
    assert taken(stock, 9, reserved=reserved, held=held, order="MO-1") == ([("good", 5)], 4)


def test_a_reservation_of_any_lot_leaves_what_should_go_first() -> None:
    stock = dict([lot("soon", 5, 1, 2), lot("late", 5, 1, 9)])
    found = {
        s.lot: s.available for s in available(stock, AT, {Reservation("Milk", "Store", "", "MO-1", ""): Decimal(6)})
    }
    assert found == {"soon": 4, "late": 0}


def test_what_is_reserved_is_what_was_not_given_back() -> None:
    events = [
        event("reserved", "", 5, "MO-1"),
        event("unreserved", "", 2, "MO-1"),
        event("reserved", "", 1, "", "SO-1"),
    ]
    assert {(r.order, r.demand): int(q) for r, q in reservations(events).items()} == {("MO-1", ""): 3, ("", "SO-1"): 1}


def test_the_last_word_on_a_lot_counts() -> None:
    events = [event("held", "A"), event("held", "B"), event("freed", "A", at=AT + DAY)]
    assert held_lots(events) == {("Milk", "B")}


def chain() -> list[Movement]:
    """Flour and milk to dough (MO-1), dough to bread (MO-2, two lots), one lot to the school, half of it back."""
    m = maker(AT - DAY)
    return [
        m.receipt("1", "Flour", 10, "Store", "Mill", lot="F1"),
        m.receipt("2", "Milk", 10, "Store", "Farm", lot="M1"),
        m.issue("3", "Flour", 10, "Store", "MO-1", lot="F1"),
        m.issue("4", "Milk", 4, "Store", "MO-1", lot="M1"),
        m.production("5", "Dough", 12, "Store", "MO-1", lot="D1"),
        m.issue("6", "Dough", 12, "Store", "MO-2", lot="D1"),
        m.production("7", "Bread", 8, "Store", "MO-2", lot="B1"),
        m.production("8", "Bread", 8, "Shop", "MO-2", lot="B2"),
        m.shipment("9", "Bread", 8, "Store", "School", lot="B1"),
        m.returned("10", "Bread", 3, "Quarantine", "School", lot="B1"),
    ]


def test_a_lot_is_followed_forward_over_all_levels() -> None:
    found = trace(Lot("Flour", "F1"), links(chain()))
    assert found.lots == {
        Lot("Flour", "F1"): 0, Lot("Dough", "D1"): 1, Lot("Bread", "B1"): 2, Lot("Bread", "B2"): 2,
    }  # fmt: skip


def test_a_lot_is_followed_back_to_what_was_bought() -> None:
    found = trace(Lot("Bread", "B2"), links(chain()), back=True)
    assert found.lots == {
        Lot("Bread", "B2"): 0, Lot("Dough", "D1"): 1, Lot("Flour", "F1"): 2, Lot("Milk", "M1"): 2,
    }  # fmt: skip


def test_a_recall_lists_customers_and_places_with_what_is_left() -> None:
    found = whereabouts(trace(Lot("Flour", "F1"), links(chain())).lots, chain())
    assert {(str(k.account), k.lot): int(b.quantity) for k, b in found.items() if k.item == "Bread"} == {
        ("customer School", "B1"): 5, ("store Quarantine", "B1"): 3, ("store Shop", "B2"): 8,
    }  # fmt: skip


def test_an_issue_that_was_reversed_is_no_link() -> None:
    moved = chain()
    moved.append(maker(AT).correction("11", moved[3]))
    assert Lot("Milk", "M1") not in trace(Lot("Bread", "B1"), links(moved), back=True).lots


def test_what_an_order_used_is_in_what_its_rework_yields() -> None:
    m = maker(AT)
    moved = [
        m.issue("i", "Flour", 1, "Store", "MO-1", lot="F1"),
        m.production("p", "Bread", 1, "Store", "MO-1-R1", lot="B1"),
    ]
    assert Lot("Bread", "B1") in trace(Lot("Flour", "F1"), links(moved, {"MO-1-R1": "MO-1"})).lots


def test_lots_that_go_in_circles_are_followed_once() -> None:
    m = maker(AT)
    moved = [
        m.issue("i", "Dough", 1, "Store", "MO-1", lot="D1"),
        m.production("p", "Dough", 1, "Store", "MO-1", lot="D1"),
    ]
    assert trace(Lot("Dough", "D1"), links(moved)).lots == {Lot("Dough", "D1"): 0}


def test_the_opened_ledger_has_the_stock_of_the_data_and_gives_it_to_the_plan() -> None:
    operation = plant()
    opened = on_hand(balances(opening_movements(operation, maker().costs, AT)))
    assert with_stock(operation, opened).stocks == operation.stocks
    assert with_stock(operation, opened, held=frozenset({("Bag", "")})).stocks == ()
