"""The template, the reference and the model agree, and the example is a good one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from gemba.exchange import read, write_template
from gemba.exchange.convert import converter
from gemba.exchange.doubts import doubts
from gemba.exchange.example import chair_factory
from gemba.exchange.raw import is_blank
from gemba.operation import TABLES, Operation
from gemba.operation.noun import check_value
from gemba.operation.reference import allowed_values, default_text, model_reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "model.md"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    return path


def test_the_committed_reference_is_current() -> None:
    assert PAGE.read_text("utf-8") == model_reference(), "run: python -m gemba.operation.reference docs/reference"


def documented() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            table = line[3:]
        elif match := re.match(r"\| \**(\w+)\** \| (?!kind)", line):
            found.setdefault(table, []).append(match[1])
    return found


def test_the_reference_has_every_table_and_field_in_the_models_order() -> None:
    assert documented() == {t.name: [c.name for c in t.columns] for t in TABLES.values()}


def test_the_template_has_every_table_and_field_in_the_models_order(template: Path) -> None:
    book = CalamineWorkbook.from_path(template)
    assert book.sheet_names == ["README", *TABLES]
    for name, table in TABLES.items():
        assert book.get_sheet_by_name(name).to_python()[0] == [c.name for c in table.columns]


def test_every_header_of_the_template_has_a_note(template: Path) -> None:
    import zipfile

    with zipfile.ZipFile(template) as package:
        notes = "".join(package.read(n).decode() for n in package.namelist() if n.startswith("xl/comments"))
    assert notes.count("<comment ") == sum(len(t.columns) for t in TABLES.values())


def test_choices_and_flags_have_a_list_to_choose_from(template: Path) -> None:
    import zipfile

    lists = sum(1 for t in TABLES.values() for c in t.columns if c.kind in ("choice", "flag"))
    with zipfile.ZipFile(template) as package:
        sheets = "".join(package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet"))
    assert sheets.count('<dataValidation type="list"') == lists


def test_the_template_reads_as_the_example(template: Path) -> None:
    assert read(template) == chair_factory()


def test_the_example_fills_every_table() -> None:
    assert [name for name, nouns in chair_factory().tables().items() if not nouns] == []


def test_the_example_raises_no_doubts_but_those_it_means() -> None:
    assert [str(d) for d in doubts(chair_factory())] == []


@pytest.mark.parametrize("name", TABLES)
def test_the_examples_of_the_model_are_allowed_values(name: str) -> None:
    for column in TABLES[name].columns:
        if not is_blank(column.example):
            check_value(column, converter(column, "")(column.example))
        elif column.required:
            pytest.fail(f"{name}.{column.name} is required and has no example")


def test_what_a_field_allows_is_said_in_words() -> None:
    columns = {c.name: c for c in TABLES["resources"].columns}
    assert allowed_values(columns["name"]) == "Text. Required."
    assert allowed_values(columns["efficiency"]) == "Number; more than 0, at most 100. Blank means 1."
    assert allowed_values(columns["calendar"]) == "A name from calendars. May be blank."
    assert allowed_values(columns["limited"]) == "One of finite, infinite. Blank means finite."


def test_defaults_are_told_as_a_person_would_type_them() -> None:
    assert default_text(next(c for c in TABLES["settings"].columns if c.name == "horizon")) == "3650 d"


def test_the_example_can_be_planned() -> None:
    cycle = pytest.importorskip("gemba.decide.cycle")
    operation: Operation = chair_factory()
    found = cycle.plan(operation, seconds=None, steps=20)
    assert {d.demand for d in found.deliveries} == {d.name for d in operation.demands}
