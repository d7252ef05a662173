"""The demonstrations load, tell their story, and are what their stories say."""

from __future__ import annotations

import re

import pytest

from gemba import demonstrations
from gemba.operation import TABLES, Operation

NAMES = demonstrations.names()


@pytest.fixture(scope="module", params=NAMES)
def operation(request: pytest.FixtureRequest) -> Operation:
    return demonstrations.load(request.param)


def test_every_folder_of_files_is_a_demonstration() -> None:
    folders = {p.parent.name for p in demonstrations.folder("factory").parent.glob("*/settings.csv")}
    assert folders == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_a_table_of_the_model(name: str) -> None:
    files = {p.stem for p in demonstrations.folder(name).glob("*.csv")}
    assert files <= set(TABLES)


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="factory, clinic, bank, close"):
        demonstrations.load("bakery")


@pytest.mark.parametrize("name", NAMES)
def test_the_story_has_a_title_and_says_what_to_look_at(name: str) -> None:
    story = demonstrations.describe(name)
    assert story.startswith("# ")
    assert "What to look at:" in story


@pytest.mark.parametrize("name", NAMES)
def test_the_story_gives_the_planning_moment_of_the_data(name: str) -> None:
    now = demonstrations.load(name).settings.now
    story = " ".join(demonstrations.describe(name).split())
    assert re.search(rf"{now.day} {now:%B}", story)


def test_every_demonstration_has_a_zone_and_is_set_in_late_2026(operation: Operation) -> None:
    assert operation.settings.zone
    assert (operation.now.year, operation.now.month // 11) == (2026, 1)


def test_nothing_is_wanted_before_now(operation: Operation) -> None:
    assert all(d.due > operation.now for d in operation.demands)


def test_every_wanted_item_can_be_had(operation: Operation) -> None:
    options = {o.item for o in operation.supply_options} | {p.item for p in operation.processes}
    assert {d.item for d in operation.demands} <= options
    assert {s.item for s in operation.step_items if s.direction == "in"} <= options


def test_every_skill_that_is_asked_for_is_held_at_that_level(operation: Operation) -> None:
    held = {(r.skill, r.level) for r in operation.resource_skills}
    for need in operation.step_resources:
        if need.skill:
            assert any(skill == need.skill and level >= need.level for skill, level in held), need


def test_every_resource_is_used(operation: Operation) -> None:
    """Directly, as a member of a group, by a skill, or by a supply option."""
    named = {n.resource for n in operation.step_resources} | {o.resource for o in operation.supply_options}
    skills = {n.skill for n in operation.step_resources if not n.resource}
    skilled = {r.resource for r in operation.resource_skills if r.skill in skills}
    unused = [r.name for r in operation.resources if r.name not in named | skilled and r.group not in named]
    assert unused == []
