"""What frePPLe's operations, suboperations and flows mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.frepple_models import Reader, at, one


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_a_routing_becomes_one_process_with_its_steps_in_order(read: Reader) -> None:
    operation = read("""
    <operations><operation name="make" xsi:type="operation_routing"><item name="x"/><location name="plant"/>
      <suboperations>
      <suboperation priority="20"><operation name="weld" duration="PT2H"/></suboperation>
      <suboperation priority="10"><operation name="cut" duration="PT1H"/></suboperation></suboperations>
        </operation></operations>
    """)
    assert [(s.name, s.sequence, s.time) for s in operation.steps] == [("cut", 10, 3600), ("weld", 20, 7200)]
    assert [p.name for p in operation.processes] == ["make"]


def test_a_split_shares_by_the_priorities_of_its_parts(read: Reader) -> None:
    operation = read("""
    <operations><operation name="make" xsi:type="operation_split"><item name="x"/><location name="plant"/>
      <suboperations>
      <suboperation priority="30"><operation name="old"/></suboperation>
      <suboperation priority="70"><operation name="new"/></suboperation></suboperations></operation></operations>
    """)
    assert {(o.process, o.share, o.priority) for o in operation.supply_options} == {("old", 30, 1), ("new", 70, 1)}


def test_an_operation_of_priority_0_is_never_proposed(read: Reader) -> None:
    operation = read('<operations><operation name="make" priority="0"><item name="x"/></operation></operations>')
    assert one(operation.supply_options).priority == 0


def test_a_buffer_s_producing_operation_is_the_only_one_used(read: Reader) -> None:
    operation = read("""
    <buffers><buffer name="b"><item name="x"/><producing name="good"/></buffer></buffers>
    <flows><flow xsi:type="flow_end" quantity="1"><operation name="other"/><buffer name="b"/></flow>
           <flow xsi:type="flow_end" quantity="1"><operation name="good"/><buffer name="b"/></flow></flows>
    """)
    assert {(o.process, o.priority) for o in operation.supply_options} == {("good", 1), ("other", 0)}


def test_periods_hold_for_the_end_there_and_for_the_start_here(read: Reader) -> None:
    operation = read("""
    <suppliers><supplier name="S"><itemsuppliers><itemsupplier leadtime="P14D" effective_start="2026-12-20T00:00:00">
      <item name="x"/><location name="plant"/></itemsupplier></itemsuppliers></supplier></suppliers>""")
    assert one(operation.supply_options).start == at(2026, 12, 6)


def test_several_outputs_make_as_many_options(read: Reader) -> None:
    operation = read("""
    <operations><operation name="refine"><item name="petrol"/><location name="plant"/><flows>
      <flow xsi:type="flow_end" quantity="1"><item name="petrol"/></flow>
      <flow xsi:type="flow_end" quantity="0.5"><item name="gas"/></flow></flows></operation></operations>""")
    assert {o.item for o in operation.supply_options} == {"petrol", "gas"}
    assert one(operation.step_items).item == "gas"  # one petrol a unit goes without saying


def test_flows_of_one_name_are_alternatives_and_offsets_keep_their_sign(read: Reader) -> None:
    operation = read("""
    <operations><operation name="make"><item name="x"/><location name="plant"/><flows>
      <flow xsi:type="flow_start" name="metal" priority="1" quantity="-1"><item name="steel"/><offset>-P1D
        </offset></flow>
      <flow xsi:type="flow_start" name="metal" priority="2" quantity="-2"><item name="iron"/></flow>
      <flow xsi:type="flow_end" quantity="-1"><item name="box"/></flow></flows></operation></operations>""")
    steel = one(operation.step_items, item="steel")
    assert (steel.alternative, steel.priority, steel.offset) == ("metal", 1, -86400)
    assert one(operation.step_items, item="iron").quantity == 2
    assert one(operation.step_items, item="box").at == "end"


def test_an_operation_blocked_by_another_waits_for_it(read: Reader) -> None:
    operation = read("""
    <operations><operation name="roof"><location name="site"/><dependencies><dependency>
      <blockedby name="walls" duration="P5D"><location name="site"/></blockedby></dependency></dependencies>
        </operation></operations>
    """)
    row = one(operation.step_items, process="roof")
    assert (row.item, row.direction, row.quantity) == ("walls", "in", 1)
    assert one(operation.processes, name="walls").item == "walls"
