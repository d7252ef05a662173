"""New parts of an operation's facts from the records above the rows already counted."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import duckdb
import pyarrow as pa

from gemba.app.analytics import pull, small, sums
from gemba.app.analytics.files import Folder, Manifest
from gemba.app.store.models import RECORD_MODELS
from gemba.measure.kpi import Slices
from gemba.measure.kpi.slices import WHOLE_DAYS
from gemba.operation import Operation

#: So many parts of a source are joined to one.
MOST_PARTS = 8
SUMMED = ("events", "people", "movements", "stock", "span_cells")


def connect(folder: Folder | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB of our own, that reads no settings, loads nothing and keeps to its share of memory."""
    link = duckdb.connect(config={"threads": 2, "memory_limit": "2GB", "autoinstall_known_extensions": False})
    if folder is not None:
        link.execute(f"SET temp_directory = '{folder.path / 'spill'}'")
    return link


def build(
    operation: Operation, slices: Slices, folder: Folder, former: Manifest, last: dict[str, int], fingerprint: str
) -> Manifest:
    """The manifest with new parts; nothing counts before it is kept."""
    work = _Build(operation, slices, folder, deepcopy(former), last)
    with work.link:
        work.dimensions()
        work.orders_and_tasks()
        work.events()
        work.movements()
        changed = former.small != fingerprint
        for source, table in (("inspections", "measurements"), ("meters", "measurements"), ("lines", "deliveries")):
            if changed or former.rows.get(table) != last[table]:
                rows = small.facts(source, operation, slices)
                work.manifest.parts[source] = [work.write_table(source, rows)] if rows is not None else []
        for source in (*SUMMED, "orders", "tasks"):
            work.join_parts(source)
    work.manifest.small, work.manifest.rows = fingerprint, dict(last)
    return work.manifest


