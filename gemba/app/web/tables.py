"""A table's state in the address: text searched for, filters, sorting and page. Works on rows as dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PAGE = 50

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: what it is called, the row's key it shows, and the key it sorts by where that differs."""

    key: str
    name: str
    number: bool = False
    order: str = ""
    sorted: str = ""  # ascending, descending or blank
    next: str = ""  # the sort a click on its heading asks for


@dataclass
class Table:
    """What is seen of the rows, and how the address said so."""

    rows: list[Any]  # those of the page
    every: list[Any]  # all that fit the filter, sorted: what an export has
    columns: list[Column]
    page: int
    sort: str
    q: str
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.every)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.page * PAGE, self.total)

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1

    @property
    def filtered(self) -> bool:
        return bool(self.q or any(self.filters.values()))


def table(
    query: Mapping[str, str],
    rows: Sequence[Row],
    columns: Sequence[Column],
    *,
    search: Sequence[str],
    sort: str = "",
    filters: Sequence[str] = (),
) -> Table:
    """The page of the rows that the address asks for; ``search`` are the keys that text is looked for in."""
    q = query.get("q", "").strip()
    chosen = query.get("sort", "") or sort
    found = [row for row in rows if _has(row, q, search)] if q else list(rows)
    found = _sorted(found, chosen, columns)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, _whole(query.get("page", ""), 1)), pages)
    return Table(
        rows=found[(page - 1) * PAGE : page * PAGE],
        every=found,
        columns=[_shown(c, chosen) for c in columns],
        page=page,
        sort=query.get("sort", ""),
        q=q,
        filters={name: query.get(name, "") for name in filters},
    )


def _has(row: Row, q: str, keys: Sequence[str]) -> bool:
    text = " ".join(str(row.get(key) or "") for key in keys).lower()
    return all(word in text for word in q.lower().split())


def _sorted(rows: list[Any], sort: str, columns: Sequence[Column]) -> list[Any]:
    """Rows by a column (``-`` first: from the largest); rows without a value come last either way."""
    key = sort.removeprefix("-")
    order = next((c.order or c.key for c in columns if c.key == key), "")
    if not order:
        return rows
    without = [row for row in rows if row.get(order) in (None, "")]
    rest = [row for row in rows if row.get(order) not in (None, "")]
    rest.sort(key=lambda row: _folded(row[order]), reverse=sort.startswith("-"))
    return rest + without


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _shown(column: Column, sort: str) -> Column:
    state = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
    following = f"-{column.key}" if state == "ascending" else column.key
    return Column(column.key, column.name, column.number, column.order, state, following)


def _whole(text: str, default: int) -> int:
    try:
        return int(text)
    except ValueError:
        return default
