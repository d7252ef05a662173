"""The roll-up: costs worked out by hand, circles refused, components that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba import demonstrations
from gemba.measure.cost import Standards, cents, roll_up, spread
from gemba.operation import (
    Item,
    Operation,
    OperationError,
    Overhead,
    Place,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    SupplyOption,
    WasteStream,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)


def plant(**more: Any) -> Operation:
    """A chair of four legs: bought legs at 2, half an hour of set-up for ten, six minutes each, person 30, saw 12."""
    tables: dict[str, Any] = {
        "places": (Place(name="Works"), Place(name="Shop", parent="Works")),
        "resources": (
            Resource(name="Joiner", kind="person", place="Shop", cost_per_hour=30),
            Resource(name="Saw", place="Shop", cost_per_hour=12),
        ),
        "items": (Item(name="Chair", price=50), Item(name="Leg", cost=9), Item(name="Offcut", cost=0.5)),
        "processes": (Process(name="Make chair", item="Chair", place="Shop"),),
        "steps": (Step(process="Make chair", name="Join", setup_time=1800, time_per_unit=360),),
        "step_resources": (
            StepResource(process="Make chair", step="Join", resource="Joiner"),
            StepResource(process="Make chair", step="Join", resource="Saw"),
        ),
        "step_items": (StepItem(process="Make chair", step="Join", item="Leg", quantity=4),),
        "supply_options": (
            SupplyOption(name="Buy leg", item="Leg", place="Shop", kind="buy", cost=2),
            SupplyOption(name="Make it", item="Chair", place="Shop", kind="make", process="Make chair", minimum=10),
        ),
    }
    tables.update(more)
    return Operation(settings=Settings(name="Plant", now=AT), **tables)


def of(operation: Operation, item: str = "Chair", place: str = "Shop", **how: Any) -> list[float]:
    return [round(float(part), 6) for part in roll_up(operation, AT, **how).nodes[item, place].cost]


def test_a_unit_costs_its_material_and_its_share_of_the_costing_lots_hours() -> None:
    # (0.5 h + 10 x 0.1 h) / 10 = 0.15 h a chair
    assert of(plant()) == [8, 4.5, 1.8, 0]


def test_a_larger_costing_lot_spreads_the_set_up_over_more_units() -> None:
    assert of(plant(), lots={("Chair", "Shop"): 50}) == [8, 3.3, 1.32, 0]  # 0.11 h


def test_each_place_of_the_tree_charges_its_own_overhead() -> None:
    overheads = (
        Overhead(place="Shop", basis="machine hours", rate=10),
        Overhead(place="Works", basis="labour cost", rate=0.2),
        Overhead(place="Works", basis="material value", rate=0.05),
        Overhead(place="", basis="units", rate=0.25),
        Overhead(place="Elsewhere", basis="machine hours", rate=999),
    )
    places = (Place(name="Works"), Place(name="Shop", parent="Works"), Place(name="Elsewhere"))
    # 0.15 h x 10 + 0.2 x 4.50 + 0.05 x 8 + 0.25
    assert of(plant(overheads=overheads, places=places))[3] == 3.05


def test_what_is_lost_later_makes_earlier_work_dearer() -> None:
    steps = (
        Step(process="Make chair", name="Join", sequence=10, time_per_unit=360),
        Step(process="Make chair", name="Check", sequence=20, yield_rate=0.8),
    )
    assert of(plant(steps=steps)) == [8, 3.75, 1.5, 0]  # 0.1 h / 0.8


def test_by_products_are_credited_and_waste_is_charged_its_disposal() -> None:
    rows = (
        StepItem(process="Make chair", step="Join", item="Leg", quantity=4),
        StepItem(process="Make chair", step="Join", item="Offcut", quantity=2, direction="out"),
        StepItem(process="Make chair", step="Join", item="Dust", quantity=3, direction="out"),
    )
    items = (*plant().items, Item(name="Dust", kind="waste"))
    operation = plant(step_items=rows, items=items, waste_streams=(WasteStream(name="Dust", cost=0.1),))
    assert of(operation)[0] == 8 - 2 * 0.5 + 3 * 0.1


def test_of_alternatives_the_preferred_one_counts_and_options_that_share_are_weighed() -> None:
    needs = (
        StepResource(process="Make chair", step="Join", resource="Joiner", alternative="who", priority=2),
        StepResource(process="Make chair", step="Join", resource="Saw", alternative="who", speed=2),
    )
    assert of(plant(step_resources=needs)) == [8, 0, 1.2, 0]  # 0.5 h + 10 x 0.05 h of the saw
    options = (
        *plant().supply_options,
        SupplyOption(name="Leg, dearer", item="Leg", place="Works", kind="buy", cost=3, share=3),
        SupplyOption(
            name="Leg, cheaper", item="Leg", place="Works", kind="buy", cost=2, share=1, order_cost=8, minimum=8
        ),
    )
    assert of(plant(supply_options=options), "Leg", "Works") == [0.75 * 3 + 0.25 * (2 + 1), 0, 0, 0]


def test_levels_pass_their_components_on() -> None:
    operation = demonstrations.load("factory")
    parts, moved, table = (
        roll_up(operation, AT).nodes[key].cost
        for key in (("Table parts", "North Mill"), ("Table parts", "South Works"), ("Green table", "South Works"))
    )
    # Saw 15 + 20 x 3.5 min and router 20 + 20 x 3 min with a joiner at 34: 165 min / 20
    assert parts.labour == Fraction("4.675")
    assert moved.material == parts.material + Fraction("0.4")
    assert table.material == Fraction("35.4") + Fraction("0.6") * 9 + Fraction("1.2") + Fraction("6.5")


def test_an_item_made_of_itself_is_refused_with_the_circle() -> None:
    processes = (*plant().processes, Process(name="Make leg", item="Leg", place="Shop"))
    steps = (*plant().steps, Step(process="Make leg", name="Turn"))
    rows = (*plant().step_items, StepItem(process="Make leg", step="Turn", item="Chair", quantity=1))
    more = {"processes": processes, "steps": steps, "step_items": rows, "supply_options": ()}
    operation = plant(**more, checked=True)  # else it is refused before
    with pytest.raises(OperationError, match="Chair → Leg → Chair"):
        roll_up(operation, AT)


def test_what_has_no_cost_is_named() -> None:
    items = tuple(replace(i, cost=0.0) for i in plant().items)
    options = tuple(replace(o, cost=0.0) for o in plant().supply_options)
    assert roll_up(plant(items=items, supply_options=options), AT).doubts == (
        "Leg is bought without a cost: give the supply option Buy leg one",
    )


def test_fifty_levels_are_rolled_up() -> None:
    names = [f"Level {n}" for n in range(50)]
    operation = plant(
        items=tuple(Item(name=n, cost=1) for n in names),
        processes=tuple(Process(name=f"Make {n}", item=n) for n in names[1:]),
        steps=tuple(Step(process=f"Make {n}", name="Do") for n in names[1:]),
        step_resources=(),
        supply_options=(),
        step_items=tuple(StepItem(process=f"Make {b}", step="Do", item=a, quantity=2) for a, b in pairwise(names)),
    )
    assert roll_up(operation, AT).nodes["Level 49", ""].cost.total == 2**49


def test_the_recorded_components_add_up_to_what_the_ledger_values_stock_at() -> None:
    operation = demonstrations.load("factory")
    rolled = roll_up(operation, AT)
    records = rolled.records("2026", AT)
    standards = Standards(operation.items, records)
    assert {r.version for r in records} == {"2026"}
    assert len({r.uid for r in records}) == len(records)
    for key, node in rolled.nodes.items():
        assert standards.unit(*key, AT) == node.cost


def test_before_the_first_version_an_item_is_worth_its_own_cost() -> None:
    records = roll_up(plant(), AT).records("2026", AT)
    before = datetime(2025, 12, 31, tzinfo=UTC)
    assert Standards(plant().items, records).unit("Leg", "Shop", before).total == 9
    assert Standards(plant().items, records).unit("Leg", "Shop", AT).total == 2


@given(st.lists(st.fractions(-1000, 1000, max_denominator=997), max_size=30))
def test_rounded_parts_add_up_to_their_rounded_total(parts: list[Fraction]) -> None:
    found = spread(parts)
    assert sum(found, Decimal(0)) == cents(sum(parts, Fraction(0)))
    assert all(abs(Fraction(a) - b) < Fraction(1, 100) for a, b in zip(found, parts, strict=True))


def test_half_a_cent_goes_to_the_even_one() -> None:
    assert [str(cents(Fraction(n, 200))) for n in (1, 3, 5, -1)] == ["0.00", "0.02", "0.02", "0.00"]