class _Build:
    def __init__(
        self, operation: Operation, slices: Slices, folder: Folder, manifest: Manifest, last: dict[str, int]
    ) -> None:
        self.operation, self.slices, self.folder, self.manifest, self.last = operation, slices, folder, manifest, last
        self.link = connect(folder)
        self.years: set[int] = set()
        self.voided: set[str] = set()

    # -- tools

    def write(self, source: str, query: str) -> str:
        """Keep what a query says as a part of a source."""
        path = self.folder.new_part(source)
        self.link.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        return path.name

    def write_table(self, source: str, table: pa.Table) -> str:
        self.link.register("written", table)
        name = self.write(source, "SELECT * FROM written")
        self.link.unregister("written")
        return name

    def add(self, source: str, query: str) -> None:
        self.manifest.parts.setdefault(source, []).append(self.write(source, query))

    def read(self, source: str) -> str:
        """A source's parts as a table expression."""
        return f"read_parquet({self.folder.files(self.manifest, source)!r}, union_by_name = true)"

    def batches(self, table: str, columns: tuple[str, ...]) -> Iterable[int]:
        """Pull new records batch by batch into the table ``raw``."""
        above = self.manifest.rows.get(table, 0)
        if above >= self.last[table]:
            return
        for batch in pull.batches(self.operation.name, table, columns, above, self.last[table]):
            self.link.register("pulled", batch)
            self.link.execute("CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM pulled")
            self.link.unregister("pulled")
            self.manifest.first.setdefault(table, batch["row"][0].as_py())
            yield batch.num_rows

    # -- what records are counted with

    def dimensions(self) -> None:
        """Groups of places, yields, slices and causes as tables."""
        yields = [(s.process, s.name, 1 - s.yield_rate) for s in self.operation.steps if s.yield_rate < 1]
        self.table("groups", {"place": "VARCHAR", "grp": "VARCHAR"}, list(self.slices.groups.items()))
        self.table("yields", {"process": "VARCHAR", "step": "VARCHAR", "share": "DOUBLE"}, yields)
        self.table("causes", {"uid": "VARCHAR", "cause": "VARCHAR"}, [])
        self.table(
            "pieces", {"grp": "VARCHAR", "start": "DOUBLE", "end": "DOUBLE", "day": "DATE", "shift": "VARCHAR"}, []
        )

    def table(self, name: str, columns: dict[str, str], rows: list[tuple[Any, ...]]) -> None:
        types = ", ".join(f'"{c}" {t}' for c, t in columns.items())
        self.link.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({types})")
        self.insert(name, list(columns), rows)

    def insert(self, name: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
        if rows:
            arrow = pa.table(dict(zip(columns, (list(c) for c in zip(*rows, strict=True)), strict=True)))
            self.link.register("rows", arrow)
            self.link.execute(f"INSERT INTO {name} SELECT * FROM rows")
            self.link.unregister("rows")

    def cover(self, query: str) -> None:
        """Slices for every year between the moments a query names (low, high)."""
        from gemba.app.analytics.refresh import years

        low, high = self.link.execute(query).fetchall()[0]
        for year in set(years(low, high)) - self.years if low is not None else ():
            self.years.add(year)
            for group in {*self.slices.names(), WHOLE_DAYS}:
                found = [(group, float(s.start), float(s.end), s.day, s.shift) for s in self.slices.year(group, year)]
                self.insert("pieces", ["grp", "start", "end", "day", "shift"], found)

    def orders_and_tasks(self) -> None:
        for table, source, columns, query in (
            ("released_orders", "orders", sums.ORDERS, sums.orders()),
            ("released_tasks", "tasks", sums.TASKS, sums.tasks()),
        ):
            for _ in self.batches(table, columns):
                self.add(source, query)

    def latest(self) -> None:
        """Orders and tasks that the batch names."""
        for source, query in (("orders", sums.LATEST_ORDERS), ("tasks", sums.LATEST_TASKS)):
            if self.manifest.parts.get(source):
                self.link.execute(query.format(**{source: self.read(source)}))
            elif source == "orders":
                columns = {"order": "VARCHAR", "released": "DOUBLE", "due": "DOUBLE", "process": "VARCHAR"}
                self.table("o", {**columns, "maintenance": "VARCHAR"}, [])
            else:
                columns = {"order": "VARCHAR", "step": "VARCHAR", "rate": "DOUBLE", "place": "VARCHAR"}
                self.table("t", {**columns, "first": "BOOLEAN"}, [])

    # -- the large sources

    def events(self) -> None:
        partial: list[str] = []
        for _ in self.batches("events", sums.EVENTS):
            self.latest()
            self.link.execute(sums.events())
            self.split()
            self.add("events", sums.cells("events"))
            self.add("people", sums.cells("people"))
            partial.append(self.write("spans", sums.SPANS))
            found = self.link.execute("""SELECT DISTINCT "order" FROM base WHERE void AND "order" <> ''""").fetchall()
            self.voided.update(order for (order,) in found)
        if partial:
            self.spans(partial)

    def spans(self, partial: list[str]) -> None:
        """First start and last end of orders, joined with those so far; orders with voided events are read anew."""
        former = self.manifest.parts.get("spans", [])
        self.manifest.parts["spans"] = partial
        self.link.execute(f'CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT "order" FROM {self.read("spans")}')
        self.manifest.parts["spans"] = [*former, *partial]
        self.table("voided", {"order": "VARCHAR"}, [(order,) for order in sorted(self.voided)])
        again = small.spans(self.operation.name, sorted(self.voided))
        columns = {"order": "VARCHAR", "place": "VARCHAR", "item": "VARCHAR", "t0": "DOUBLE", "t1": "DOUBLE"}
        self.table("again", columns, [tuple(s) for s in again])
        query = f"""SELECT "order", place, item, min(t0) AS t0, max(t1) AS t1 FROM {self.read("spans")}
            WHERE "order" NOT IN (SELECT "order" FROM voided) GROUP BY ALL UNION ALL SELECT * FROM again"""
        new = [self.write("spans", query)]
        self.link.execute('INSERT INTO touched SELECT "order" FROM voided')
        self.span_cells(former, new)
        self.manifest.parts["spans"] = new

    def span_cells(self, former: list[str], new: list[str]) -> None:
        """Spans by place, day and shift: what they were of the orders touched is taken away, what they are is added."""
        parts = []
        for sign, files in ((-1, former), (1, new)):
            if files:
                self.manifest.parts["spans"] = files
                parts.append(f"""SELECT {sign} AS sign, * FROM {self.read("spans")}
                    WHERE "order" IN (SELECT "order" FROM touched)""")
        self.link.execute(sums.SPAN_BASE.format(spans=" UNION ALL ".join(parts)))
        self.split()
        self.add("span_cells", sums.SPAN_CELLS)

    def movements(self) -> None:
        for _ in self.batches("movements", sums.MOVEMENTS):
            self.latest()
            self.causes()
            self.link.execute(sums.movements())
            self.split()
            self.add("movements", sums.cells("movements"))
            self.link.execute(sums.STOCK.format(at=pull.seconds('"at"')))
            self.add("stock", "SELECT * FROM stocked")

    def split(self) -> None:
        self.cover("SELECT min(t0), max(t1) FROM base")
        self.link.execute(sums.SPLIT)

    def causes(self) -> None:
        """The causes of the movements that the batch reverses."""
        uids = [u for (u,) in self.link.execute("SELECT corrects FROM raw WHERE corrects <> ''").fetchall()]
        found: list[tuple[Any, ...]] = []
        for i in range(0, len(uids), 500):
            some = RECORD_MODELS["movements"].objects.filter(operation=self.operation.name, uid__in=uids[i : i + 500])
            found += some.values_list("uid", "cause")
        self.table("causes", {"uid": "VARCHAR", "cause": "VARCHAR"}, found)

    def join_parts(self, source: str) -> None:
        """Many parts as one, added up again where they are sums."""
        parts = self.manifest.parts.get(source, [])
        if len(parts) <= MOST_PARTS:
            return
        if source in ("orders", "tasks"):
            query = f"SELECT * FROM {self.read(source)}"
        else:
            keys = "place, item, day" if source == "stock" else ", ".join(sums.DIMENSIONS)
            added = ", ".join(f'sum("{c}") AS "{c}"' for c in sums.columns_of(source))
            query = f"SELECT {keys}, {added} FROM {self.read(source)} GROUP BY ALL ORDER BY day"
        self.manifest.parts[source] = [self.write(source, query)]
