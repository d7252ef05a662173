"""A field is declared once. Whatever else knows fields, knows exactly these."""

from __future__ import annotations

import re
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models

from gemba.app.store.fields import ExactField, LocalMomentField, attribute
from gemba.app.store.models import MODELS, PLAN_TABLES, RECORD_MODELS, PlanVersion
from gemba.app.store.models.plan import PLAN_LISTS
from gemba.app.store.models.records import LOOKED_UP
from gemba.operation import RECORDS, TABLES, Objective, Plan
from gemba.operation.noun import KINDS

ROOT = Path(__file__).resolve().parents[3]
OWN = {"row", "dataset", "plan"}
OF_RECORD = {"row", "operation", "recorded_at", "recorded_by"}
FIELD_OF_KIND: dict[str, Any] = {
    "text": models.TextField,
    "number": models.FloatField,
    "exact": ExactField,
    "whole": models.BigIntegerField,
    "flag": models.BooleanField,
    "duration": models.FloatField,
    "moment": models.DateTimeField,
    "local_moment": LocalMomentField,
    "clock": models.TimeField,
    "choice": models.CharField,
}


def test_every_kind_of_field_has_a_place_in_the_database() -> None:
    assert set(FIELD_OF_KIND) == set(KINDS)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_store_has_the_fields_of_its_noun(name: str) -> None:
    model, table = MODELS[name], TABLES[name]
    assert model._meta.db_table == name
    stored = {f.name: f for f in model._meta.fields if f.name not in OWN}
    assert list(stored) == [column.name for column in table.columns]
    for column in table.columns:
        assert type(stored[column.name]) is FIELD_OF_KIND[column.kind], column.name
        assert stored[column.name].null == (not column.required and column.default is None), column.name
        if column.choices:
            assert tuple(c for c, _ in stored[column.name].choices) == column.choices


def test_the_store_has_a_table_for_every_noun_and_no_other() -> None:
    assert list(MODELS) == list(TABLES)


@pytest.mark.parametrize("name", RECORDS)
def test_a_table_of_records_has_the_fields_of_its_record(name: str) -> None:
    stored = {f.name: f for f in RECORD_MODELS[name]._meta.fields if f.name not in OF_RECORD}
    assert list(stored) == [column.name for column in RECORDS[name].columns]
    for column in RECORDS[name].columns:
        assert type(stored[column.name]) is FIELD_OF_KIND[column.kind], column.name


def test_the_store_has_a_table_for_every_record_and_knows_how_it_is_looked_up() -> None:
    assert list(RECORD_MODELS) == list(RECORDS) == list(LOOKED_UP)


@pytest.mark.parametrize("name", PLAN_LISTS)
def test_a_list_of_the_plan_has_the_fields_of_its_dataclass(name: str) -> None:
    stored = [f.name for f in PLAN_TABLES[name]._meta.fields if f.name not in OWN]
    assert stored == [attribute(f.name) for f in fields(PLAN_LISTS[name][0])]


def test_the_plan_itself_is_stored_whole() -> None:
    stored = {f.name for f in PlanVersion._meta.fields}
    of_plan = {f.name for f in fields(Plan)} - set(PLAN_LISTS) - {"objective"}
    assert of_plan | {f.name for f in fields(Objective)} <= stored


@pytest.mark.django_db
def test_no_change_of_the_models_is_missing_from_the_migrations() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"run python -m gemba.app.manage makemigrations:\n{said.getvalue()}")


def test_the_api_shows_the_fields_of_each_noun() -> None:
    from gemba.app.api.urls import api

    schemas = api.get_openapi_schema()["components"]["schemas"]
    for table in TABLES.values():
        shown = schemas[f"{table.noun.__name__}Row"]["properties"]
        assert list(shown) == [column.name for column in table.columns]
        for column in table.columns:
            assert column.doc in shown[column.name]["description"]


def test_the_import_template_has_the_fields_of_each_noun(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    from gemba.exchange import write_template

    write_template(tmp_path / "template.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "template.xlsx")
    for name, table in TABLES.items():
        rows = book.get_sheet_by_name(name).to_python()
        known = [column.name for column in table.columns]
        assert any([str(cell) for cell in row if cell != ""] == known for row in rows[:5]), name


def test_the_reference_documents_the_fields_of_each_noun() -> None:
    for page, tables in (("model.md", TABLES), ("records.md", RECORDS)):
        _has_sections(ROOT / "docs" / "reference" / page, tables)


def _has_sections(page: Path, tables: dict[str, Any]) -> None:
    text = page.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## ([a-z_]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    for name, table in tables.items():
        rows = re.findall(r"^\| *[*`]*([a-z_]+)[*`]*", sections[name], re.MULTILINE)
        assert [row for row in rows if row != "field"] == [column.name for column in table.columns], name
