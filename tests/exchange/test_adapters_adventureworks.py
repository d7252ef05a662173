"""The planning model of a sample company, as its adapter makes it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gemba.exchange import adapters
from gemba.operation import Operation

pytest.importorskip("duckdb")
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def operation(shared_data: Path) -> Operation:
    return adapters.load("adventureworks", shared_data / "enterprise" / "adventureworks")


def test_every_line_sold_in_the_month_is_a_demand(operation: Operation) -> None:
    assert operation.now == datetime(2013, 9, 10, tzinfo=UTC)
    assert len(operation.demands) == 4399 + 3029
    assert sum(d.quantity for d in operation.demands) == 4399 + 10574
    assert {c.name for c in operation.customers} == {"internet", "reseller"}


def test_another_month_can_be_planned(shared_data: Path) -> None:
    rows = adapters.run(
        "adventureworks", shared_data / "enterprise" / "adventureworks", {"month": "2014-03", "notice": 0}
    )
    assert len(rows["demands"]) == 5308 + 4640
    assert str(rows["settings"][0]["now"]) == "2014-03-01"


def test_hours_are_those_of_the_work_centre(operation: Operation) -> None:
    hours = {r.resource[2:4]: set() for r in operation.step_resources}
    time = {(s.process, s.name): s.time / 3600 for s in operation.steps}
    for need in operation.step_resources:
        hours[need.resource[2:4]].add(time[need.process, need.step])
    assert hours == {"10": {4.1}, "20": {3.5}, "30": {1}, "40": {2}, "45": {2}, "50": {3}, "60": {4}}


def test_the_routes_are_the_seven_that_occur(operation: Operation) -> None:
    routes: dict[str, list[tuple[int, str]]] = {}
    order = {(s.process, s.name): s.sequence for s in operation.steps}
    for need in operation.step_resources:
        routes.setdefault(need.process, []).append((order[need.process, need.step], need.resource[2:4]))
    found = {"-".join(centre for _, centre in sorted(route)) for route in routes.values()}
    assert found == {"50", "60", "50-60", "10-20-50", "10-50", "10-20-30-40-50-60", "10-20-30-45-50-60"}
    assert (len(routes), len(operation.processes)) == (149, 238)


def test_capacity_is_the_technicians_on_shift(operation: Operation) -> None:
    people = {(r.calendar[:4], r.start_time.hour): r.value for r in operation.calendar_rules}
    assert [people["WC50", h] for h in (7, 15, 23)] == [12, 8, 6]
    assert [people["WC10", h] for h in (7, 15, 23)] == [7, 5, 5]
    assert sum(r.value for r in operation.calendar_rules) == 157


def test_order_units_of_known_content_limit_orders_and_others_do_not(operation: Operation) -> None:
    limits = {o.item: (o.minimum, o.multiple, o.maximum) for o in operation.supply_options if o.kind == "buy"}
    numbers = {i.description: i.name for i in operation.items}
    assert limits[numbers["Spokes"]] == (1200, 12, 12000)  # 100 to 1,000 dozen
    assert limits[numbers["Paint - Black"]] == (2560, 128, 12800)  # gallons, counted in ounces
    assert limits[numbers["Metal Sheet 5"]] == (100, 1, 1000)
    assert limits[numbers["Bearing Ball"]] == (0, 0, None)  # cartons of so many


def test_capacity_can_be_the_hours_a_location_is_available(shared_data: Path) -> None:
    rows = adapters.run("adventureworks", shared_data / "enterprise" / "adventureworks", {"capacity": "availability"})
    assert {r["name"][:4]: float(r["capacity"]) for r in rows["resources"]}["WC10"] == 4
    assert all(r["capacity_calendar"] is None for r in rows["resources"])
