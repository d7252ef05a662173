"""Terminals under load: many clients report work at once, also while the server is killed again and again.

    python -m benchmarks.terminal --clients 50 --rate 200 --seconds 30 --kill 4 --database sqlite

Starts ``gemba serve`` (server and worker) on a free port with data of its own. Each client works on its own orders and
sends its reports at its times, one at a time, again and again until the server has said that it has them. With
``--kill`` server, worker and all their children get SIGKILL that often and are started again. In the end every uid
that was acknowledged must be in the database once and nothing else, the states must be those that the events give,
and the ledger's checkpoints those that the movements give. The bar: the wanted rate is reached.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.terminal_clients import REPORTS, Client, Load
from benchmarks.terminal_server import Server, connect

NAME, ITEMS = "Load", 20


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.terminal", description="Measures reports of terminals.")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200.0, help="reports a second wanted, of all clients together")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--batch", type=int, default=1, help="reports in one request")
    parser.add_argument(
        "--kill", type=int, default=0, nargs="?", const=4, help="how often server and worker are killed"
    )
    parser.add_argument("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL server")
    parser.add_argument("--processes", type=int, default=1, help="processes that serve")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gemba-terminal-") as folder:
        remove = connect(folder, options.database)
        try:
            return _measure(options, Path(folder))
        finally:
            remove()


def _measure(options: argparse.Namespace, folder: Path) -> int:
    wanted = int(options.rate * options.seconds)
    orders, token = prepare(-(-wanted // REPORTS) + options.clients)
    server = Server(folder, options.processes)
    load = Load(server.port, NAME, token, options.rate / options.clients, options.batch)
    clients = [Client(load, i, orders[i :: options.clients], wanted // options.clients) for i in range(options.clients)]
    server.start()
    try:
        load.begin = time.monotonic() + 0.5
        threads = [threading.Thread(target=c.run, daemon=True) for c in clients]
        for thread in threads:
            thread.start()
        for n in range(options.kill):
            time.sleep(options.seconds / (options.kill + 1))
            server.kill()
            print(f"  killed ({n + 1})", flush=True)
            server.start()
        for thread in threads:
            thread.join(600)
        took = max(c.ended for c in clients) - load.begin
    finally:
        server.kill()
    return _judge(options, clients, took)


def prepare(count: int) -> tuple[list[str], str]:
    """An operation with so many released orders, and a token of somebody who reports."""
    from django.contrib.auth.models import Group, User
    from django.db import transaction

    from gemba.app import actions
    from gemba.app.actions.release import made_order, save
    from gemba.app.queries.current import current
    from gemba.app.store.operations import save_operation

    save_operation(operation())
    user = User.objects.create_user("terminal")
    user.groups.add(Group.objects.get(name="operator"))
    here, names = current(NAME), [f"MO-{1001 + n}" for n in range(count)]
    from gemba.app.store.clock import now

    with transaction.atomic():
        for n, name in enumerate(names):
            made = made_order(here, _head(n, now(NAME)), (), name, now(NAME))
            save(NAME, made, here)
    return names, actions.create_token(user, "benchmark")


def _head(n: int, at: Any) -> Any:
    from gemba.operation import ReleasedOrder

    k = n % ITEMS
    return ReleasedOrder(
        uid=f"head-{n}", at=at, order="-", item=f"Chair {k}", place=f"Centre {k}", quantity=10, process=f"Make {k}", start=at,
        end=at,
    )  # fmt: skip


def operation() -> Any:
    """Chairs of several kinds, cut and assembled at a work centre each."""
    from datetime import UTC, datetime

    from gemba.operation import (
        Item,
        Operation,
        Place,
        Process,
        ReasonCode,
        Resource,
        Settings,
        Step,
        StepItem,
        StepResource,
        Stock,
    )

    n = range(ITEMS)
    return Operation(
        settings=Settings(name=NAME, now=datetime.now(UTC).replace(microsecond=0)),
        places=tuple(Place(name=f"Centre {k}") for k in n),
        resources=tuple(Resource(name=f"{what} {k}", place=f"Centre {k}") for k in n for what in ("Saw", "Bench")),
        items=(
            *(Item(name=f"Chair {k}", cost=40.0) for k in n),
            *(Item(name=f"Leg {k}", kind="component", cost=3.5) for k in n),
        ),
        stocks=tuple(Stock(item=f"Leg {k}", place=f"Centre {k}", quantity=1e6) for k in n),
        processes=tuple(Process(name=f"Make {k}", item=f"Chair {k}", place=f"Centre {k}") for k in n),
        steps=tuple(
            s for k in n for s in (
                Step(process=f"Make {k}", name="Cut", sequence=10, time_per_unit=60.0),
                Step(process=f"Make {k}", name="Assemble", sequence=20, time_per_unit=360.0),
            )
        ),
        step_resources=tuple(
            StepResource(process=f"Make {k}", step=step, resource=f"{what} {k}")
            for k in n for step, what in (("Cut", "Saw"), ("Assemble", "Bench"))
        ),
        step_items=tuple(StepItem(process=f"Make {k}", step="Cut", item=f"Leg {k}", quantity=4.0) for k in n),
        reason_codes=(ReasonCode(name="Break", kind="pause"), ReasonCode(name="Crack", kind="scrap")),
    )  # fmt: skip


def _judge(options: argparse.Namespace, clients: list[Client], took: float) -> int:
    from django.db import connection

    from gemba.app.store.records import stored

    acknowledged = [uid for c in clients for uid in c.acknowledged]
    events = Counter(stored(NAME, "events").exclude(kind="released").values_list("uid", flat=True))
    lost, doubled = set(acknowledged) - set(events), [uid for uid, n in events.items() if n > 1]
    strange, refused = set(events) - set(acknowledged), [r for c in clients for r in c.refused]
    waits = sorted(w for c in clients for w in c.waits)
    rate = len(acknowledged) / took
    print(f"{connection.vendor}: {options.clients} clients, {options.batch} in a request, {options.kill} kills")
    print(f"  reports            {len(acknowledged):,} in {took:.1f} s: {rate:.1f}/s of {options.rate:.0f}/s wanted")
    print(
        f"  latency            {_at(waits, 0.5):.0f} ms median, {_at(waits, 0.95):.0f} ms p95, {_at(waits, 0.99):.0f} ms p99"
    )
    print(
        f"  sent again         {sum(c.retries for c in clients):,} requests; answered 'again': {sum(c.again for c in clients):,}"
    )
    print(f"  lost {len(lost)}, doubled {len(doubled)}, not acknowledged {len(strange)}, refused {len(refused)}")
    wrong = [*refused[:3], *rebuilt()]
    for words in wrong:
        print(f"  WRONG: {words}")
    right = not (lost or doubled or strange or wrong)
    fast = rate >= 0.98 * options.rate or options.kill > 0
    print("  bars met" if right and fast else "  MISSED")
    return 0 if right and fast else 1


def _at(values: list[float], share: float) -> float:
    return 1000 * values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def rebuilt() -> list[str]:
    """What is not as the events and movements say, in words."""
    from gemba.app.actions.release import rebuild_states
    from gemba.app.actions.stock import verify_ledger
    from gemba.app.store.models import OrderState, TaskState

    def rows() -> list[Any]:
        return [
            list(model.objects.order_by(*keys).values_list(*(f.name for f in model._meta.fields if f.name != "id")))
            for model, keys in ((TaskState, ("order", "step")), (OrderState, ("order",)))
        ]

    before = rows()
    rebuild_states(NAME)
    return (["states differ from what the events give"] if rows() != before else []) + verify_ledger(NAME)


if __name__ == "__main__":
    os.environ.setdefault("GEMBA_LOG", "ERROR")
    sys.exit(main())
