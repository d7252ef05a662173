"""What may be posted and what may not, each refused with the movement, the field and what would be allowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gemba.execute.ledger import Book, balances, faults
from gemba.execute.ledger.accounts import PAIRS
from gemba.operation import Movement, OperationError
from gemba.operation.records import CAUSES
from tests.execute.ledger.plant import AT, maker, plant

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FLOUR = maker(AT - DAY).receipt("r", "Flour", 10, "Store", "Mill", lot="F1")


def wrong(*movements: Movement, before: tuple[Movement, ...] = (FLOUR,), **more: object) -> set[tuple[str, str]]:
    """(movement, field) of each fault, after the movements before."""
    earliest = min(m.at for m in movements)
    start = balances(m for m in before if m.at < earliest)
    book = Book.of(plant(), start=start, later=[m for m in before if m.at >= earliest], **more)
    return {(f.thing, f.field) for f in faults(list(movements), book)}


def test_every_cause_but_a_correction_says_between_which_accounts_it_moves() -> None:
    assert set(PAIRS) == set(CAUSES) - {"correction"}


def test_what_a_store_has_may_be_issued_and_no_more() -> None:
    assert wrong(maker().issue("i", "Flour", 10, "Store", "MO-1", lot="F1")) == set()
    assert wrong(maker().issue("i", "Flour", 11, "Store", "MO-1", lot="F1")) == {("i", "quantity")}


def test_movements_of_one_posting_are_judged_together() -> None:
    received = maker().receipt("r2", "Flour", 5, "Store", "Mill", lot="F1")
    assert wrong(received, maker().issue("i", "Flour", 15, "Store", "MO-1", lot="F1")) == set()
    halves = [maker().issue(uid, "Flour", 6, "Store", "MO-1", lot="F1") for uid in ("i1", "i2")]
    assert wrong(*halves) == {("i2", "quantity")}


def test_a_movement_in_the_past_may_not_take_what_was_needed_since() -> None:
    since = maker(AT - HOUR).issue("i", "Flour", 8, "Store", "MO-1", lot="F1")
    assert wrong(maker(AT - 2 * HOUR).issue("late", "Flour", 3, "Store", "MO-2", lot="F1"), before=(FLOUR, since)) == {
        ("late", "quantity")
    }
    assert (
        wrong(maker(AT - 2 * HOUR).issue("late", "Flour", 2, "Store", "MO-2", lot="F1"), before=(FLOUR, since)) == set()
    )


def test_what_came_only_later_was_not_there_before() -> None:
    assert wrong(maker(AT - 2 * DAY).issue("early", "Flour", 1, "Store", "MO-1", lot="F1")) == {("early", "quantity")}


def test_what_is_always_there_may_go_below_zero() -> None:
    assert wrong(maker().issue("i", "Water", 1000, "Store", "MO-1")) == set()
    assert wrong(maker().issue("i", "Water", 1, "Shop", "MO-1")) == {("i", "quantity")}


def test_a_tracked_item_needs_its_lot_or_serial_number() -> None:
    assert wrong(maker().receipt("r", "Flour", 1, "Store", "Mill")) == {("r", "lot")}
    assert wrong(maker().receipt("r", "Oven", 2, "Store", lot="S1")) == {("r", "quantity")}
    assert wrong(maker().receipt("r", "Bag", 2, "Store")) == set()


def test_a_serial_number_is_on_hand_only_once() -> None:
    first = maker(AT - DAY).receipt("r", "Oven", 1, "Store", lot="S1")
    assert wrong(maker().receipt("again", "Oven", 1, "Shop", lot="S1"), before=(first,)) == {("again", "lot")}
    assert wrong(maker().transfer("t", "Oven", 1, "Store", "Shop", lot="S1"), before=(first,)) == set()


def test_a_held_lot_is_moved_or_scrapped_but_not_used() -> None:
    held = frozenset({("Flour", "F1")})
    assert wrong(maker().issue("i", "Flour", 1, "Store", "MO-1", lot="F1"), held=held) == {("i", "lot")}
    assert wrong(maker().transfer("t", "Flour", 1, "Store", "Quarantine", lot="F1"), held=held) == set()
    assert wrong(maker().scrap("s", "Flour", 1, place="Store", lot="F1"), held=held) == set()


def test_an_expired_lot_is_scrapped_but_not_shipped() -> None:
    milk = maker(AT - 7 * DAY).receipt("m", "Milk", 5, "Store", "Farm", lot="M1")
    assert milk.expires == AT
    assert wrong(maker().shipment("s", "Milk", 1, "Store", "School", lot="M1"), before=(milk,)) == {("s", "lot")}
    assert wrong(maker(AT - HOUR).shipment("s", "Milk", 1, "Store", "School", lot="M1"), before=(milk,)) == set()
    assert wrong(maker().scrap("x", "Milk", 1, place="Store", lot="M1"), before=(milk,)) == set()


def test_unknown_names_are_refused_with_the_nearest_one() -> None:
    (fault,) = faults([maker().receipt("r", "Bags", 1, "Store")], Book.of(plant()))
    assert (fault.field, fault.nearest) == ("item", "Bag")
    assert wrong(maker().receipt("r", "Bag", 1, "Stor")) == {("r", "to_name")}
    assert wrong(maker().receipt("r", "Bag", 1, "Store", "Mil")) == {("r", "from_name")}
    assert wrong(maker().issue("i", "Water", 1, "Store", "")) == {("i", "to_name")}


def test_a_movement_goes_where_its_cause_says_and_not_back_to_itself() -> None:
    odd = replace(maker().receipt("r", "Bag", 1, "Store", "Mill"), cause="shipment")
    assert wrong(odd) == {("r", "cause")}
    assert ("t", "to_name") in wrong(maker().transfer("t", "Flour", 1, "Store", "Store", lot="F1"))


def test_a_correction_reverses_exactly_and_once() -> None:
    issue = maker(AT - HOUR).issue("i", "Flour", 4, "Store", "MO-1", lot="F1")
    back = maker().correction("c", issue, "wrong order")
    known = {"corrected": {"i": issue}}
    assert (back.value, back.from_name, back.to_name) == (issue.value, "MO-1", "Store")
    assert wrong(back, before=(FLOUR, issue), **known) == set()
    assert wrong(back, before=(FLOUR, issue)) == {("c", "corrects")}
    assert wrong(replace(back, quantity=Decimal(3)), before=(FLOUR, issue), **known) == {("c", "corrects")}
    assert wrong(back, replace(back, uid="c2"), before=(FLOUR, issue), **known) == {("c2", "corrects")}
    assert wrong(back, before=(FLOUR, issue), reversed=frozenset({"i"}), **known) == {("c", "corrects")}


def test_a_quantity_is_more_than_nothing() -> None:
    with pytest.raises(OperationError, match="more than 0"):
        maker().receipt("r", "Bag", 0, "Store")


def test_a_movement_is_worth_its_quantity_at_standard_cost() -> None:
    assert FLOUR.value == Decimal("5.000000")
    assert maker().scrap("s", "Bread", 3, order="MO-1", place="Store").value == Decimal(6)
