"""Measures the ledger with many movements: stock as of a moment, of one item and of all; a recall; posting.

    python -m benchmarks.ledger [--movements 10000000] [--database sqlite|URL]

The movements (receipt, issue, transfer, shipment, last issue of a lot, for three years) are made by the database
itself, in a temporary folder or in a new PostgreSQL database, which is removed afterwards. Exit status 1 where a bar
is missed: one item under 50 ms and everything under 5 s, the slowest of all that were asked.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

NAME, PLACES, ITEMS = "Ledger benchmark", 5, 10_000
END = datetime(2026, 11, 23, tzinfo=UTC)
SPAN = 3 * 365 * 86400  # seconds of history
ONE, ALL = 0.050, 5.0
_SERIES = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) ",
    "postgresql": "WITH s(n) AS (SELECT generate_series({first}::bigint, {last})) ",
}
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', {begin} + {seconds}, 'unixepoch')",
    "postgresql": "to_timestamp({begin} + {seconds})",
}
#: Movement k of group g: each group is one lot's life. A third of the groups leave something over.
#: One lot in 20 is made of another: lot 1005 of lot 905 and so on, ten levels from each lot that was bought.
_MAKE = """
INSERT INTO movements (operation, uid, at, item, lot, quantity, value, from_kind, from_name, to_kind, to_name, cause,
  "order", step, demand, reason, person, document, expires, corrects, recorded_at)
{series}, g AS (SELECT n, n / 5 AS g, n % 5 AS k, (n / 5) * 7919 % {items} AS i FROM s),
m AS (SELECT *, CASE WHEN i % 5 = 0 THEN 'L' || g ELSE '' END AS lot, 'Place ' || (g % {places}) AS p,
  'Place ' || ((g + 1) % {places}) AS q, (g * {step} + k * 129600) AS t,
  (g % 20 = 5 AND (g / 100) % 10 <> 0) AS made FROM g)
SELECT '{name}', 'm' || (100000000 + n), {at}, 'Item ' || i, lot,
  1000000 * CASE k WHEN 0 THEN 100 WHEN 1 THEN 40 WHEN 4 THEN CASE WHEN g % 3 = 0 THEN 25 ELSE 30 END ELSE 30 END,
  3000000 * CASE k WHEN 0 THEN 100 WHEN 1 THEN 40 WHEN 4 THEN CASE WHEN g % 3 = 0 THEN 25 ELSE 30 END ELSE 30 END,
  CASE k WHEN 0 THEN CASE WHEN made THEN 'wip' ELSE 'supplier' END ELSE 'store' END,
  CASE k WHEN 0 THEN CASE WHEN made THEN 'MO-' || (g / 4 - 25) ELSE 'Supplier' END WHEN 3 THEN q ELSE p END,
  CASE k WHEN 0 THEN 'store' WHEN 2 THEN 'store' WHEN 3 THEN 'customer' ELSE 'wip' END,
  CASE k WHEN 0 THEN p WHEN 2 THEN q WHEN 3 THEN 'Customer' ELSE 'MO-' || (g / 4) END,
  CASE k WHEN 0 THEN CASE WHEN made THEN 'production' ELSE 'receipt' END WHEN 2 THEN 'transfer' WHEN 3 THEN 'shipment'
    ELSE 'issue' END,
  CASE WHEN k IN (1, 4) THEN 'MO-' || (g / 4) WHEN k = 0 AND made THEN 'MO-' || (g / 4 - 25) ELSE '' END,
  '', '', '', '', '', NULL, '', {recorded}
FROM m
"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description="Measures the ledger.")
    parser.add_argument("--movements", type=int, default=10_000_000)
    parser.add_argument("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL server")
    parser.add_argument("--asked", type=int, default=60, help="how many items are asked for")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gemba-ledger-") as folder:
        remove = _connect(folder, options.database)
        try:
            return _measure(options.movements, options.asked)
        finally:
            remove()


def _connect(folder: str, database: str) -> Callable[[], None]:
    """Django on a new database; what removes it again."""
    os.environ.update(GEMBA_DATA=folder, DJANGO_SETTINGS_MODULE="gemba.app.settings", GEMBA_LOG="ERROR")
    os.environ.pop("DATABASE_URL", None)
    remove: Callable[[], None] = lambda: None  # noqa: E731
    if database != "sqlite":
        remove = _new_database(database)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return remove


def _new_database(address: str) -> Callable[[], None]:
    import psycopg

    name = f"gemba_ledger_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}"

    def remove() -> None:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return remove


