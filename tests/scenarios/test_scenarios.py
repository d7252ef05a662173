"""Every folder of scenarios/ is planned, and the facts it states are held against the plan."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import gemba
from tests.scenarios import facts
from tests.scenarios.outcome import Outcome

FOLDER = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(p.name for p in FOLDER.iterdir() if p.is_dir())
STATED = [(name, fact) for name in NAMES for fact in json.loads((FOLDER / name / "expected.json").read_text("utf-8"))]


def expected(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name / "expected.json").read_text("utf-8"))


@cache
def outcome(name: str) -> Outcome:
    operation = gemba.read(FOLDER / name / "input")
    return Outcome(operation, gemba.plan(operation, seconds=2))


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_of_a_scenario_obeys_every_rule(name: str) -> None:
    assert outcome(name).plan.violations == []


@pytest.mark.parametrize(("name", "fact"), STATED)
def test_the_fact_that_a_scenario_states_holds(name: str, fact: str) -> None:
    getattr(facts, fact)(outcome(name), expected(name)[fact])


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_tells_its_situation_and_its_expectation(name: str) -> None:
    told = (FOLDER / name / "README.md").read_text("utf-8")
    assert told.startswith("# ")
    assert "**Situation.**" in told
    assert "**Expectation.**" in told


@pytest.mark.parametrize("name", NAMES)
def test_every_demand_of_a_scenario_has_an_expected_fate(name: str) -> None:
    stated = expected(name)
    fates = [*stated.get("on_time", []), *stated.get("late", {}), *stated.get("short", {})]
    assert sorted(fates) == sorted(d.name for d in outcome(name).operation.demands)


def test_the_list_of_scenarios_names_every_one() -> None:
    listed = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in NAMES if f"({name}/README.md)" not in listed] == []
