"""What frePPLe's existing operation plans mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from gemba.operation import Operation
from tests.exchange.frepple_models import CHAIR, Reader, at, one


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def _orders(read: Reader, plan: str) -> Operation:
    return read(f"{CHAIR}<operationplans>{plan}</operationplans>")


def test_a_confirmed_order_keeps_its_times_and_resources(read: Reader) -> None:
    operation = _orders(
        read,
        """<operationplan reference="MO 1" quantity="10" status="confirmed"
      start="2026-11-24T00:00:00"><operation name="Assemble"/></operationplan>""",
    )
    order, task = one(operation.orders), one(operation.order_tasks)
    assert (order.state, order.process, order.quantity) == ("firm", "Assemble", 10)
    assert (task.resource, task.start, task.end) == ("bench", at(2026, 11, 24), at(2026, 11, 24, 2))


def test_an_order_begun_before_now_is_started(read: Reader) -> None:
    operation = _orders(
        read,
        """<operationplan reference="MO 1" quantity="10" status="confirmed"
      start="2026-11-20T00:00:00" end="2026-11-25T00:00:00"><operation name="Assemble"/></operationplan>""",
    )
    assert one(operation.orders).state == "started"


def test_an_approved_order_may_be_replanned(read: Reader) -> None:
    operation = _orders(
        read,
        """<operationplan reference="MO 1" quantity="10" status="approved"
      start="2026-11-24T00:00:00"><operation name="Assemble"/></operationplan>""",
    )
    assert one(operation.orders).state == "proposed"
    assert operation.order_tasks == ()


def test_a_completed_order_is_booked_on_the_stock(read: Reader) -> None:
    operation = _orders(
        read,
        """<operationplan ordertype="PO" quantity="100" status="completed" end="2026-11-01T00:00:00">
      <item name="leg"/><location name="plant"/></operationplan>
      <operationplan reference="MO 1" quantity="10" status="completed" end="2026-11-20T00:00:00">
        <operation name="Assemble"/></operationplan>""",
    )
    assert {(s.item, s.quantity) for s in operation.stocks} == {("leg", 60), ("chair", 10)}
    assert operation.orders == ()


def test_a_purchase_order_names_its_option(read: Reader) -> None:
    operation = read("""
    <suppliers><supplier name="S"><itemsuppliers><itemsupplier leadtime="P2D"><item name="x"/><location name="plant"/>
      </itemsupplier></itemsuppliers></supplier></suppliers>
    <operationplans><operationplan ordertype="PO" reference="PO 1" quantity="5" status="confirmed"
      end="2026-12-01T00:00:00">
      <item name="x"/><location name="plant"/><supplier name="S"/></operationplan></operationplans>""")
    order = one(operation.orders)
    assert (order.option, order.end) == (one(operation.supply_options).name, at(2026, 12, 1))


def test_the_steps_of_a_routing_s_order_follow_their_own_plans(read: Reader) -> None:
    operation = read("""
    <operations><operation name="make" xsi:type="operation_routing"><item name="x"/><location name="plant"/>
      <suboperations>
      <suboperation priority="1"><operation name="cut" duration="P1D"/></suboperation>
      <suboperation priority="2"><operation name="weld" duration="P1D"/></suboperation></suboperations>
        </operation></operations>
    <operationplans>
      <operationplan reference="MO" quantity="1" status="confirmed" end="2026-12-03T00:00:00">
        <operation name="make"/></operationplan>
      <operationplan reference="MO cut" quantity="1" status="completed" end="2026-11-22T00:00:00">
        <operation name="cut"/><owner reference="MO"/></operationplan>
    </operationplans>""")
    cut, weld = operation.order_tasks
    assert (cut.step, cut.state, cut.end) == ("cut", "done", at(2026, 11, 22))
    assert (weld.start, weld.end) == (at(2026, 11, 22), at(2026, 11, 23))