def _measure(movements: int, asked: int) -> int:
    from django.db import connection

    from gemba.app.actions.imports import import_operation  # noqa: F401  (the application is loaded)
    from gemba.app.store.operations import save_operation

    save_operation(_operation())
    print(f"{connection.vendor}, {movements:,} movements of {ITEMS:,} items at {PLACES} places")
    print(f"  made in            {_timed(lambda: _make(movements)):8.1f} s")
    print(f"  checkpoints        {_timed(_checkpoints):8.1f} s, {_rows():,} balances")
    one, everything, keys = _ask_items(asked), *_ask_all()
    print(
        f"  one item           {1000 * statistics.median(one):8.1f} ms median, {1000 * max(one):.1f} ms slowest of {asked}"
    )
    print(f"  everything         {everything:8.2f} s slowest of 4, up to {keys:,} balances")
    print(f"  recall of 10 levels{1000 * _recall():8.1f} ms slowest of 20")
    _post()
    met = max(one) < ONE and everything < ALL
    print("  bars met" if met else f"  MISSED: one item < {ONE * 1000:.0f} ms, everything < {ALL:.0f} s")
    return 0 if met else 1


def _operation() -> Any:
    from gemba.operation import Item, Operation, Place, Settings

    items = [Item(name=f"Item {i}", cost=3, tracking="lot" if i % 5 == 0 else "none") for i in range(ITEMS)]
    places = [Place(name=f"Place {i}") for i in range(PLACES)]
    return Operation(settings=Settings(name=NAME, now=END), items=tuple(items), places=tuple(places))


def _make(movements: int) -> None:
    from django.db import connection, transaction

    from gemba.app.store.models import RECORD_MODELS

    model = RECORD_MODELS["movements"]
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.remove_index(model, index)
    for first in range(0, movements, 1_000_000):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_statement(connection.vendor, movements, first, min(first + 1_000_000, movements) - 1))
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.add_index(model, index)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _statement(vendor: str, movements: int, first: int, last: int) -> str:
    begin = int(END.timestamp()) - SPAN
    at = _MOMENT[vendor].format(begin=begin, seconds="t")
    return _MAKE.format(
        series=_SERIES[vendor].format(first=first, last=last).rstrip(), items=ITEMS, places=PLACES, name=NAME, at=at,
        step=max(1, (SPAN - 6 * 86400) // max(1, movements // 5)), recorded=_MOMENT[vendor].format(begin=begin, seconds=SPAN),
    )  # fmt: skip


def _checkpoints() -> None:
    from django.db import connection, transaction

    from gemba.app.store.checkpoints import make_checkpoints

    with transaction.atomic():
        make_checkpoints(NAME, END)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows() -> int:
    from gemba.app.store.models import StockBalance

    return int(StockBalance.objects.count())


def _ask_items(asked: int) -> list[float]:
    from gemba.app.queries.ledger import stock

    draw = random.Random(1)
    asks = [(f"Item {draw.randrange(ITEMS)}", END - timedelta(seconds=draw.randrange(SPAN))) for _ in range(asked)]
    return [_timed(lambda i=item, at=at: stock(NAME, at, [i])) for item, at in asks]  # type: ignore[misc]


def _ask_all() -> tuple[float, int]:
    """The slowest of four moments: now, and the last second of months, which is furthest from a checkpoint."""
    from gemba.app.queries.ledger import stock

    slowest, keys = 0.0, 0
    for at in (END, datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), datetime(2025, 7, 31, 23, 59, 59, tzinfo=UTC),
               datetime(2024, 3, 31, 23, 59, 59, tzinfo=UTC)):  # fmt: skip
        begun = time.perf_counter()
        found = stock(NAME, at)
        slowest, keys = max(slowest, time.perf_counter() - begun), max(keys, len(found))
    return slowest, keys


def _recall() -> float:
    """The slowest of 20 lots followed forward, with where all that came of them is."""
    from gemba.app.store.genealogy import trace_lot, where_lots_are
    from gemba.execute.ledger.genealogy import Lot

    slowest = 0.0
    for g in range(5, 20_000, 1000):
        begun = time.perf_counter()
        found = trace_lot(NAME, Lot(f"Item {g * 7919 % ITEMS}", f"L{g}"))
        where_lots_are(NAME, found.lots)
        slowest = max(slowest, time.perf_counter() - begun)
        assert max(found.lots.values()) == 9, found
    return slowest


def _post() -> None:
    from django.db import transaction

    from gemba.app.actions.stock import post_movements
    from gemba.app.queries.ledger import costs
    from gemba.execute.ledger import Maker

    maker, draw = Maker(costs(NAME), END), random.Random(2)
    made = [
        maker.receipt(f"new {n}", f"Item {draw.randrange(ITEMS)}", 5, f"Place {n % PLACES}", lot=f"N{n}")
        for n in range(5200)
    ]

    def posted(some: list[Any]) -> None:
        with transaction.atomic():
            post_movements(NAME, some)

    posted(made[:100])  # the operation is read once
    many = _timed(lambda: [posted(made[i : i + 1000]) for i in range(200, 5200, 1000)])
    single = _timed(lambda: [posted([m]) for m in made[100:200]])
    print(f"  posted             {5000 / many:8,.0f} movements/s by thousands, {100 / single:,.0f}/s one by one")


def _timed(what: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
