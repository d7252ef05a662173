"""What is allowed but probably not meant."""

from __future__ import annotations

import pytest

from gemba.exchange.doubts import Doubt, doubts
from gemba.operation import Calendar, Demand, Item, Operation, Resource, Step, Supplier, SupplyOption
from tests.measure.facts import local, shop


def said(operation: Operation) -> list[str]:
    return [str(d) for d in doubts(operation)]


def test_a_factory_without_people_is_doubted() -> None:
    assert any("no resource of kind person" in line for line in said(shop()))


def test_a_factory_with_people_is_not() -> None:
    people = shop(resources=(*shop().resources, Resource(name="Kim", kind="person", calendar="Shift")))
    assert not any("kind person" in line for line in said(people))


@pytest.mark.parametrize(("operation", "doubt"), [
    (shop(demands=()), "There are no open demands"),
    (shop(items=(*shop().items, Item(name="Table")),
          demands=(Demand(name="T", item="Table", quantity=1, due=local(24)),)),
     "neither made, bought, moved nor in stock there: it will be short: 'Table'"),
    (shop(calendars=(Calendar(name="Shift"), Calendar(name="Never")),
          suppliers=(Supplier(name="S", calendar="Never"),)),
     "never open: 'Never'"),
    (shop(demands=(Demand(name="Old", item="Chair", quantity=1, due=local(20)),)), "overdue already: 'Old'"),
    (shop(), "take time, but no capacity: 'Make / Bake'"),
    (shop(steps=(Step(process="Make", name="Cut"),)), "without any run time: 'Make / Cut'"),
    (shop(), "without working hours: they count as always open: 'Oven', 'Idle'"),
    (shop(supply_options=(SupplyOption(name="Buy", item="Leg", kind="buy"),)), "it is there at once: 'Buy'"),
])  # fmt: skip
def test_a_doubt_names_what_it_is_about(operation: Operation, doubt: str) -> None:
    assert any(doubt in line for line in said(operation)), said(operation)


def test_a_doubt_names_three_things_and_counts_the_rest() -> None:
    assert str(Doubt("Odd", ("a", "b", "c", "d", "e"))) == "Odd: 'a', 'b', 'c' and 2 more"
