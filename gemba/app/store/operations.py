"""Operations in and out of the store. One mapper for every noun; the nouns' declarations say what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from gemba.app.store import rows, values
from gemba.app.store.locks import lock
from gemba.app.store.models import CURRENT, DRAFT, MODELS, PAST, PLAN_TABLES, Dataset
from gemba.operation import TABLES, Fault, Operation, OperationError, Table

#: Longer names cannot be looked up in every database; larger whole numbers do not fit their columns.
LONGEST_KEY, LARGEST_WHOLE = 500, 2**63 - 1


class NotFoundError(LookupError):
    """There is no such operation or plan."""


def storage_faults(operation: Operation) -> list[Fault]:
    """What a database cannot keep though the model allows it: very long names, huge numbers, broken characters."""
    faults: list[Fault] = []
    for name, things in operation.tables().items():
        table = TABLES[name]
        for column in table.columns:
            allowed = _storable(column.kind, column.name == table.key[0])
            if allowed is None:
                continue
            words, fits = allowed
            for i, thing in enumerate(things):
                value = getattr(thing, column.name)
                if value is not None and not fits(value):
                    faults.append(Fault(name, str(table.key_of(thing)[0])[:80], column.name, None, words, row=i))
    return faults


def _storable(kind: str, is_key: bool) -> tuple[str, Callable[[Any], bool]] | None:
    if kind == "whole":
        return "at most 9223372036854775807", lambda value: abs(value) <= LARGEST_WHOLE
    if kind != "text":
        return None
    if is_key:
        return f"at most {LONGEST_KEY} characters of Unicode text", lambda v: len(v) <= LONGEST_KEY and _is_unicode(v)
    return "Unicode text", _is_unicode


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def save_operation(
    operation: Operation, *, state: str = CURRENT, source: str = "", user: Any = None, check: bool = True,
    base: int | None = None,
) -> Dataset:  # fmt: skip
    """Keep an operation as a new version, whole or not at all. As the current one it replaces the one before.

    Raises:
        OperationError: where a database cannot keep a value.
    """
    faults = storage_faults(operation) if check else []
    if faults:
        raise OperationError(faults)
    with transaction.atomic():
        lock(operation.name)
        found = Dataset.objects.filter(name=operation.name).aggregate(Max("version"))["version__max"]
        tables = operation.tables()
        dataset = Dataset.objects.create(
            name=operation.name, version=(found or 0) + 1, state=DRAFT, source=source, created_at=timezone.now(),
            created_by=user, base_id=base, counts={name: len(things) for name, things in tables.items()},
        )  # fmt: skip
        for name, things in tables.items():
            if things:
                insert_nouns(TABLES[name], dataset.pk, things)
        if state == CURRENT:
            make_current(dataset)
        elif state != DRAFT:
            dataset.state = state
            dataset.save(update_fields=["state"])
    return dataset


def insert_nouns(table: Table, dataset_id: int, things: Iterable[Any]) -> None:
    """Add nouns to their table, in their order."""
    names = [column.name for column in table.columns]
    converters = [(c.name, _converter(c.kind)) for c in table.columns]
    rows.insert(MODELS[table.name], ["dataset", *names], _noun_rows(converters, dataset_id, things))


def _noun_rows(converters: list[tuple[str, Any]], dataset_id: int, things: Iterable[Any]) -> Iterator[list[Any]]:
    for thing in things:
        yield [dataset_id, *((c(getattr(thing, n)) if c else getattr(thing, n)) for n, c in converters)]


def _converter(kind: str) -> Any:
    """What turns a noun's value into the database's, or None where it is taken as it is."""
    if kind == "local_moment":
        return lambda value: None if value is None else value.isoformat()
    if connection.vendor == "sqlite":
        return {"moment": values.moment_to_sqlite, "clock": str}.get(kind)
    return None


def make_current(dataset: Dataset) -> None:
    """This version is the operation from now on; the one before is kept for the plans made from it."""
    with transaction.atomic():
        Dataset.objects.filter(name=dataset.name, state=CURRENT).exclude(pk=dataset.pk).update(state=PAST)
        dataset.state = CURRENT
        dataset.save(update_fields=["state"])


def find(operation: str | int) -> Dataset:
    """The dataset with this id, or the current one of the operation with this name.

    Raises:
        NotFoundError: where there is none.
    """
    by = {"pk": operation} if isinstance(operation, int) else {"name": operation, "state": CURRENT}
    dataset = Dataset.objects.filter(**by).first()
    if dataset is None:
        raise NotFoundError(f"there is no operation {operation!r}")
    return dataset


def load(operation: str | int) -> Operation:
    """The operation of this name (its current version) or of this dataset id.

    Raises:
        NotFoundError: where there is none.
    """
    dataset = find(operation)
    with transaction.atomic():
        tables: dict[str, Iterable[Any]] = {n: load_nouns(table, dataset.pk) for n, table in TABLES.items()}
    return Operation.of(tables, checked=True)  # it was checked when it was saved


def load_nouns(table: Table, dataset_id: int) -> list[Any]:
    """A table's nouns in their order."""
    names = [column.name for column in table.columns]
    found = MODELS[table.name].objects.filter(dataset_id=dataset_id).order_by("row").values_list(*names)
    return [table.noun(**dict(zip(names, row, strict=True))) for row in found.iterator(chunk_size=5000)]


def delete_dataset(dataset: Dataset) -> None:
    """Remove a version with its rows, its plans and its jobs."""
    with transaction.atomic():
        for plan_id in dataset.plans.values_list("pk", flat=True):
            for model in PLAN_TABLES.values():
                rows.delete(model, "plan_id", plan_id)
        for model in MODELS.values():
            rows.delete(model, "dataset_id", dataset.pk)
        dataset.delete()
