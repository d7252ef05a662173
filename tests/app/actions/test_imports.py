"""Importing an operation: a preview, then whole or not at all."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from gemba import demonstrations
from gemba.app import actions
from gemba.app.actions.audit import record
from gemba.app.actions.uploads import safe_name
from gemba.app.queries.imports import import_preview
from gemba.app.store.models import DRAFT, Audit, Dataset
from gemba.app.store.operations import NotFoundError, load
from gemba.operation import OperationError

pytestmark = pytest.mark.django_db


def uploads(folder: Path) -> list[Any]:
    return [SimpleUploadedFile(f.name, f.read_bytes()) for f in sorted(folder.glob("*.csv"))]


def archive(**members: bytes) -> Any:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return SimpleUploadedFile("operation.zip", packed.getvalue())


def test_uploaded_files_are_read_as_the_operation_they_describe(planner: Any) -> None:
    operation, source = actions.read_upload(planner, uploads(demonstrations.folder("close")))
    assert operation == demonstrations.load("close")
    assert "demands.csv" in source


def test_an_archive_of_tables_is_read_like_its_files(planner: Any) -> None:
    files = {f"some folder/{f.name}": f.read_bytes() for f in demonstrations.folder("close").glob("*.csv")}
    operation, _ = actions.read_upload(planner, [archive(**files)])
    assert operation == demonstrations.load("close")


def test_an_archive_that_unpacks_to_too_much_is_refused(planner: Any, settings: Any) -> None:
    settings.GEMBA_UPLOAD_LIMIT = 10_000
    with pytest.raises(actions.RefusedError, match="unpacks to more"):
        actions.read_upload(planner, [archive(**{"items.csv": b"0" * 50_000})])


def test_a_broken_archive_is_refused(planner: Any) -> None:
    with pytest.raises(actions.RefusedError, match="cannot be unpacked"):
        actions.read_upload(planner, [SimpleUploadedFile("operation.zip", b"PK nonsense")])


def test_too_large_files_are_refused_before_they_are_read(planner: Any, settings: Any) -> None:
    settings.GEMBA_UPLOAD_LIMIT = 10
    with pytest.raises(actions.RefusedError, match="larger than"):
        actions.read_upload(planner, [SimpleUploadedFile("items.csv", b"0" * 11)])


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\plan.xlsx", "plan.xlsx"), ("...", "file"), ("a/.hidden", "hidden")],
)
def test_an_upload_keeps_nothing_of_a_path(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_faults_in_the_files_are_all_reported_and_nothing_is_stored(planner: Any) -> None:
    with pytest.raises(OperationError) as caught:
        actions.read_upload(planner, [SimpleUploadedFile("demands.csv", b"name,item\nSO-1,Chair\n")])
    assert len(caught.value.faults) > 1
    assert not Dataset.objects.exists()


def test_a_preview_changes_nothing_until_it_is_confirmed(planner: Any, close: Any) -> None:
    draft = actions.preview_import(planner, close, "book.xlsx")
    with pytest.raises(NotFoundError):
        load(close.name)
    actions.confirm_import(planner, draft.pk)
    assert load(close.name) == close


def test_a_preview_says_what_would_be_added_removed_and_changed(planner: Any, close: Any) -> None:
    actions.import_operation(planner, close)
    first, *rest = close.demands
    changed = replace(rest[0], quantity=rest[0].quantity + 1)
    new = replace(first, name="Brand new")
    draft = actions.preview_import(planner, replace(close, demands=(new, changed, *rest[1:])))
    found = import_preview(draft.pk)
    assert found["replaces"] == 1
    assert found["changes"] is True
    (demands,) = [t for t in found["tables"] if t["table"] == "demands"]
    assert (demands["added"], demands["removed"], demands["changed"]) == (1, 1, 1)
    assert demands["examples"] == [changed.name]
    assert all(t["added"] == t["removed"] == t["changed"] == 0 for t in found["tables"] if t["table"] != "demands")


def test_importing_what_is_there_already_changes_nothing(planner: Any, close: Any) -> None:
    actions.import_operation(planner, close)
    assert import_preview(actions.preview_import(planner, close).pk)["changes"] is False


def test_an_import_can_be_given_another_name(planner: Any, close: Any) -> None:
    actions.confirm_import(planner, actions.preview_import(planner, close, name=" Copy ").pk)
    assert load("Copy").demands == close.demands


def test_a_preview_made_before_another_import_cannot_be_confirmed(planner: Any, close: Any) -> None:
    stale = actions.preview_import(planner, close)
    actions.import_operation(planner, close)
    with pytest.raises(actions.RefusedError, match="has changed since"):
        actions.confirm_import(planner, stale.pk)


def test_a_preview_is_confirmed_once(planner: Any, close: Any) -> None:
    draft = actions.preview_import(planner, close)
    actions.confirm_import(planner, draft.pk)
    with pytest.raises(NotFoundError):
        actions.confirm_import(planner, draft.pk)


def test_a_discarded_preview_leaves_nothing(planner: Any, close: Any) -> None:
    actions.discard_import(planner, actions.preview_import(planner, close).pk)
    assert not Dataset.objects.exists()


def test_a_preview_that_nobody_confirmed_is_thrown_away_after_a_day(planner: Any, close: Any) -> None:
    old = actions.preview_import(planner, close)
    Dataset.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    new = actions.preview_import(planner, close)
    assert list(Dataset.objects.filter(state=DRAFT)) == [new]


def test_an_import_is_in_the_audit_trail_with_what_it_replaced(planner: Any, close: Any) -> None:
    actions.import_operation(planner, close, "first.xlsx")
    actions.import_operation(planner, close, "second.xlsx")
    last = Audit.objects.latest("pk")
    assert (last.username, last.action, last.subject) == ("planner", "import operation", close.name)
    assert (last.before["source"], last.after["source"]) == ("first.xlsx", "second.xlsx")
    assert last.after["rows"]["demands"] == len(close.demands)


def test_whoever_may_only_look_cannot_import(viewer: Any, close: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.preview_import(viewer, close)
    assert not Dataset.objects.exists()


def test_a_failed_import_leaves_neither_rows_nor_an_audit_row(planner: Any, close: Any, monkeypatch: Any) -> None:
    before = Audit.objects.count()
    monkeypatch.setattr("gemba.app.actions.imports.record", _broken)
    with pytest.raises(ZeroDivisionError):
        actions.import_operation(planner, close)
    assert not Dataset.objects.exists()
    assert Audit.objects.count() == before


def _broken(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_an_audit_row_is_never_written_outside_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError):
        record(None, "nothing", "nobody")
    with transaction.atomic():
        record(None, "something", "somebody")


def test_an_operation_is_deleted_with_its_versions_and_plans(manager: Any, close: Any) -> None:
    for _ in range(2):
        actions.import_operation(manager, close)
    actions.delete_operation(manager, close.name)
    assert not Dataset.objects.exists()
    assert Audit.objects.latest("pk").before == {"versions": 2, "plans": 0}
    with pytest.raises(NotFoundError):
        actions.delete_operation(manager, close.name)


def test_a_planner_cannot_delete_an_operation(planner: Any, close: Any) -> None:
    actions.import_operation(planner, close)
    with pytest.raises(PermissionDenied):
        actions.delete_operation(planner, close.name)
