"""Plans in and out of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, get_type_hints

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gemba.app.store import rows, values
from gemba.app.store.fields import attribute
from gemba.app.store.locks import lock
from gemba.app.store.models import PLAN_TABLES, STANDS, Dataset, PlanVersion
from gemba.app.store.models.plan import OBJECTIVE, PLAN_LISTS
from gemba.app.store.operations import NotFoundError, delete_dataset
from gemba.operation import Objective, Plan

#: The figures of the plan itself, each a column.
HEAD = ("now", "policy", "seed", "seconds")


def save_plan(dataset: Dataset | int, plan: Plan, *, user: Any = None) -> PlanVersion:
    """Keep a plan as the next version of its operation's plans, whole or not at all."""
    dataset_id = dataset.pk if isinstance(dataset, Dataset) else dataset
    with transaction.atomic():
        operation = Dataset.objects.values_list("name", flat=True).get(pk=dataset_id)
        lock(operation)
        last = PlanVersion.objects.filter(operation=operation).aggregate(Max("number"))["number__max"]
        version = PlanVersion.objects.create(
            dataset_id=dataset_id, operation=operation, number=(last or 0) + 1,
            created_at=timezone.now(), created_by=user, violations=list(plan.violations),
            counts={name: len(getattr(plan, name)) for name in PLAN_LISTS},
            **_figures(plan),
        )  # fmt: skip
        for name, (cls, _) in PLAN_LISTS.items():
            if getattr(plan, name):
                _insert(name, cls, version.pk, getattr(plan, name))
    return version


def _figures(plan: Plan) -> dict[str, Any]:
    """The plan's own figures and those of its objective, in Python's types."""
    hints = get_type_hints(Plan)
    head = {n: values.to_table(hints[n])(getattr(plan, n)) for n in HEAD}
    goal = {n: values.to_table(h)(getattr(plan.objective, n)) for n, h in get_type_hints(Objective).items()}
    return {**head, **goal}


def _insert(name: str, cls: type[Any], plan_id: int, things: Iterable[Any]) -> None:
    hints = get_type_hints(cls)
    read = attrgetter(*hints)
    converters = [values.to_table(h) for h in hints.values()]
    rows.insert(PLAN_TABLES[name], ["plan", *map(attribute, hints)], _plan_rows(read, converters, plan_id, things))


def _plan_rows(read: Any, converters: list[Any], plan_id: int, things: Iterable[Any]) -> Iterator[list[Any]]:
    for thing in things:
        yield [plan_id, *(c(v) for c, v in zip(converters, read(thing), strict=True))]


def find_plan(plan_id: int) -> PlanVersion:
    """The stored plan's head.

    Raises:
        NotFoundError: where there is none.
    """
    version = PlanVersion.objects.filter(pk=plan_id).first()
    if version is None:
        raise NotFoundError(f"there is no plan {plan_id}")
    return version


def load_plan(plan_id: int) -> Plan:
    """The plan as the engines made it.

    Raises:
        NotFoundError: where there is none.
    """
    version = find_plan(plan_id)
    with transaction.atomic():
        lists: dict[str, Any] = {name: load_list(name, plan_id) for name in PLAN_LISTS}
    return Plan(
        operation=version.operation,
        violations=list(version.violations),
        objective=Objective(**{name: getattr(version, name) for name in OBJECTIVE}),
        **{name: getattr(version, name) for name in HEAD},
        **lists,
    )


def load_list(name: str, plan_id: int) -> list[Any]:
    """One list of a plan (orders, tasks, ...), in its order."""
    cls, _ = PLAN_LISTS[name]
    hints = get_type_hints(cls)
    decoders = [(i, values.from_json(h)) for i, h in enumerate(hints.values()) if values.to_table(h) is values.to_json]
    found = PLAN_TABLES[name].objects.filter(plan_id=plan_id).order_by("row").values_list(*map(attribute, hints))
    if not decoders:
        return [cls(*row) for row in found.iterator(chunk_size=5000)]
    return [cls(*_decoded(row, decoders)) for row in found.iterator(chunk_size=5000)]


def _decoded(row: tuple[Any, ...], decoders: list[tuple[int, Any]]) -> list[Any]:
    made = list(row)
    for i, decode in decoders:
        made[i] = decode(made[i])
    return made


def delete_plan(version: PlanVersion) -> None:
    """Remove a plan with its rows, and what stood when it was made where that was kept for it alone."""
    with transaction.atomic():
        for model in PLAN_TABLES.values():
            rows.delete(model, "plan_id", version.pk)
        dataset = version.dataset
        version.delete()
        if dataset.state == STANDS:
            delete_dataset(dataset)
