"""The schedule board's data."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from gemba import demonstrations
from gemba.app.queries.board import FIRM, LATE, NORMAL, THIN, made
from gemba.app.queries.loaded import Loaded
from gemba.app.queries.served import served
from gemba.operation import (
    Calendar,
    CalendarRule,
    Delivery,
    Demand,
    Item,
    Operation,
    Peg,
    Plan,
    PlannedOrder,
    PlannedTask,
    Process,
    Resource,
    Settings,
    Step,
)
from gemba.operation.moments import seconds

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
T = seconds(NOW)
HOUR = 3600


def shop() -> Operation:
    """Two machines (one with a shift), a part that goes into a product, three demands."""
    return Operation(
        Settings(name="Shop", now=NOW, zone="UTC"),
        calendars=(Calendar(name="Day"),),
        calendar_rules=(CalendarRule(calendar="Day", rule=1, start_time=time(6), end_time=time(14)),),
        resources=(Resource(name="Group"), Resource(name="Saw", group="Group", calendar="Day"), Resource(name="Bob")),
        items=(Item(name="Part"), Item(name="Product")),
        processes=(Process(name="Make part", item="Part"), Process(name="Make product", item="Product")),
        steps=(
            Step(process="Make part", name="Cut", sequence=1),
            Step(process="Make part", name="Sand", sequence=2),
            Step(process="Make product", name="Join"),
        ),
        demands=tuple(
            Demand(name=name, item="Product", quantity=1, due=datetime(2026, 11, 23, hour, tzinfo=UTC))
            for name, hour in (("late", 8), ("thin", 12), ("easy", 20))
        ),
    )


def plan() -> Plan:
    """The part for all three products is made at once, the products one after another; the first is late."""
    names = ("late", "thin", "easy")
    part = PlannedOrder("P", "make", "Part", "", 3, T, T + 2 * HOUR, process="Make part", state="firm")
    products = [
        PlannedOrder(f"O-{n}", "make", "Product", "", 1, T + 2 * HOUR, T + (3 + i) * HOUR, process="Make product")
        for i, n in enumerate(names)
    ]
    tasks = [
        PlannedTask("P", "Cut", T, T + HOUR, (("Saw", 1.0), ("Bob", 1.0)), 600, state="firm"),
        PlannedTask("P", "Sand", T + HOUR, T + 2 * HOUR, (("Saw", 1.0),)),
        *(PlannedTask(o.id, "Join", o.start, o.end, (("Bob", 1.0),)) for o in products),
        PlannedTask("X", "Alone", T, T + HOUR, (("Bob", 1.0),), state="firm"),
    ]
    spare = PlannedOrder("X", "make", "Part", "", 1, T, T + HOUR, state="firm")
    pegs = [Peg("Part", "", 1.0, "P", order=f"O-{n}", step="Join") for n in names]
    pegs += [Peg("Product", "", 1.0, f"O-{n}", demand=n) for n in names]
    deliveries = [Delivery(n, 1.0, o.end) for n, o in zip(names, products, strict=True)]
    return Plan("Shop", T, [part, *products, spare], tasks, pegs=pegs, deliveries=deliveries)


@pytest.fixture
def board() -> dict[str, Any]:
    return made(Loaded(shop(), plan()))


def test_resources_are_rows_without_mere_groups(board: dict[str, Any]) -> None:
    assert [r["name"] for r in board["resources"]] == ["Saw", "Bob"]
    assert board["resources"][0] == {"name": "Saw", "group": "Group", "place": ""}


def test_a_task_on_two_resources_is_two_bars(board: dict[str, Any]) -> None:
    tasks = board["tasks"]
    assert {len(column) for column in tasks.values()} == {7}
    cut = [i for i, step in enumerate(tasks["step"]) if step == "Cut"]
    assert [tasks["row"][i] for i in cut] == [0, 1]
    assert [tasks["setup"][i] for i in cut] == [600, 600]


def test_a_bar_has_the_colour_of_the_most_pressing_demand_its_order_serves(board: dict[str, Any]) -> None:
    colours: dict[str, set[int]] = {}
    for status, order in zip(board["tasks"]["status"], board["tasks"]["order"], strict=True):
        colours.setdefault(board["orders"][order]["id"], set()).add(status)
    assert colours == {"P": {LATE}, "O-late": {LATE}, "O-thin": {THIN}, "O-easy": {NORMAL}, "X": {FIRM}}


def test_an_order_names_the_demand_it_is_for_in_the_end(board: dict[str, Any]) -> None:
    assert {o["id"]: o["demand"] for o in board["orders"]} == {
        "P": "late", "O-late": "late", "O-thin": "thin", "O-easy": "easy", "X": "",
    }  # fmt: skip


def test_links_follow_the_steps_and_the_pegs(board: dict[str, Any]) -> None:
    step = board["tasks"]["step"]
    order = [board["orders"][i]["id"] for i in board["tasks"]["order"]]
    links = {((order[a], step[a]), (order[b], step[b])) for a, b in board["links"]}
    assert (("P", "Cut"), ("P", "Sand")) in links
    assert {b for a, b in links if a == ("P", "Sand")} == {(f"O-{n}", "Join") for n in ("late", "thin", "easy")}
    assert len(links) == 4


def test_closed_hours_are_shown_where_a_resource_has_any(board: dict[str, Any]) -> None:
    assert {row for row, _, _ in board["closed"]} == {0}
    _row, start, end = board["closed"][0]
    assert (start, end) == (T + 8 * HOUR, T + 24 * HOUR)
    assert board["t1"] == T + 24 * HOUR


def test_slack_is_negative_for_what_is_late() -> None:
    found = served(shop(), plan())
    assert found["O-late"] == ("late", -HOUR)
    assert found["O-thin"] == ("thin", 2 * HOUR)
    assert "X" not in found


@pytest.mark.parametrize("name", demonstrations.names())
def test_every_bar_of_a_demonstration_is_within_the_board(name: str) -> None:
    from gemba.decide import cycle

    operation = demonstrations.load(name)
    found = made(Loaded(operation, cycle.plan(operation, seconds=None, steps=1)))
    tasks = found["tasks"]
    assert tasks["row"]
    assert all(found["t0"] <= a <= b <= found["t1"] for a, b in zip(tasks["start"], tasks["end"], strict=True))
    assert set(tasks["row"]) <= set(range(len(found["resources"])))
    assert set(tasks["order"]) <= set(range(len(found["orders"])))
    assert all(0 <= a < len(tasks["row"]) and 0 <= b < len(tasks["row"]) for a, b in found["links"])
    assert all(found["t0"] <= a < b <= found["t1"] for _, a, b in found["closed"])
