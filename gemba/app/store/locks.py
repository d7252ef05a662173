"""One writer at a time for a name, where the database does not see to that by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db import connection

from gemba.app.store.quick import ask, once


def lock(name: str) -> None:
    """Wait until nobody else changes what goes by this name; holds until the transaction ends.

    SQLite needs none: a write transaction (IMMEDIATE) is the only one in the database.
    """
    if connection.vendor == "postgresql":
        once(("lock", name), lambda: ask("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name))


_writing = RLock()


@contextmanager
def queue() -> Iterator[None]:
    """For short transactions that come many times a second: the threads of this process wait for one another here.

    SQLite has one writer; whoever else wants to write sleeps and tries again, which costs more than the writing.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _writing:
        yield
