"""What the elements of frePPLe's XML mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from gemba.exchange.frepple import read_frepple_with_warnings
from tests.exchange.frepple_models import CHAIR, Reader, at, model_file, one


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_an_operation_becomes_a_process_with_a_step_its_times_materials_and_resource(read: Reader) -> None:
    operation = read(CHAIR)
    assert (one(operation.processes).item, one(operation.processes).place) == ("chair", "plant")
    step = one(operation.steps)
    assert (step.time, step.time_per_unit) == (3600, 360)
    taken = one(operation.step_items)
    assert (taken.item, taken.quantity, taken.direction, taken.place) == ("leg", 4, "in", "")
    assert one(operation.step_resources).resource == "bench"


def test_dates_carry_no_zone(read: Reader) -> None:
    operation = read(CHAIR)
    assert operation.settings.zone == ""
    assert operation.now == at(2026, 11, 23)
    assert one(operation.demands).due == at(2026, 12, 1)


def test_orders_have_at_least_one_unit_unless_the_operation_says_otherwise(read: Reader) -> None:
    assert one(read(CHAIR).supply_options).minimum == 1
    smaller = read(
        CHAIR.replace('duration="PT1H"', 'duration="PT1H" size_minimum="0" size_multiple="5" size_maximum="50"')
    )
    option = one(smaller.supply_options)
    assert (option.minimum, option.multiple, option.maximum) == (0, 5, 50)


def test_fields_may_be_elements_and_flows_may_hold_their_operation(read: Reader) -> None:
    turned = """
    <flows><flow xsi:type="flow_start"><quantity>-4</quantity><item><name>leg</name></item>
      <operation><name>Assemble</name><duration>PT1H</duration><item name="chair"/><location name="plant"/>
        </operation>
    </flow></flows>
    <resources><resource name="bench"><loads><load><operation name="Assemble"/></load></loads></resource>
      </resources>"""
    operation = read(turned)
    assert one(operation.step_items).item == "leg"
    assert one(operation.step_resources).resource == "bench"
    assert one(operation.steps).time == 3600


def test_the_first_mention_fixes_a_resource_s_type(tmp_path: Path) -> None:
    model = '<resources><resource name="line"/><resource name="line" xsi:type="resource_infinite"/></resources>'
    operation, warnings = read_frepple_with_warnings(model_file(tmp_path, model))
    assert one(operation.resources).limited == "finite"
    assert any("line" in text and "resource_infinite" in text for text in warnings)
