"""Importing an operation: read it, show what it would change, and take it over whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.uploads import laid_out, safe_name
from gemba.app.security.permission import require
from gemba.app.store.clock import set_now
from gemba.app.store.locks import lock
from gemba.app.store.models import CURRENT, DRAFT, Dataset
from gemba.app.store.operations import NotFoundError, delete_dataset, make_current, save_operation
from gemba.app.store.records import stored
from gemba.operation import Operation

#: A draft that nobody confirmed is thrown away after this time.
DRAFT_LIFE = timedelta(days=1)


def read_upload(user: Any, files: Sequence[Any]) -> tuple[Operation, str]:
    """The operation that uploaded files describe, and where it came from in words.

    Raises:
        OperationError: with every fault found in the files.
        RefusedError: where the files cannot be taken at all.
    """
    from gemba.exchange import read

    require(user, "import_operation")
    with laid_out(files) as path:
        operation = read(path)
    return operation, ", ".join(safe_name(file.name) for file in files)


def preview_import(user: Any, operation: Operation, source: str = "", *, name: str = "") -> Dataset:
    """Keep an operation as a draft, for somebody to look at (``queries.import_preview``) and confirm.

    Raises:
        OperationError: where a database cannot keep a value.
    """
    require(user, "import_operation")
    if name.strip():
        operation = renamed(operation, name.strip())
    with transaction.atomic():
        for old in Dataset.objects.filter(state=DRAFT, created_at__lt=timezone.now() - DRAFT_LIFE):
            delete_dataset(old)
    return save_operation(operation, state=DRAFT, source=source, user=user)


def renamed(operation: Operation, name: str) -> Operation:
    """The same operation under another name."""
    return replace(operation, settings=replace(operation.settings, name=name), checked=True)


def confirm_import(user: Any, draft_id: int) -> Dataset:
    """Make a draft the operation from now on.

    Raises:
        NotFoundError: where there is no such draft (any more).
        RefusedError: where the operation has changed since the draft was made.
    """
    require(user, "import_operation")
    with transaction.atomic():
        draft = _draft(draft_id)
        lock(draft.name)
        before = Dataset.objects.filter(name=draft.name, state=CURRENT).first()
        if before is not None and before.version > draft.version:
            raise RefusedError(f"{draft.name} has changed since this preview was made. Upload the files again.")
        make_current(draft)
        described = _described(before) if before else None
        record(user, "import operation", draft.name, before=described, after=_described(draft))
    return draft


def discard_import(user: Any, draft_id: int) -> None:
    """Throw a draft away.

    Raises:
        NotFoundError: where there is no such draft (any more).
    """
    require(user, "import_operation")
    with transaction.atomic():
        draft = _draft(draft_id)
        name, described = draft.name, _described(draft)
        delete_dataset(draft)
        record(user, "discard import", name, before=described)


def import_operation(user: Any, operation: Operation, source: str = "", *, name: str = "") -> Dataset:
    """Take an operation over at once, without a look at what it changes."""
    with transaction.atomic():
        return confirm_import(user, preview_import(user, operation, source, name=name).pk)


def import_demonstration(user: Any, name: str) -> Dataset:
    """Take over a demonstration; its own clock goes on from its planning moment, so that it can be played through.

    Raises:
        NotFoundError: where there is none of this name.
    """
    from gemba import demonstrations

    if name not in demonstrations.names():
        raise NotFoundError(f"there is no demonstration {name}")
    operation = demonstrations.load(name)
    with transaction.atomic():
        dataset = import_operation(user, operation, f"demonstration {name}")
        if not stored(operation.name, "events").exists():
            set_now(operation.name, operation.now)
    return dataset


def _draft(draft_id: int) -> Dataset:
    draft = Dataset.objects.select_for_update().filter(pk=draft_id, state=DRAFT).first()
    if draft is None:
        raise NotFoundError("This preview is gone: it was confirmed, discarded, or is older than a day.")
    return draft


def _described(dataset: Dataset) -> dict[str, Any]:
    rows = {table: count for table, count in dataset.counts.items() if count}
    return {"version": dataset.version, "source": dataset.source, "rows": rows}
