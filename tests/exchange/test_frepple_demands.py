"""What frePPLe's demands mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exchange.frepple_models import Reader, one


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def _demand(read: Reader, fields: str) -> Any:
    return one(
        read(
            f'<demands><demand name="SO" due="2026-12-01T00:00:00" {fields}><item name="x"/></demand></demands>'
        ).demands
    )


def test_a_demand_without_minimum_shipment_allows_ten_parts(read: Reader) -> None:
    assert _demand(read, 'quantity="95"').minimum_delivery == 9
    assert _demand(read, 'quantity="6"').minimum_delivery == 0


def test_a_minimum_shipment_of_everything_means_whole(read: Reader) -> None:
    demand = _demand(read, 'quantity="20" minshipment="30"')
    assert demand.whole
    assert demand.minimum_delivery == 20


@pytest.mark.parametrize(
    ("status", "state"),
    [("open", "open"), ("quote", "open"), ("inquiry", "closed"), ("closed", "closed"), ("canceled", "cancelled")],
)
def test_a_demand_s_status_says_whether_it_is_planned(read: Reader, status: str, state: str) -> None:
    assert _demand(read, f'quantity="1" status="{status}"').status == state


def test_priority_0_is_not_planned_and_no_priority_is_the_highest(read: Reader) -> None:
    assert _demand(read, 'quantity="1" priority="0"').status == "closed"
    absent = _demand(read, 'quantity="1"')
    assert (absent.status, absent.priority) == ("open", 1)


def test_maximum_lateness_is_a_duration(read: Reader) -> None:
    assert _demand(read, 'quantity="1" maxlateness="P2D"').maximum_lateness == 2 * 86400


def test_a_delivery_operation_makes_what_the_demand_asks_for(read: Reader) -> None:
    operation = read("""
    <operations><operation name="ship" duration="P1D"><location name="plant"/>
      <flows><flow xsi:type="flow_start"><item name="chair"/><quantity>-1</quantity></flow></flows></operation>
        </operations>
    <demands><demand name="SO" quantity="5" due="2026-12-01T00:00:00"><item name="chair"/>
      <operation name="ship"/></demand></demands>
    """)
    demand = one(operation.demands)
    assert (demand.item, demand.place) == ("ship", "plant")
    assert one(operation.processes, name="ship").item == "ship"
    assert one(operation.step_items).item == "chair"


def test_alternative_deliveries_from_several_places_meet_atone(read: Reader) -> None:
    operation = read("""
    <operations>
      <operation name="from A" duration="P1D"><location name="A"/></operation>
      <operation name="from B" duration="P2D"><location name="B"/></operation>
      <operation name="deliver" xsi:type="operation_alternate"><suboperations>
        <suboperation priority="2"><operation name="from B"/></suboperation>
        <suboperation priority="1"><operation name="from A"/></suboperation></suboperations></operation>
    </operations>
    <demands><demand name="SO" quantity="5" due="2026-12-01T00:00:00"><item name="x"/>
      <operation name="deliver"/></demand></demands>
    """)
    demand = one(operation.demands)
    options = [o for o in operation.supply_options if (o.item, o.place) == (demand.item, demand.place)]
    assert sorted((o.process, o.priority) for o in options) == [("from A", 1), ("from B", 2)]
    (other,) = {"A", "B"} - {demand.place}
    row = one(operation.step_items, process=f"from {other}")
    assert (row.direction, row.place) == ("out", demand.place)
