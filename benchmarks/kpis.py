"""Times every KPI by day and work centre over a year of ten million events.

    python -m benchmarks.kpis [--events 10000000] [--database sqlite|postgres] [--url URL] [--seconds 2]

Makes a temporary database with the events of a year in 50 work centres, with their orders, tasks, movements and
deliveries, exports it into columns, and asks for every KPI. For ``postgres`` the URL of a server is given with
``--url`` or DATABASE_URL; a database of its own is made there. All of it is removed at the end. Exit status 0 where
every KPI is answered within the bar, the export being current; else 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import numpy as np

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
NOW = FIRST + timedelta(days=365)
CENTRES, MACHINES, ITEMS, TASKS = 50, 3, 60, 3
#: Events of a task: queue ends, set-up ends, report, pause begins, pause ends, finished.
KINDS = ("started", "set_up", "reported", "paused", "resumed", "finished")
DATABASE = "gemba_kpi_benchmark"


def main() -> int:
    arguments = _arguments()
    if arguments.ask:
        return _asked(arguments.seconds)
    folder = tempfile.mkdtemp(prefix="gemba-kpis-")
    os.environ["GEMBA_DATA"], os.environ["DJANGO_SETTINGS_MODULE"] = folder, "gemba.app.settings"
    if arguments.database == "postgres":
        os.environ["DATABASE_URL"] = _made(arguments.url)
    else:
        os.environ.pop("DATABASE_URL", None)
    try:
        return _run(arguments)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if arguments.database == "postgres":
            _administer(arguments.url, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default=os.environ.get("DATABASE_URL", ""))
    parser.add_argument("--seconds", type=float, default=2.0, help="the bar")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _administer(url: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as link:
        for statement in statements:
            link.execute(statement)  # type: ignore[call-overload]


def _made(url: str) -> str:
    if not url:
        sys.exit("postgres needs the address of a server: --url postgresql://user@host:port/postgres")
    _administer(url, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")
    parts = urlsplit(url)
    return f"postgresql://{parts.netloc}/{DATABASE}"


def _run(arguments: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    operation = _operation()
    began = time.perf_counter()
    counts = _fill(operation.name, arguments.events)
    print(f"{arguments.database}: {counts} written in {time.perf_counter() - began:.0f} s", flush=True)
    from gemba.app.analytics import refresh

    began = time.perf_counter()
    manifest = refresh(operation)
    print(f"export: {time.perf_counter() - began:.1f} s, {_size(operation.name):.0f} MB, {manifest.rows}", flush=True)
    _more(operation.name)
    began = time.perf_counter()
    refresh(operation)
    print(f"export of 1,000 new events: {time.perf_counter() - began:.2f} s", flush=True)
    again = [sys.executable, "-m", "benchmarks.kpis", "--ask", "--seconds", str(arguments.seconds)]
    return subprocess.run(again, check=False).returncode  # a process that knows nothing yet, as after a start


def _asked(bar: float) -> int:
    """Ask in the database that the environment names."""
    import django

    django.setup()
    return _ask(_operation(), bar)


def _ask(operation: Any, bar: float) -> int:
    from gemba.app.queries.kpis import catalogue, series
    from gemba.app.store.clock import set_now

    set_now(operation.name, NOW)
    worst, slow = 0.0, []
    for kpi in catalogue(operation).kpis:
        began = time.perf_counter()
        found = series(operation, kpi, ("place", "day"), FIRST.date(), date(2026, 1, 1), level="work centre")
        took = time.perf_counter() - began
        known = [f.value for f in found if f.value is not None]
        mean = f"{np.mean(known):12.4f}" if known else "           -"
        print(f"{took:6.2f} s {len(found):7} figures, mean {mean}  {kpi}", flush=True)
        worst = max(worst, took)
        slow += [kpi] * (took > bar)
    print(f"slowest: {worst:.2f} s; bar {bar:g} s; {len(slow)} over it: {', '.join(slow) or 'none'}")
    return int(bool(slow))


def _operation() -> Any:
    from gemba import operation as o

    places = [o.Place(name="Site"), o.Place(name="Store", kind="store", parent="Site")]
    places += [o.Place(name=f"WC {i}", kind="work centre", parent="Site") for i in range(CENTRES)]
    machines = [
        o.Resource(name=f"M {i}-{j}", place=f"WC {i}", calendar="Hours", cost_per_hour=40)
        for i in range(CENTRES)
        for j in range(MACHINES)
    ]
    people = [o.Resource(name=f"P {i}", kind="person", place=f"WC {i}", cost_per_hour=25) for i in range(CENTRES)]
    clock = datetime(2025, 1, 1)
    return o.Operation(
        settings=o.Settings(name="Benchmark", now=NOW, zone="Europe/Berlin"),
        calendars=(o.Calendar(name="Hours", value=0),),
        calendar_rules=(
            o.CalendarRule(calendar="Hours", rule=1, days="Mon-Sat", start_time=clock.replace(hour=6).time(), value=1),
        ),
        places=tuple(places),
        resources=(*machines, *people),
        processes=(o.Process(name="P", item="I 0"),),
        steps=tuple(o.Step(process="P", name=f"S{n}", sequence=10 * n, yield_rate=0.98) for n in range(TASKS)),
        characteristics=(o.Characteristic(name="Look", item="I 0", kind="defectives"),),
        items=tuple(o.Item(name=f"I {i}") for i in range(ITEMS)),
        shifts=(
            o.Shift(name="Early", start=clock.replace(hour=6).time(), end=clock.replace(hour=14).time()),
            o.Shift(name="Late", start=clock.replace(hour=14).time(), end=clock.replace(hour=22).time()),
            o.Shift(name="Night", start=clock.replace(hour=22).time(), end=clock.replace(hour=6).time()),
        ),
        reason_codes=(o.ReasonCode(name="Break", kind="pause", planned=True),),
        meters=tuple(
            o.Meter(name=f"E {i}", resource=f"M {i}-0", unit="kWh", media="electricity") for i in range(CENTRES)
        ),
    )


def _stamp(seconds: float) -> Any:
    from gemba.app.store.records import _stamp as stamp

    return stamp(FIRST + timedelta(seconds=float(seconds)))


def _fill(name: str, events: int) -> dict[str, int]:
    """Orders of three tasks each, six events a task, over a year in the order in which they happen."""
    orders = events // (TASKS * len(KINDS) + 2)
    chunk, counts = 20_000, {"events": 0, "orders": orders}
    for low in range(0, orders, chunk):
        n = min(chunk, orders - low)
        begins = np.sort(np.random.default_rng(low).uniform(low, low + n, n)) / orders * 364 * 86400
        tables = _chunk(name, low, begins)
        for table, (columns, rows) in tables.items():
            _insert(table, columns, rows)
            counts[table] = counts.get(table, 0) + len(rows)
    for table, (columns, rows) in _daily(name).items():
        _insert(table, columns, rows)
        counts[table] = counts.get(table, 0) + len(rows)
    return counts


def _daily(name: str) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Readings, inspections and attendance of every work centre and day, and the stock at the start."""
    readings, present = [], []
    for i in range(CENTRES):
        for d in range(365):
            at = _stamp(86400 * d + 50_000)
            readings.append((name, at, f"r{i}-{d}", at, "", f"E {i}", "", 50.0 * d, 1))
            readings.append((name, at, f"i{i}-{d}", at, "Look", "", f"M {i}-0", 1.0, 20))
            start = _stamp(86400 * d + 20_000)
            present.append((name, at, f"a{i}-{d}", at, "clocked_out", f"P {i}", f"WC {i}", start, 30_000.0))
    at, many = _stamp(0), 10**12
    stock = [(name, at, f"s{i}", at, f"I {i}", many, 7 * many, "adjustment", "opening", "store", "Store", "opening")
             for i in range(ITEMS)]  # fmt: skip
    return {
        "measurements": ([*HEAD, "uid", "at", "characteristic", "meter", "resource", "value", "size"], readings),
        "events": ([*HEAD, "uid", "at", "kind", "person", "place", "start", "seconds"], present),
        "movements": (
            [*HEAD, "uid", "at", "item", "quantity", "value", "from_kind", "from_name", "to_kind", "to_name", "cause"],
            stock,
        ),
    }


