"""Between nouns: keys are unique, names exist, trees and graphs have no circle; and hours of places and resources."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.operation import (
    TABLES,
    Calendar,
    CalendarRule,
    Fault,
    Item,
    Operation,
    OperationError,
    Place,
    Process,
    Resource,
    Settings,
    Step,
    StepItem,
    StepLink,
    Stock,
)
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds
from gemba.operation.references import check, find_circles, nearest

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
HOUR = 3600


def operation(**tables: Any) -> Operation:
    return Operation(settings=Settings(name="Shop", now=NOW), **tables)


def faults(**tables: Any) -> tuple[Fault, ...]:
    with pytest.raises(OperationError) as refused:
        operation(**tables)
    return refused.value.faults


def made(item: str, *steps: str, place: str = "") -> dict[str, Any]:
    process = Process(name=f"Make {item}", item=item, place=place)
    return {"processes": (process,), "steps": tuple(Step(process=process.name, name=s) for s in steps)}


def test_an_empty_operation_is_possible() -> None:
    assert operation().name == "Shop"
    assert operation().now == NOW
    assert Operation.of(operation().tables()) == operation()


def test_tables_are_in_an_order_in_which_references_point_backwards() -> None:
    names = list(TABLES)
    for table in TABLES.values():
        for column in table.columns:
            assert not column.refers_to or names.index(column.refers_to) <= names.index(table.name)


def test_a_repeated_key_is_named_with_its_row() -> None:
    (fault,) = faults(items=(Item(name="Leg"), Item(name="Top"), Item(name="Leg")))
    assert (fault.table, fault.thing, fault.row) == ("items", "Leg", 2)
    assert "used once" in str(fault)


def test_a_key_of_several_fields_is_repeated_only_where_all_are() -> None:
    items = (Item(name="Leg"),)
    operation(items=items, stocks=(Stock(item="Leg", quantity=1), Stock(item="Leg", lot="A", quantity=1)))
    (fault,) = faults(
        items=items, stocks=(Stock(item="Leg", lot="A", quantity=1), Stock(item="Leg", lot="A", quantity=2))
    )
    assert fault.thing == "Leg / A"


def test_a_name_that_does_not_exist_is_named_with_the_nearest_that_does() -> None:
    (fault,) = faults(items=(Item(name="Chair"),), stocks=(Stock(item="Chiar", quantity=1),))
    assert (fault.table, fault.field, fault.value, fault.nearest, fault.row) == ("stocks", "item", "Chiar", "Chair", 0)
    assert str(fault).endswith("must be the name of one of the items (did you mean 'Chair'?)")


def test_nothing_near_is_nothing_suggested() -> None:
    assert nearest("Chair", ["Zzz"]) == ""
    (fault,) = faults(stocks=(Stock(item="Chair", quantity=1),))
    assert "did you mean" not in str(fault)


def test_a_step_that_its_process_does_not_have_is_named() -> None:
    shop = made("Chair", "Cut", "Paint")
    (fault,) = faults(
        items=(Item(name="Chair"),), step_links=(StepLink(process="Make Chair", before="Cut", after="Piant"),), **shop
    )
    assert (fault.field, fault.value, fault.nearest) == ("after", "Piant", "Paint")
    assert "a step of process 'Make Chair'" in str(fault)


def test_a_process_without_steps_is_refused() -> None:
    (fault,) = faults(items=(Item(name="Chair"),), processes=(Process(name="Make", item="Chair"),))
    assert str(fault) == "processes 'Make' must be given at least one row in steps"


def test_a_place_in_itself_and_a_group_in_a_circle_are_refused() -> None:
    (fault,) = faults(places=(Place(name="A", parent="B"), Place(name="B", parent="A"), Place(name="C", parent="A")))
    assert (fault.table, fault.field, fault.allowed) == ("places", "parent", "free of circles")
    assert str(fault.value) in ("A > B > A", "B > A > B")
    (fault,) = faults(resources=(Resource(name="R", group="R"),))
    assert (fault.table, fault.value) == ("resources", "R > R")


def test_steps_that_wait_for_each_other_are_refused() -> None:
    pairs = (("A", "B"), ("B", "C"), ("C", "A"))
    links = tuple(StepLink(process="Make Chair", before=a, after=b) for a, b in pairs)
    (fault,) = faults(items=(Item(name="Chair"),), step_links=links, **made("Chair", "A", "B", "C"))
    assert (fault.table, fault.value) == ("step_links", "A > B > C > A")


def test_an_item_made_from_itself_is_refused_unless_it_is_at_another_place() -> None:
    items, places = (Item(name="Tea"),), (Place(name="North"), Place(name="South"))
    shop = made("Tea", "Sort", place="North")

    def using(place: str) -> dict[str, Any]:
        used = StepItem(process="Make Tea", step="Sort", item="Tea", place=place, quantity=1)
        return {"items": items, "places": places, "step_items": (used,), **shop}

    (fault,) = faults(**using(""))
    assert str(fault.value) == "Tea @ North > Tea @ North"
    assert "an item may not be made from itself" in fault.allowed
    assert operation(**using("South")).items == items


def test_there_is_exactly_one_row_of_settings() -> None:
    (fault,) = check({"settings": ()})
    assert fault.allowed == "exactly one row"


def test_checked_tables_are_not_checked_again() -> None:
    assert operation(stocks=(Stock(item="Ghost", quantity=1),), checked=True).stocks[0].item == "Ghost"


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3), max_size=10))
def test_circles_are_found_where_there_are_any_and_only_there(graph: dict[int, list[int]]) -> None:
    circles = find_circles(graph)
    for circle in circles:
        assert circle[0] == circle[-1]
        assert all(b in graph.get(a, ()) for a, b in pairwise(circle))
    reach = {n: _reached(graph, n) for n in graph}
    assert bool(circles) == any(n in reach[n] for n in graph)


def _reached(graph: dict[int, list[int]], start: int) -> set[int]:
    found: set[int] = set()
    todo = list(graph.get(start, ()))
    while todo:
        n = todo.pop()
        if n not in found:
            found.add(n)
            todo += graph.get(n, ())
    return found


def test_a_very_long_chain_of_places_is_no_trouble() -> None:
    places = [Place(name="P0")] + [Place(name=f"P{i}", parent=f"P{i - 1}") for i in range(1, 3000)]
    assert len(operation(places=tuple(places)).places) == 3000


def shifts(**tables: Any) -> Hours:
    """Hours of a plant open from 6 to 22, in a site closed on Tuesday, with a saw that is worked from 14 to 23."""
    calendars = [
        Calendar(name=n, value=v) for n, v in (("Site", 1), ("Plant", 0), ("Late", 0), ("Count", 2), ("Speed", 1))
    ]
    rows = [
        ("Site", {"days": "Tue", "value": 0}),
        ("Plant", {"start_time": time(6), "end_time": time(22)}),
        ("Late", {"start_time": time(14), "end_time": time(23)}),
        ("Count", {"start_time": time(18), "end_time": time(0), "value": 5}),
        ("Speed", {"start_time": time(18), "end_time": time(0), "value": 0.5}),
    ]
    rules = [CalendarRule(calendar=c, rule=1, **fields) for c, fields in rows]  # type: ignore[arg-type]
    return Hours(
        operation(
            calendars=tuple(calendars), calendar_rules=tuple(rules),
            places=(Place(name="Site", calendar="Site"), Place(name="Plant", parent="Site", calendar="Plant")),
            resources=(Resource(name="Saw", place="Plant", calendar="Late", capacity_calendar="Count",
                                efficiency_calendar="Speed"),
                       Resource(name="Van", capacity=3, efficiency=0.8)),
        )
    )  # fmt: skip


def test_work_is_done_only_while_the_place_all_above_it_and_the_resource_are_open() -> None:
    hours = shifts()
    assert hours.place_calendars("Plant") == {"Plant", "Site"}
    assert hours.resource_calendars("Saw") == {"Plant", "Site", "Late"}
    assert hours.resource_calendars("Van") == frozenset()
    both = hours.open(hours.task_calendars("Plant", "", ["Saw", "Van"]))
    monday = seconds(NOW) - 6 * HOUR
    assert both.next_open(monday) == monday + 14 * HOUR
    assert both.closes(monday + 14 * HOUR) == monday + 22 * HOUR
    assert both.next_open(monday + 23 * HOUR) == monday + 62 * HOUR
    assert both is hours.open(hours.task_calendars("Plant", "", ["Saw"]))


def test_no_calendar_is_always_open() -> None:
    assert shifts().open(frozenset()).always
    assert shifts().profile("").at(0) == 1


def test_capacity_and_efficiency_follow_their_calendars() -> None:
    hours, noon, evening = shifts(), seconds(NOW) + 6 * HOUR, seconds(NOW) + 13 * HOUR
    assert (hours.capacity("Saw").at(noon), hours.capacity("Saw").at(evening)) == (2, 5)
    assert (hours.efficiency("Saw", noon), hours.efficiency("Saw", evening)) == (1, 0.5)
    assert (hours.capacity("Van").at(noon), hours.efficiency("Van", noon)) == (3, 0.8)
    assert len(hours.pieces("Count").starts) >= len(hours.profile("Count").starts)
