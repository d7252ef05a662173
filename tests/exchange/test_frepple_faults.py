"""How a wrong frePPLe file is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gemba.exchange.frepple import read_frepple
from gemba.operation import OperationError
from tests.exchange.frepple_models import model_file, one


def _faults(folder: Path, inside: str) -> tuple[Any, ...]:
    with pytest.raises(OperationError) as error:
        read_frepple(model_file(folder, inside))
    return error.value.faults


def test_a_wrong_number_names_element_field_value_and_remedy(tmp_path: Path) -> None:
    inside = '<demands><demand name="SO" quantity="ten" due="2026-12-01"><item name="x"/></demand></demands>'
    fault = one(_faults(tmp_path, inside))
    assert (fault.table, fault.thing, fault.field, fault.value) == ("demand", "SO", "quantity", "ten")
    assert "number" in fault.allowed
    assert fault.source == "model.xml"


@pytest.mark.parametrize(
    ("inside", "field"),
    [
        ('<demands><demand name="SO" quantity="1" due="soon"><item name="x"/></demand></demands>', "due"),
        ('<demands><demand name="SO" quantity="1"><item name="x"/></demand></demands>', "due"),
        ('<demands><demand name="SO" quantity="1" due="2026-12-01" status="maybe"/></demands>', "status"),
        ('<operations><operation name="make" duration="1 fortnight"/></operations>', "duration"),
        ("<items><item/></items><items><item cost='3'/></items>", "name"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, inside: str, field: str) -> None:
    assert field in {fault.field for fault in _faults(tmp_path, inside)}


def test_a_routing_that_contains_itself_is_refused(tmp_path: Path) -> None:
    inside = """<operations><operation name="make" xsi:type="operation_routing"><item name="x"/><suboperations>
      <suboperation><operation name="make"/></suboperation></suboperations></operation></operations>
      <demands><demand name="SO" quantity="1" due="2026-12-01"><item name="x"/><operation name="make"/>
        </demand></demands>"""
    assert any("circle" in fault.allowed for fault in _faults(tmp_path, inside))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE plan [<!ENTITY lol "lol">]><plan>&lol;</plan>',
        '<!DOCTYPE plan SYSTEM "file:///etc/passwd"><plan/>',
    ],
)
def test_entities_and_document_types_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OperationError, match="DOCTYPE"):
        read_frepple(path)


@pytest.mark.parametrize(("text", "said"), [("<plan>", "well-formed"), ("<html/>", "<html>"), ("", "well-formed")])
def test_other_files_are_refused_with_a_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "model.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OperationError, match=said):
        read_frepple(path)


def test_a_model_without_planning_moment_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    path.write_text("<plan><name>x</name></plan>", encoding="utf-8")
    with pytest.raises(OperationError, match="planning moment"):
        read_frepple(path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    inside = '<operations><operation name="a">' + "<item name='x'><owner name='y'>" * 500 + "</owner></item>" * 500
    with pytest.raises(OperationError, match="deep"):
        read_frepple(model_file(tmp_path, inside + "</operation></operations>"))


@pytest.mark.shared
def test_every_planning_case_can_be_read(shared_data: Path) -> None:
    models = sorted((shared_data / "planning_cases").glob("*/model.xml"))
    assert len(models) == 45
    for path in models:
        assert read_frepple(path).settings.zone == ""
