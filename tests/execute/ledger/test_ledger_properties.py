"""Whatever is posted: nothing appears or vanishes but at the borders, no store goes below zero, the past stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gemba.execute.ledger import Balance, Book, Key, Maker, balances, faults, on_hand
from gemba.execute.ledger.accounts import BORDERS
from gemba.operation import Movement
from gemba.operation.records import ZERO
from tests.execute.ledger.plant import AT, maker, plant

PLACES = st.sampled_from(["Store", "Shop"])
LOTS = st.sampled_from(["A", "B"])
ITEMS = st.sampled_from(["Flour", "Dough", "Bread"])
QUANTITIES = st.integers(1, 40).map(lambda n: Decimal(n) / 4)
HOURS = st.integers(0, 200)
OPERATION = plant()


class Ledger(RuleBasedStateMachine):
    """Posts movements in any order in time, and reverses some."""

    def __init__(self) -> None:
        super().__init__()
        self.movements: list[Movement] = []
        self.seen: list[tuple[Any, dict[Key, Balance]]] = []

    def post(self, hours: int, make: Any) -> None:
        at = AT + timedelta(hours=hours)
        m: Movement = make(maker(at), f"m{len(self.movements)}")
        of = {old.uid: old for old in self.movements if old.uid == m.corrects}
        gone = frozenset(old.corrects for old in self.movements if old.corrects)
        start = balances(old for old in self.movements if old.at < at)
        later = [old for old in self.movements if old.at >= at]
        book = Book.of(OPERATION, start=start, later=later, corrected=of, reversed=gone)
        if not faults([m], book):
            self.movements.append(m)

    @rule(h=HOURS, item=ITEMS, lot=LOTS, place=PLACES, q=QUANTITIES)
    def receive(self, h: int, item: str, lot: str, place: str, q: Decimal) -> None:
        self.post(h, lambda make, uid: make.receipt(uid, item, q, place, "Mill", lot=lot))

    @rule(h=HOURS, item=ITEMS, lot=LOTS, place=PLACES, q=QUANTITIES)
    def issue(self, h: int, item: str, lot: str, place: str, q: Decimal) -> None:
        self.post(h, lambda make, uid: make.issue(uid, item, q, place, "MO-1", lot=lot))

    @rule(h=HOURS, item=ITEMS, lot=LOTS, place=PLACES, q=QUANTITIES)
    def produce(self, h: int, item: str, lot: str, place: str, q: Decimal) -> None:
        self.post(h, lambda make, uid: make.production(uid, item, q, place, "MO-1", lot=lot))

    @rule(h=HOURS, item=ITEMS, lot=LOTS, place=PLACES, q=QUANTITIES, how=st.sampled_from(["ship", "scrap", "move"]))
    def take(self, h: int, item: str, lot: str, place: str, q: Decimal, how: str) -> None:
        def make(made: Maker, uid: str) -> Movement:
            if how == "ship":
                return made.shipment(uid, item, q, place, "School", lot=lot)
            if how == "scrap":
                return made.scrap(uid, item, q, place=place, lot=lot)
            return made.transfer(uid, item, q, place, "Quarantine", lot=lot)

        self.post(h, make)

    @precondition(lambda self: self.movements)
    @rule(which=st.integers(0, 999), later=st.integers(0, 50))
    def reverse(self, which: int, later: int) -> None:
        of = self.movements[which % len(self.movements)]
        hours = int((of.at - AT).total_seconds() // 3600) + later
        self.post(hours, lambda make, uid: make.correction(uid, of))

    @invariant()
    def every_item_adds_up_to_nothing_over_all_accounts(self) -> None:
        sums: dict[str, Decimal] = {}
        values: dict[str, Decimal] = {}
        for key, balance in balances(self.movements).items():
            sums[key.item] = sums.get(key.item, ZERO) + balance.quantity
            values[key.item] = values.get(key.item, ZERO) + balance.value
        assert not any(sums.values())
        assert not any(values.values())

    @invariant()
    def what_is_inside_is_what_crossed_the_borders(self) -> None:
        inside, crossed = ZERO, ZERO
        for key, balance in balances(self.movements).items():
            inside += ZERO if key.account.kind in BORDERS else balance.quantity
        for m in self.movements:
            crossed += ((m.from_kind in BORDERS) - (m.to_kind in BORDERS)) * m.quantity
        assert inside == crossed

    @invariant()
    def no_store_was_ever_below_zero(self) -> None:
        for at in {m.at for m in self.movements}:
            assert all(
                b.quantity >= 0 for key, b in balances(self.movements, at).items() if key.account.kind == "store"
            )

    @invariant()
    def balances_go_on_from_any_moment(self) -> None:
        for at in {m.at for m in self.movements[:3]}:
            start = balances(m for m in self.movements if m.at < at)
            rest = balances((m for m in self.movements if m.at >= at), start=start)
            whole = on_hand(balances(self.movements))
            assert {k: (b.quantity, b.value) for k, b in on_hand(rest).items()} == {
                k: (b.quantity, b.value) for k, b in whole.items()
            }


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
