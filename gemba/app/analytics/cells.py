"""Answers to what is asked, from the files; or from the records themselves where the extra is not installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from gemba.app.analytics.refresh import is_available, refresh
from gemba.app.analytics.stored import StoredRecords
from gemba.measure.kpi import Element, Slices
from gemba.measure.kpi.ask import PERIODS, Ask, Key, Sums
from gemba.measure.kpi.series import Cells
from gemba.operation import Operation


def cells_of(operation: Operation, *, current: bool = True) -> Cells:
    """What answers for an operation; ``current`` brings it up to date with the records first."""
    if not is_available():
        return StoredRecords(operation)
    from gemba.app.analytics.files import Folder

    manifest = refresh(operation) if current else Folder(operation.name).manifest()
    return _Files(operation, manifest)


class _Files:
    """Sums by DuckDB over the parts that a manifest names."""

    def __init__(self, operation: Operation, manifest: Any) -> None:
        from gemba.app.analytics.build import connect
        from gemba.app.analytics.files import Folder

        self.operation, self.manifest, self.folder = operation, manifest, Folder(operation.name)
        self.link = connect()
        self._loaded: set[str] = set()

    def sums(self, source: str, elements: Sequence[Element], ask: Ask) -> Sums:
        if not self.manifest.parts.get(source):
            return {}
        self._register(ask)
        if source == "spans":
            if not self._is_each_alone(ask):
                return self._spans(elements, ask)
            source = "span_cells"
        values = ", ".join(_value(e) for e in elements)
        rates = "LEFT JOIN rates ON rates.name = c.resource" if any(e.rate for e in elements) else ""
        keys = ", ".join(_key(b) for b in ask.by)
        query = f"""SELECT {keys + "," if keys else ""} {values} FROM {self._read(source)} AS c
            {_JOIN} {rates} WHERE {_chosen(ask)} {"GROUP BY " + keys if keys else "HAVING count(*) > 0"}"""
        return self._sums(query, ask)

    def stock(
        self, elements: Sequence[Element], ask: Ask
    ) -> Mapping[tuple[Key, date], tuple[list[float], list[float]]]:
        if not self.manifest.parts.get("stock"):
            return {}
        self._register(ask)
        by = [b for b in ask.by if b in ("place", "item")]
        keys = ", ".join([*(_key(b) for b in by), "c.day"])
        columns = [*(e.name for e in elements), *(e.name + "_part" for e in elements)]
        values = ", ".join(f'coalesce(sum(c."{x}"), 0)' for x in columns)
        query = f"""SELECT {keys}, {values} FROM {self._read("stock")} AS c {_JOIN} WHERE {_PLACE}
            AND c.day < DATE '{ask.end}' {_items(ask)} GROUP BY {keys}"""
        n, size = len(by), len(elements)
        return {
            (r[:n], _date(r[n])): (list(r[n + 1 : n + 1 + size]), list(r[n + 1 + size :]))
            for r in self.link.execute(query).fetchall()
        }

    def _is_each_alone(self, ask: Ask) -> bool:
        """Whether no two places with spans count as one: then spans need not be joined across places."""
        if not self.manifest.parts.get("span_cells"):
            return False
        slices = Slices(self.operation)
        rows = self.link.execute(f"SELECT DISTINCT place FROM {self._read('span_cells')}").fetchall()
        found = [(place, group) for (place,) in rows if (group := ask.group(place)) is not None]
        alone = len({group for _, group in found}) == len(found)
        return alone and all(slices.group(place) == slices.group(group) for place, group in found)

    def _spans(self, elements: Sequence[Element], ask: Ask) -> Sums:
        """Spans joined within each group of places, then shared out over days and shifts."""
        self._pieces(ask)
        keys = ", ".join(
            {"place": "grp_name", "item": "item", "shift": "q.shift"}.get(b) or _period(b, "q") for b in ask.by
        )
        values = ", ".join(
            f'sum(least(t1, q."end") - greatest(t0, q."start")) / {e.per} AS v{i}' for i, e in enumerate(elements)
        )
        shifts = f"AND q.shift IN ({_texts(ask.shifts)})" if ask.shifts is not None else ""
        query = f"""WITH joined AS (SELECT "order", {_GROUP} AS grp_name, item, min(t0) AS t0, max(t1) AS t1
                FROM {self._read("spans")} AS c {_JOIN} WHERE {_PLACE} {_items(ask)} GROUP BY ALL),
            placed AS (SELECT joined.*, coalesce(s.shifts, '') AS shifts FROM joined
                LEFT JOIN shift_groups s ON s.place = grp_name),
            whole AS (SELECT placed.*, a.i AS first, b.i AS last FROM placed
                ASOF JOIN pieces a ON placed.shifts = a.grp AND placed.t0 >= a."start"
                ASOF JOIN pieces b ON placed.shifts = b.grp AND placed.t1 >= b."start"),
            each AS (SELECT * EXCLUDE (first, last), unnest(range(first, last + 1)) AS i FROM whole)
            SELECT {keys + "," if keys else ""} {values} FROM each JOIN pieces q ON q.grp = each.shifts AND q.i = each.i
            WHERE t1 > t0 AND q.day >= DATE '{ask.start}' AND q.day < DATE '{ask.end}' {shifts}
            {"GROUP BY " + keys if keys else "HAVING count(*) > 0"}"""
        return self._sums(query, ask)

    def _sums(self, query: str, ask: Ask) -> Sums:
        n = len(ask.by)
        dated = [b in PERIODS for b in ask.by]
        rows = self.link.execute(query).fetchall()
        return {tuple(_date(k) if d else k for k, d in zip(r[:n], dated, strict=True)): list(r[n:]) for r in rows}

    def _read(self, source: str) -> str:
        return f"read_parquet({self.folder.files(self.manifest, source)!r}, union_by_name = true)"

    def _register(self, ask: Ask) -> None:
        import pyarrow as pa

        def two(pairs: Mapping[str, Any], kind: Any) -> Any:
            return pa.table({"name": pa.array(pairs.keys(), pa.string()), "value": pa.array(pairs.values(), kind)})

        self.link.register("places", two(ask.places, pa.string()))
        self.link.register("rates", two(ask.rates, pa.float64()))
        self.link.register("planned", two(dict.fromkeys(ask.planned, 1), pa.int64()))
        others = pa.table({"value": pa.array([ask.others], pa.string())})
        self.link.register("others", others)

    def _pieces(self, ask: Ask) -> None:
        """Slices of the years that spans touch, numbered in order within each group."""
        import pyarrow as pa

        from gemba.app.analytics.refresh import years

        if "pieces" in self._loaded:
            return
        self._loaded.add("pieces")
        low, high = self.link.execute(f"SELECT min(t0), max(t1) FROM {self._read('spans')}").fetchall()[0]
        slices = Slices(self.operation)
        rows: list[tuple[Any, ...]] = []
        for group in slices.names():
            pieces = [s for year in years(low, high) for s in slices.year(group, year)]
            rows += [(group, i, float(s.start), float(s.end), s.day, s.shift) for i, s in enumerate(pieces)]
        names = ("grp", "i", "start", "end", "day", "shift")
        self.link.register("pieces", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))
        pairs = slices.groups or {"": ""}
        self.link.register("shift_groups", pa.table({"place": list(pairs.keys()), "shifts": list(pairs.values())}))


_JOIN = "LEFT JOIN places ON places.name = c.place"
_GROUP = "CASE WHEN places.name IS NOT NULL THEN places.value ELSE (SELECT value FROM others) END"
_PLACE = f"({_GROUP}) IS NOT NULL"


def _key(by: str) -> str:
    return _GROUP if by == "place" else _period(by, "c") if by in PERIODS else f"c.{by}"


def _period(by: str, table: str) -> str:
    return f"{table}.day" if by == "day" else f"CAST(date_trunc('{by}', {table}.day) AS DATE)"


def _value(e: Element) -> str:
    column = f'c."{e.name}"' + (" * coalesce(rates.value, 0)" if e.rate else "")
    if e.planned is None:
        return f"coalesce(sum({column}), 0)"
    negated = "" if e.planned else "NOT "
    return f"coalesce(sum({column}) FILTER (c.reason {negated}IN (SELECT name FROM planned)), 0)"


def _chosen(ask: Ask) -> str:
    parts = [_PLACE, f"c.day >= DATE '{ask.start}' AND c.day < DATE '{ask.end}'"]
    for name, values in (
        ("item", ask.items),
        ("shift", ask.shifts),
        ("resource", ask.resources),
        ("reason", ask.reasons),
    ):
        if values is not None:
            parts.append(f"c.{name} IN ({_texts(values)})")
    return " AND ".join(parts)


def _items(ask: Ask) -> str:
    return "" if ask.items is None else f"AND c.item IN ({_texts(ask.items)})"


def _texts(values: frozenset[str]) -> str:
    return ", ".join("'" + v.replace("'", "''") + "'" for v in sorted(values)) or "NULL"


def _date(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value
