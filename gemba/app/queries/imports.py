"""What an import would change: rows added, removed and changed, by table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from gemba.app.store.models import CURRENT, DRAFT, Dataset
from gemba.app.store.operations import NotFoundError, load_nouns
from gemba.operation import TABLES, Table

#: Keys of changed rows named as examples.
EXAMPLES = 5
#: Changed fields of a table that are listed.
MOST_FIELDS = 50


def import_preview(draft_id: int) -> dict[str, Any]:
    """A draft beside the version it would replace.

    Raises:
        NotFoundError: where there is no such draft (any more).
    """
    draft = Dataset.objects.filter(pk=draft_id, state=DRAFT).first()
    if draft is None:
        raise NotFoundError("This preview is gone: it was confirmed, discarded, or is older than a day.")
    current = Dataset.objects.filter(name=draft.name, state=CURRENT).first()
    tables = [_difference(table, draft, current) for table in TABLES.values()]
    return {
        "id": draft.pk,
        "name": draft.name,
        "source": draft.source,
        "replaces": current.version if current else None,
        "tables": [t for t in tables if t["rows"] or t["removed"]],
        "changes": any(t["added"] or t["removed"] or t["changed"] for t in tables),
    }


def _difference(table: Table, draft: Dataset, current: Dataset | None) -> dict[str, Any]:
    new = {table.key_of(row): row for row in load_nouns(table, draft.pk)}
    old = {table.key_of(row): row for row in load_nouns(table, current.pk)} if current else {}
    added, removed = [k for k in new if k not in old], [k for k in old if k not in new]
    changed = [k for k, row in new.items() if k in old and old[k] != row]
    examples = [_words(key) for key in changed or added or removed]
    return {
        "table": table.name,
        "rows": len(new),
        "added": len(added),
        "removed": len(removed),
        "changed": len(changed),
        "examples": examples[:EXAMPLES] if current else [],
        "fields": list(islice(_fields(table, [(old[k], new[k]) for k in changed]), MOST_FIELDS)),
    }


def _words(key: tuple[Any, ...]) -> str:
    return " / ".join(str(part) for part in key if part not in ("", None))


def _fields(table: Table, pairs: list[tuple[Any, Any]]) -> Iterator[dict[str, str]]:
    """What is another in changed rows, field by field."""
    for before, after in pairs:
        for name in (column.name for column in table.columns):
            one, two = getattr(before, name), getattr(after, name)
            if one != two:
                thing = _words(table.key_of(after))
                yield {"thing": thing, "field": name, "before": _text(one), "after": _text(two)}


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
