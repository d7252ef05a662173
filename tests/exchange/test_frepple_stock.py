"""Where frePPLe's items are kept, and how they get there."""

from __future__ import annotations

from pathlib import Path

import pytest

from gemba.exchange.frepple import read_frepple_with_warnings
from tests.exchange.frepple_models import Reader, model_file, one


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_buffers_without_location_are_stocks_of_their_own(read: Reader) -> None:
    operation = read("""
    <buffers><buffer name="raw" onhand="5"><item name="x"/></buffer>
      <buffer name="painted" onhand="3" minimum="2"><item name="x"/></buffer></buffers>
    """)
    assert {(s.item, s.place, s.quantity) for s in operation.stocks} == {("raw", "", 5), ("painted", "", 3)}
    assert one(operation.stock_policies).safety_stock == 2
    assert one(operation.items, name="painted").family == "x"


def test_infinite_buffers_are_always_full(read: Reader) -> None:
    operation = read("""
    <buffers><buffer name="water @ plant" xsi:type="buffer_infinite"><item name="water"/>
      <location name="plant"/></buffer></buffers>""")
    policy = one(operation.stock_policies)
    assert (policy.item, policy.place, policy.supply) == ("water", "plant", "unlimited")


def test_negative_stock_is_read_as_none_with_a_warning(tmp_path: Path) -> None:
    path = model_file(tmp_path, '<buffers><buffer name="x @ plant" onhand="-1"/></buffers>')
    operation, warnings = read_frepple_with_warnings(path)
    assert operation.stocks == ()
    assert any("-1" in text for text in warnings)


def test_an_item_s_supplier_holds_for_the_items_below_it_wherever_they_are_kept(read: Reader) -> None:
    operation = read("""
    <items><item name="all"/><item name="bolt"><owner name="all"/></item></items>
    <buffers><buffer name="bolt @ A" onhand="1"><item name="bolt"/><location name="A"/></buffer>
             <buffer name="bolt @ B" onhand="1"><item name="bolt"/><location name="B"/></buffer></buffers>
    <suppliers><supplier name="S"><itemsuppliers><itemsupplier leadtime="P2D" size_minimum="100" fence="P1D">
      <item name="all"/></itemsupplier></itemsuppliers></supplier></suppliers>""")
    assert {(o.item, o.place, o.minimum, o.fence) for o in operation.supply_options} == {
        ("bolt", "A", 100, 86400), ("bolt", "B", 100, 86400),
    }  # fmt: skip


def test_a_distribution_moves_an_item_and_makes_its_origin_a_place(read: Reader) -> None:
    operation = read("""
    <itemdistributions><itemdistribution leadtime="P3D"><item name="x"/><origin name="depot"/>
      <destination name="shop"/>
    </itemdistribution></itemdistributions>""")
    option = one(operation.supply_options)
    assert (option.kind, option.origin, option.place, option.lead_time) == ("move", "depot", "shop", 3 * 86400)


def test_items_bought_for_the_whole_network_are_delivered_from_any_place(read: Reader) -> None:
    operation = read("""
    <items><item name="x"><booleanproperty name="global_purchase" value="1"/></item></items>
    <buffers><buffer name="x @ A" onhand="0"><item name="x"/><location name="A"/></buffer>
             <buffer name="x @ B" onhand="9"><item name="x"/><location name="B"/></buffer></buffers>
    <demands><demand name="SO" quantity="5" due="2026-12-01T00:00:00"><item name="x"/><location name="A"/>
      </demand></demands>""")
    demand = one(operation.demands)
    moves = {(o.origin, o.lead_time, o.priority) for o in operation.supply_options if o.place == demand.place}
    assert moves == {("A", 0, 1), ("B", 0, 2)}