HEAD = ["operation", "recorded_at"]


def _insert(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Add rows; what is not given is the field's default."""
    from gemba.app.store import rows as store
    from gemba.app.store.models import RECORD_MODELS

    model = RECORD_MODELS[table]
    rest = [f for f in model._meta.concrete_fields if f.name not in (*columns, "row")]
    defaults = tuple(None if f.null else f.get_prep_value(f.get_default()) for f in rest)
    store.insert(model, [*columns, *(f.name for f in rest)], (r + defaults for r in rows))


def _chunk(name: str, low: int, begins: Any) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    dice = np.random.default_rng(low + 1)
    orders, tasks, events, movements, deliveries = [], [], [], [], []
    for k, begin in enumerate(begins):
        order, item = f"MO-{low + k}", f"I {(low + k) % ITEMS}"
        head = (name, _stamp(begin))
        clock, quantity = float(begin), int(dice.integers(5, 50))
        orders.append(
            (*head, f"o{order}", head[1], order, *_kind(low + k), item, "Site", "P", _stamp(begin + 4 * 86400))
        )
        route = dice.integers(0, CENTRES, TASKS)
        for n, centre in enumerate(route):
            place, machine, person = f"WC {centre}", f"M {centre}-{dice.integers(MACHINES)}", f"P {centre}"
            tasks.append(
                (*head, f"t{order}-{n}", head[1], order, f"S{n}", 10 * n, place, 300.0 * quantity, quantity * 1_000_000)
            )
            lengths = dice.integers(60, 5400, len(KINDS))
            for kind, length in zip(KINDS, lengths, strict=True):
                start, clock = clock, min(clock + float(length), 364.9 * 86400)
                good = quantity // 2 if kind in ("reported", "finished") else 0
                scrap = int(kind == "finished" and dice.random() < 0.1)
                reason = ("Break" if length % 2 else "Waiting") if kind == "resumed" else ""
                at = _stamp(clock)
                events.append((
                    name, at, f"{order}-{n}-{kind}", at, kind, order, f"S{n}", machine, person, place, item, _stamp(start),
                    clock - start, good * 1_000_000, scrap * 1_000_000, reason,
                ))  # fmt: skip
        at = _stamp(clock)
        plain = (order, "", "", "", f"WC {route[-1]}", item, None, 0.0, 0, 0, "")
        events.append((name, at, f"{order}-closed", at, "closed", *plain))
        events.append(
            (name, at, f"{order}-down", at, "down", "", "", machine, "", place, "", None, 0.0, 0, 0, "Broken")
        )
        if k % 4 == 0:
            movements += _moved(name, at, order, item, quantity, low + k)
            deliveries.append(
                (name, at, f"d{order}", at, f"SO-{order}", item, "Store", quantity * 10**6, quantity * 10**6, at, at)
            )
    return {
        "released_orders": ([*HEAD, "uid", "at", "order", "kind", "maintenance_plan", "item", "place", "process", "due"], orders),
        "released_tasks": ([*HEAD, "uid", "at", "order", "step", "sequence", "place", "run", "quantity"], tasks),
        "events": (
            [*HEAD, "uid", "at", "kind", "order", "step", "resource", "person", "place", "item", "start", "seconds", "good",
             "scrap", "reason"], events,
        ),
        "movements": (
            [*HEAD, "uid", "at", "item", "quantity", "value", "from_kind", "from_name", "to_kind", "to_name", "cause",
             "order", "step"], movements,
        ),
        "deliveries": (
            [*HEAD, "uid", "at", "demand", "item", "place", "quantity", "ordered", "due", "promised"], deliveries,
        ),
    }  # fmt: skip


def _kind(i: int) -> tuple[str, str]:
    """One order in twenty is maintenance, half of it by a plan."""
    return ("maintenance", "Service" if i % 40 else "") if i % 20 == 0 else ("make", "")


def _moved(name: str, at: Any, order: str, item: str, quantity: int, i: int) -> Iterator[tuple[Any, ...]]:
    ways = [("issue", "store", "Store", "wip", order), ("production", "wip", order, "store", "Store"),
            ("shipment", "store", "Store", "customer", "C")]  # fmt: skip
    for n, (cause, *ends) in enumerate(ways):
        yield (name, at, f"m{i}-{n}", at, item, quantity * 1_000_000, quantity * 7_000_000, *ends, cause, order, "S0")


def _more(name: str) -> None:
    """1,000 events of today, each an hour of work."""
    at, start = _stamp(364.95 * 86400), _stamp(364.95 * 86400 - 3600)
    rows = [(name, at, f"new-{i}", at, "finished", f"MO-{i}", "S0", "M 1-0", "P 1", "WC 1", "I 1", start, 3600.0, 10**6, 0, "")
            for i in range(1000)]  # fmt: skip
    columns = [*HEAD, "uid", "at", "kind", "order", "step", "resource", "person", "place", "item", "start", "seconds",
               "good", "scrap", "reason"]  # fmt: skip
    _insert("events", columns, rows)


def _size(operation: str) -> float:
    from gemba.app.analytics.files import Folder

    return sum(f.stat().st_size for f in Folder(operation).path.glob("*.parquet")) / 1e6


if __name__ == "__main__":
    sys.exit(main())
