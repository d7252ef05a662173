"""The plan as a JSON document is what its reference says."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gemba.exchange import plan_document, write_plan_json
from gemba.operation import Objective, Peg, Problem, Settings
from tests.measure.facts import BERLIN, at, local, plan, shop

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "plan-json.md"


def full_plan() -> Any:
    found = plan()
    found.pegs = [Peg("Leg", "", 40, "", order="MO-1", step="Cut", lot="B")]
    found.problems = [Problem("short", "Short", "3 of Short cannot be delivered", 3, at(24), None)]
    found.objective = Objective(value=4.5, bound=3.0, weighted_tardiness=4.5, late=1)
    return found


def document() -> dict[str, Any]:
    return plan_document(shop(), full_plan())


def test_the_objective_is_a_number_with_its_bound_and_gap() -> None:
    found = document()
    assert (found["objective"], found["bound"], found["gap"]) == (4.5, 3.0, pytest.approx(1 / 3))
    assert found["measures"]["late"] == 1
    assert "value" not in found["measures"]


def test_dates_carry_the_offset_of_the_zone() -> None:
    assert document()["deliveries"][0] == {"demand": "Early", "qty": 4, "date": "2026-11-24T11:00:00+01:00"}


def test_dates_carry_no_offset_where_the_data_has_no_zone() -> None:
    operation = shop(settings=Settings(name="Shop", now=local(23, 6)))
    date = plan_document(operation, plan())["deliveries"][0]["date"]
    assert date == "2026-11-24T10:00:00"
    assert datetime.fromisoformat(date).tzinfo is None


def test_a_task_names_its_resources_and_its_set_up() -> None:
    assert document()["tasks"][0] == {
        "order": "MO-1", "step": "Cut", "resources": ["Saw"], "units": [2.0], "start": "2026-11-23T12:00:00+01:00",
        "end": "2026-11-24T08:00:00+01:00", "setup_s": 600, "qty": 10, "state": "proposed",
    }  # fmt: skip


def test_the_parts_of_a_reason_add_up_to_its_lateness() -> None:
    reason = document()["reasons"][0]
    assert sum(part["seconds"] for part in reason["parts"]) == reason["lateness_s"]


def test_the_file_is_the_document(tmp_path: Path) -> None:
    write_plan_json(shop(), full_plan(), tmp_path / "plan.json")
    assert json.loads((tmp_path / "plan.json").read_text("utf-8")) == json.loads(json.dumps(document()))


def documented() -> dict[str, list[str]]:
    """The fields of each table of the reference page, by the heading above it."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip("` ")
        elif match := re.match(r"\| `(\w+)`", line):
            found.setdefault(heading, []).append(match[1])
    return found


def test_the_reference_names_every_field_of_the_document_in_its_order() -> None:
    assert documented()["The document"] == list(document())


@pytest.mark.parametrize("part", ["deliveries", "orders", "tasks", "flows", "pegs", "problems", "reasons"])
def test_the_reference_names_every_field_of_each_list(part: str) -> None:
    assert documented()[part] == list(document()[part][0])


def test_the_reference_names_every_field_of_a_part_of_a_reason_and_every_measure() -> None:
    assert documented()["parts"] == list(document()["reasons"][0]["parts"][0])
    assert documented()["measures"] == list(document()["measures"])


def test_the_zone_of_the_document_is_that_of_the_settings() -> None:
    assert document()["zone"] == BERLIN
