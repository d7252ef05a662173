"""A page of a long list: filtered, sorted and cut by the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

#: Rows of a page at most; more would be a file.
LARGEST, USUAL = 1000, 100


class UnknownColumnError(ValueError):
    """A list is to be sorted or filtered by something it does not have."""


def page(
    rows: QuerySet,
    columns: Mapping[str, str],
    *,
    sort: str = "",
    page: int = 1,
    size: int = USUAL,
    convert: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A page of rows as {"count", "page", "size", "rows"}.

    Args:
        columns: what each key of a row is called in the model.
        sort: a key, with - before it for falling; blank is the order in which the rows were stored.
        convert: what makes of a row what is shown.

    Raises:
        UnknownColumnError: where there is no such key to sort by.
    """
    size, page = min(max(size, 1), LARGEST), max(page, 1)
    found = rows.order_by(*ordering(sort, columns)).values_list(*columns.values())[(page - 1) * size : page * size]
    made = [dict(zip(columns, row, strict=True)) for row in found]
    shown = [convert(row) for row in made] if convert else made
    return {"count": rows.count(), "page": page, "size": size, "rows": shown}


def ordering(sort: str, columns: Mapping[str, str]) -> list[str]:
    """What to order by; rows that are equal in it stay in the order in which they were stored."""
    key = sort.removeprefix("-")
    if not key:
        return ["pk"]
    if key not in columns:
        raise UnknownColumnError(f"There is no {key} to sort by; there are: {', '.join(columns)}.")
    return [("-" if sort.startswith("-") else "") + columns[key], "pk"]


def containing(text: str, attributes: Sequence[str]) -> Q:
    """Rows in which any of these attributes contains the text."""
    found = Q()
    for attribute in attributes if text else ():
        found |= Q(**{f"{attribute}__icontains": text})
    return found
