"""The operations there are, their versions, and the rows of their tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gemba.app.queries.page import containing, page
from gemba.app.store.models import CURRENT, DRAFT, MODELS, Dataset, PlanVersion
from gemba.app.store.models.plan import PUBLISHED
from gemba.app.store.operations import find
from gemba.operation import TABLES

_SETTINGS = ("name", "now", "zone", "horizon", "frozen", "currency", "stock_cost_rate", "description")


def operations() -> list[dict[str, Any]]:
    """The current version of every operation, by name."""
    return [_described(d) for d in Dataset.objects.filter(state=CURRENT).order_by("name").select_related("created_by")]


def operation(dataset_id: int) -> dict[str, Any]:
    """A stored version with its settings, its operation's versions and its latest plans' numbers.

    Raises:
        NotFoundError: where there is none.
    """
    dataset = find(dataset_id)
    settings = MODELS["settings"].objects.filter(dataset=dataset).values(*_SETTINGS).first() or {}
    versions = Dataset.objects.filter(name=dataset.name).exclude(state=DRAFT).order_by("-version")
    plans = PlanVersion.objects.filter(operation=dataset.name).order_by("-number")
    published = plans.filter(state=PUBLISHED).values_list("pk", flat=True).first()
    return {
        **_described(dataset),
        "settings": {**settings, "now": text(settings.get("now"))},
        "versions": [{"id": v.pk, "version": v.version, "state": v.state} for v in versions[:50]],
        "latest_plan": plans.values_list("pk", flat=True).first(),
        "published_plan": published,
    }


def _described(dataset: Dataset) -> dict[str, Any]:
    return {
        "id": dataset.pk,
        "name": dataset.name,
        "version": dataset.version,
        "state": dataset.state,
        "source": dataset.source,
        "created_at": text(dataset.created_at),
        "created_by": dataset.created_by.get_username() if dataset.created_by else "",
        "counts": dataset.counts,
    }


def table(dataset_id: int, name: str, **how: Any) -> dict[str, Any]:
    """A page of a table's rows, as the noun's fields. ``q`` looks for text in the key and reference fields.

    Raises:
        NotFoundError: where there is no such operation.
    """
    dataset, of = find(dataset_id), TABLES[name]
    columns = {column.name: column.name for column in of.columns}
    texts = [c.name for c in of.columns if c.kind == "text" and (c.name in of.key or c.refers_to)]
    rows = MODELS[name].objects.filter(containing(how.pop("q", ""), texts), dataset=dataset)
    return page(rows, columns, convert=_plain, **how)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int | float) else text(value) for name, value in row.items()}


def text(value: Any) -> str | None:
    """A moment or time of day as ISO text."""
    if value is None:
        return None
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
