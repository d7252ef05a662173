"""Measures profit and loss with many records: of a month and of a year, by place.

    python -m benchmarks.profit [--movements 1000000] [--database sqlite|URL]

The furniture factory makes, sells and loses chairs for a year: each order has four issues, a production, a receipt and
a shipment, four events and a delivery. Exit status 1 where the bar is missed: a month under 2 s, the year under 10 s.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.ledger import _connect

MONTH, YEAR = 2.0, 10.0
START, PER_ORDER = datetime(2025, 1, 1, tzinfo=UTC), 7
SPAN = 365 * 86400


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profit", description="Measures profit and loss.")
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL server")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gemba-profit-") as folder:
        remove = _connect(folder, options.database)
        try:
            return _measure(options.movements)
        finally:
            remove()


def _measure(movements: int) -> int:
    from gemba import demonstrations
    from gemba.app.queries import costs
    from gemba.app.store.clock import set_now
    from gemba.app.store.operations import save_operation

    factory = demonstrations.load("factory")
    save_operation(factory)
    set_now(factory.name, START + timedelta(seconds=SPAN))
    began = time.perf_counter()
    _fill(factory, movements // PER_ORDER)
    print(f"{movements} movements written in {time.perf_counter() - began:.0f} s")
    status = 0
    for words, low, high, bar in (
        ("a month", datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC), MONTH),
        ("a year", START, START + timedelta(days=364), YEAR),
    ):
        began, worked = time.perf_counter(), time.process_time()
        found, cells = costs.profit(factory.name, low, high, "place")
        took = time.perf_counter() - began
        worked = time.process_time() - worked
        print(f"profit and loss of {words}: {took:.2f} s ({worked:.2f} s of work here)")
        print(f"  {len(cells)} cells, result {found.total('result')}")
        status |= took > bar
    return int(status)


def _fill(factory: Any, orders: int) -> None:
    from django.db import connection, transaction

    from gemba.app.store.models import OrderState
    from gemba.app.store.records import append

    chance = random.Random(1)
    chunk: dict[str, list[Any]] = {"heads": [], "events": [], "movements": [], "sold": []}
    states: list[Any] = []
    for n in range(orders):
        for key, record in _order(factory, n, chance):
            chunk[key].append(record)
        head = chunk["heads"][-1]
        states.append(
            OrderState(operation=factory.name, order=head.order, state="done", since=head.at, end=head.at, good=20)
        )
        if len(states) == 2000 or n == orders - 1:
            with transaction.atomic():
                for records in chunk.values():
                    append(factory.name, records)
                    records.clear()
                OrderState.objects.bulk_create(states)
            states.clear()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _order(factory: Any, n: int, chance: random.Random) -> Iterator[tuple[str, Any]]:
    from gemba.operation import Delivered, Event, Movement, ReleasedOrder

    at = START + timedelta(seconds=chance.randrange(SPAN))
    process = chance.choice([p for p in factory.processes if p.place == "South Works"])
    customer, name, own = chance.choice(factory.customers).name, f"MO-{n}", {"order": f"MO-{n}"}
    wip, store = ("wip", name), ("store", process.place)
    yield "heads", ReleasedOrder(
        uid=name, at=at, order=name, item=process.item, place=process.place, process=process.name, customer=customer,
        quantity=Decimal(20),
    )  # fmt: skip
    crew = {
        "Paint": ("Paint line", "Painter late"),
        "Assemble": ("Assembly benches", "Assembler 1"),
        "Pack": ("Packing", ""),
    }
    for step, (resource, person) in crew.items():
        yield "events", Event(
            uid=f"{name}{step}", at=at, kind="finished", order=name, step=step, resource=resource, person=person,
            seconds=chance.randrange(9000), good=Decimal(20),
        )  # fmt: skip
    moves: list[tuple[str, str, tuple[str, str], tuple[str, str], dict[str, str]]] = [
        ("issue", "Chair parts", store, wip, own), ("issue", "Screw set", store, wip, own),
        ("issue", "Green paint", store, wip, own), ("issue", "Parasol socket", store, wip, own),
        ("production", process.item, wip, store, own), ("shipment", process.item, store, ("customer", customer), {}),
        ("receipt", "Screw set", ("supplier", "Hardware wholesaler"), store, {}),
    ]  # fmt: skip
    for k, (cause, item, source, target, more) in enumerate(moves):
        yield "movements", Movement(
            uid=f"{name}/{k}", at=at, item=item, quantity=Decimal(20), value=Decimal(chance.randrange(100, 900)),
            cause=cause, from_kind=source[0], from_name=source[1], to_kind=target[0], to_name=target[1], **more,
        )  # fmt: skip
    yield "sold", Delivered(
        uid=f"{name}/d", at=at, demand=name, item=process.item, place=process.place, customer=customer,
        quantity=Decimal(20), ordered=Decimal(20), price=Decimal(69), value=Decimal(700),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
